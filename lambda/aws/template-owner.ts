import { parseArn, shortName, vaultName } from '../core/arn';
import type { Proposal, TemplateOwner } from '../core/incident/incident';
import { clean } from '../core/text/clean';
import type { CredentialsOf, Readers } from './readers';

export interface TemplateServices {
  readonly credentialsOf: CredentialsOf;
  readonly readers: Readers;
}

const VAULTS = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault'];
const KEYS = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'];

/** `unknown`: nobody could ask. */
export type Ownership =
  { readonly status: 'owned'; readonly template: TemplateOwner } | { readonly status: 'none' | 'unknown' };

/** The CloudFormation stack that owns a vault or a key, for a mail: undefined where there is none, or nobody could ask. */
export async function templateOwner(
  subject: Pick<Proposal, 'resource' | 'owner' | 'region'>,
  services: TemplateServices,
): Promise<TemplateOwner | undefined> {
  const ownership = await templateOwnership(subject, services);
  return ownership.status === 'owned' ? ownership.template : undefined;
}

/** The same, asked in the owner's account, for who wants to change the resource. Never throws. */
export async function templateOwnership(
  { resource, owner, region }: Pick<Proposal, 'resource' | 'owner' | 'region'>,
  { credentialsOf, readers }: TemplateServices,
): Promise<Ownership> {
  const known = physical(resource);
  if (!known) return { status: 'none' };
  // A chunk of its own: who owns a resource is asked once an incident.
  const { stackResources, stackTag } = await import('./template-read');
  const place = { account: owner, region };
  const rows = await stackResources(known.id, place, credentialsOf);
  // The answer stands for the whole stack, and other types have physical ids of the same text.
  const row = rows?.find(({ physicalId, type }) => physicalId === known.id && known.types.includes(type));
  if (row && row.stack !== '') {
    const logicalId = clean(row.logicalId, MOST_CHARACTERS);
    const stack = clean(row.stack, MOST_CHARACTERS);
    return { status: 'owned', template: { stack, ...(logicalId === '' ? {} : { logicalId }) } };
  }
  if (rows?.length === 0) return { status: 'none' };
  const tag = await stackTag(resource, place, readers);
  if (tag === 'unreadable') return { status: 'unknown' };
  return tag === undefined ? { status: 'none' } : { status: 'owned', template: { stack: clean(tag, MOST_CHARACTERS) } };
}

/** Names of stacks have up to 128 characters, logical ids up to 255. */
const MOST_CHARACTERS = 255;

function physical(resource: string): { id: string; types: readonly string[] } | undefined {
  const arn = parseArn(resource);
  if (arn?.service === 'backup' && arn.resource.startsWith('backup-vault:')) {
    return { id: vaultName(resource), types: VAULTS };
  }
  return arn?.service === 'kms' && arn.resource.startsWith('key/')
    ? { id: shortName(resource), types: KEYS }
    : undefined;
}

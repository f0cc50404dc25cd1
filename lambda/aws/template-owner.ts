import { parseArn, shortName, vaultName } from '../core/arn';
import type { Proposal, TemplateOwner } from '../core/incident/incident';
import { clean } from '../core/text/clean';
import type { CredentialsOf, Readers } from './readers';
import { stackResources, stackTag } from './template-read';

export interface TemplateServices {
  readonly credentialsOf: CredentialsOf;
  readonly readers: Readers;
}

const VAULTS = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault'];
const KEYS = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'];

/**
 * The CloudFormation stack that owns a vault or a key, asked in the owner's account; undefined: no stack, another kind
 * of resource, or nothing could be read. Never throws: a mail goes out without it.
 */
export async function templateOwner(
  { resource, owner, region }: Pick<Proposal, 'resource' | 'owner' | 'region'>,
  { credentialsOf, readers }: TemplateServices,
): Promise<TemplateOwner | undefined> {
  const known = physical(resource);
  if (!known) return undefined;
  const place = { account: owner, region };
  const rows = await stackResources(known.id, place, credentialsOf);
  // The answer stands for the whole stack, and other types have physical ids of the same text.
  const row = rows?.find(({ physicalId, type }) => physicalId === known.id && known.types.includes(type));
  if (row && row.stack !== '') {
    const logicalId = clean(row.logicalId, MOST_CHARACTERS);
    return { stack: clean(row.stack, MOST_CHARACTERS), ...(logicalId === '' ? {} : { logicalId }) };
  }
  if (rows?.length === 0) return undefined;
  const stack = await stackTag(resource, place, readers);
  return stack === undefined ? undefined : { stack: clean(stack, MOST_CHARACTERS) };
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

import { parseArn, vaultName } from '../core/arn';
import type { CopyFailure } from '../core/copy-failure';
import { copyOf, isParent, recoveryPoint, type Copy, type Evidence, type Response } from '../core/evidence';
import { copiedTagsMatter } from '../core/copied-tags';
import { serviceLinkedRoleArn } from '../core/key-evidence';
import { messagePointsTo } from '../core/key-questions';
import { readImage, readImageKeys, readKeys } from './gather-keys';
import type { ReadableOperation } from './read-calls';
import type { Place, Readers } from './readers';

export interface GatherOptions {
  /**
   * True: the copy role is not simulated for each recovery point, but once for the same role, destination vault and kind
   * of recovery point. For failures that are alike, of which the first was diagnosed in full.
   */
  readonly sharedSimulation?: boolean;
}

export interface Gathered {
  readonly evidence: Evidence;
  /** When the oldest of its answers was asked for: milliseconds since the epoch. */
  readonly readAt: number;
}

export const gatherEvidence = async (
  failure: CopyFailure,
  readers: Readers,
  options: GatherOptions = {},
): Promise<Evidence> => (await gather(failure, readers, options)).evidence;

/**
 * Reads everything that the checks may look at, in at most 4 serial steps: (1) credentials of all accounts at once,
 * (2) all that the event's own ARNs name, (3) the keys that step 2 named and, where they matter, tags, (4) further keys
 * of an image. What was read by the event counts only if the job's record names the same ARNs; where it does not, step 2
 * is made again.
 */
export async function gather(failure: CopyFailure, readers: Readers, options: GatherOptions = {}): Promise<Gathered> {
  const responses: Record<string, Response> = {};
  let readAt = Infinity;
  const evidence = (): Evidence => ({ failure, responses: { ...responses } });

  const ask: Ask = async (operation, place, input, resource, sharedAs) => {
    const key = `${operation}@${place.account}/${place.region}${resource ? `#${resource}` : ''}`;
    const call = {
      input,
      ...(resource ? { resource } : {}),
      ...(sharedAs && options.sharedSimulation ? { sharedAs } : {}),
    };
    const { response, at } = await readers.answer(operation, place, call);
    responses[key] = response;
    readAt = Math.min(readAt, at);
  };

  const byEvent = copyOf(evidence());
  const { organizationAccount } = readers;
  const organization = organizationAccount && {
    ...source(byEvent),
    account: organizationAccount,
    asOrganization: true as const,
  };
  const entered = [source(byEvent), destination(byEvent), ...(organization ? [organization] : [])];
  await Promise.all(entered.map((place) => readers.enter(place)));

  const job = ask(
    'backup:DescribeCopyJob',
    { account: failure.account, region: failure.region },
    { CopyJobId: failure.copyJobId },
    failure.copyJobId,
  );
  await Promise.all([
    job,
    ...readNamed(byEvent, ask),
    ...(organization ? readOrganization(byEvent, organization, ask) : []),
  ]);

  const copy = copyOf(evidence());
  if (!sameArns(copy, byEvent)) await Promise.all(readNamed(copy, ask));

  await Promise.all([
    ...readKeys(evidence(), readers, ask),
    ...readAllowedImages(copy, ask),
    ...readTags(evidence(), copy, ask),
    ...readNested(evidence(), copy, ask),
  ]);
  await Promise.all(readImageKeys(evidence(), ask));
  return { evidence: evidence(), readAt };
}

export type Ask = (
  operation: ReadableOperation,
  place: Place,
  input: object,
  resource?: string,
  sharedAs?: string,
) => Promise<void>;

const source = (copy: Copy): Place => ({ account: copy.sourceAccount, region: copy.sourceRegion });
const destination = (copy: Copy): Place => ({ account: copy.destinationAccount, region: copy.destinationRegion });

const sameArns = (a: Copy, b: Copy): boolean =>
  a.sourceVaultArn === b.sourceVaultArn &&
  a.destinationVaultArn === b.destinationVaultArn &&
  a.recoveryPointArn === b.recoveryPointArn &&
  a.roleArn === b.roleArn;

/** Step 2: what ARNs name. Reads that are already there are shared, so a second call costs only what differs. */
function readNamed(copy: Copy, ask: Ask): Promise<void>[] {
  const [from, to] = [source(copy), destination(copy)];
  const sourceVault = { BackupVaultName: vaultName(copy.sourceVaultArn) };
  const destinationVault = { BackupVaultName: vaultName(copy.destinationVaultArn) };
  const point = copy.recoveryPointArn;
  const role = copy.roleArn ? parseArn(copy.roleArn) : undefined;
  const reads = [
    ask('backup:DescribeBackupVault', from, sourceVault, copy.sourceVaultArn),
    ask('backup:GetBackupVaultAccessPolicy', from, sourceVault, copy.sourceVaultArn),
    ask('backup:DescribeBackupVault', to, destinationVault, copy.destinationVaultArn),
    ask('backup:GetBackupVaultAccessPolicy', to, destinationVault, copy.destinationVaultArn),
    ask('backup:ListBackupVaults', to, {}),
    ask('backup:DescribeRegionSettings', from, {}),
    ask('backup:DescribeGlobalSettings', from, {}),
    ask('organizations:DescribeOrganization', from, {}),
    ask('organizations:DescribeEffectivePolicy', from, { PolicyType: 'TAG_POLICY' }),
  ];
  reads.push(...readImage(copy, ask));
  if (point) reads.push(ask('backup:DescribeRecoveryPoint', from, { ...sourceVault, RecoveryPointArn: point }, point));
  if (copy.crossAccount) {
    reads.push(
      ask('organizations:DescribeOrganization', to, {}),
      ask('organizations:DescribeEffectivePolicy', to, { PolicyType: 'TAG_POLICY' }),
      ask('iam:GetRole', to, { RoleName: 'AWSServiceRoleForBackup' }, serviceLinkedRoleArn(copy)),
    );
  }
  // A role of another account cannot be read here, and AWS Backup would not take it.
  if (copy.roleArn && role?.account === copy.sourceAccount) {
    reads.push(
      ask('iam:GetRole', from, { RoleName: role.resource.split('/').at(-1) }, copy.roleArn),
      ask('iam:SimulatePrincipalPolicy', from, simulation(copy, copy.roleArn), copy.roleArn, alike(copy)),
    );
  }
  return reads;
}

/** The organization's word on both accounts. Only the management account's answer on the switch counts. */
function readOrganization(copy: Copy, at: Place, ask: Ask): Promise<void>[] {
  if (!copy.crossAccount) return [];
  return [
    ask('backup:DescribeGlobalSettings', at, {}),
    ...[copy.sourceAccount, copy.destinationAccount].map((AccountId) =>
      ask('organizations:DescribeAccount', at, { AccountId }, AccountId),
    ),
  ];
}

const simulation = (copy: Copy, roleArn: string) => ({
  PolicySourceArn: roleArn,
  ActionNames: ['backup:CopyIntoBackupVault', 'backup:CopyFromBackupVault'],
  ResourceArns: [copy.destinationVaultArn, ...(copy.recoveryPointArn ? [copy.recoveryPointArn] : [])],
  // Without these, policies that ask for them are misjudged: the simulation fills in nothing by itself.
  ContextEntries: [
    { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string' as const, ContextKeyValues: [copy.sourceRegion] },
    { ContextKeyName: 'aws:PrincipalArn', ContextKeyType: 'string' as const, ContextKeyValues: [roleArn] },
    {
      ContextKeyName: 'aws:PrincipalAccount',
      ContextKeyType: 'string' as const,
      ContextKeyValues: [copy.sourceAccount],
    },
  ],
});

/** What copies have in common whose role the simulator judges alike, as long as policies name no single resource. */
function alike({ roleArn, destinationVaultArn, recoveryPointArn }: Copy): string {
  const point = parseArn(recoveryPointArn ?? '');
  const kind = point ? `${point.service}:${/^[a-z-]*/.exec(point.resource)?.[0] ?? ''}` : '';
  return JSON.stringify([roleArn, destinationVaultArn, kind]);
}

/** The nested jobs of a composite one; how these ended is what its own record leaves out. */
function readNested(evidence: Evidence, copy: Copy, ask: Ask): Promise<void>[] {
  if (!isParent(evidence)) return [];
  const { copyJobId } = copy;
  return [ask('backup:ListCopyJobs', source(copy), { ByParentJobId: copyJobId }, copyJobId)];
}

/** Only where the message speaks of it: a setting that keeps images out is no fault by itself. */
function readAllowedImages(copy: Copy, ask: Ask): Promise<void>[] {
  const asked = messagePointsTo(copy, 'image-not-allowed');
  return asked ? [ask('ec2:GetAllowedImagesSettings', destination(copy), {})] : [];
}

/** Tags are read only where they can matter: an effective policy enforces the type, or the message speaks of tags. */
function readTags(evidence: Evidence, copy: Copy, ask: Ask): Promise<void>[] {
  const point = copy.recoveryPointArn;
  const arn = point ? parseArn(point) : undefined;
  if (!point || !arn || !recoveryPoint(evidence).ok || !copiedTagsMatter(evidence)) return [];
  if (arn.service === 'backup') return [ask('backup:ListTags', source(copy), { ResourceArn: point }, point)];
  // EC2 writes snapshot ARNs without an account; the tagging API knows them with it.
  const forms = arn.account
    ? [point]
    : [point, `arn:${arn.partition}:${arn.service}:${arn.region}:${copy.sourceAccount}:${arn.resource}`];
  return [ask('tag:GetResources', source(copy), { ResourceARNList: forms }, point)];
}

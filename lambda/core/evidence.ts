import { parseArn, vaultName } from './arn';
import type { CopyFailure } from './copy-failure';
import { listOf, objectAt, textAt, timeAt, type Json } from './json';
import { lifecycleOf, type Lifecycle } from './lifecycle';
import { clean } from './text/clean';
import { READS, type Operation, type Side } from './reads';

export { listOf, objectAt, textAt, type Json } from './json';

/** AWS's answer to one read in AWS's own shape, or the error that AWS (or the network) gave instead. */
export type Response = Readonly<Record<string, unknown>> | RefusedResponse;
// A type, not an interface: so it stays assignable to plain JSON.
export type RefusedResponse = { readonly error: string; readonly message?: string };

/**
 * Everything that the checks may look at: plain JSON, read once, kept with the report.
 * Keys: `service:Operation[@source|@destination|@organization|@<account>/<region>][#<resource>]`; no suffix = source.
 */
export interface Evidence {
  readonly failure: CopyFailure;
  readonly responses: Readonly<Record<string, Response>>;
  /** Of several keys behind an image the one that is asked about, while a plan is made for it. Never kept. */
  readonly keyArn?: string;
}

/** A read that was refused or never made. */
export interface Missing {
  readonly permission: string;
  readonly account: string;
  readonly reason: string;
}

/** A fact from AWS, or why it could not be read. Absence is a value (`undefined`); ignorance is not. */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly missing: Missing; readonly error?: string };

/** The copy as far as it is known: what DescribeCopyJob names wins over the event. */
export interface Copy {
  readonly copyJobId: string;
  /** False: the job's record was not read, so nothing is above *possible*. */
  readonly recorded: boolean;
  readonly partition: string;
  readonly sourceAccount: string;
  readonly sourceRegion: string;
  readonly sourceVaultArn: string;
  readonly destinationAccount: string;
  readonly destinationRegion: string;
  readonly destinationVaultArn: string;
  /** As the job's record says it. */
  readonly destinationVaultType?: string | undefined;
  readonly crossAccount: boolean;
  readonly crossRegion: boolean;
  readonly recoveryPointArn: string | undefined;
  readonly resourceArn: string | undefined;
  readonly resourceType: string | undefined;
  readonly roleArn: string | undefined;
  readonly statusMessage: string | undefined;
  /** Of a nested job: the job of the composite recovery point that it belongs to. */
  readonly parentJobId?: string | undefined;
  /** True: by its record a backup plan asked for it. Absent: somebody's call did, which was let through. */
  readonly byPlan?: true;
  /** How long the copy was to be kept; absent where the record does not tell. */
  readonly lifecycle?: Lifecycle | undefined;
  /** ISO time at which the copy failed, as far as known. */
  readonly time: string;
}

/** One answer, looked up under the exact resource first, then without it. */
export function read(evidence: Evidence, operation: Operation, side: Side, resource?: string): Read<Json> {
  return readAt(evidence, operation, placeOf(evidence, side), resource, side);
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** These services have one answer for all Regions, wherever it was asked. */
const GLOBAL = /^(iam|organizations):/;

function inAnyRegion({ responses }: Evidence, start: string, resource: string | undefined): string | undefined {
  const asked = Object.keys(responses).filter((key) => key.startsWith(start));
  return (
    asked.find((key) => resource !== undefined && key.endsWith(`#${resource}`)) ??
    asked.find((key) => !key.includes('#'))
  );
}

export function readAt(
  evidence: Evidence,
  operation: Operation,
  place: Place,
  resource?: string,
  side?: Side,
): Read<Json> {
  const places = [
    ...(side ? [`@${side}`] : []),
    `@${place.account}/${place.region}`,
    ...(side === 'source' ? [''] : []),
  ];
  const exact = resource ? places.map((at) => `${operation}${at}#${resource}`) : [];
  const keys = [...exact, ...places.map((at) => `${operation}${at}`)];
  const key =
    keys.find((candidate) => Object.hasOwn(evidence.responses, candidate)) ??
    (GLOBAL.test(operation) ? inAnyRegion(evidence, `${operation}@${place.account}/`, resource) : undefined);
  const refused = (reason: string, error?: string): Read<Json> => ({
    ok: false,
    missing: { permission: READS[operation], account: place.account, reason },
    ...(error === undefined ? {} : { error }),
  });
  const response = key === undefined ? undefined : evidence.responses[key];
  if (response === undefined) return refused('not read');
  if (isRefused(response)) {
    // Whatever tool wrote the case file: what has an "error" is no answer.
    const error = textAt(response, 'error') ?? 'an error without a code';
    return refused(clean(error, 200), error);
  }
  const other = resource && parseArn(resource) ? otherThan(resource, operation, response) : undefined;
  return other === undefined ? { ok: true, value: response } : refused(`the answer is about ${clean(other, 200)}`);
}

/** No answer of AWS has a member "error". */
export const isRefused = (response: Response): response is RefusedResponse => Object.hasOwn(response, 'error');

/** What an answer says it is about, where that is not what was asked: it counts only for that. */
function otherThan(resource: string, operation: Operation, response: Json): string | undefined {
  const unless = (asked: string, named: string | undefined) => (named === asked ? undefined : named);
  if (operation === 'backup:DescribeRecoveryPoint') return unless(resource, textAt(response, 'RecoveryPointArn'));
  if (operation === 'kms:DescribeKey') {
    return unless(resource, textAt(objectAt(response, 'KeyMetadata') ?? {}, 'Arn'));
  }
  if (operation !== 'backup:DescribeBackupVault' && operation !== 'backup:GetBackupVaultAccessPolicy') return undefined;
  const arn = textAt(response, 'BackupVaultArn');
  return arn === undefined ? unless(vaultName(resource), textAt(response, 'BackupVaultName')) : unless(resource, arn);
}

export function placeOf(evidence: Evidence, side: Side): Place {
  const copy = copyOf(evidence);
  if (side === 'source') return { account: copy.sourceAccount, region: copy.sourceRegion };
  if (side === 'destination') return { account: copy.destinationAccount, region: copy.destinationRegion };
  // The source's organization, where it is known: the destination's may be another.
  const homes = [organization(evidence, 'source'), organization(evidence, 'destination')];
  const management = homes.flatMap((home) => (home.ok && home.value?.managementAccount) || [])[0];
  return { account: management ?? 'management account', region: copy.sourceRegion };
}

/** The job's own record; AWS keeps it for 30 days. */
export function copyJob(evidence: Evidence): Read<Json> {
  const { account, region } = evidence.failure;
  const found = readAt(evidence, 'backup:DescribeCopyJob', { account, region }, evidence.failure.copyJobId, 'source');
  if (!found.ok) return found;
  const job = objectAt(found.value, 'CopyJob');
  const source = job && textAt(job, 'SourceBackupVaultArn');
  const destination = job && textAt(job, 'DestinationBackupVaultArn');
  const missing = (reason: string): Read<Json> => ({
    ok: false,
    missing: { permission: 'backup:DescribeCopyJob', account, reason },
  });
  if (!job) return missing('the answer holds no CopyJob');
  const id = textAt(job, 'CopyJobId');
  if (id !== undefined && id !== evidence.failure.copyJobId) return missing(`the answer is about copy job ${id}`);
  if (source !== undefined && parseArn(source)?.account !== account) {
    return missing(`the record names a source vault of another account: ${source}`);
  }
  if (destination !== undefined && !/^\d{12}$/.test(parseArn(destination)?.account ?? '')) {
    return missing(`the record names no vault: ${destination}`);
  }
  return { ok: true, value: job };
}

const copies = new WeakMap<Evidence, Copy>();

/** Every check asks for it, and evidence is never changed: it is read once. */
export function copyOf(evidence: Evidence): Copy {
  if (!copies.has(evidence)) copies.set(evidence, readCopy(evidence));
  return copies.get(evidence) as Copy;
}

function readCopy(evidence: Evidence): Copy {
  const { failure } = evidence;
  const record = copyJob(evidence);
  const job = record.ok ? record.value : {};
  const message = textAt(job, 'StatusMessage');
  const parentJobId = textAt(job, 'ParentJobId');
  const lifecycle = lifecycleOf(job);
  const byPlan = textAt(objectAt(job, 'CreatedBy') ?? {}, 'BackupPlanId') !== undefined;
  const sourceVaultArn = textAt(job, 'SourceBackupVaultArn') ?? failure.sourceVaultArn;
  const destinationVaultArn = textAt(job, 'DestinationBackupVaultArn') ?? failure.destinationVaultArn;
  const [source, destination] = [parseArn(sourceVaultArn), parseArn(destinationVaultArn)];
  const { account: sourceAccount, region: sourceRegion } = source ?? failure;
  const { account: destinationAccount, region: destinationRegion } = destination ?? { account: '', region: '' };
  return {
    copyJobId: failure.copyJobId,
    recorded: record.ok,
    partition: source?.partition ?? failure.partition,
    sourceAccount,
    sourceRegion,
    sourceVaultArn,
    destinationAccount,
    destinationRegion,
    destinationVaultArn,
    destinationVaultType: textAt(job, 'DestinationVaultType'),
    crossAccount: sourceAccount !== destinationAccount,
    crossRegion: sourceRegion !== destinationRegion,
    recoveryPointArn: textAt(job, 'SourceRecoveryPointArn') ?? failure.recoveryPointArn,
    resourceArn: textAt(job, 'ResourceArn') ?? failure.resourceArn,
    resourceType: textAt(job, 'ResourceType') ?? failure.resourceType,
    roleArn: textAt(job, 'IamRoleArn') ?? failure.roleArn,
    statusMessage: message === undefined ? failure.statusMessage : clean(message),
    ...(parentJobId === undefined ? {} : { parentJobId }),
    ...(byPlan ? { byPlan } : {}),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    time: timeAt(job, 'CompletionDate') ?? failure.time,
  };
}

/** By its own record: a composite job, whose nested jobs copy its members. */
export function isParent(evidence: Evidence): boolean {
  const job = copyJob(evidence);
  return job.ok && (job.value['IsParent'] === true || Number(job.value['NumberOfChildJobs'] ?? 0) > 0);
}

/** The source recovery point. A ResourceNotFoundException stays an error here: it may be the vault that is gone. */
export function recoveryPoint(evidence: Evidence): Read<Json> {
  return read(evidence, 'backup:DescribeRecoveryPoint', 'source', copyOf(evidence).recoveryPointArn);
}

export type VaultSide = 'source' | 'destination';

const vaultArnOf = (evidence: Evidence, side: VaultSide) => copyOf(evidence)[`${side}VaultArn`];

export function vault(evidence: Evidence, side: VaultSide): Read<Json> {
  return read(evidence, 'backup:DescribeBackupVault', side, vaultArnOf(evidence, side));
}

/**
 * Is the destination vault there? Proven only by a full list: AWS answers DescribeBackupVault of a missing vault with
 * AccessDeniedException too. https://docs.aws.amazon.com/aws-backup/latest/devguide/troubleshooting.html
 */
export function destinationVaultExists(evidence: Evidence): Read<boolean> {
  const described = vault(evidence, 'destination');
  if (described.ok) return { ok: true, value: true };
  const listed = read(evidence, 'backup:ListBackupVaults', 'destination');
  if (!listed.ok) return listed;
  const arn = copyOf(evidence).destinationVaultArn;
  const found = listOf(listed.value, 'BackupVaultList').some(
    (row) => textAt(row, 'BackupVaultArn') === arn || textAt(row, 'BackupVaultName') === vaultName(arn),
  );
  if (found) return { ok: true, value: true };
  const noProof = (reason: string): Read<boolean> => ({
    ok: false,
    missing: { ...described.missing, permission: 'backup:ListBackupVaults', reason },
  });
  if (!Array.isArray(listed.value['BackupVaultList'])) return noProof(ODD_SHAPE);
  if (textAt(listed.value, 'NextToken') !== undefined) return noProof('the list is not complete');
  return { ok: true, value: false };
}

/** The access policy's text; undefined: the vault has none. */
export function vaultPolicy(evidence: Evidence, side: VaultSide): Read<unknown> {
  const found = read(evidence, 'backup:GetBackupVaultAccessPolicy', side, vaultArnOf(evidence, side));
  if (found.ok) {
    const policy = found.value['Policy'];
    if (policy === undefined || typeof policy === 'string' || objectAt(found.value, 'Policy')) {
      return { ok: true, value: policy };
    }
    return refusedShape('backup:GetBackupVaultAccessPolicy', placeOf(evidence, side).account);
  }
  return found.error === 'ResourceNotFoundException' ? { ok: true, value: undefined } : found;
}

export interface Organization {
  readonly id: string;
  readonly managementAccount: string | undefined;
}

/** The account's organization; undefined: it is in none. */
export function organization(evidence: Evidence, side: VaultSide): Read<Organization | undefined> {
  const found = read(evidence, 'organizations:DescribeOrganization', side);
  if (!found.ok) return found.error === 'AWSOrganizationsNotInUseException' ? { ok: true, value: undefined } : found;
  const body = objectAt(found.value, 'Organization') ?? {};
  const id = textAt(body, 'Id');
  if (id === undefined) return refusedShape('organizations:DescribeOrganization', placeOf(evidence, side).account);
  return { ok: true, value: { id, managementAccount: textAt(body, 'MasterAccountId') } };
}

export const ODD_SHAPE = 'the answer does not have the shape that AWS documents';
export const refusedShape = (permission: string, account: string): Read<never> => ({
  ok: false,
  missing: { permission, account, reason: ODD_SHAPE },
});

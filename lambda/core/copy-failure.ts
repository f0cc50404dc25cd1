import { parseArn, type Arn } from './arn';
import { clean, shown } from './text/clean';

/** A failed copy as its event tells it: 12-digit accounts, ARNs that parse, event account = source vault's account. */
export interface CopyFailure {
  readonly copyJobId: string;
  readonly state: 'FAILED' | 'PARTIAL';
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly time: string;
  readonly sourceVaultArn: string;
  readonly destinationVaultArn: string;
  readonly recoveryPointArn: string | undefined;
  readonly resourceArn: string | undefined;
  readonly resourceType: string | undefined;
  readonly roleArn: string | undefined;
  readonly statusMessage: string | undefined;
  /** The failure was put on the queue by `copy-doctor drill`; its mail says so. */
  readonly drill: boolean;
  /** Size of the recovery point, where AWS says it. */
  readonly bytes?: number | undefined;
  /** True: a failure of the past that is told as part of one summary. */
  readonly summary?: boolean | undefined;
}

export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Thrown while an event is read; the reason is for people. Never leaves this file. */
class RefusalError extends Error {}

/**
 * Reads an EventBridge event "Copy Job State Change" strictly; anything else is refused with the reason.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function readCopyFailure(event: unknown): Reading<CopyFailure> {
  try {
    return { ok: true, value: read(event) };
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, reason: error.message };
    throw error;
  }
}

function read(event: unknown): CopyFailure {
  if (!isObject(event)) refuse('the event is not a JSON object');
  if (event['source'] !== 'aws.backup') refuse(`"source" is ${show(event['source'])}, not "aws.backup"`);
  const detailType = event['detail-type'];
  if (detailType !== 'Copy Job State Change')
    refuse(`"detail-type" is ${show(detailType)}, not "Copy Job State Change"`);
  const account = text(event, 'account');
  if (!/^\d{12}$/.test(account)) refuse(`"account" is ${show(account)}, not 12 digits`);
  const region = text(event, 'region');
  const detail = event['detail'];
  if (!isObject(detail)) refuse('"detail" is missing');
  const state = detail['state'];
  if (state !== 'FAILED' && state !== 'PARTIAL') refuse(`"detail.state" is ${show(state)}, not "FAILED" or "PARTIAL"`);

  const sourceVaultArn = text(detail, 'sourceBackupVaultArn', 'detail.');
  const source = vaultArn(sourceVaultArn, 'detail.sourceBackupVaultArn');
  if (source.account !== account) {
    refuse(`"account" is ${account}, but the source vault belongs to account ${source.account}`);
  }
  if (source.region !== region) refuse(`"region" is ${show(region)}, but the source vault is in ${source.region}`);
  const destinationVaultArn = text(detail, 'destinationBackupVaultArn', 'detail.');
  vaultArn(destinationVaultArn, 'detail.destinationBackupVaultArn');

  const bytes = size(detail['backupSizeInBytes']);
  return {
    copyJobId: identifier(text(detail, 'copyJobId', 'detail.')),
    state,
    account,
    region,
    partition: source.partition,
    time: time(text(event, 'time')),
    sourceVaultArn,
    destinationVaultArn,
    recoveryPointArn: optionalArn(firstOf(event['resources']), 'resources[0]'),
    resourceArn: optionalArn(detail['resourceArn'], 'detail.resourceArn'),
    resourceType: optionalText(detail['resourceType']),
    roleArn: optionalArn(detail['iamRoleArn'], 'detail.iamRoleArn'),
    statusMessage: optionalText(detail['statusMessage']),
    drill: detail['copyDoctorDrill'] === true,
    ...(bytes === undefined ? {} : { bytes }),
    ...(detail['copyDoctorSummary'] === true ? { summary: true } : {}),
  };
}

function refuse(reason: string): never {
  throw new RefusalError(reason);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown) => (value === undefined ? 'missing' : clean(shown(value)).slice(0, 80));

function text(from: Record<string, unknown>, name: string, path = ''): string {
  const value = from[name];
  if (typeof value !== 'string' || value === '') refuse(`"${path}${name}" is ${show(value)}, not a text`);
  return value;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? clean(value) : undefined;
}

/** Only for sums that people read: a size that is none is left out, and the failure stays readable. */
function size(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function identifier(id: string): string {
  if (!/^[\w-]{1,128}$/.test(id)) refuse(`"detail.copyJobId" is ${show(id)}, not a job id`);
  return id;
}

function time(value: string): string {
  if (Number.isNaN(Date.parse(value))) refuse(`"time" is ${show(value)}, not a time`);
  return value;
}

function vaultArn(value: string, path: string): Arn {
  const arn = parseArn(value);
  if (
    !arn ||
    arn.service !== 'backup' ||
    !/^\d{12}$/.test(arn.account) ||
    !/^backup-vault:[\w./-]{1,100}$/.test(arn.resource)
  ) {
    refuse(`"${path}" is ${show(value)}, not the ARN of a backup vault`);
  }
  return arn;
}

/** AWS sends an empty object where there is no ARN yet. */
function optionalArn(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null || value === '' || isObject(value)) return undefined;
  if (typeof value !== 'string' || !parseArn(value)) refuse(`"${path}" is ${show(value)}, not an ARN`);
  return clean(value);
}

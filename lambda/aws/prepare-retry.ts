import { isRefused, objectAt, textAt, type Json } from '../core/evidence';
import { onlyNested, startsAgain } from '../core/incident/composite';
import type { CopyUnderWay } from '../core/incident/copy-room';
import type { Incident } from '../core/incident/incident';
import { runsSoon } from '../core/incident/next-run';
import { startOf, type StartInput } from '../core/incident/start-copy';
import type { Job, LeftOut } from '../core/incident/shown';
import { diagnoseNow, passes } from './diagnose-now';
import type { EffectServices } from './effect-services';
import { join } from './join-failure';

/** What is to be done with one failed copy. */
export type Prepared =
  | { readonly to: 'start'; readonly input: StartInput }
  /** It is being copied already. */
  | { readonly to: 'adopt'; readonly retryId: string }
  | { readonly to: 'leave-out'; readonly reason: LeftOut; readonly why?: string }
  /** The cause of this incident is still there: starting it proves nothing. */
  | { readonly to: 'fail' }
  /** It has another cause too, and belongs to that incident now; `byHand`: which a person mends, without saying so. */
  | { readonly to: 'hold'; readonly byHand: boolean }
  /** Something could not be read for the moment. */
  | { readonly to: 'wait' };

/**
 * Reads what has to be known of one failed copy before it is started again; starts nothing. `open`: its causes are not
 * known for sure, or not as of now.
 */
export async function prepareRetry(
  job: Job,
  open: boolean,
  underWay: readonly CopyUnderWay[],
  incident: Incident,
  services: EffectServices,
): Promise<Prepared> {
  const { record, otherwise: unread } = await recordOf(job, services);
  if (!record) return unread;
  const { config, settings, now } = services;
  const start = startOf(record, { ...config, ...settings, sources: settings.sources ?? [config.hubAccount] });
  if (!start.ok) return { to: 'leave-out', reason: start.reason };
  const running = underWay.find((copy) => isSame(copy, record));
  if (running) return { to: 'adopt', retryId: running.copyJobId };
  if (await isCopiedWithParent(record, services)) return { to: 'leave-out', reason: 'with-composite' };
  if (incident.kind === 'retry-later') {
    const rule = objectAt(record, 'CreatedBy') ?? {};
    const [cron, timezone] = [textAt(rule, 'BackupRuleCron'), textAt(rule, 'BackupRuleTimezone')];
    if (runsSoon(cron, timezone, now().toISOString())) return { to: 'leave-out', reason: 'next-run' };
  }
  const otherwise = open ? await diagnosed(job, incident, services) : undefined;
  return otherwise ?? { to: 'start', input: start.input };
}

/** A nested job whose composite job is started again: that copies all members, each once. */
async function isCopiedWithParent(record: Json, { incidents }: EffectServices): Promise<boolean> {
  const parent = textAt(record, 'ParentJobId');
  if (parent === undefined) return false;
  const held = (await incidents.knownCopyJobs([parent])).get(parent)?.incidents ?? [];
  return startsAgain(await incidents.heads(held));
}

type Recorded =
  | { readonly record: Json; readonly otherwise?: undefined }
  | { readonly record?: undefined; readonly otherwise: Prepared };

/** The job's own record; gathering evidence shares the answer. */
async function recordOf({ copyJobId, failure }: Job, { readers }: EffectServices): Promise<Recorded> {
  const { account, region } = failure;
  const call = { input: { CopyJobId: copyJobId }, resource: copyJobId };
  const answer = await readers.read('backup:DescribeCopyJob', { account, region }, call);
  if (isRefused(answer)) {
    if (answer.error === 'ResourceNotFoundException') return leftOut('record-gone');
    return passes(answer) ? { otherwise: { to: 'wait' } } : leftOut('refused', answer.error);
  }
  const record = objectAt(answer, 'CopyJob');
  if (record && textAt(record, 'CopyJobId') === copyJobId) return { record };
  return leftOut('refused', 'the answer is about no such copy job');
}

const leftOut = (reason: LeftOut, why = ''): Recorded => ({ otherwise: { to: 'leave-out', reason, why } });

const isSame = (copy: CopyUnderWay, record: Json): boolean =>
  copy.recoveryPointArn === textAt(record, 'SourceRecoveryPointArn') &&
  copy.resourceArn === textAt(record, 'ResourceArn') &&
  copy.destinationVaultArn === textAt(record, 'DestinationBackupVaultArn');

/** A cause that is sure decides where it belongs. Undefined: nothing is sure. */
async function diagnosed(job: Job, { id }: Incident, services: EffectServices): Promise<Prepared | undefined> {
  const { failure } = job;
  const { evidence, readAt, diagnosis, proposed, passing } = await diagnoseNow(failure, services, {
    sharedSimulation: true,
  });
  if (passing) return { to: 'wait' };
  const sure = new Set(
    diagnosis.causes.flatMap(({ id: cause, byMessageOnly, confidence }) =>
      byMessageOnly || confidence === 'possible' || onlyNested([cause]) ? [] : [cause],
    ),
  );
  const held = proposed.filter(({ proposal }) => proposal.causes.some((cause) => sure.has(cause)));
  const others = held.filter(({ proposal }) => proposal.id !== id);
  const joined = others.length > 0 ? await join(failure, evidence, readAt, others, services, { seenNow: true }) : [];
  if (held.length > others.length) return { to: 'fail' };
  if (others.length === 0) return undefined;
  return { to: 'hold', byHand: joined.some(({ state }) => state === 'reported') };
}

import { Logger } from '@aws-lambda-powertools/logger';
import { StartCopyJobCommand, type BackupClient } from '@aws-sdk/client-backup';
import { roomFor, type CopyUnderWay } from '../core/incident/copy-room';
import type { Incident } from '../core/incident/incident';
import { mayRetry } from '../core/incident/may-retry';
import {
  BATCH,
  batchesOf,
  canariesOf,
  isHeldByHand,
  lineageOf,
  nextAttempt,
  standingOf,
  tokenOf,
  type Round,
} from '../core/incident/retries';
import { later, TIMES } from '../core/incident/times';
import { startEnded, type StartInput } from '../core/incident/start-copy';
import type { Job } from '../core/incident/shown';
import type { CallError } from '../core/plan/put-refused';
import { copiesUnderWay } from './copies-under-way';
import type { EffectServices } from './effect-services';
import { inParts, markCopied } from './mark-copied';
import { prepareRetry, type Prepared } from './prepare-retry';
import { notAllowed, retrierClients, type ClientIn } from './retrier-clients';
import { stopped, tell, waitForOthers, type Started } from './retry-waits';
import { roundOf, surveyRetries } from './survey-retries';

const MINUTE = 60_000;
const NO_ROOM = 2 * MINUTE;
/** Reads for so many failures at once. */
const AT_ONCE = 5;

let logger: Logger | undefined;

/**
 * Starts what of an incident can be started now: one copy first, then the rest in batches. Says in an event what came
 * of it, and when to go on; whatever is not sure is not started.
 */
export async function retryCopies(incident: Incident, services: EffectServices): Promise<void> {
  const { id, revision, state, canary, batches } = incident;
  if (state !== 'canary' && state !== 'waiting' && state !== 'retrying') return;
  const { incidents, settings } = services;
  const may = mayRetry(incident, settings.retry, await incidents.decision(id, revision));
  if (!may.ok) {
    await tell(incident, services, { kind: 'retry-not-allowed', because: may.because });
    return;
  }
  if (state === 'canary' && canary === undefined) return startCanary(incident, may.by, services);
  const alone = canary && state === 'canary' ? later(canary.at, TIMES.canaryAlone) : '';
  if (services.now().toISOString() < alone) {
    await tell(incident, services, { kind: 'retry-waits', until: alone });
  } else if (state === 'retrying' && batches && batches.started < batches.count) {
    await startBatch(incident, batches.started + 1, may.by, services);
  } else await writeBatches(incident, services);
}

/** What was left out, copied or held by another incident meanwhile is seen by one more survey. */
const MOST_SURVEYS = 3;

async function startCanary(incident: Incident, by: string | undefined, services: EffectServices): Promise<void> {
  const { incidents, config } = services;
  for (let surveys = 0; surveys < MOST_SURVEYS; surveys += 1) {
    const { jobs: failures, round, survey } = await surveyRetries(incident, incidents, config.retryScope);
    // Started before a crash that has lost the event.
    const running = failures.find((job) => standingOf(job, round).is === 'running');
    if (running?.retry) {
      const { copyJobId, retry } = running;
      return tell(incident, services, { kind: 'canary-started', copyJobId, retryId: retry.copyJobId });
    }
    if (survey.retry.length === 0) {
      if (survey.waits.length > 0) return waitForOthers(incident, services);
      // Somebody else has copied all of them.
      const copied = { kind: 'looked', policy: 'unknown', open: 0, listed: false } as const;
      const none = failures.every(({ copiedBy }) => copiedBy !== undefined);
      return tell(incident, services, none ? copied : { kind: 'nothing-to-retry' });
    }
    const jobs = canariesOf(survey.retry).slice(0, BATCH);
    const started = await startCopies({ incident, jobs, round, most: 1, by }, services);
    const [first] = started.tries;
    if (first) return tell(incident, services, { kind: 'canary-started', ...first });
    if (await stopped(started, incident, services)) return;
    if (started.held) return waitForOthers(incident, services);
  }
  await tell(incident, services, { kind: 'retry-waits', until: later(services.now().toISOString(), MINUTE) });
}

async function writeBatches(incident: Incident, services: EffectServices): Promise<void> {
  const { id, revision } = incident;
  const { incidents, config } = services;
  const { survey } = await surveyRetries(incident, incidents, config.retryScope);
  if (survey.retry.length === 0 && survey.waits.length > 0 && incident.state !== 'canary') {
    return waitForOthers(incident, services);
  }
  const batches = batchesOf(survey.retry);
  await inParts([...batches.entries()], ([index, jobs]) => incidents.putBatch(id, revision, index + 1, jobs));
  await tell(incident, services, { kind: 'batched', count: batches.length });
}

async function startBatch(
  incident: Incident,
  number: number,
  by: string | undefined,
  services: EffectServices,
): Promise<void> {
  const { incidents } = services;
  const ids = (await incidents.batch(incident.id, incident.revision, number)) ?? [];
  const jobs = await incidents.jobsOf(incident.id, ids);
  const round = await roundOf(incident, jobs, incidents);
  const ready: Job[] = [];
  for (const job of jobs) {
    const stands = standingOf(job, round);
    if (stands.is === 'retry') ready.push(job);
    if (stands.is === 'leave-out') await incidents.leaveOut(incident.id, job.copyJobId, stands.reason);
  }
  const listedAt = listedSince(incident);
  const started = await startCopies({ incident, jobs: ready, round, most: BATCH, by, listedAt }, services);
  if (await stopped(started, incident, services)) return;
  await tell(incident, services, { kind: 'batch-started', started: number });
}

/** All failures were looked at since they were put into batches: each batch then lists what came after that alone. */
const listedSince = ({ batches, listedAt, listCut }: Incident): string | undefined =>
  batches?.at !== undefined && listedAt !== undefined && listedAt > batches.at && !listCut ? listedAt : undefined;

interface Wanted {
  readonly incident: Incident;
  /** In the order to try them. */
  readonly jobs: readonly Job[];
  readonly round: Round;
  /** So many are started at most. */
  readonly most: number;
  /** ARN of whoever decided. */
  readonly by: string | undefined;
  /** Copies that had completed by then were held against these failures. */
  readonly listedAt?: string | undefined;
}

/**
 * The only place that starts copies. Before each: is there a newer copy, does one run, is the record there, is it one
 * that may be started. JOB and COPYJOB are written once AWS has answered; whatever is lost before that is found
 * running the next time, or started once more with the token that it had.
 */
async function startCopies(wanted: Wanted, services: EffectServices): Promise<Started> {
  const { incident, jobs, round, most, listedAt } = wanted;
  const tries: { copyJobId: string; retryId: string }[] = [];
  const marked = await markCopied(incident.id, jobs, services, listedAt);
  if (!marked.complete) return { tries, wait: 'slow-down' };
  const copied = new Set(marked.found.map(({ copyJobId }) => copyJobId));
  const left = jobs.filter(({ copyJobId }) => !copied.has(copyJobId));
  const run = { ...wanted, services, clientIn: retrierClients(incident, wanted.by, services) };

  let wait: Started['wait'];
  let held = false;
  // One is enough: the next is not even read.
  const part = most === 1 ? 1 : AT_ONCE;
  for (let start = 0; start < left.length && tries.length < most; start += part) {
    const prepared = await inParts(
      left.slice(start, start + part),
      async (job) => {
        const underWay = await copiesUnderWay(services.readers, placeOf(job));
        const open = job.way === 'assumed' || isHeldByHand(job, round);
        const next: Prepared = underWay ? await prepareRetry(job, open, underWay, incident, services) : { to: 'wait' };
        return { job, next, underWay: underWay ?? [] };
      },
      part,
    );
    // One after the other: the first that AWS does not take for now ends it.
    for (const { job, next, underWay } of prepared) {
      const done = await carryOut(job, next, underWay, run);
      if (done.notAllowed !== undefined) return { tries, notAllowed: done.notAllowed };
      if (done.retryId !== undefined) tries.push({ copyJobId: job.copyJobId, retryId: done.retryId });
      if (done.noRoom) wait = NO_ROOM;
      held ||= done.held === true;
      if (done.stop !== undefined) return { tries, wait: done.stop };
    }
  }
  return { tries, held, ...(wait === undefined ? {} : { wait }) };
}

interface Run extends Wanted {
  readonly services: EffectServices;
  readonly clientIn: ClientIn;
}

interface Done {
  readonly retryId?: string;
  readonly noRoom?: boolean;
  readonly held?: boolean;
  readonly stop?: NonNullable<Started['wait']>;
  readonly notAllowed?: string;
}

const placeOf = ({ failure: { account, region } }: Job) => ({ account, region });

async function carryOut(job: Job, next: Prepared, underWay: CopyUnderWay[], run: Run): Promise<Done> {
  const { incidents } = run.services;
  const { copyJobId } = job;
  switch (next.to) {
    case 'wait':
      return { stop: 'slow-down' };
    case 'hold': {
      // Before the first copy there is time to mend the other cause; then its own incident says what to do.
      const over = run.services.now().toISOString() >= later(run.incident.since, TIMES.waitForHands);
      if (!next.byHand || (run.incident.state === 'canary' && !over)) return { held: true };
      await leaveOut(job, { reason: 'other-incident' }, run);
      return {};
    }
    case 'leave-out':
      await leaveOut(job, next, run);
      return {};
    case 'adopt':
      return { retryId: await keep(job, next.retryId, run) };
    case 'fail': {
      // The same twice: nothing more comes of it.
      if (job.retry?.copyJobId === copyJobId) await incidents.leaveOut(run.incident.id, copyJobId, 'attempts');
      const { attempt } = lineageOf(job, run.round);
      const at = run.services.now().toISOString();
      await incidents.setRetry(run.incident.id, copyJobId, { copyJobId, attempt, at, ended: 'same' });
      return { retryId: copyJobId };
    }
    case 'start':
      return start(job, next.input, underWay, run);
  }
}

async function start(job: Job, input: StartInput, underWay: CopyUnderWay[], run: Run): Promise<Done> {
  const { failure } = job;
  const copy = { ...failure, destinationVaultArn: input.DestinationBackupVaultArn };
  if (roomFor(copy, underWay) <= 0) return { noRoom: true };
  let client: BackupClient;
  try {
    client = await run.clientIn(failure.region);
  } catch (error) {
    const reason = notAllowed(error);
    return reason === undefined ? { stop: 'slow-down' } : { notAllowed: reason };
  }
  const IdempotencyToken = tokenOf(lineageOf(job, run.round).root, nextAttempt(job, run.round));
  let retryId: string | undefined;
  try {
    retryId = (await client.send(new StartCopyJobCommand({ ...input, IdempotencyToken }))).CopyJobId;
  } catch (thrown) {
    const ended = startEnded(errorOf(thrown));
    if (ended === 'later') return { stop: 'slow-down' };
    if (ended !== 'no-answer') {
      await leaveOut(job, { reason: ended, why: String(thrown) }, run);
      return {};
    }
  }
  // No answer: soon the lists of what runs say whether it was started.
  if (retryId === undefined) return { stop: MINUTE };
  underWay.push({ ...copy, copyJobId: retryId, recoveryPointArn: input.RecoveryPointArn });
  return { retryId: await keep(job, retryId, run) };
}

/** The copy's place in its lineage first: it may fail, and be diagnosed, at any time. */
async function keep(job: Job, retryId: string, { incident, round, services }: Run): Promise<string> {
  const { incidents, now } = services;
  const attempt = nextAttempt(job, round);
  await incidents.putRetryOf(retryId, { root: lineageOf(job, round).root, attempt });
  await incidents.setRetry(incident.id, job.copyJobId, {
    copyJobId: retryId,
    attempt,
    at: now().toISOString(),
  });
  return retryId;
}

async function leaveOut(
  { copyJobId }: Job,
  { reason, why }: Pick<Extract<Prepared, { to: 'leave-out' }>, 'reason' | 'why'>,
  { incident, services }: Run,
): Promise<void> {
  logger ??= new Logger({ serviceName: 'copy-doctor-remediate' });
  logger.warn('not copied again', { incident: incident.id, copyJobId, reason, ...(why ? { why } : {}) });
  await services.incidents.leaveOut(incident.id, copyJobId, reason);
}

function errorOf(thrown: unknown): CallError {
  const { name, message, code, $metadata } = thrown as Error & {
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name: name === 'Error' && code ? code : name, message, status: $metadata?.httpStatusCode };
}

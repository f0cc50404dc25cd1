import { isRefused, objectAt, textAt, type Json } from '../core/evidence';
import { eventOf, type CopyJobRecord } from '../core/copy-job-event';
import { readCopyFailure } from '../core/copy-failure';
import type { Incident } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import type { Job, Retry } from '../core/incident/shown';
import { later, TIMES } from '../core/incident/times';
import { diagnoseNow } from './diagnose-now';
import type { EffectServices } from './effect-services';
import { join } from './join-failure';
import { all, inParts, isRunning, markCopied } from './mark-copied';
import { surveyRetries } from './survey-retries';

type Followed = Extract<IncidentEvent, { kind: 'followed' }>;
type Ended = NonNullable<Retry['ended']>;
type Tried = Job & { readonly retry: Retry };

/** So many copy jobs one look asks for one by one, those first that were started first. */
const MOST_READS = 25;
/** Failures of another cause whose incidents are named. */
const MOST_OTHERS = 100;
const NAMED = 5;
const AT_ONCE = 5;

/** Looks what has become of the copies that were started. What cannot be read still runs, and is looked at again. */
export async function followRetries(incident: Incident, services: EffectServices): Promise<void> {
  const { id, state, canary, batches, agenda, startedAt } = incident;
  if (state !== 'canary' && state !== 'waiting' && state !== 'retrying') return;
  const { incidents, now } = services;
  // As of its beginning: a copy that is started meanwhile is not looked at.
  const at = now().toISOString();
  const nothing: Followed = { kind: 'followed', at, running: 0, left: 0, same: 0, other: 0, others: [] };
  if (state === 'canary') {
    const first = canary ? [canary.copyJobId] : [];
    await endRetries(await incidents.jobsOf(id, first), incident, services);
    const [tried] = await incidents.jobsOf(id, first);
    await incidents.change(id, canary ? { ...nothing, canary: endOf(tried) } : nothing);
    return;
  }
  if (agenda.retry !== undefined) {
    // Not all have been started.
    const batchesEnded = batches && (await followBatches(incident, batches, services));
    await incidents.change(id, batchesEnded === undefined ? nothing : { ...nothing, batchesEnded });
    return;
  }
  const running = await endRetries(await all(incidents.jobs(id)), incident, services);
  const seen = { ...nothing, running: running.length };
  if (running.length > 0) {
    if (startedAt !== undefined && at >= later(startedAt, TIMES.followAtMost)) {
      await inParts(running, ({ copyJobId }) => incidents.endRetry(id, copyJobId, 'unknown'));
    }
    await incidents.change(id, seen);
  } else await conclude(incident, seen, services);
}

/** Looks only at batches of which something may run, the one that is being started included; gives how many have ended. */
async function followBatches(
  incident: Incident,
  { count, started, ended = 0 }: NonNullable<Incident['batches']>,
  services: EffectServices,
): Promise<number> {
  const { id, revision } = incident;
  const { incidents } = services;
  const numbers = Array.from({ length: Math.min(started + 1, count) - ended }, (_, index) => ended + 1 + index);
  const batches = await incidents.batches(id, revision, numbers);
  const running = await endRetries(await incidents.jobsOf(id, batches.flat()), incident, services);
  const ids = new Set(running.map(({ copyJobId }) => copyJobId));
  const first = batches.findIndex((batch) => batch.some((copyJobId) => ids.has(copyJobId)));
  return Math.min(ended + (first === -1 ? batches.length : first), started);
}

function endOf(tried: Job | undefined): NonNullable<Followed['canary']> {
  if (tried?.copiedBy !== undefined) return 'copied';
  if (tried?.retry === undefined || tried.retry.ended === 'unknown') return 'gone';
  return tried.retry.ended ?? 'running';
}

/** All that were started have ended: each lineage and resource counts once. */
async function conclude(incident: Incident, seen: Followed, services: EffectServices): Promise<void> {
  const { incidents, config } = services;
  const { id } = incident;
  await markCopied(id, await all(incidents.jobs(id)), services);
  const { survey, jobs } = await surveyRetries(incident, incidents, config.retryScope);
  const left = survey.retry.length + survey.waits.length;
  const same = survey.same.length + survey.leaveOut.filter(({ reason }) => reason === 'attempts').length;
  const other = survey.other.length;
  if (left + same + other === 0 && !someCopied(incident, jobs)) {
    const because = 'None of the failed copies could be started again.';
    await incidents.change(id, { kind: 'retry-not-allowed', at: seen.at, because });
    return;
  }
  const tries = survey.other.slice(0, MOST_OTHERS).flatMap(({ retry }) => retry?.copyJobId ?? []);
  const held = [...(await incidents.knownCopyJobs(tries)).values()].flatMap((lineage) => lineage.incidents);
  const others = [...new Set(held)].filter((one) => one !== id).slice(0, NAMED);
  await incidents.change(id, { ...seen, left, same, other, others });
}

/** Of the failures that this proposal is about: where all were left out, nothing is resolved. */
function someCopied({ firstFailedAt = '' }: Incident, jobs: readonly Job[]): boolean {
  const these = jobs.filter(({ failedAt }) => failedAt >= firstFailedAt);
  return these.length === 0 || these.some(({ copiedBy }) => copiedBy !== undefined);
}

/** Finds out which retries of these failures have ended, and marks that; gives those that run, as far as is known. */
async function endRetries(
  jobs: readonly Job[],
  incident: Incident,
  services: EffectServices,
): Promise<readonly Tried[]> {
  const { incidents } = services;
  const { id } = incident;
  const tried = jobs.filter(isTried);
  if (tried.length === 0) return [];
  const { found } = await markCopied(id, tried, services);
  const copied = new Set(found.map(({ copyJobId }) => copyJobId));
  const rest = tried.filter(({ copyJobId }) => !copied.has(copyJobId));

  // What failed was diagnosed by its event, mostly.
  const known = await incidents.knownCopyJobs(rest.map(({ retry }) => retry.copyJobId));
  const heldBy = ({ retry }: Tried) => known.get(retry.copyJobId)?.incidents ?? [];
  const failed = rest.filter((job) => heldBy(job).length > 0);
  await inParts(failed, (job) => incidents.endRetry(id, job.copyJobId, heldBy(job).includes(id) ? 'same' : 'other'));
  const oldest = rest
    .filter((job) => heldBy(job).length === 0)
    .sort((a, b) => (a.retry.at < b.retry.at ? -1 : 1))
    .slice(0, MOST_READS);
  await inParts(
    oldest,
    async (job) => {
      const ended = await endedNow(job, incident, services);
      if (ended === 'copied') await incidents.endCopied(id, job.copyJobId, job.retry.copyJobId);
      else if (ended) await incidents.endRetry(id, job.copyJobId, ended);
    },
    AT_ONCE,
  );
  const after = await incidents.jobsOf(
    id,
    tried.map(({ copyJobId }) => copyJobId),
  );
  return after.filter(isTried);
}

const isTried = (job: Job): job is Tried => job.copiedBy === undefined && isRunning(job);

/** By the copy job's own record; undefined: it runs, or nothing is known. */
async function endedNow(
  { retry, failure }: Tried,
  incident: Incident,
  services: EffectServices,
): Promise<Ended | undefined> {
  const place = { account: failure.account, region: failure.region };
  const call = { input: { CopyJobId: retry.copyJobId }, resource: retry.copyJobId };
  const answer = await services.readers.read('backup:DescribeCopyJob', place, call);
  if (isRefused(answer)) return answer.error === 'ResourceNotFoundException' ? 'unknown' : undefined;
  const record = objectAt(answer, 'CopyJob');
  switch ((record && textAt(record, 'State')) ?? '') {
    case 'COMPLETED':
      return 'copied';
    case 'FAILED':
    case 'PARTIAL':
      return record && diagnosed(record, place, incident, services);
    default:
      return undefined;
  }
}

/** A failure whose event has not come yet: diagnosed and joined here, as it would be there. */
async function diagnosed(
  record: Json,
  place: { readonly account: string; readonly region: string },
  { id }: Incident,
  services: EffectServices,
): Promise<Ended | undefined> {
  const read = readCopyFailure(eventOf(record as CopyJobRecord, place, services.now().toISOString()));
  if (!read.ok) return 'unknown';
  const { evidence, readAt, proposed, passing } = await diagnoseNow(read.value, services);
  if (passing) return undefined;
  await join(read.value, evidence, readAt, proposed, services);
  return proposed.some(({ proposal }) => proposal.id === id) ? 'same' : 'other';
}

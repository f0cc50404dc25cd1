import { hashOf } from '../plan/normal-form';
import { onlyNested } from './composite';
import { limitOf } from './copy-room';
import type { Incident, IncidentState } from './incident';
import type { Job, LeftOut, Lineage } from './shown';

/** So often one copy is tried again, whichever incidents its failures belong to. */
const MOST_ATTEMPTS = 5;
/** So many copies one effect starts. */
export const BATCH = 25;

/** What the tries are judged by: the incident, and the others that hold its failures. */
export interface Round {
  readonly incident: Pick<Incident, 'id' | 'state' | 'since' | 'openedAt'>;
  readonly lineages: ReadonlyMap<string, Lineage>;
  readonly others: ReadonlyMap<string, Pick<Incident, 'state'> & Partial<Pick<Incident, 'causes'>>>;
}

/** Where one failure stands; `leave-out`: it has to be marked so. */
export type Standing =
  | { readonly is: 'copied' | 'left-out' | 'running' | 'other' | 'same' | 'waits' | 'retry' }
  | { readonly is: 'leave-out'; readonly reason: LeftOut };

export interface Survey {
  readonly retry: readonly Job[];
  readonly leaveOut: readonly { readonly copyJobId: string; readonly reason: LeftOut }[];
  /** Held by another incident too, which is not mended yet. */
  readonly waits: readonly string[];
  /** Tried again in this round, and failed for the same cause. */
  readonly same: readonly Job[];
  /** Tried again for this proposal, and failed for another cause. */
  readonly other: readonly Job[];
}

const MENDED: readonly (IncidentState | undefined)[] = ['canary', 'retrying', 'applied', 'resolved'];
const UNMENDED: readonly (IncidentState | undefined)[] = [
  'rejected',
  'expired',
  'refused',
  'not-cured',
  'rolled-back',
  'reopened',
];

/** Without a plan: what is mended by a person, who does not say so. */
const BY_HAND: IncidentState = 'reported';

export const lineageOf = ({ copyJobId }: Job, { lineages }: Pick<Round, 'lineages'>): Lineage & { root: string } => {
  const known = lineages.get(copyJobId);
  return { incidents: known?.incidents ?? [], attempt: known?.attempt ?? 0, root: known?.root ?? copyJobId };
};

/** Counted over failure and retry: either may know of the last try alone. */
export const nextAttempt = (job: Job, round: Pick<Round, 'lineages'>): number =>
  Math.max(lineageOf(job, round).attempt, job.retry?.attempt ?? 0) + 1;

export function standingOf(job: Job, round: Round): Standing {
  const { copiedBy, leftOut, retry, failedAt } = job;
  const { state, since } = round.incident;
  if (copiedBy !== undefined || retry?.ended === 'copied') return { is: 'copied' };
  // Out of attempts is not mended.
  if (leftOut !== undefined) return { is: leftOut === 'attempts' ? 'same' : 'left-out' };
  if (retry && retry.ended === undefined) return { is: 'running' };
  if (retry?.ended === 'other') return { is: 'other' };
  // All that began after this round had: once more right now would bring nothing else.
  if (state === 'retrying' && (retry ? retry.at >= since : failedAt > since)) return { is: 'same' };
  const others = otherStates(job, round);
  if (others.some((one) => UNMENDED.includes(one))) return { is: 'leave-out', reason: 'other-incident' };
  if (nextAttempt(job, round) > MOST_ATTEMPTS) return { is: 'leave-out', reason: 'attempts' };
  return { is: others.every((one) => one === BY_HAND || MENDED.includes(one)) ? 'retry' : 'waits' };
}

function otherStates(job: Job, { incident, others, lineages }: Round): readonly (IncidentState | undefined)[] {
  return lineageOf(job, { lineages }).incidents.flatMap((id) => {
    const other = others.get(id);
    return id === incident.id || onlyNested(other?.causes ?? []) ? [] : [other?.state];
  });
}

/** Another incident holds it that the service never sees mended: it is diagnosed again before it is started. */
export const isHeldByHand = (job: Job, round: Round): boolean => otherStates(job, round).includes(BY_HAND);

/**
 * What has to be copied again: of each lineage its last try, and of those the newest failed recovery point of each
 * resource and destination vault, or every recovery point once.
 */
export function surveyed(
  jobs: readonly Job[],
  round: Round,
  { retryScope }: { readonly retryScope: 'newest' | 'all' },
): Survey {
  const leaveOut: { copyJobId: string; reason: LeftOut }[] = [];
  const standing = new Map<Job, Standing['is']>();
  const newest = new Map<string, { job: Job; since: string }>();
  const older: Job[] = [];
  for (const { job, since } of lastTries(jobs, round)) {
    const stands = standingOf(job, round);
    if (stands.is === 'leave-out') leaveOut.push({ copyJobId: job.copyJobId, reason: stands.reason });
    if (stands.is === 'leave-out' || stands.is === 'copied' || stands.is === 'left-out') continue;
    standing.set(job, stands.is);
    const target = targetOf(job, retryScope);
    const before = newest.get(target);
    if (before === undefined || since >= before.since) {
      if (before) older.push(before.job);
      newest.set(target, { job, since });
    } else older.push(job);
  }
  for (const job of older) {
    const is = standing.get(job);
    if (is === 'running' || is === 'other' || job.leftOut !== undefined) continue;
    leaveOut.push({ copyJobId: job.copyJobId, reason: 'older-point' });
  }
  const left = [...newest.values()].map(({ job }) => job);
  const those = (is: Standing['is']) => left.filter((job) => standing.get(job) === is);
  return {
    retry: those('retry'),
    leaveOut,
    waits: those('waits').map(({ copyJobId }) => copyJobId),
    // A try for an older point that failed again counts with its resource.
    same: those('same'),
    other: those('other').filter(({ retry }) => retry && retry.at >= round.incident.openedAt),
  };
}

/** Of each lineage the last failure, and when its first one failed. */
function lastTries(jobs: readonly Job[], round: Round): readonly { readonly job: Job; readonly since: string }[] {
  const byRoot = new Map<string, { job: Job; attempt: number; since: string }>();
  for (const job of jobs) {
    const { root, attempt } = lineageOf(job, round);
    const before = byRoot.get(root);
    const since = before && before.since < job.failedAt ? before.since : job.failedAt;
    const last = before === undefined || attempt >= before.attempt ? { job, attempt } : before;
    byRoot.set(root, { ...last, since });
  }
  return [...byRoot.values()];
}

function targetOf({ copyJobId, failure }: Job, scope: 'newest' | 'all'): string {
  const { resourceArn, recoveryPointArn, destinationVaultArn } = failure;
  const what = scope === 'newest' ? (resourceArn ?? recoveryPointArn) : recoveryPointArn;
  return JSON.stringify([what ?? copyJobId, destinationVaultArn]);
}

/** Who may be tried first, the smallest first; whose size is unknown comes last. */
export const canariesOf = (jobs: readonly Job[]): readonly Job[] =>
  [...jobs].sort(
    (a, b) =>
      (a.bytes ?? Infinity) - (b.bytes ?? Infinity) ||
      (a.failedAt < b.failedAt ? -1 : Number(a.failedAt > b.failedAt)) ||
      (a.copyJobId < b.copyJobId ? -1 : 1),
  );

/** Ids, in batches. What AWS copies few of at a time comes last: it holds up nothing else. */
export function batchesOf(jobs: readonly Job[], size = BATCH): readonly (readonly string[])[] {
  const ids = [...jobs]
    .sort((a, b) => limitOf(b.failure.resourceType) - limitOf(a.failure.resourceType))
    .map(({ copyJobId }) => copyJobId);
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
}

/** Two who start the same try start one copy. 64 characters. */
export const tokenOf = (root: string, attempt: number): string => hashOf([root, attempt]);

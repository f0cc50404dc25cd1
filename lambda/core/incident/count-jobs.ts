import { parseArn } from '../arn';
import type { Counted, Job, LeftOut, Retried, Route } from './shown';

/** A failed copy with as much of it as counting needs: an event may lack the rest. */
type Part<K extends keyof Job, F extends keyof Job['failure']> = Pick<Job, K> & {
  readonly failure?: Pick<Job['failure'], F>;
};

/** What `countJobs` looks at. */
export const COUNTED = [
  'copyJobId',
  'failedAt',
  'bytes',
  'copiedBy',
  'leftOut',
  'failure.resourceArn',
  'failure.recoveryPointArn',
  'failure.region',
  'failure.destinationVaultArn',
] as const;
export type CountedPart = Part<
  'copyJobId' | 'failedAt' | 'bytes' | 'copiedBy' | 'leftOut',
  'resourceArn' | 'recoveryPointArn' | 'region' | 'destinationVaultArn'
>;

/** What `countBoth` looks at. */
export const RETRIED = [...COUNTED, 'retry'] as const;
export type RetriedPart = CountedPart & Pick<Job, 'retry'>;

/** An event without any resource stands for one of its own. */
const resourceOf = ({ failure, copyJobId }: CountedPart): string =>
  failure?.resourceArn ?? failure?.recoveryPointArn ?? copyJobId;

/** Counts failures that are on the list; a resource's size is the newest failure's. */
export const countJobs = (jobs: AsyncIterable<CountedPart>): Promise<Counted> => take(jobs, openCounter());

/** What is open, and what became of copying again, of one read: there may be thousands. */
export function countBoth(jobs: AsyncIterable<RetriedPart>): Promise<{ counted: Counted; retried: Retried }> {
  const [open, retried] = [openCounter(), retriedCounter()];
  const add = (job: RetriedPart) => (open.add(job), retried.add(job));
  return take(jobs, { add, sum: () => ({ counted: open.sum(), retried: retried.sum() }) });
}

interface Counter<T, Sum> {
  readonly add: (job: T) => void;
  readonly sum: () => Sum;
}

async function take<T, Sum>(jobs: AsyncIterable<T>, { add, sum }: Counter<T, Sum>): Promise<Sum> {
  for await (const job of jobs) add(job);
  return sum();
}

function openCounter(): Counter<CountedPart, Counted> {
  const newest = new Map<string, CountedPart>();
  const ways = new Map<string, Route>();
  let copies = 0;
  return {
    add: (job) => {
      if (job.copiedBy !== undefined || job.leftOut !== undefined) return;
      copies += 1;
      keepNewer(newest, resourceOf(job), job);
      const { region: from, destinationVaultArn = '' } = job.failure ?? {};
      const to = parseArn(destinationVaultArn)?.region;
      if (from && to) ways.set(`${from} ${to}`, { from, to });
    },
    sum: () => {
      const sizes = [...newest.values()].map(({ bytes }) => bytes);
      return {
        copies,
        resources: sizes.length,
        bytes: sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
        withoutSize: sizes.filter((bytes) => bytes === undefined).length,
        ...(ways.size > 1 ? { routes: [...ways].sort().map(([, route]) => route) } : {}),
      };
    },
  };
}

/**
 * What became of copying again: of each resource and destination, what became of its newest failure. A retry that
 * failed is a failure of its own, and has failed again until it is retried in its turn.
 */
function retriedCounter(): Counter<RetriedPart, Retried> {
  const newest = new Map<string, RetriedPart>();
  const retries = new Set<string>();
  const leftOut: Partial<Record<LeftOut, number>> = {};
  return {
    add: (job) => {
      if (job.retry) retries.add(job.retry.copyJobId);
      if (job.leftOut !== undefined) leftOut[job.leftOut] = (leftOut[job.leftOut] ?? 0) + 1;
      // A failure that is left out hides no older one that was copied.
      else keepNewer(newest, `${resourceOf(job)} ${job.failure?.destinationVaultArn ?? ''}`, job);
    },
    sum: () => {
      const sum = { copied: 0, bytes: 0, running: 0, failed: 0 };
      for (const job of newest.values()) {
        const outcome = outcomeOf(job, retries);
        if (outcome) sum[outcome] += 1;
        if (outcome === 'copied') sum.bytes += job.bytes ?? 0;
      }
      return { ...sum, leftOut };
    },
  };
}

function outcomeOf(job: RetriedPart, retries: ReadonlySet<string>): 'copied' | 'running' | 'failed' | undefined {
  const { copyJobId, copiedBy, retry } = job;
  if (retry?.ended === 'copied' || (copiedBy !== undefined && retries.has(copiedBy))) return 'copied';
  // By a copy that somebody else has started.
  if (copiedBy !== undefined) return undefined;
  if (retry) {
    if (retry.ended === undefined) return 'running';
    // Nobody can say how it ended.
    return retry.ended === 'unknown' ? undefined : 'failed';
  }
  return retries.has(copyJobId) ? 'failed' : undefined;
}

function keepNewer<T extends { readonly failedAt: string }>(newest: Map<string, T>, key: string, job: T): void {
  const before = newest.get(key);
  if (before === undefined || job.failedAt >= before.failedAt) newest.set(key, job);
}

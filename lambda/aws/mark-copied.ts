import { newerCopies, type Copied } from '../core/incident/newer-copies';
import type { Job } from '../core/incident/shown';
import { later } from '../core/incident/times';
import type { Completed, CompletedCopies } from './completed-copies';
import type { Incidents } from './incidents';

/** So many failures are taken off in one look. */
export const MOST_MARKS = 500;
const AT_ONCE = 10;
/** So long after a copy has completed a list may not say so yet. */
const LAG = 15 * 60_000;
/** Of so many failures the copies of each resource are listed by themselves, where the vault's are too many for a list. */
const FEW = 25;

export interface Marked {
  readonly found: readonly Copied[];
  /** False: copies could not be listed, or more were found than are marked at once. */
  readonly complete: boolean;
  /** There are more copies than a listing looks at. */
  readonly cut: boolean;
}

/**
 * Takes failures off the list whose resource has a newer copy, and ends their retries. `listedAt`: copies that had
 * completed by then were held against them before.
 */
export async function markCopied(
  id: string,
  jobs: readonly Job[],
  { incidents, completed }: { readonly incidents: Incidents; readonly completed: CompletedCopies },
  listedAt = '',
): Promise<Marked> {
  const open = jobs.filter(({ copiedBy }) => copiedBy === undefined);
  const list = (targets: readonly Target[]) =>
    inParts(targets, ({ source, vaultArn, since, resourceArn }) => completed(source, vaultArn, since, resourceArn));
  let answers = await list(targetsOf(open, listedAt));
  if (answers.some(isCut) && open.length <= FEW) answers = await list(targetsOf(open, listedAt, true));
  const found = newerCopies(
    open,
    answers.flatMap((answer) => answer?.copies ?? []),
  ).slice(0, MOST_MARKS);
  const running = new Set(open.filter(isRunning).map(({ copyJobId }) => copyJobId));
  await inParts(found, async ({ copyJobId, by }) => {
    await (running.has(copyJobId) ? incidents.endCopied(id, copyJobId, by) : incidents.markCopied(id, copyJobId, by));
  });
  return {
    found,
    complete: !answers.includes(undefined) && found.length < MOST_MARKS,
    cut: answers.some(isCut),
  };
}

const isCut = (answer: Completed | undefined) => answer?.complete === false;

export const isRunning = ({ retry }: Job): boolean => retry !== undefined && retry.ended === undefined;

/** What has to be listed for these failures, and since when. */
function targetsOf(jobs: readonly Job[], listedAt: string, eachResource = false): Target[] {
  const targets = new Map<string, Target>();
  for (const job of jobs) {
    const { account, region, destinationVaultArn: vaultArn } = job.failure;
    const resourceArn = eachResource ? job.failure.resourceArn : undefined;
    const key = `${account}/${region}#${vaultArn}#${resourceArn ?? ''}`;
    const since = sinceOf(job, listedAt);
    const known = targets.get(key);
    if (!known || since < known.since) {
      targets.set(key, { source: { account, region }, vaultArn, since, resourceArn });
    }
  }
  return [...targets.values()];
}

interface Target {
  readonly source: { readonly account: string; readonly region: string };
  readonly vaultArn: string;
  readonly since: string;
  readonly resourceArn: string | undefined;
}

/** What had completed before its retry was started was looked for before that. */
function sinceOf({ failedAt, retry }: Job, listedAt: string): string {
  const startedAt = retry && retry.ended === undefined ? retry.at : '';
  const seen = startedAt > listedAt ? startedAt : listedAt;
  const since = seen === '' ? '' : later(seen, -LAG);
  return since > failedAt ? since : failedAt;
}

/** Some at once, in order. */
export async function inParts<T, R>(items: readonly T[], each: (item: T) => Promise<R>, size = AT_ONCE): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(each))));
  }
  return results;
}

export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

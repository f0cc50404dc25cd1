import {
  countBoth,
  COUNTED,
  countJobs,
  RETRIED,
  type CountedPart,
  type RetriedPart,
} from '../core/incident/count-jobs';
import {
  AFFECTED,
  affectedBy,
  type Affected,
  type AffectedPart,
  type NewestCopies,
} from '../core/incident/newest-copies';
import type { Counted, Job, LeftOut, Retried, Retry } from '../core/incident/shown';
import { KEYS, under, without } from './incident-items';
import { IncidentRecords } from './incident-records';

/** The live policy before the service changed it: null where there was none. */
export interface Before {
  readonly policy: string | null;
  readonly at: string;
  readonly requestId?: string | undefined;
}

/** Off the list: copied by a newer copy, or left out. */
const OPEN = { text: 'attribute_not_exists(#copiedBy) and attribute_not_exists(#leftOut)' };
const THERE = { text: 'attribute_exists(#pk)' };
const TRIED = { text: 'attribute_exists(#retry)' };
const COPIED = 'SET #copiedBy = if_not_exists(#copiedBy, :by)';

/** What incidents hold one by one: failed copies, batches of them to start again, and policies as they were. */
export class IncidentJobs extends IncidentRecords {
  /** Put if absent: a failure that is told twice changes nothing. */
  async putJob(id: string, job: Job): Promise<void> {
    await this.table.putIfAbsent({ ...KEYS.job(id, job.copyJobId), ...job });
  }

  async *jobs(id: string, { openOnly = false }: { readonly openOnly?: boolean } = {}): AsyncIterable<Job> {
    for await (const item of this.table.query({ key: under(id, 'JOB#'), ...(openOnly ? { filter: OPEN } : {}) })) {
      yield without(item) as unknown as Job;
    }
  }

  /** Those that are there, by key: an incident may have thousands. In the order of their ids, as `jobs` gives them. */
  async jobsOf(id: string, copyJobIds: readonly string[]): Promise<readonly Job[]> {
    const items = await this.table.getAll([...new Set(copyJobIds)].map((copyJobId) => KEYS.job(id, copyJobId)));
    const jobs = items.map((item) => without(item) as unknown as Job);
    return jobs.sort((a, b) => (a.copyJobId < b.copyJobId ? -1 : 1));
  }

  count(id: string): Promise<Counted> {
    return countJobs(this.parts<CountedPart>(id, COUNTED));
  }

  /** Both, of one read. */
  countBoth(id: string): Promise<{ counted: Counted; retried: Retried }> {
    return countBoth(this.parts<RetriedPart>(id, RETRIED));
  }

  affected(id: string): Promise<readonly Affected[]> {
    return affectedBy(this.parts<AffectedPart>(id, AFFECTED));
  }

  /** How fresh its resources' copies were when that was last looked at. */
  async putNewest(id: string, newest: NewestCopies): Promise<void> {
    await this.table.put({ ...KEYS.newest(id), ...newest });
  }

  async newest(id: string): Promise<NewestCopies | undefined> {
    const item = await this.table.get(KEYS.newest(id));
    return item && (without(item) as unknown as NewestCopies);
  }

  /** Takes a failure off the list; the first copy that did so stays named. A job that is not there is left alone. */
  async markCopied(id: string, copyJobId: string, by: string): Promise<void> {
    await this.table.update(KEYS.job(id, copyJobId), { text: COPIED, values: { ':by': by } }, THERE);
  }

  /** The same, and ends its retry. */
  async endCopied(id: string, copyJobId: string, by: string): Promise<void> {
    await this.table.update(
      KEYS.job(id, copyJobId),
      { text: `${COPIED}, #retry.#ended = :ended`, values: { ':by': by, ':ended': 'copied' } },
      TRIED,
    );
  }

  /** Takes a failure off the list without a copy; the first reason stands. */
  async leaveOut(id: string, copyJobId: string, reason: LeftOut): Promise<void> {
    const left = { text: 'SET #leftOut = if_not_exists(#leftOut, :reason)', values: { ':reason': reason } };
    await this.table.update(KEYS.job(id, copyJobId), left, THERE);
  }

  /** A copy was started for it. The same one once more changes nothing: how it ended stays. */
  async setRetry(id: string, copyJobId: string, retry: Retry): Promise<void> {
    await this.table.update(
      KEYS.job(id, copyJobId),
      { text: 'SET #retry = :retry', values: { ':retry': retry } },
      {
        text: 'attribute_exists(#pk) and (attribute_not_exists(#retry) or #retry.#copyJobId <> :copyJobId)',
        values: { ':copyJobId': retry.copyJobId },
      },
    );
  }

  async endRetry(id: string, copyJobId: string, ended: NonNullable<Retry['ended']>): Promise<void> {
    await this.table.update(
      KEYS.job(id, copyJobId),
      { text: 'SET #retry.#ended = :ended', values: { ':ended': ended } },
      TRIED,
    );
  }

  /** Copy jobs to start again together, at most 25. Batches count from 1, and a new survey writes them anew. */
  async putBatch(id: string, revision: number, batch: number, jobs: readonly string[]): Promise<void> {
    await this.table.put({ ...KEYS.batch(id, revision, batch), jobs });
  }

  async batch(id: string, revision: number, batch: number): Promise<readonly string[] | undefined> {
    const item = await this.table.get(KEYS.batch(id, revision, batch));
    return item && (item['jobs'] as readonly string[]);
  }

  /** Batches of these numbers, those that are there, in order. */
  async batches(id: string, revision: number, numbers: readonly number[]): Promise<readonly (readonly string[])[]> {
    const items = await this.table.getAll(numbers.map((number) => KEYS.batch(id, revision, number)));
    return items.sort((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1)).map(({ jobs }) => jobs as string[]);
  }

  /** Put if absent: a second try must not keep the changed policy as the one before. */
  async putBefore(id: string, revision: number, before: Before): Promise<void> {
    await this.table.putIfAbsent({ ...KEYS.before(id, revision), ...before });
  }

  async before(id: string, revision: number): Promise<Before | undefined> {
    const item = await this.table.get(KEYS.before(id, revision));
    return item && (without(item) as unknown as Before);
  }

  private async *parts<T>(id: string, only: readonly string[]): AsyncIterable<T> {
    for await (const item of this.table.query({ key: under(id, 'JOB#'), only })) yield item as T;
  }
}

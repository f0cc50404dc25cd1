/** How a copy that is started ends: as the policy lets it, for another cause, never, or without a record of it. */
export type Fate = 'by-policy' | 'other' | 'never' | 'gone';

export interface Failure {
  readonly id: string;
  readonly resource: number;
  readonly failedAt: number;
  /** Of a retry: the failure that was copied again. */
  readonly root?: string;
}

interface Retry {
  readonly id: string;
  readonly endsAt: number;
  readonly end: 'copied' | 'same' | 'other' | 'gone';
}

export interface Job extends Failure {
  copied: boolean;
  attempts: number;
  retry?: Retry;
}

const MOST_ATTEMPTS = 5;

/** The failed copies of one incident, and what AWS Backup makes of those that are started again. */
export class Copies {
  readonly jobs = new Map<string, Job>();
  readonly #succeeded: { resource: number; at: number }[] = [];
  /** Failures of retries that nobody was told of yet. */
  #ended: Retry[] = [];

  add(failure: Failure): void {
    if (failure.root === undefined && !this.jobs.has(failure.id)) {
      this.jobs.set(failure.id, { ...failure, copied: false, attempts: 0 });
    }
  }

  succeed(resource: number, at: number): void {
    this.#succeeded.push({ resource, at });
  }

  open(): readonly Job[] {
    return [...this.jobs.values()].filter(({ copied }) => !copied);
  }

  /** Without a newer copy, whether the incident knows it or not. */
  uncopied(now: number): readonly Job[] {
    return [...this.jobs.values()].filter((job) => !this.#hasNewer(job, now));
  }

  list(now: number): void {
    for (const job of this.jobs.values()) job.copied ||= this.#hasNewer(job, now);
  }

  /** Attempt and root make the token: twice the same is one copy. */
  start(job: Job, now: number, fate: Fate, cured: boolean): Retry {
    job.attempts += 1;
    const end = fate === 'by-policy' ? (cured ? 'copied' : 'same') : fate === 'never' ? 'copied' : fate;
    const endsAt = fate === 'never' ? Infinity : now + 60_000 * (1 + 7 * job.attempts);
    const retry: Retry = { id: `${job.id}/${job.attempts}`, endsAt, end };
    job.retry = retry;
    if (end === 'copied' && endsAt < Infinity) this.succeed(job.resource, endsAt);
    if (end === 'same') this.#ended.push(retry);
    return retry;
  }

  /** Retries that have failed by now for the cause of this incident: each is an event, as any failure is. */
  failedBy(now: number): readonly Failure[] {
    const done = this.#ended.filter(({ endsAt }) => endsAt <= now);
    this.#ended = this.#ended.filter(({ endsAt }) => endsAt > now);
    return done.map(({ id, endsAt }) => ({ id, resource: 0, failedAt: endsAt, root: id.split('/')[0] ?? '' }));
  }

  endOf(retryId: string, now: number): 'running' | Retry['end'] {
    const retry = [...this.jobs.values()].find((job) => job.retry?.id === retryId)?.retry;
    if (!retry) return 'gone';
    return retry.endsAt > now ? 'running' : retry.end;
  }

  /** What may be started now; `again`: also what failed for the same cause. */
  startable(now: number, again: boolean): readonly Job[] {
    return this.open().filter((job) => {
      const stands = this.#stands(job, now);
      return job.attempts < MOST_ATTEMPTS && (stands === 'left' || (again && stands === 'same' && job.retry));
    });
  }

  counted(now: number, settledFrom: number): Readonly<Record<'running' | 'left' | 'same' | 'other', number>> {
    const found = { running: 0, left: 0, same: 0, other: 0 };
    for (const job of this.open()) found[this.#stands(job, now, settledFrom)] += 1;
    return found;
  }

  #stands(job: Job, now: number, settledFrom = Infinity): 'running' | 'left' | 'same' | 'other' {
    const { retry } = job;
    if (!retry) return job.failedAt <= settledFrom ? 'left' : 'same';
    if (retry.endsAt > now) return 'running';
    if (retry.end === 'other') return 'other';
    return retry.end === 'same' || job.attempts >= MOST_ATTEMPTS ? 'same' : 'left';
  }

  #hasNewer = (job: Job, now: number) =>
    this.#succeeded.some(({ resource, at }) => resource === job.resource && at > job.failedAt && at <= now);
}

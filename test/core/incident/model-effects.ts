import { wantsRetry, type Decision, type Effect, type Incident } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import type { Copies, Fate } from './model-copies';
import type { Policy } from './model-policy';

/** What an effect finds. */
export interface Scene {
  readonly now: number;
  readonly policy: Policy;
  /** Of a plan that is made now. */
  readonly planHash: string | undefined;
  readonly decision: Decision | undefined;
  readonly copies: Copies;
}

interface Done {
  readonly event?: IncidentEvent;
  /** The policy afterwards, where it was written. */
  readonly policy?: Policy;
  readonly died: boolean;
}

type InMembers = Extract<Effect, 'apply' | 'rollback' | 'retry' | 'follow'>;

const BATCH = 2;
const FATES: readonly Fate[] = ['by-policy', 'by-policy', 'other', 'never', 'gone'];
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/** What `remediate` does in members, with all that may come in between. */
export class Effects {
  #fate: Fate = 'by-policy';
  /** Another incident has to be mended first, or too many copies run. */
  #blocked = false;
  /** What is left cannot be started, and nothing says until when. */
  #held = false;
  #allowed = true;
  #refuses = false;
  #autoHolds = true;
  #owned = false;
  #dies = false;
  #batches: string[][] = [];
  readonly #requests = new Map<number, Decision>();
  readonly #rollbackDecisions = new Map<string, Decision>();

  trouble(n: number): void {
    if (n < 3) this.#fate = FATES[(FATES.indexOf(this.#fate) + n + 1) % FATES.length] ?? 'by-policy';
    else if (n === 3) [this.#blocked, this.#held] = [!this.#blocked && !this.#held, this.#blocked];
    else if (n === 4) this.#dies = true;
    else if (n === 5) this.#refuses = !this.#refuses;
    else if (n === 6) this.#owned = !this.#owned;
    else [this.#autoHolds, this.#allowed] = [!this.#autoHolds, this.#autoHolds];
  }

  calm(): void {
    this.#blocked = false;
    this.#dies = false;
  }

  /** Even: asks, once a revision. Odd, and 4: decides on what is shown. */
  askForRollback({ id, revision, rollback }: Incident, n: number, now: number): void {
    const by = 'arn:aws:iam::111111111111:user/someone';
    const rest = { incident: id, revision, by, at: iso(now) };
    if (n % 2 === 0 && !this.#requests.has(revision)) {
      this.#requests.set(revision, { ...rest, planHash: '', decision: 'approved', about: 'rollback-request' });
    }
    const planHash = rollback?.planHash;
    if ((n % 2 === 0 && n !== 4) || planHash === undefined) return;
    const key = `${revision} ${planHash}`;
    const decision = n === 1 ? 'rejected' : 'approved';
    if (!this.#rollbackDecisions.has(key)) {
      this.#rollbackDecisions.set(key, { ...rest, planHash, decision, about: 'rollback' });
    }
  }

  /** Found whenever the incident is looked at: a request is planned, however often it was before. */
  rollbacks({ revision, rollback }: Incident, { now, policy }: Scene): readonly IncidentEvent[] {
    const at = iso(now);
    const request = this.#requests.get(revision);
    const decision = rollback?.planHash && this.#rollbackDecisions.get(`${revision} ${rollback.planHash}`);
    const planHash = `rollback-of-${request?.at}`;
    return [
      ...(request
        ? [
            {
              kind: 'rollback-planned',
              at,
              request,
              ...(policy === 'after' ? { planHash } : { because: 'why' }),
            } as const,
          ]
        : []),
      // On another plan, which `approve` would refuse.
      ...(decision
        ? [{ kind: 'rollback-decided', at, decision: { ...decision, planHash: 'hash-of-something' } } as const]
        : []),
      ...(decision ? [{ kind: 'rollback-decided', at, decision } as const] : []),
    ];
  }

  run(effect: InMembers, incident: Incident, scene: Scene): Done {
    const died = this.#dies;
    this.#dies = false;
    const at = iso(scene.now);
    switch (effect) {
      case 'apply':
        return { ...this.#applyChange(incident, scene, at), died };
      case 'rollback': {
        const outcome = this.#refuses ? 'refused' : scene.policy === 'after' ? 'applied' : 'stale';
        const policy: { policy?: Policy } = outcome === 'applied' ? { policy: 'before' } : {};
        return { event: { kind: 'rollback-ended', at, outcome }, ...policy, died };
      }
      case 'retry':
        return { event: this.#retry(incident, scene, at, died), died };
      case 'follow':
        return { event: follow(incident, scene, at), died };
    }
  }

  #applyChange(incident: Incident, { policy, planHash, decision }: Scene, at: string): Omit<Done, 'died'> {
    const ended = (outcome: Extract<IncidentEvent, { kind: 'apply-ended' }>['outcome']): Omit<Done, 'died'> => ({
      event: { kind: 'apply-ended', at, outcome, because: 'why', requestId: 'request' },
    });
    if (policy === 'after') return ended('already-there');
    if (policy === 'unreadable') return ended('not-seen');
    if (planHash !== incident.planHash) return ended('stale');
    const decided = decision?.decision === 'approved' && decision.planHash === planHash;
    if (!decided && !(incident.auto && this.#autoHolds)) return ended('ask');
    if (this.#owned && !decision?.evenThoughATemplateOwnsIt) return ended('owned');
    return this.#refuses ? ended('refused') : { ...ended('applied'), policy: 'after' };
  }

  #retry(incident: Incident, { now, policy, copies }: Scene, at: string, died: boolean): IncidentEvent {
    copies.list(now);
    const { state, canary, batches, kind } = incident;
    if (!this.#allowed || !wantsRetry(incident)) return { kind: 'retry-not-allowed', at, because: 'never' };
    if (this.#blocked) return { kind: 'retry-waits', at, until: iso(now + 10 * 60_000) };
    const cured = policy === 'after';
    if (state === 'canary' && canary === undefined) {
      const [first] = copies.startable(now, true);
      // Dies before it starts a copy; one that was started would be found by its token.
      if (!first || died) return { kind: 'nothing-to-retry', at };
      const { id } = copies.start(first, now, this.#fate, cured);
      return { kind: 'canary-started', at, copyJobId: first.id, retryId: id };
    }
    if (batches === undefined || batches.started >= batches.count) {
      const jobs = this.#held ? [] : copies.startable(now, kind === 'retry-later').map(({ id }) => id);
      if (jobs.length === 0) {
        return now % 2 === 0 ? { kind: 'nothing-to-retry', at } : { kind: 'batched', at, count: 0 };
      }
      this.#batches = jobs.flatMap((_, n) => (n % BATCH === 0 ? [jobs.slice(n, n + BATCH)] : []));
      return { kind: 'batched', at, count: this.#batches.length };
    }
    const startable = new Set(copies.startable(now, kind === 'retry-later'));
    for (const id of died ? [] : (this.#batches[batches.started] ?? [])) {
      const job = copies.jobs.get(id);
      if (job && startable.has(job)) copies.start(job, now, this.#fate, cured);
    }
    return { kind: 'batch-started', at, started: batches.started + 1 };
  }
}

function follow({ canary, settledFrom }: Incident, { now, copies }: Scene, at: string): IncidentEvent {
  copies.list(now);
  const found = copies.counted(now, settledFrom === undefined ? Infinity : Date.parse(settledFrom));
  return {
    kind: 'followed',
    at,
    ...(canary ? { canary: copies.endOf(canary.retryId, now) } : {}),
    ...found,
    others: found.other > 0 ? ['BBBBBBBBBBBBBBBB'] : [],
  };
}

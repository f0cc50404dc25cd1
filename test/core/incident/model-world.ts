import type { Decision, Incident, IncidentEvent, Proposal } from '../../../lambda/core/incident/incident';
import { nextDue } from '../../../lambda/core/incident/incident';
import { reduce } from '../../../lambda/core/incident/reduce';
import { Watch } from './model-watch';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Policy = 'before' | 'after' | 'other' | 'no-plan' | 'unreadable';
interface Job {
  readonly id: string;
  readonly resource: number;
  readonly failedAt: number;
  copied: boolean;
}
type Failure = Omit<Job, 'copied'>;
type Looked = Extract<IncidentEvent, { kind: 'looked' }>;

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const OFFERS: Readonly<Record<Policy, { planHash?: string; refused?: string } | undefined>> = {
  before: { planHash: 'hash-of-before' },
  other: { planHash: 'hash-of-other' },
  'no-plan': { refused: 'a Deny' },
  // The cause is not there, or nobody can say: no proposal of this incident.
  after: undefined,
  unreadable: undefined,
};

/** One incident in a small world that is driven as the functions drive it, and watched at every step. */
export class World {
  incident: Incident | undefined;
  readonly jobs = new Map<string, Job>();
  #now = Date.parse('2026-06-01T00:00:00Z');
  #policy: Policy = 'before';
  #subscribed = true;
  #failures = 0;
  readonly #copies: { resource: number; at: number }[] = [];
  /** Failed, and on the way: an event that is lost comes again with catch-up. */
  #sent: Failure[] = [];
  /** Diagnosed, and not yet written. */
  #joins: { failure: Failure; readAt: number; proposal: Proposal }[] = [];
  #looks: Looked[] = [];
  #mails: { at: number; revision: number; telling: NonNullable<Incident['tell']> }[] = [];
  readonly #decisions = new Map<number, Decision>();
  readonly #watch = new Watch();

  constructor(
    private readonly kind: Proposal['kind'],
    private readonly ask: boolean,
  ) {}

  /** One step of a history; `n` picks what is meant, 0 to 7. */
  do(step: Step, n: number): void {
    STEPS[step](this, n);
  }

  step(n: number): void {
    this.#now += [1, 30_000, 61_000, 10 * 60_000, HOUR, 25 * HOUR, 49 * HOUR, 73 * HOUR][n] ?? 0;
  }

  fail(resource: number): void {
    // Every drill has an incident of its own.
    if (this.kind === 'drill' && this.#failures > 0) return;
    this.#failures += 1;
    this.#sent.push({ id: `job-${this.#failures}`, resource: resource % 3, failedAt: this.#now });
  }

  succeed(resource: number): void {
    this.#copies.push({ resource: resource % 3, at: this.#now });
  }

  change(n: number): void {
    const policies: readonly Policy[] = [
      'before',
      'after',
      'other',
      'no-plan',
      'unreadable',
      'after',
      'before',
      'after',
    ];
    this.#policy = policies[n] ?? 'before';
  }

  /** Reads a failure's evidence; odd: the event comes once more. */
  diagnose(n: number): void {
    const failure = this.#sent[n % Math.max(this.#sent.length, 1)];
    if (!failure) return;
    if (n % 2 === 0) this.#sent = this.#sent.filter((other) => other !== failure);
    const proposal = this.#proposal();
    if (proposal) this.#joins.push({ failure, readAt: this.#now, proposal });
  }

  /** Writes what was diagnosed, in any order; odd: the message comes once more. */
  join(n: number): void {
    const join = this.#joins[n % Math.max(this.#joins.length, 1)];
    if (!join) return;
    if (n % 2 === 0) this.#joins = this.#joins.filter((other) => other !== join);
    const { failure, readAt, proposal } = join;
    if (!this.jobs.has(failure.id)) this.jobs.set(failure.id, { ...failure, copied: false });
    this.#apply({
      kind: 'failed',
      at: iso(this.#now),
      failedAt: iso(failure.failedAt),
      copyJobId: failure.id,
      readAt: iso(readAt),
      proposal,
    });
  }

  subscribe(n: number): void {
    this.#subscribed = n > 1;
  }

  /** A person decides by what the last mail said, or on something else. */
  decide(n: number): void {
    const { incident } = this;
    if (!incident) return;
    const decision: Decision = {
      incident: incident.id,
      revision: incident.revision - (n === 3 ? 1 : 0),
      planHash: n === 4 ? 'hash-of-something' : (incident.planHash ?? ''),
      decision: n % 2 === 0 ? 'approved' : 'rejected',
      by: 'arn:aws:iam::111111111111:user/someone',
      at: iso(this.#now + (n === 5 ? 90 * HOUR : 0)),
    };
    // What `approve` would refuse reaches the reducer all the same.
    if (n >= 3 && n <= 5) this.#apply({ kind: 'decided', at: iso(this.#now), decision });
    else if (incident.state === 'proposed' && (incident.expiresAt === undefined || decision.at < incident.expiresAt)) {
      const { revision } = incident;
      this.#decisions.set(revision, this.#decisions.get(revision) ?? decision);
      if (n < 3) this.absorb();
    }
  }

  absorb(): void {
    const decision = this.incident && this.#decisions.get(this.incident.revision);
    if (decision) this.#apply({ kind: 'decided', at: iso(this.#now), decision });
  }

  /** A message that comes at the wrong time. */
  poke(n: number): void {
    this.#apply({ kind: n % 2 === 0 ? 'expire' : 'remind', at: iso(this.#now) });
  }

  startLook(): void {
    const { incident } = this;
    if (!incident || this.#lookAndDiagnose(incident)) return;
    const at = iso(this.#now);
    const listed = incident.listedAt === undefined || this.#now - Date.parse(incident.listedAt) >= HOUR;
    if (listed) {
      for (const job of this.jobs.values()) {
        job.copied ||= this.#copies.some((copy) => copy.resource === job.resource && copy.at > job.failedAt);
      }
    }
    this.#looks.push({ kind: 'looked', at, policy: this.#seen(incident), open: this.open().length, listed });
  }

  endLook(n: number): void {
    const look = this.#looks[n % Math.max(this.#looks.length, 1)];
    if (!look) return;
    if (n % 2 === 0) this.#looks = this.#looks.filter((other) => other !== look);
    this.#apply(look);
  }

  startMail(): void {
    const { incident } = this;
    if (!incident?.tell || !this.#subscribed || this.#before(incident.agenda.notify)) return;
    this.#mails.push({ at: this.#now, revision: incident.revision, telling: incident.tell });
    this.#watch.mail(incident.revision, this.#now);
  }

  /** The mail has gone out, and the table hears of it; odd: it hears it once more. */
  endMail(n: number): void {
    const mail = this.#mails[n % Math.max(this.#mails.length, 1)];
    if (!mail) return;
    if (n % 2 === 0) this.#mails = this.#mails.filter((other) => other !== mail);
    this.#apply({ kind: 'told', at: iso(mail.at), telling: mail.telling, revision: mail.revision });
  }

  /** What the tick and `remediate` do: everything that is due, once. */
  tick(): void {
    this.absorb();
    for (const effect of ['expire', 'remind', 'notify', 'look-again'] as const) {
      if (this.#before(this.incident?.agenda[effect])) continue;
      if (effect === 'notify') {
        this.startMail();
        if (this.#subscribed) this.endMail(2 * (this.#mails.length - 1));
      } else if (effect === 'look-again') {
        const looks = this.#looks.length;
        this.startLook();
        if (this.#looks.length > looks) this.endLook(2 * looks);
      } else this.#apply({ kind: effect, at: iso(this.#now) });
    }
  }

  /** Nothing happens any more but what was under way, and what is due: for 5 weeks. */
  calm(): { readonly before: string; readonly after: string } {
    this.#subscribed = true;
    while (this.#sent.length > 0) this.diagnose(0);
    while (this.#joins.length > 0) this.join(0);
    while (this.#looks.length > 0) this.endLook(0);
    while (this.#mails.length > 0) this.endMail(0);
    for (let tick = 0; tick < 8; tick++) this.#nextTick(0);
    for (let tick = 0; tick < 11; tick++) this.#nextTick(15 * HOUR);
    const before = this.#summary();
    for (let tick = 0; tick < 3; tick++) this.#nextTick(10 * DAY);
    return { before, after: this.#summary() };
  }

  open(): readonly Job[] {
    return [...this.jobs.values()].filter(({ copied }) => !copied);
  }

  /** Failures of which a person has to hear. */
  uncopied(): readonly Job[] {
    return [...this.jobs.values()].filter(
      (job) => !this.#copies.some((copy) => copy.resource === job.resource && copy.at > job.failedAt),
    );
  }

  get policy(): Policy {
    return this.#policy;
  }

  wasTold(revision: number): boolean {
    return this.#watch.wasTold(revision);
  }

  #nextTick(atLeast: number): void {
    const next = this.incident && nextDue(this.incident);
    this.#now = Math.max(this.#now + atLeast, next ? Date.parse(next.due) : 0);
    this.tick();
  }

  #summary(): string {
    const { incident } = this;
    return JSON.stringify(incident && [incident.state, incident.revision, incident.since, incident.tell]);
  }

  #before = (due: string | undefined) => due === undefined || iso(this.#now) < due;

  #proposal(): Proposal | undefined {
    const policy = this.kind === 'vault-policy' || this.kind === 'key-policy';
    const offer = policy ? OFFERS[this.#policy] : {};
    if (!offer) return undefined;
    const [resource, owner, account] = ['arn:dr', '222222222222', '111111111111'];
    const rest = { causes: ['a-cause'], title: 'A cause', resource, owner, region: 'eu-west-1', account };
    return { id: 'AAAAAAAAAAAAAAAA', kind: this.kind, ...rest, ask: this.ask && 'planHash' in offer, ...offer };
  }

  /** As `look-again` does: where the policy is not the planned one, a failure is diagnosed again and joined. */
  #lookAndDiagnose(incident: Incident): boolean {
    const seen = this.#seen(incident);
    const again = seen === 'changed' || (seen === 'as-planned' && incident.state === 'stale');
    const [first] = this.jobs.values();
    const proposal = this.#proposal();
    if (!again || !first || !proposal) return false;
    this.#joins.push({ failure: first, readAt: this.#now, proposal });
    this.join(2 * (this.#joins.length - 1));
    return this.incident?.revision !== incident.revision;
  }

  #seen({ state, planHash }: Incident): Looked['policy'] {
    if (state !== 'proposed' && state !== 'approved' && state !== 'stale') return 'unknown';
    if (this.#policy === 'unreadable') return 'unknown';
    if (this.#policy === 'after') return 'in-place';
    return OFFERS[this.#policy]?.planHash === planHash ? 'as-planned' : 'changed';
  }

  #apply(event: IncidentEvent): void {
    const before = this.incident;
    this.incident = reduce(before, event).incident;
    if (this.incident && this.incident !== before) this.#watch.changed(before, this.incident, event, this.#now);
  }
}

const STEPS = {
  step: (world: World, n: number) => world.step(n),
  fail: (world: World, n: number) => world.fail(n),
  succeed: (world: World, n: number) => world.succeed(n),
  change: (world: World, n: number) => world.change(n),
  diagnose: (world: World, n: number) => world.diagnose(n),
  join: (world: World, n: number) => world.join(n),
  subscribe: (world: World, n: number) => world.subscribe(n),
  decide: (world: World, n: number) => world.decide(n),
  absorb: (world: World) => world.absorb(),
  poke: (world: World, n: number) => world.poke(n),
  startLook: (world: World) => world.startLook(),
  endLook: (world: World, n: number) => world.endLook(n),
  startMail: (world: World) => world.startMail(),
  endMail: (world: World, n: number) => world.endMail(n),
  tick: (world: World) => world.tick(),
} as const;

export type Step = keyof typeof STEPS;
export const steps = Object.keys(STEPS) as readonly Step[];

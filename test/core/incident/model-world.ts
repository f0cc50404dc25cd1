import type { Decision, Incident, Proposal } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { EFFECTS, nextDue, type Effect } from '../../../lambda/core/incident/incident';
import { reduce } from '../../../lambda/core/incident/reduce';
import { Copies, type Failure } from './model-copies';
import { Effects, type Scene } from './model-effects';
import { OFFERS, POLICIES, proposalFor, seenPolicy, type Policy, type Setup } from './model-policy';
import { Watch } from './model-watch';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Looked = Extract<IncidentEvent, { kind: 'looked' }>;

interface Join {
  readonly failure: Failure;
  readonly readAt: number;
  readonly proposal: Proposal;
}
type Mail = { at: number; revision: number; telling: NonNullable<Incident['tell']> };

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
/** As the function has it: what one effect makes due is done at once, up to so many. */
const MOST_ROUNDS = 4;
const DONE = EFFECTS.filter((effect) => effect !== 'notify');

/** One incident in a small world that is driven as the functions drive it, and watched at every step. */
export class World {
  incident: Incident | undefined;
  readonly copies = new Copies();
  #now = Date.parse('2026-06-01T00:00:00Z');
  #policy: Policy = 'before';
  #subscribed = true;
  #failures = 0;
  /** Failed, and on the way: an event that is lost comes again with catch-up. */
  #sent: Failure[] = [];
  /** Diagnosed, and not yet written. */
  #joins: Join[] = [];
  #looks: Looked[] = [];
  #mails: Mail[] = [];
  readonly #decisions = new Map<number, Decision>();
  readonly #watch = new Watch();
  readonly #effects = new Effects();

  constructor(private readonly setup: Setup) {}

  step(n: number): void {
    this.#pass([1, 30_000, 61_000, 10 * 60_000, HOUR, 25 * HOUR, 49 * HOUR, 73 * HOUR][n] ?? 0);
  }

  fail(resource: number): void {
    // Every drill has an incident of its own.
    if (this.setup.kind === 'drill' && this.#failures > 0) return;
    this.#failures += 1;
    this.#sent.push({ id: `job-${this.#failures}`, resource: resource % 3, failedAt: this.#now });
  }

  succeed(resource: number): void {
    this.copies.succeed(resource % 3, this.#now);
  }

  change(n: number): void {
    this.#policy = POLICIES[n] ?? 'before';
  }

  /** Reads a failure's evidence; odd: the event comes once more. */
  diagnose(n: number): void {
    const failure = this.#sent[n % Math.max(this.#sent.length, 1)];
    if (!failure) return;
    if (n % 2 === 0) this.#sent = this.#sent.filter((other) => other !== failure);
    const proposal = proposalFor(this.setup, this.#policy);
    if (proposal) this.#joins.push({ failure, readAt: this.#now, proposal });
  }

  /** Writes what was diagnosed, in any order; odd: the message comes once more. */
  join(n: number): void {
    const join = this.#joins[n % Math.max(this.#joins.length, 1)];
    if (!join) return;
    if (n % 2 === 0) this.#joins = this.#joins.filter((other) => other !== join);
    this.#join(join);
  }

  #join({ failure, readAt, proposal }: Join): void {
    this.copies.add(failure);
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
      retry: n !== 6,
      evenThoughATemplateOwnsIt: n === 2,
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
    const { incident } = this;
    if (!incident) return;
    const decision = this.#decisions.get(incident.revision);
    if (decision) this.#apply({ kind: 'decided', at: iso(this.#now), decision });
    this.#effects.rollbacks(this.incident ?? incident, this.#scene()).forEach((event) => this.#apply(event));
  }

  trouble(n: number): void {
    this.#effects.trouble(n);
  }

  rollback(n: number): void {
    if (this.incident) this.#effects.askForRollback(this.incident, n, this.#now);
    if (n < 6) this.absorb();
  }

  /** At the wrong time. */
  poke(n: number): void {
    this.#apply({ kind: n % 2 === 0 ? 'expire' : 'remind', at: iso(this.#now) });
  }

  startLook(): void {
    const { incident } = this;
    if (!incident || this.#lookAndDiagnose(incident)) return;
    const at = iso(this.#now);
    const listed = incident.listedAt === undefined || this.#now - Date.parse(incident.listedAt) >= HOUR;
    if (listed) this.copies.list(this.#now);
    this.#looks.push({
      kind: 'looked',
      at,
      policy: seenPolicy(incident, this.#policy),
      open: this.copies.open().length,
      listed,
    });
  }

  endLook(n: number): void {
    const look = this.#looks[n % Math.max(this.#looks.length, 1)];
    if (!look) return;
    if (n % 2 === 0) this.#looks = this.#looks.filter((other) => other !== look);
    this.#apply({ ...look, endedAt: iso(this.#now) });
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
    this.#tell(mail);
  }

  /** What the tick and `remediate` do: what is due, and what that makes due. */
  tick(): void {
    this.absorb();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const before = this.incident;
      const effect = DONE.find((one) => !this.#before(before?.agenda[one]));
      if (!before || !effect) break;
      const died = this.#do(effect, before);
      const due = before.agenda[effect];
      if (!died && this.incident === before) throw new Error(`${effect} is due for ever in ${before.state}`);
      if (this.incident?.agenda[effect] === due) break;
    }
    const mails = this.#mails.length;
    this.startMail();
    const mail = this.#mails.length > mails && this.#mails.pop();
    if (mail) this.#tell(mail);
  }

  #tell({ at, telling, revision }: Mail): void {
    this.#apply({ kind: 'told', at: iso(at), telling, revision });
  }

  /** True: whoever did it died before its end was written. */
  #do(effect: Exclude<Effect, 'notify'>, incident: Incident): boolean {
    if (effect === 'look-again') {
      const looks = this.#looks.length;
      this.startLook();
      const look = this.#looks.length > looks && this.#looks.pop();
      if (look) this.#apply(look);
      return false;
    }
    if (effect === 'expire' || effect === 'remind' || effect === 'settle') {
      this.#apply({ kind: effect, at: iso(this.#now) });
      return false;
    }
    if (effect === 'apply') this.#apply({ kind: 'applying', at: iso(this.#now) });
    const scene = this.#scene();
    const { event, policy, died } = this.#effects.run(effect, this.incident ?? incident, scene);
    if (policy) this.#policy = policy;
    if (event && !died) this.#apply(event);
    return died;
  }

  #scene(): Scene {
    const { planHash } = OFFERS[this.#policy] ?? {};
    const decision = this.incident && this.#decisions.get(this.incident.revision);
    return { now: this.#now, policy: this.#policy, planHash, decision, copies: this.copies };
  }

  /** Nothing happens any more but what was under way, and what is due: for 5 weeks. */
  calm(): { readonly before: string; readonly after: string } {
    this.#subscribed = true;
    while (this.#sent.length > 0) this.diagnose(0);
    while (this.#joins.length > 0) this.join(0);
    while (this.#looks.length > 0) this.endLook(0);
    while (this.#mails.length > 0) this.endMail(0);
    this.#effects.calm();
    for (let tick = 0; tick < 10; tick++) this.#nextTick(0);
    for (let tick = 0; tick < 25; tick++) this.#nextTick(DAY);
    const before = this.#summary();
    for (let tick = 0; tick < 3; tick++) this.#nextTick(10 * DAY);
    return { before, after: this.#summary() };
  }

  /** Failures of which a person has to hear. */
  get lost(): boolean {
    return this.copies.uncopied(this.#now).length > 0;
  }

  /** What should have been done by now. */
  get overdue(): readonly string[] {
    return Object.entries(this.incident?.agenda ?? {}).flatMap(([effect, due]) => (this.#before(due) ? [] : [effect]));
  }

  get policy(): Policy {
    return this.#policy;
  }

  wasTold(revision: number): boolean {
    return this.#watch.wasTold(revision);
  }

  #nextTick(atLeast: number): void {
    const next = this.incident && nextDue(this.incident);
    this.#pass(Math.max(atLeast, next ? Date.parse(next.due) - this.#now : 0));
    // Failures of what was started come as any other.
    while (this.#sent.length > 0) this.diagnose(0);
    while (this.#joins.length > 0) this.join(0);
    this.tick();
  }

  #pass(milliseconds: number): void {
    this.#now += milliseconds;
    this.#sent.push(...this.copies.failedBy(this.#now));
  }

  #summary(): string {
    const { incident } = this;
    return JSON.stringify(incident && [incident.state, incident.revision, incident.since, incident.tell]);
  }

  #before = (due: string | undefined) => due === undefined || iso(this.#now) < due;

  /** As `look-again` does: where the policy is not the planned one, a failure is diagnosed again and joined. */
  #lookAndDiagnose(incident: Incident): boolean {
    const seen = seenPolicy(incident, this.#policy);
    const again = seen === 'changed' || (seen === 'as-planned' && incident.state === 'stale');
    const [first] = this.copies.jobs.values();
    const proposal = proposalFor(this.setup, this.#policy);
    if (!again || !first || !proposal) return false;
    this.#join({ failure: first, readAt: this.#now, proposal });
    return this.incident?.revision !== incident.revision;
  }

  #apply(event: IncidentEvent): void {
    const before = this.incident;
    this.incident = reduce(before, event).incident;
    if (this.incident && this.incident !== before) this.#watch.changed(before, this.incident, event, this.#now);
  }
}

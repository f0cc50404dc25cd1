import type { Decision, Effect, Incident, IncidentState } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { nextDue } from '../../../lambda/core/incident/incident';

const HOUR = 3_600_000;

const BACK: readonly IncidentState[] = ['resolved', 'applied', 'reopened', 'not-cured'];
/** The picture in docs/incidents.md. */
const EDGES: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  reported: ['resolved'],
  waiting: ['retrying', 'applied', 'resolved'],
  proposed: ['approved', 'rejected', 'expired', 'stale', 'settling', 'resolved'],
  approved: ['applying', 'stale', 'settling', 'resolved'],
  applying: ['settling', 'stale', 'refused', 'approved', 'proposed'],
  refused: ['settling', 'resolved'],
  stale: ['settling', 'resolved'],
  settling: ['canary', 'applied', 'resolved'],
  canary: ['retrying', 'not-cured', 'applied', 'resolved'],
  retrying: ['waiting', 'not-cured', 'reopened', 'applied', 'resolved'],
  applied: ['resolved', 'rollback-proposed'],
  reopened: ['resolved', 'rollback-proposed'],
  'not-cured': ['resolved', 'rollback-proposed'],
  rejected: ['resolved'],
  expired: ['resolved', 'approved', 'rejected'],
  resolved: ['rollback-proposed'],
  'rollback-proposed': ['rollback-approved', ...BACK],
  'rollback-approved': ['rolled-back', ...BACK],
  'rolled-back': [],
};
/** What has to be due in a state in which the service acts: without it, nothing goes on. */
const ACTS: Readonly<Partial<Record<IncidentState, readonly Effect[]>>> = {
  waiting: ['retry'],
  applying: ['apply'],
  settling: ['settle'],
  canary: ['retry'],
  retrying: ['retry', 'follow'],
  'rollback-proposed': ['expire'],
  'rollback-approved': ['rollback'],
};
/** Reached without a mail: something follows soon that people hear of. */
const QUIET: readonly IncidentState[] = [...(Object.keys(ACTS) as IncidentState[]), 'approved'];
const OPENED: readonly IncidentState[] = ['proposed', 'reported', 'waiting', 'approved'];

/** Holds every change of one incident against what must always be true; throws what is not. */
export class Watch {
  /** When a person got a mail about a revision. */
  readonly #read: { at: number; revision: number }[] = [];
  /** Revisions that a decision counted for, and those whose change the service made. */
  readonly #counted = new Set<number>();
  readonly #made = new Set<number>();
  readonly #told = new Set<string>();
  /** First copies of this revision. */
  #canaries = 0;

  mail(revision: number, at: number): void {
    this.#read.push({ at, revision });
  }

  wasTold(revision: number): boolean {
    return this.#read.some((mail) => mail.revision === revision);
  }

  changed(before: Incident | undefined, after: Incident, event: IncidentEvent, now: number): void {
    Object.freeze(after);
    Object.freeze(after.agenda);
    check(Object.hasOwn(EDGES, after.state), `${after.state} is no state`);
    check((after.tell !== undefined) === (after.agenda.notify !== undefined), 'a mail is due that says nothing');
    if (after.kind !== 'drill') {
      const over = after.state === 'resolved' || after.state === 'rolled-back';
      check(over || nextDue(after) !== undefined, `${after.state} has nothing due`);
    }
    const acts = ACTS[after.state];
    check(!acts || acts.some((effect) => after.agenda[effect]), `${after.state} has nothing to do`);
    check(after.reminders <= 2, 'three reminders');
    this.#tells(before, after);
    const { batches, agenda, canary } = after;
    const unstarted = after.state === 'retrying' && batches !== undefined && batches.started < batches.count;
    check(!unstarted || agenda.retry !== undefined, 'a batch is never started');
    this.#canaries = before?.revision === after.revision ? this.#canaries : 0;
    if (canary !== undefined && canary.retryId !== before?.canary?.retryId) this.#canaries += 1;
    check(this.#canaries <= 2, 'a third first copy');
    if (before === undefined || after.revision !== before.revision) {
      check(after.revision === (before?.revision ?? 0) + 1, 'a revision is left out');
      check(OPENED.includes(after.state), `opened as ${after.state}`);
      check(event.kind !== 'failed' || !before || after.readAt > before.readAt, 'older evidence won');
      check(after.decision === undefined && after.toldAt === undefined, 'the new revision has a past');
      check(after.change === undefined && after.rollback === undefined, 'the new revision has a change');
      const auto = after.auto === true && after.state === 'approved';
      check(auto ? after.agenda.apply !== undefined : after.tell !== undefined, 'nobody hears of the new revision');
      return;
    }
    if (after.state !== before.state) this.#moved(before, after, event, now);
    check(after.planHash === before.planHash, 'the plan changed without a new revision');
    if (after.change !== before.change) this.#changedByUs(before, after);
  }

  /** Each thing is told once: a mail that becomes due says what no mail of this revision has said. */
  #tells(before: Incident | undefined, { revision, tell, reminders, rollback }: Incident): void {
    if (tell === undefined || (before?.revision === revision && before.tell === tell)) return;
    const which = tell === 'reminder' ? reminders : tell.startsWith('rollback') ? rollback?.requestedAt : '';
    const telling = `${revision}: ${tell} ${which}`;
    check(!this.#told.has(telling), `told twice: ${telling}`);
    this.#told.add(telling);
  }

  #changedByUs(before: Incident, after: Incident): void {
    if (after.change === undefined) {
      check(
        after.state === 'rolled-back' && before.rollback?.decision?.decision === 'approved',
        'a change is forgotten',
      );
      return;
    }
    const allowed = before.decision ? before.decision.decision === 'approved' : before.auto === true;
    // Or it was asked of AWS then, and is seen only now.
    const applied = before.state === 'applying' || (before.state === 'refused' && before.notSeen === true);
    check(applied && allowed, 'changed without a decision');
    check(!this.#made.has(after.revision), 'changed twice for one decision');
    this.#made.add(after.revision);
  }

  #moved(before: Incident, after: Incident, event: IncidentEvent, now: number): void {
    const edge = `${before.state} to ${after.state}`;
    const drill = before.kind === 'drill' && edge === 'reported to resolved';
    check(drill || EDGES[before.state].includes(after.state), `no such edge: ${edge}`);
    const settled = edge === 'settling to applied';
    const quiet = drill || settled || QUIET.includes(after.state) || event.kind === 'rollback-decided';
    check(quiet || after.tell !== undefined, `nobody hears of ${edge}`);
    check(event.kind !== 'looked' || event.at >= before.since, `${edge} by a look at what was before`);
    if (before.state !== 'applying' && (after.state === 'approved' || after.state === 'rejected')) {
      check(event.kind === 'decided', `${edge} without a decision`);
      const { revision, planHash } = (event as { decision: Decision }).decision;
      check(revision === before.revision && planHash === before.planHash, `${edge} by a decision on something else`);
      check(!this.#counted.has(revision), 'two decisions on one revision');
      this.#counted.add(revision);
    }
    if (after.state === 'applying') {
      const decided = after.decision?.decision === 'approved' && after.applies === 'service';
      check(decided || (after.auto === true && after.decision === undefined), 'applying without a decision');
    }
    if (after.state === 'settling' && after.tell === undefined) {
      check(after.toldAt !== undefined, 'changed, and nobody has heard of the failure');
      check(event.kind !== 'apply-ended' || after.decision !== undefined, 'changed without asking, and not told');
    }
    if (after.state === 'expired') {
      const toldAt = Math.min(...this.#read.filter(({ revision }) => revision === before.revision).map(({ at }) => at));
      check(now - toldAt >= 72 * HOUR, `expired ${(now - toldAt) / HOUR} h after telling`);
    }
    if (before.state === 'settling' && (after.state === 'applied' || after.state === 'canary')) {
      const least = before.kind === 'key-policy' ? 5 * 60_000 : 60_000;
      check(Date.parse(after.since) - Date.parse(before.since) >= least, 'settled too soon');
    }
    if (after.state === 'rollback-approved') {
      const { planHash, decision } = after.rollback ?? {};
      check(decision?.decision === 'approved' && decision.planHash === planHash, 'a rollback without a decision');
    }
    if (after.state === 'rolled-back') check(before.state === 'rollback-approved', 'rolled back without a decision');
  }
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

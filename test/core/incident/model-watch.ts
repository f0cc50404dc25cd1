import type { Decision, Incident, IncidentEvent, IncidentState } from '../../../lambda/core/incident/incident';
import { nextDue } from '../../../lambda/core/incident/incident';

const HOUR = 3_600_000;

/** The picture in architecture.md as far as it goes without a retry; a later success resolves everything. */
const EDGES: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  reported: ['resolved'],
  proposed: ['approved', 'rejected', 'expired', 'stale', 'settling', 'resolved'],
  approved: ['stale', 'settling', 'resolved'],
  stale: ['settling', 'resolved'],
  settling: ['applied', 'resolved'],
  applied: ['resolved'],
  rejected: ['resolved'],
  expired: ['resolved', 'approved', 'rejected'],
  resolved: [],
};

/** Holds every change of one incident against what must always be true; throws what is not. */
export class Watch {
  /** When a person got a mail about a revision. */
  readonly #read: { at: number; revision: number }[] = [];
  /** Revisions that a decision counted for; reminders of this revision that were told. */
  readonly #counted = new Set<number>();
  #reminded = 0;

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
      check(after.state === 'resolved' || nextDue(after) !== undefined, `${after.state} has nothing due`);
    }
    check(after.reminders <= 2, 'three reminders');
    if (before === undefined || after.revision !== before.revision) {
      check(after.revision === (before?.revision ?? 0) + 1, 'a revision is left out');
      check(after.state === 'proposed' || after.state === 'reported', `opened as ${after.state}`);
      check(event.kind !== 'failed' || !before || after.readAt > before.readAt, 'older evidence won');
      check(after.decision === undefined && after.toldAt === undefined, 'the new revision has a past');
      check(after.tell !== undefined, 'nobody hears of the new revision');
      this.#reminded = 0;
      return;
    }
    if (after.state !== before.state) this.#moved(before, after, event, now);
    check(after.planHash === before.planHash, 'the plan changed without a new revision');
    if (event.kind === 'told' && event.telling === 'reminder') {
      this.#reminded += 1;
      check(this.#reminded <= after.reminders, 'a reminder is told twice');
    }
  }

  #moved(before: Incident, after: Incident, event: IncidentEvent, now: number): void {
    const edge = `${before.state} to ${after.state}`;
    const drill = before.kind === 'drill' && edge === 'reported to resolved';
    check(drill || EDGES[before.state].includes(after.state), `no such edge: ${edge}`);
    check(drill || after.state === 'applied' || after.tell !== undefined, `nobody hears of ${edge}`);
    check(event.kind !== 'looked' || event.at >= before.since, `${edge} by a look at what was before`);
    if (after.state === 'approved' || after.state === 'rejected') {
      check(event.kind === 'decided', `${edge} without a decision`);
      const { revision, planHash } = (event as { decision: Decision }).decision;
      check(revision === before.revision && planHash === before.planHash, `${edge} by a decision on something else`);
      check(!this.#counted.has(revision), 'two decisions on one revision');
      this.#counted.add(revision);
    }
    if (after.state === 'expired') {
      const toldAt = Math.min(...this.#read.filter(({ revision }) => revision === before.revision).map(({ at }) => at));
      check(now - toldAt >= 72 * HOUR, `expired ${(now - toldAt) / HOUR} h after telling`);
    }
    if (edge === 'settling to applied') {
      const least = before.kind === 'key-policy' ? 5 * 60_000 : 60_000;
      check(Date.parse(after.since) - Date.parse(before.since) >= least, 'settled too soon');
    }
  }
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

import type { Incident } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { nextDue } from '../../../lambda/core/incident/incident';
import { reduce } from '../../../lambda/core/incident/reduce';
import {
  after,
  allStarted,
  applyEnded,
  applying,
  approvedForService,
  AUTO,
  batched,
  batchStarted,
  canaryStarted,
  decided,
  failed,
  followed,
  HOUR,
  IN,
  LATER,
  live,
  looked,
  PASSES,
  rollbackDecided,
  rollbackEnded,
  rollbackPlanned,
  settle,
  STATES,
  T,
  told,
} from './reduce-fixture';

const OUTCOMES = ['applied', 'already-there', 'stale', 'refused', 'not-seen'] as const;
const eventsAt = (at: string): readonly IncidentEvent[] => [
  failed(at),
  failed(at, AUTO),
  failed(at, PASSES),
  told(at, 'opened'),
  told(at, 'resolved'),
  decided(at),
  decided(at, { decision: 'rejected' }),
  { kind: 'remind', at },
  { kind: 'expire', at },
  settle(at),
  applying(at),
  ...[...OUTCOMES, 'owned' as const, 'ask' as const].map((outcome) => applyEnded(at, outcome)),
  canaryStarted(at, 'retry-9'),
  batched(at, 0),
  batched(at, 2),
  batchStarted(at, 1),
  { kind: 'retry-waits', at, until: at },
  { kind: 'nothing-to-retry', at },
  { kind: 'retry-not-allowed', at, because: 'never' },
  ...(['running', 'copied', 'same', 'other', 'gone'] as const).map((canary) => followed(at, { canary })),
  ...[{ running: 1 }, { left: 1 }, { same: 1 }, { other: 1 }].map((found) => followed(at, found)),
  rollbackPlanned(at, 'rollback-1'),
  rollbackPlanned(at),
  rollbackDecided(at),
  rollbackDecided(at, { decision: 'rejected' }),
  ...OUTCOMES.map((outcome) => rollbackEnded(at, outcome)),
  ...(['in-place', 'as-planned', 'changed', 'unknown'] as const).flatMap((policy) => [
    looked(at, { policy }),
    looked(at, { policy, open: 0, listed: true }),
    looked(at, { policy, open: 1, listed: true }),
  ]),
];

const drill = live([failed(T, { ...PASSES, kind: 'drill' })]);
const befores: readonly Incident[] = [
  ...STATES.map((state) => IN[state]),
  // Old items, and others in between.
  ...STATES.map((state): Incident => ({ ...IN[state], agenda: {}, firstFailedAt: undefined })),
  approvedForService,
  allStarted,
  drill,
];

it('covers every kind of event', () => {
  expect(new Set(eventsAt(T).map(({ kind }) => kind)).size).toBe(19);
});

/** What is wrong with an answer; undefined: nothing. */
function wrong(before: Incident, event: IncidentEvent): string | undefined {
  const was = JSON.stringify(before);
  const { incident, log } = reduce(before, event);
  if (JSON.stringify(before) !== was) return 'changed what it was given';
  if (!incident) return 'lost the incident';
  // Another object would be a write.
  if (incident !== before && JSON.stringify(incident) === was) return 'another object where nothing changed';
  if (incident === before) return log && 'logs where nothing changed';
  if (Object.values(incident.agenda).some((due) => typeof due !== 'string')) return 'an agenda without a time';
  if (incident.state === before.state) return undefined;
  if (!log?.what) return 'another state without a log';
  if (incident.since !== event.at) return 'another state, and since before';
  const over = incident.state === 'rolled-back' || incident.kind === 'drill';
  return over || nextDue(incident) ? undefined : 'nothing is due any more';
}

it.each(eventsAt(LATER).map((event, n) => [event.kind, n] as const))('%s (%i) has an answer in every state', (_, n) => {
  // Before everything, in the middle, and when all is over.
  const events = [after(-HOUR), after(2 * HOUR), LATER].flatMap((at) => eventsAt(at)[n] ?? []);
  expect(events).toHaveLength(3);
  const found = befores.flatMap((before) =>
    events.flatMap((event) => {
      const what = wrong(before, event);
      return what ? [`${before.state} at ${event.at}: ${what}`] : [];
    }),
  );
  expect(found).toEqual([]);
});

it('tells nothing more, and opens nothing more, when the same message comes twice', () => {
  const found = befores.flatMap((before) =>
    eventsAt(LATER).flatMap((event) => {
      const first = reduce(before, event).incident;
      const second = reduce(first, event).incident;
      // A second time in a state that the first has led to says something of that one.
      if (first?.state !== before.state && event.kind !== 'failed') return [];
      return first?.revision === second?.revision && (second?.tell === undefined || second.tell === first?.tell)
        ? []
        : [`${before.state}: ${JSON.stringify(event)}`];
    }),
  );
  expect(found).toEqual([]);
});

import type { Incident, IncidentState } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { later, reduce } from '../../../lambda/core/incident/reduce';
import {
  after,
  failed,
  healed,
  HOUR,
  IN,
  LATER,
  live,
  looked,
  rollbackDecided,
  rollbackEnded,
  rollbackPlanned,
  STATES,
  told,
} from './reduce-fixture';

const at = after(5 * HOUR);
const change = { at: after(HOUR), requestId: 'request-1' };
const FROM: readonly IncidentState[] = ['applied', 'resolved', 'not-cured', 'reopened'];

it('is planned for what the service has changed, and rests', () => {
  for (const state of STATES) {
    const changed: Incident = { ...IN[state], change };
    const next = live([rollbackPlanned(LATER, 'rollback-2')], changed);
    expect([state, next !== changed]).toEqual([state, FROM.includes(state)]);
    if (next === changed) continue;
    expect(next).toMatchObject({
      state: 'rollback-proposed',
      tell: 'rollback-proposed',
      rollback: { from: state, requestedAt: LATER, planHash: 'rollback-2' },
    });
    expect(next.agenda).toEqual({ notify: LATER, expire: later(LATER, 72 * HOUR) });
    const byHand: Incident = { ...IN[state], change: undefined };
    expect(reduce(byHand, rollbackPlanned(LATER, 'rollback-2')).incident).toBe(byHand);
  }
  const other = rollbackPlanned(at, 'rollback-1', { revision: 2 });
  expect(reduce(healed, other).incident).toBe(healed);
});

it('that cannot be planned is said once', () => {
  const refused = live([rollbackPlanned(at)], healed);
  expect(refused).toMatchObject({ state: 'resolved', tell: 'rollback-refused', because: 'nothing of it is there' });
  expect(refused.agenda).toEqual({ ...healed.agenda, notify: at });
  const heard = live([told(at, 'rollback-refused')], refused);
  const again = { ...rollbackPlanned(at), at: after(6 * HOUR) } as IncidentEvent;
  expect(reduce(heard, again).incident).toBe(heard);
  // Asked for once more.
  expect(live([rollbackPlanned(after(7 * HOUR), 'rollback-1')], heard)).toMatchObject({ state: 'rollback-proposed' });
});

describe('a decision on it', () => {
  const proposed = IN['rollback-proposed'];
  it('counts for the plan that was shown alone', () => {
    const approved = live([rollbackDecided(at)], proposed);
    expect(approved).toMatchObject({
      state: 'rollback-approved',
      rollback: { decision: { about: 'rollback' } },
      agenda: { rollback: at },
    });
    expect(approved.agenda).toEqual({ rollback: at });
    for (const more of [{ planHash: 'x' }, { revision: 2 }, { incident: 'X' }, { about: 'change' as const }]) {
      expect(reduce(proposed, rollbackDecided(at, more)).incident).toBe(proposed);
    }
    const others = STATES.filter((state) => reduce(IN[state], rollbackDecided(at)).incident !== IN[state]);
    expect(others).toEqual(['rollback-proposed']);
  });

  it('against it goes back without a mail, and an old request does not come again', () => {
    const rejected = live([rollbackDecided(at, { decision: 'rejected' })], proposed);
    expect(rejected).toMatchObject({ state: 'resolved', tell: undefined, change: healed.change });
    expect(rejected.rollback?.planHash).toBeUndefined();
    expect(rejected.agenda).toEqual({ 'look-again': after(5 * HOUR + 10 * 60_000) });
    expect(
      reduce(rejected, { ...rollbackPlanned(after(4 * HOUR), 'rollback-1'), at: LATER } as IncidentEvent).incident,
    ).toBe(rejected);
    const unheard = live([rollbackPlanned(after(4 * HOUR), 'rollback-1')], healed);
    expect(live([rollbackDecided(at, { decision: 'rejected' })], unheard).agenda.notify).toBeUndefined();
  });

  it('that nobody makes ends it after 72 h', () => {
    const end = after(76 * HOUR);
    expect(reduce(proposed, { kind: 'expire', at: later(end, -1) }).incident).toBe(proposed);
    expect(live([{ kind: 'expire', at: end }], proposed)).toMatchObject({
      state: 'resolved',
      tell: 'rollback-expired',
    });
  });
});

it.each(['applied', 'already-there'] as const)('ends rolled back: %s', (outcome) => {
  const { incident, log } = reduce(IN['rollback-approved'], rollbackEnded(after(6 * HOUR), outcome));
  expect(incident).toMatchObject({ state: 'rolled-back', tell: 'rolled-back', change: undefined });
  expect(incident?.rollback?.requestId).toBe('request-2');
  expect(incident?.agenda).toEqual({ notify: after(6 * HOUR) });
  expect(log?.requestId).toBe('request-2');
});

it.each(['stale', 'refused', 'not-seen'] as const)('removes nothing: %s', (outcome) => {
  const event = { ...rollbackEnded(after(6 * HOUR), outcome), because: 'why' } as IncidentEvent;
  const next = live([event], IN['rollback-approved']);
  expect(next).toMatchObject({ state: 'resolved', tell: 'rollback-refused', because: 'why', change: healed.change });
  expect(next.notSeen).toBe(outcome === 'not-seen' ? true : undefined);
  expect(next.agenda.rollback).toBeUndefined();
});

it('is not disturbed by copies that fail or succeed; what is rolled back may fail again', () => {
  for (const state of ['rollback-proposed', 'rollback-approved'] as const) {
    expect(reduce(IN[state], failed(LATER)).incident).toBe(IN[state]);
    expect(reduce(IN[state], looked(LATER, { open: 0, listed: true })).incident).toBe(IN[state]);
  }
  expect(reduce(IN['rolled-back'], looked(LATER, { open: 0, listed: true })).incident).toBe(IN['rolled-back']);
  const again = live([failed(LATER)], IN['rolled-back']);
  expect(again).toMatchObject({ revision: 2, state: 'proposed', tell: 'opened' });
  expect([again.change, again.rollback]).toEqual([undefined, undefined]);
});

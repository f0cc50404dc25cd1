import type { Incident } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { later, reduce } from '../../../lambda/core/incident/reduce';
import {
  after,
  decided,
  decision,
  failed,
  HOUR,
  IN,
  LATER,
  live,
  looked,
  MINUTE,
  PROPOSAL,
  proposed,
  settle,
  T,
  told,
  toldAt,
} from './reduce-fixture';

describe('telling', () => {
  it('starts the time to answer', () => {
    expect(live([told(LATER, 'opened')], live([failed(T)]))).toMatchObject({
      tell: undefined,
      toldAt: LATER,
      expiresAt: later(LATER, 72 * HOUR),
      agenda: { remind: later(LATER, 24 * HOUR), expire: later(LATER, 72 * HOUR) },
    });
    expect(IN.reported.expiresAt).toBeUndefined();
  });

  it('keeps the stack that owns the resource', () => {
    const template = { stack: 'vaults', logicalId: 'Dr' };
    const event: IncidentEvent = { kind: 'told', at: toldAt, telling: 'opened', template };
    expect(live([event], live([failed(T)])).template).toEqual(template);
  });

  it('reminds twice, and then no more', () => {
    const first = live([{ kind: 'remind', at: later(toldAt, 24 * HOUR) }], proposed);
    expect(first).toMatchObject({ reminders: 1, tell: 'reminder' });
    expect(first.agenda.remind).toBe(later(toldAt, 48 * HOUR));
    const second = live(
      [told(later(toldAt, 24 * HOUR), 'reminder'), { kind: 'remind', at: later(toldAt, 48 * HOUR) }],
      first,
    );
    expect(second).toMatchObject({ reminders: 2, tell: 'reminder' });
    expect(second.agenda.remind).toBeUndefined();
    expect(second.expiresAt).toBe(proposed.expiresAt);
  });

  it('makes one of two reminders that are due together, and none beside the expiry', () => {
    const late = live([{ kind: 'remind', at: later(toldAt, 50 * HOUR) }], proposed);
    expect(late).toMatchObject({ reminders: 2, tell: 'reminder' });
    expect(late.agenda.remind).toBeUndefined();
    const tooLate = live([{ kind: 'remind', at: later(toldAt, 73 * HOUR) }], proposed);
    expect(tooLate).toMatchObject({ reminders: 0, tell: undefined });
  });

  it('of a decision takes reminders and expiry off', () => {
    const { agenda, decision: kept, tell } = live([decided(after(HOUR))], proposed);
    expect(agenda).toEqual({ notify: after(HOUR), 'look-again': after(HOUR + 5 * MINUTE) });
    expect([kept?.by, tell]).toEqual([decision(T).by, 'approved']);
  });
});

describe('looking', () => {
  it.each<[string, Incident, number]>([
    ['a proposed one', IN.proposed, 10 * MINUTE],
    ['an approved one', IN.approved, 5 * MINUTE],
    ['a stale one', IN.stale, 10 * MINUTE],
    ['a reported one', IN.reported, HOUR],
    ['a refused one', IN.refused, 10 * MINUTE],
    ['a rejected one', IN.rejected, HOUR],
    ['a waiting one', IN.waiting, HOUR],
    ['one that copies again', IN.retrying, HOUR],
    ['an applied one', IN.applied, HOUR],
  ])('comes again for %s, after a week once a day', (_, before, wait) => {
    const at = after(2 * HOUR);
    expect(live([looked(at)], before).agenda['look-again']).toBe(later(at, wait));
    const weekLater = later(before.since, 7 * 24 * HOUR + 1);
    expect(live([looked(weekLater)], before).agenda['look-again']).toBe(later(weekLater, 24 * HOUR));
  });

  it('ends a settling only when its time is over, which is longer for a key', () => {
    const settling = IN.settling;
    expect(settling.agenda.settle).toBe(after(HOUR + MINUTE));
    const key = live([looked(after(HOUR), { policy: 'in-place' })], { ...proposed, kind: 'key-policy' });
    expect(key.agenda.settle).toBe(after(HOUR + 5 * MINUTE));
    expect(reduce(key, settle(after(HOUR + 5 * MINUTE - 1))).incident).toBe(key);
    expect(live([settle(after(HOUR + 5 * MINUTE))], key).state).toBe('applied');
  });

  it('looks once more at what is resolved, and then no more', () => {
    const at = after(HOUR + 10 * MINUTE);
    expect(IN.resolved.agenda).toEqual({ 'look-again': at });
    expect(live([looked(at, { open: 0, listed: true })], IN.resolved).agenda).toEqual({});
    // Nobody could count: again, after a week once a day.
    expect(live([looked(at)], IN.resolved).agenda).toEqual({ 'look-again': later(at, HOUR) });
    const weekLater = later(IN.resolved.since, 7 * 24 * HOUR + 1);
    expect(live([looked(weekLater)], IN.resolved).agenda).toEqual({ 'look-again': later(weekLater, 24 * HOUR) });
    expect(live([looked(weekLater, { open: 1, listed: true })], IN.resolved)).toMatchObject({ state: 'reported' });
  });

  it('opens nothing again by a list that was cut, and does not look at that for ever', () => {
    const cut = { open: 1, listed: true, cut: true };
    const at = IN.resolved.agenda['look-again'] ?? '';
    const next = live([looked(at, cut)], IN.resolved);
    expect(next).toMatchObject({ state: 'resolved', agenda: { 'look-again': later(at, HOUR) }, listCut: true });
    const weekLater = later(IN.resolved.since, 7 * 24 * HOUR + 1);
    expect(live([looked(weekLater, cut)], next)).toMatchObject({ state: 'resolved', agenda: {} });
    expect(live([looked(weekLater, { ...cut, cut: false })], next).state).toBe('reported');
  });

  it('opens what was resolved too early once more, without a plan that may be in place', () => {
    const ended = live([looked(after(2 * HOUR), { open: 0, listed: true })], IN.resolved);
    const late = live([failed(after(3 * HOUR), PROPOSAL, { failedAt: T })], ended);
    const at = after(3 * HOUR + 10 * MINUTE);
    expect(late).toMatchObject({ state: 'resolved', agenda: { 'look-again': at } });
    const again = live([looked(at, { open: 1, listed: true })], late);
    expect(again).toMatchObject({ revision: 2, state: 'reported', tell: 'opened', ask: false });
    expect(again.planHash).toBeUndefined();
    // The next diagnosis knows more.
    expect(live([failed(after(4 * HOUR))], again)).toMatchObject({ revision: 3, state: 'proposed' });
  });
});

import type { Incident, IncidentState } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { later, reduce } from '../../../lambda/core/incident/reduce';
import { waitOf } from '../../../lambda/core/incident/times';
import {
  after,
  allStarted,
  batched,
  batchStarted,
  canaryStarted,
  failed,
  followed,
  HOUR,
  IN,
  live,
  MINUTE,
  NO_PLAN,
  PASSES,
  settle,
  STATES,
  T,
  told,
  withCanary,
} from './reduce-fixture';

const DAY = 24 * HOUR;
const settled = after(HOUR + MINUTE);
const canary: Incident = { ...withCanary, canary: undefined, startedAt: undefined, agenda: { retry: settled } };
const waits = (at: string, until: string): IncidentEvent => ({ kind: 'retry-waits', at, until });
const nothing = (at: string): IncidentEvent => ({ kind: 'nothing-to-retry', at });
const notAllowed = (at: string): IncidentEvent => ({ kind: 'retry-not-allowed', at, because: 'never' });

describe('one copy first', () => {
  it('is started, followed, and does not hold up the others', () => {
    expect(withCanary).toMatchObject({
      state: 'canary',
      canary: { copyJobId: 'job-1', retryId: 'retry-1', at: settled },
      startedAt: settled,
      agenda: { follow: later(settled, 5 * MINUTE), retry: later(settled, 30 * MINUTE) },
    });
    expect(reduce(withCanary, canaryStarted(after(2 * HOUR))).incident).toBe(withCanary);
    const half = later(settled, 30 * MINUTE);
    expect(live([batched(half, 2)], withCanary)).toMatchObject({
      state: 'retrying',
      canary: { retryId: 'retry-1' },
      batches: { count: 2, started: 0 },
      agenda: { retry: half, follow: later(settled, 5 * MINUTE) },
    });
  });

  it.each(['copied', 'other', 'gone'] as const)('has left this cause behind: %s', (end) => {
    const at = after(2 * HOUR);
    const next = live([followed(at, { canary: end })], withCanary);
    expect(next).toMatchObject({ state: 'retrying', canary: undefined, agenda: { retry: at } });
    expect(next.agenda.follow).toBeUndefined();
  });

  it('is looked at less often the longer it runs', () => {
    const follow = (wait: number) =>
      live([followed(later(settled, wait), { canary: 'running' })], withCanary).agenda.follow;
    expect(follow(MINUTE)).toBe(later(settled, 6 * MINUTE));
    expect(follow(20 * MINUTE)).toBe(later(settled, 40 * MINUTE));
    expect(follow(5 * HOUR)).toBe(later(settled, 6 * HOUR));
  });

  it('that fails for the same cause is tried once more, and then a person is told', () => {
    const at = after(2 * HOUR);
    const first = live([followed(at, { canary: 'same' })], withCanary);
    expect(first).toMatchObject({ state: 'canary', failedRounds: 1, tell: undefined });
    expect([first.canary, first.agenda.follow, first.agenda.retry]).toEqual([
      undefined,
      undefined,
      later(at, 15 * MINUTE),
    ]);
    // The same answer once more is about no copy.
    expect(reduce(first, followed(at, { canary: 'same' })).incident).toBe(first);
    const second = live(
      [canaryStarted(after(3 * HOUR), 'retry-2'), followed(after(4 * HOUR), { canary: 'same' })],
      first,
    );
    expect(second).toMatchObject({ state: 'not-cured', tell: 'not-cured', failedRounds: 2 });
    expect([second.agenda.retry, second.agenda.follow]).toEqual([undefined, undefined]);
  });

  it('is not there where nothing could be tried, or nobody allowed it', () => {
    expect(live([nothing(settled)], canary)).toMatchObject({ state: 'applied', tell: 'left-out' });
    // It runs, and nothing else is left.
    expect(live([nothing(after(2 * HOUR))], withCanary)).toMatchObject({
      state: 'retrying',
      batches: { count: 0, started: 0 },
    });
    for (const before of [canary, IN.retrying, IN.waiting]) {
      const next = live([notAllowed(settled)], before);
      expect(next).toMatchObject({ state: 'applied', tell: 'left-out', because: 'never' });
      expect(next.agenda).toEqual({ notify: settled, 'look-again': later(settled, HOUR) });
    }
  });
});

describe('the rest', () => {
  it('is started batch by batch', () => {
    const at = after(2 * HOUR);
    const none = live([batched(at, 2)], IN.retrying);
    expect(none.agenda).toMatchObject({ retry: at });
    const one = live([batchStarted(at, 1)], none);
    expect(one).toMatchObject({ batches: { count: 2, started: 1 }, startedAt: at });
    expect(one.agenda).toMatchObject({ retry: at, follow: later(at, 5 * MINUTE) });
    expect(reduce(one, batchStarted(after(3 * HOUR), 1)).incident).toBe(one);
    const all = live([batchStarted(later(at, MINUTE), 2)], one);
    expect(all.agenda.retry).toBeUndefined();
    expect(all.agenda.follow).toBe(later(at, 5 * MINUTE));
  });

  it('is followed while some are still to be started, and nothing ends before', () => {
    const half = live([batched(after(2 * HOUR), 2), batchStarted(after(2 * HOUR), 1)], IN.retrying);
    const next = live([followed(after(2 * HOUR + 5 * MINUTE))], half);
    expect(next).toEqual({ ...half, agenda: { ...half.agenda, follow: after(2 * HOUR + 10 * MINUTE) } });
  });

  it('tells which batches have ended, of those that were started', () => {
    const half = live([batched(after(2 * HOUR), 3), batchStarted(after(2 * HOUR), 2)], IN.retrying);
    const ended = (batchesEnded: number) => live([followed(after(3 * HOUR), { batchesEnded })], half).batches;
    expect(ended(1)).toEqual({ count: 3, started: 2, ended: 1, at: after(2 * HOUR) });
    expect(ended(3)?.ended).toBe(2);
    expect(live([batched(after(4 * HOUR), 1)], { ...half, batches: ended(1) }).batches).toEqual({
      count: 1,
      started: 0,
      at: after(4 * HOUR),
    });
  });

  const at = after(3 * HOUR);
  const passing = live([batched(after(2 * HOUR), 1), batchStarted(after(2 * HOUR), 1)], IN.waiting);
  it.each<[string, Incident, Parameters<typeof followed>[1], IncidentState, object]>([
    ['some run', allStarted, { running: 1, same: 1, left: 1 }, 'retrying', { follow: later(at, HOUR) }],
    ['some are left', allStarted, { left: 1, same: 1 }, 'retrying', { retry: at }],
    ['some failed again', allStarted, { same: 1, other: 1 }, 'not-cured', { notify: at }],
    ['some failed for another cause', allStarted, { other: 1, others: ['A'] }, 'reopened', { notify: at }],
    ['all are copied', allStarted, {}, 'resolved', { notify: at, 'look-again': later(at, 10 * MINUTE) }],
    ['some failed again, which passes', passing, { same: 1 }, 'waiting', { retry: later(at, waitOf(passing.id, 1)) }],
    ['the fifth time', { ...passing, failedRounds: 4 }, { same: 1 }, 'not-cured', { notify: at }],
    ['the fourth time', { ...passing, failedRounds: 3 }, { same: 1 }, 'waiting', {}],
  ])('%s', (_, before, found, state, agenda) => {
    const next = live([followed(at, found)], before);
    expect(next).toMatchObject({ state, agenda });
    expect(next.tell).toBe(agenda && 'notify' in agenda ? state : before.tell);
    if (state === 'reopened') expect(next.others).toEqual(['A']);
    if (state !== 'retrying')
      expect([next.agenda.retry === undefined, next.agenda.follow]).toEqual([state !== 'waiting', undefined]);
  });

  it('is given up after a week', () => {
    const week = after(2 * HOUR + 7 * DAY);
    const soon = live([followed(later(week, -1), { running: 2 })], allStarted);
    expect(soon.state).toBe('retrying');
    const next = live([followed(week, { running: 2 })], soon);
    expect(next).toMatchObject({ state: 'not-cured', tell: 'not-cured' });
    expect(next.because).toMatch(/2 copies/);
  });

  it('that cannot be started is not asked for again at once, and not for ever', () => {
    const none = live([nothing(at)], IN.retrying);
    expect(none).toMatchObject({ batches: { count: 0, started: 0 }, agenda: { follow: at } });
    expect(none.agenda.retry).toBeUndefined();
    const again = live([followed(at, { left: 1 })], none);
    expect(again.agenda.follow).toBeUndefined();
    expect((again.agenda.retry ?? '') > at).toBe(true);
    const end = live([nothing(after(9 * DAY)), followed(after(9 * DAY), { left: 1 })], again);
    expect(end).toMatchObject({ state: 'not-cured', because: expect.stringMatching('cannot be started') as string });
  });

  it('may have to wait', () => {
    for (const before of [canary, withCanary, IN.waiting, IN.retrying]) {
      expect(live([waits(at, later(at, 1))], before)).toEqual({
        ...before,
        agenda: { ...before.agenda, retry: later(at, 1) },
      });
      expect(live([waits(at, at)], before).agenda.retry).toBe(later(at, 10 * MINUTE));
    }
  });

  it('counts from when AWS first lets none start, and anew once one was started', () => {
    const idle = (at: string): IncidentEvent => ({ kind: 'retry-waits', at, until: later(at, MINUTE), idle: true });
    const first = live([idle(after(2 * HOUR)), idle(after(3 * HOUR))], canary);
    expect(first.idleFrom).toBe(after(2 * HOUR));
    expect(live([waits(after(4 * HOUR), after(5 * HOUR))], first).idleFrom).toBeUndefined();
    expect(live([canaryStarted(after(4 * HOUR))], first).idleFrom).toBeUndefined();
    expect(live([batched(after(4 * HOUR), 1)], first).idleFrom).toBeUndefined();
    const stuck = live([batched(after(4 * HOUR), 2), idle(after(5 * HOUR))], first);
    expect(stuck.idleFrom).toBe(after(5 * HOUR));
    expect(live([batchStarted(after(6 * HOUR), 1)], stuck).idleFrom).toBeUndefined();
    expect(live([notAllowed(after(6 * HOUR))], stuck).idleFrom).toBeUndefined();
  });

  it('is looked at sooner when a copy fails', () => {
    for (const before of [withCanary, allStarted]) {
      const soon = later(before.agenda.follow ?? '', -2 * MINUTE);
      expect(live([failed(soon)], before).agenda.follow).toBe(later(soon, MINUTE));
      const late = later(soon, 3 * MINUTE);
      expect(reduce(before, failed(late)).incident).toBe(before);
    }
    expect(reduce(canary, failed(after(2 * HOUR))).incident).toBe(canary);
  });

  it('is not what was looked at before the last copy was started', () => {
    expect(reduce(allStarted, followed(after(2 * HOUR - 1))).incident).toBe(allStarted);
  });
});

describe('a cause that passes by itself', () => {
  it('waits for 15 min and a little, is told as ever, and retries without a canary', () => {
    const opened = live([failed(T, PASSES)]);
    expect(opened).toMatchObject({ state: 'waiting', tell: 'opened', agenda: { notify: after(MINUTE) } });
    expect(opened.agenda.retry).toBe(after(waitOf(PASSES.id, 0)));
    expect(live([batched(after(HOUR), 1)], IN.waiting)).toMatchObject({
      state: 'retrying',
      agenda: { retry: after(HOUR) },
    });
    expect(live([nothing(after(HOUR))], IN.waiting).agenda).toMatchObject({ follow: after(HOUR) });
  });

  it.each<[string, object]>([
    ['never', { retry: 'never' }],
    ['not set', { retry: undefined }],
  ])('is reported where retry is %s', (_, more) => {
    expect(live([failed(T, { ...PASSES, ...more })])).toMatchObject({ state: 'reported' });
    expect(live([failed(T, { ...NO_PLAN, retry: 'auto' })])).toMatchObject({ state: 'reported' });
  });

  it('is waited for twice as long each time, up to 4 h, a quarter more or less the same for all', () => {
    for (const [round, least] of [15, 30, 60, 120, 240, 240, 240].entries()) {
      const waits = ['A', 'B', 'C', 'D'].map((id) => waitOf(id, round) / MINUTE);
      for (const wait of waits) expect(wait >= least && wait <= least * 1.25).toBe(true);
      expect(new Set(waits).size).toBe(4);
    }
    expect(waitOf('A', 1)).toBe(waitOf('A', 1));
  });
});

it.each<[string, IncidentEvent, readonly IncidentState[]]>([
  ['a first copy', canaryStarted(after(9 * DAY), 'retry-9'), ['canary']],
  ['batches', batched(after(9 * DAY), 1), ['canary', 'waiting', 'retrying']],
  ['a wait', waits(after(9 * DAY), after(10 * DAY)), ['canary', 'waiting', 'retrying']],
  ['nothing to copy', nothing(after(9 * DAY)), ['canary', 'waiting', 'retrying']],
  ['no leave to copy', notAllowed(after(9 * DAY)), ['canary', 'waiting', 'retrying']],
  ['a look at copies', followed(after(9 * DAY), { canary: 'same', running: 1 }), ['canary', 'waiting', 'retrying']],
  ['a started batch', batchStarted(after(9 * DAY), 1), []],
  ['the end of settling', settle(after(9 * DAY)), ['settling']],
  ['a mail about something else', told(after(9 * DAY), 'left-out'), []],
])('%s is for no other state', (_, event, states) => {
  expect(STATES.filter((state) => reduce(IN[state], event).incident !== IN[state]).sort()).toEqual([...states].sort());
});

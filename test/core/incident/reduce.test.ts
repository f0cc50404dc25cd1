import type { Incident, IncidentState, Proposal, Telling } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { AT_REST, isOpen, nextDue } from '../../../lambda/core/incident/incident';
import { later, reduce, TIMES } from '../../../lambda/core/incident/reduce';
import {
  after,
  decided,
  failed,
  HOUR,
  IN,
  LATER,
  live,
  looked,
  MINUTE,
  NO_PLAN,
  OTHER,
  PROPOSAL,
  SERVICE,
  settle,
  STATES,
  T,
  told,
  toldAt,
} from './reduce-fixture';

describe('opening', () => {
  it('waits a minute before it tells, so that it can count', () => {
    const { incident, log } = reduce(undefined, failed(T, PROPOSAL, { summary: true }));
    expect(incident).toEqual({
      ...PROPOSAL,
      revision: 1,
      state: 'proposed',
      since: T,
      openedAt: T,
      openedBy: `job-${T}`,
      readAt: T,
      firstFailedAt: T,
      reminders: 0,
      tell: 'opened',
      summary: true,
      agenda: { notify: after(MINUTE), 'look-again': after(10 * MINUTE) },
    });
    expect(log).toEqual({ what: 'proposed' });
    expect(incident && nextDue(incident)).toEqual({ effect: 'notify', due: after(MINUTE) });
  });

  it.each<[string, IncidentState, Proposal]>([
    ['a plan that nobody is asked about', 'reported', { ...PROPOSAL, ask: false }],
    ['no plan', 'reported', NO_PLAN],
    ['something that is mended by hand', 'reported', { ...NO_PLAN, kind: 'manual' }],
  ])('with %s is %s', (_, state, proposal) => {
    const incident = live([failed(T, proposal)]);
    expect(incident.state).toBe(state);
    expect(incident.agenda).toEqual({ notify: after(MINUTE), 'look-again': after(HOUR) });
  });

  it('happens by nothing but a failure', () => {
    const events = [told(T, 'opened'), decided(T), looked(T), { kind: 'expire', at: T } as const];
    for (const event of events) expect(reduce(undefined, event)).toEqual({ incident: undefined });
  });

  it('of a drill tells at once, and ends with the mail', () => {
    const drill = live([failed(T, { ...NO_PLAN, kind: 'drill' })]);
    expect(drill).toMatchObject({ state: 'reported', tell: 'drill', agenda: { notify: T } });
    const ended = live([told(T, 'drill')], drill);
    expect(ended).toMatchObject({ state: 'resolved', agenda: {} });
    for (const event of [failed(after(1), drill), looked(after(1), { open: 1, listed: true })]) {
      expect(reduce(drill, event).incident).toMatchObject({ revision: 1, agenda: { notify: T } });
    }
    expect(reduce(ended, looked(after(1), { open: 1, listed: true })).incident).toBe(ended);
    expect(reduce(ended, failed(T, drill, { readAt: after(1) })).incident).toBe(ended);
  });
});

// Every event in every state: the state afterwards, `+` for the next revision, `` for nothing at all.
type Row = Readonly<Record<IncidentState, string>>;
const every = (to: (state: IncidentState) => string) =>
  Object.fromEntries(STATES.map((state) => [state, to(state)])) as unknown as Row;
const nothing = every(() => '');
const unseen = { applying: '', 'rollback-proposed': '', 'rollback-approved': '', 'rolled-back': '' };
const same: Row = { ...every((state) => state), ...unseen };
const opensAgain = Object.fromEntries(AT_REST.map((state) => [state, 'proposed+']));
const newOffer = { reported: 'proposed+', proposed: 'proposed+', approved: 'proposed+', stale: 'proposed+' };
const follows = { retrying: 'retrying' };
const allResolved: Row = { ...every(() => 'resolved'), ...unseen };

it.each<[string, IncidentEvent, Row]>([
  [
    'a new failure with the same plan',
    failed(LATER),
    { ...nothing, ...opensAgain, ...follows, reported: 'proposed+', stale: 'proposed+' },
  ],
  ['a new failure with another plan', failed(LATER, OTHER), { ...nothing, ...newOffer, ...opensAgain, ...follows }],
  [
    'a new failure without a plan',
    failed(LATER, NO_PLAN),
    {
      ...nothing,
      ...follows,
      proposed: 'reported+',
      approved: 'reported+',
      stale: 'reported+',
      ...Object.fromEntries(AT_REST.map((state) => [state, 'reported+'])),
    },
  ],
  [
    'a late report of an old failure',
    failed(LATER, OTHER, { failedAt: T }),
    { ...nothing, ...follows, ...newOffer, refused: 'proposed+', resolved: 'resolved' },
  ],
  [
    'a late report of an old failure with the same plan',
    failed(LATER, SERVICE, { failedAt: T }),
    { ...nothing, ...follows, reported: 'proposed+', stale: 'proposed+', resolved: 'resolved' },
  ],
  ['older evidence', failed(LATER, OTHER, { readAt: later(T, -1) }), { ...nothing, ...follows, resolved: 'resolved' }],
  ['an approval', decided(after(2 * HOUR)), { ...nothing, proposed: 'approved', expired: 'approved' }],
  [
    'a rejection',
    decided(after(2 * HOUR), { decision: 'rejected' }),
    { ...nothing, proposed: 'rejected', expired: 'rejected' },
  ],
  ['a decision on another revision', decided(after(2 * HOUR), { revision: 2 }), nothing],
  ['a decision on another plan', decided(after(2 * HOUR), { planHash: 'hash-2' }), nothing],
  ['a decision on another incident', decided(after(2 * HOUR), { incident: 'AAAAAAAAAAAAAAAA' }), nothing],
  ['a decision that came too late', decided(later(toldAt, TIMES.expiry)), nothing],
  ['a reminder', { kind: 'remind', at: after(25 * HOUR) }, { ...nothing, proposed: 'proposed' }],
  ['a reminder too soon', { kind: 'remind', at: after(24 * HOUR) }, nothing],
  ['the expiry', { kind: 'expire', at: later(toldAt, TIMES.expiry) }, { ...nothing, proposed: 'expired' }],
  ['the expiry too soon', { kind: 'expire', at: later(toldAt, TIMES.expiry - 1) }, nothing],
  [
    'the expiry of a rollback',
    { kind: 'expire', at: after(76 * HOUR) },
    { ...nothing, proposed: 'expired', 'rollback-proposed': 'resolved' },
  ],
  ['the end of settling', settle(after(HOUR + MINUTE)), { ...nothing, settling: 'applied' }],
  ['the end of settling too soon', settle(after(HOUR + MINUTE - 1)), nothing],
  [
    'the change in place',
    looked(LATER, { policy: 'in-place' }),
    { ...same, proposed: 'settling', approved: 'settling', stale: 'settling', refused: 'settling' },
  ],
  [
    'the policy as planned',
    looked(LATER, { policy: 'as-planned', open: 3, listed: true }),
    { ...same, resolved: 'reported+' },
  ],
  ['another policy', looked(LATER, { policy: 'changed' }), { ...same, proposed: 'stale', approved: 'stale' }],
  ['nothing new', looked(LATER), same],
  ['a copy of everything', looked(LATER, { open: 0, listed: true }), allResolved],
  ['a look from before', looked(later(T, -1), { policy: 'in-place', open: 0, listed: true }), nothing],
  ['a mail about something else', told(LATER, 'drill'), nothing],
])('%s', (_, event, row) => {
  for (const [state, expected] of Object.entries(row)) {
    const before = IN[state as IncidentState];
    const { incident, log } = reduce(before, event);
    const next = incident && incident.revision > before.revision ? '+' : '';
    const is = incident === before ? '' : `${incident?.state}${next}`;
    expect([state, is]).toEqual([state, expected]);
    if (incident?.state !== before.state || next) expect(log?.what).toBeTruthy();
    if (incident === before) expect(log).toBeUndefined();
  }
});

describe('the next revision', () => {
  it.each<[string, Incident, Telling]>([
    ['of what was told', IN.proposed, 'stale'],
    ['of what was approved', IN.approved, 'stale'],
    ['of what is stale', IN.stale, 'stale'],
    ['of what nobody has heard of', live([failed(T)]), 'opened'],
    ['of what had no plan', IN.reported, 'opened'],
    ['of what was rejected', IN.rejected, 'opened'],
    ['of what was resolved', IN.resolved, 'opened'],
  ])('%s starts anew, and is told', (_, before, tell) => {
    const incident = live([failed(LATER, OTHER)], before);
    expect(incident).toMatchObject({ revision: 2, state: 'proposed', planHash: 'hash-2', tell, reminders: 0 });
    // What nobody has heard of has waited already.
    const waited = before.tell === tell && before.toldAt === undefined;
    expect(incident.agenda.notify).toBe(waited ? LATER : later(LATER, TIMES.firstMail));
    for (const gone of ['decision', 'toldAt', 'expiresAt'] as const) expect(incident[gone]).toBeUndefined();
  });

  it('is told as a change also where the change before it was not told yet', () => {
    const changed = live([failed(LATER, OTHER)], IN.proposed);
    expect(live([failed(later(LATER, 1))], changed)).toMatchObject({
      revision: 3,
      tell: 'stale',
      agenda: { notify: later(LATER, TIMES.firstMail) },
    });
  });

  it('is not told by a mail about the one before', () => {
    const next = live([failed(after(MINUTE + 10), OTHER)], live([failed(T)]));
    expect(reduce(next, told(after(MINUTE), 'opened')).incident).toBe(next);
    expect(reduce(next, { ...told(after(MINUTE + 10), 'opened'), revision: 1 } as IncidentEvent).incident).toBe(next);
    expect(live([told(after(MINUTE + 10), 'opened')], next).toldAt).toBe(after(MINUTE + 10));
  });

  it('does not put off the first mail, however often the plan changes before it', () => {
    let incident = live([failed(T)]);
    for (let tens = 1; tens < 6; tens += 1) {
      incident = live([failed(after(tens * 10_000), tens % 2 ? OTHER : PROPOSAL)], incident);
      expect(incident).toMatchObject({ revision: tens + 1, agenda: { notify: after(MINUTE) } });
    }
  });
});

it('says what is due first, and which are open', () => {
  expect(nextDue({ agenda: {} })).toBeUndefined();
  expect(nextDue({ agenda: { 'look-again': T, notify: T } })).toEqual({ effect: 'notify', due: T });
  expect(nextDue({ agenda: { 'look-again': T, notify: after(1) } })).toEqual({ effect: 'look-again', due: T });
  const open = Object.values(IN).filter(isOpen);
  expect(open.map(({ state }) => state)).toEqual(['reported', 'waiting', 'proposed', 'approved']);
});

it('looks for the last time when the look that resolves has long ended, so that nothing that joined in between is lost', () => {
  const { incident } = reduce(IN.waiting, looked(LATER, { open: 0, endedAt: later(LATER, HOUR) }));
  expect(incident?.state).toBe('resolved');
  // What another look has seen meanwhile is no last look.
  const meanwhile = looked(later(LATER, HOUR), { open: 0, listed: true });
  expect(reduce(incident, meanwhile).incident).toBe(incident);
  expect(incident?.agenda['look-again']).toBe(later(LATER, HOUR + TIMES.lastLook));
});

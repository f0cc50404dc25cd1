import type { Incident, Proposal, Telling } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { later, reduce, TIMES } from '../../../lambda/core/incident/reduce';
import {
  after,
  applyEnded,
  applying,
  approvedForService,
  AUTO,
  decided,
  failed,
  HOUR,
  IN,
  LATER,
  live,
  looked,
  MINUTE,
  PROPOSAL,
  SERVICE,
  settle,
  T,
  told,
  toldAt,
} from './reduce-fixture';

const asked = live([failed(T, SERVICE), told(toldAt, 'opened')]);
const owned = live([failed(T, SERVICE), { ...told(toldAt, 'opened'), template: { stack: 'vaults' } } as IncidentEvent]);
const auto = live([failed(T, AUTO)]);
const autoApplying = live([applying(T)], auto);

describe('approved', () => {
  it.each<[string, Incident, object, boolean]>([
    ['the service makes it', asked, {}, true],
    ['its owner makes it', IN.proposed, {}, false],
    ['a template owns it', owned, {}, false],
    ['a template owns it, and it is changed all the same', owned, { evenThoughATemplateOwnsIt: true }, true],
    ['rejected', asked, { decision: 'rejected' }, false],
  ])('%s', (_, before, more, service) => {
    const { state, tell, agenda } = live([decided(after(HOUR), more)], before);
    expect(agenda.apply).toBe(service ? after(HOUR) : undefined);
    expect([tell, agenda.notify]).toEqual(service ? [undefined, undefined] : [state, after(HOUR)]);
  });

  it('before the first mail makes that mail needless, and what came of it is told', () => {
    const early = live([decided(after(10), { retry: true })], live([failed(T, SERVICE)]));
    expect([early.tell, early.agenda.notify]).toEqual([undefined, undefined]);
    const applied = live([applying(after(10)), applyEnded(after(20), 'applied')], early);
    expect(applied).toMatchObject({ state: 'settling', tell: 'applied' });
  });

  it.each(['rollback', 'rollback-request'] as const)('is not by a decision about a %s', (about) => {
    expect(reduce(asked, decided(after(HOUR), { about })).incident).toBe(asked);
  });
});

describe('an incident that the settings let the service mend', () => {
  it('is approved from its beginning, without a mail', () => {
    expect(auto).toMatchObject({ state: 'approved', tell: undefined, agenda: { apply: T } });
    expect(auto.agenda.notify).toBeUndefined();
  });

  it.each<[string, Partial<Proposal>, string]>([
    ['no plan', { planHash: undefined }, 'reported'],
    ['a drill', { kind: 'drill' }, 'reported'],
    ['not named', { auto: false }, 'proposed'],
  ])('is not with %s', (_, more, state) => {
    const { agenda, state: is } = live([failed(T, { ...AUTO, ...more })]);
    expect([is, agenda.apply]).toEqual([state, undefined]);
  });

  it.each(['ask', 'owned'] as const)('is asked about after all: %s', (outcome) => {
    const template = { stack: 'vaults' };
    const next = live([applyEnded(after(1), outcome, { because: 'why', template })], autoApplying);
    expect(next).toMatchObject({ state: 'proposed', auto: false, tell: 'opened', because: 'why', template });
    expect(next.agenda).toEqual({ notify: after(1), 'look-again': after(1 + 10 * MINUTE) });
    const proposed = live([told(after(2), 'opened')], next);
    expect(proposed.agenda).toMatchObject({ remind: later(after(2), 24 * HOUR), expire: later(after(2), 72 * HOUR) });
  });
});

describe('applying', () => {
  it('begins when it is due, and once more 5 min later if nothing came of it', () => {
    const at = after(HOUR);
    expect(reduce(approvedForService, applying(later(at, -1))).incident).toBe(approvedForService);
    expect(reduce(IN.approved, applying(at)).incident).toBe(IN.approved);
    for (const one of Object.values(IN).filter(({ state }) => state !== 'approved' && state !== 'applying')) {
      const before = { ...one, agenda: { apply: at } };
      expect(reduce(before, applying(LATER)).incident).toBe(before);
    }
    const { incident } = reduce(approvedForService, applying(at));
    expect(incident).toMatchObject({ state: 'applying', agenda: { apply: later(at, 5 * MINUTE) } });
    expect(incident?.agenda['look-again']).toBeUndefined();
    expect(reduce(incident, applying(later(at, 5 * MINUTE - 1))).incident).toBe(incident);
    expect(live([applying(later(at, 5 * MINUTE))], incident).agenda).toEqual({ apply: later(at, 10 * MINUTE) });
  });

  const request = { requestId: 'request-1' };
  it.each<[string, Incident, Parameters<typeof applyEnded>[1], string, Telling | undefined]>([
    ['decided, with a retry', IN.applying, 'applied', 'settling', undefined],
    ['decided, without a retry', { ...IN.applying, retry: 'never' }, 'applied', 'settling', 'applied'],
    ['by a setting', autoApplying, 'applied', 'settling', 'applied'],
    ['decided, with a retry', IN.applying, 'already-there', 'settling', undefined],
    ['decided, without a retry', { ...IN.applying, retry: 'never' }, 'already-there', 'settling', 'in-place'],
    ['by a setting', autoApplying, 'already-there', 'settling', 'in-place'],
    ['decided', IN.applying, 'stale', 'stale', 'stale'],
    ['decided', IN.applying, 'refused', 'refused', 'refused'],
    ['decided', IN.applying, 'not-seen', 'refused', 'refused'],
    ['by a setting', autoApplying, 'refused', 'refused', 'refused'],
    ['decided', IN.applying, 'owned', 'approved', 'approved'],
    // Asked again, the same decision would be found again, and so on.
    ['decided', IN.applying, 'ask', 'refused', 'refused'],
  ])('%s: %#, %s', (_, before, outcome, state, tell) => {
    const at = after(2 * HOUR);
    const { incident, log } = reduce(before, applyEnded(at, outcome, { ...request, because: 'why' }));
    expect(incident).toMatchObject({ state, agenda: tell ? { notify: at } : {} });
    expect([incident?.tell, incident?.agenda.apply]).toEqual([tell, undefined]);
    expect(incident?.change).toEqual(outcome === 'applied' ? { at, ...request } : undefined);
    expect(incident?.settledFrom).toBe(state === 'settling' ? at : undefined);
    expect(incident?.agenda.settle).toBe(state === 'settling' ? later(at, MINUTE) : undefined);
    expect(incident?.notSeen).toBe(outcome === 'not-seen' ? true : undefined);
    if (state === 'refused') expect(incident?.because).toBe('why');
    expect(log).toEqual({ what: outcome, ...request });
  });
});

describe('seen in place', () => {
  it.each<[string, Incident, Telling | undefined]>([
    ['nothing retries', IN.proposed, 'in-place'],
    ['it is copied again', { ...IN.proposed, retry: 'auto' }, undefined],
    ['it is copied again, and nobody has heard of it', live([failed(T, { ...PROPOSAL, retry: 'auto' })]), 'in-place'],
    ['refused before, and it is copied again', IN.refused, undefined],
  ])('where %s', (_, before, tell) => {
    const next = live([looked(LATER, { policy: 'in-place' })], before);
    expect([next.state, next.tell, next.agenda.notify]).toEqual(['settling', tell, tell && LATER]);
    expect(next.settledFrom).toBe(LATER);
    expect([next.because, next.change]).toEqual([undefined, undefined]);
  });

  it('after the service had asked AWS for it and had not seen it: it is the change of the service', () => {
    const notSeen = live([applyEnded(after(HOUR), 'not-seen')], IN.applying);
    const seen = live([looked(LATER, { policy: 'in-place' })], notSeen);
    expect(seen).toMatchObject({ state: 'settling', settledFrom: LATER, change: { at: after(HOUR) } });
    expect(seen.notSeen).toBeUndefined();
    const unasked = live([applyEnded(after(HOUR), 'not-seen')], autoApplying);
    expect(live([looked(LATER, { policy: 'in-place' })], unasked).tell).toBe('applied');
  });

  it('that was not seen and is not there is not ours any more, whoever makes it then', () => {
    const notSeen = live([applyEnded(after(HOUR), 'not-seen')], IN.applying);
    const gone = live([looked(after(2 * HOUR), { policy: 'as-planned' })], notSeen);
    expect(gone.notSeen).toBeUndefined();
    const seen = live([looked(LATER, { policy: 'in-place' })], gone);
    expect([seen.state, seen.change]).toEqual(['settling', undefined]);
  });

  it('takes the change off what the service was about to do', () => {
    expect(live([looked(after(HOUR), { policy: 'in-place' })], approvedForService).agenda.apply).toBeUndefined();
    expect(live([looked(after(HOUR), { policy: 'changed' })], approvedForService).agenda.apply).toBeUndefined();
  });
});

it('settles, then tries one copy, or rests; a mail that waits still goes out', () => {
  const at = after(HOUR + TIMES.settleVaultPolicy);
  const wants = live([applyEnded(after(HOUR), 'applied')], IN.applying);
  expect(live([settle(at)], wants)).toMatchObject({ state: 'canary', agenda: { retry: at } });
  const not = live([applyEnded(after(HOUR), 'applied')], { ...IN.applying, retry: 'never' });
  expect(live([settle(at)], not)).toMatchObject({ state: 'applied', tell: 'applied', agenda: { notify: after(HOUR) } });
});

it('keeps when the first copy failed', () => {
  const earlier = failed(LATER, PROPOSAL, { failedAt: later(T, -HOUR) });
  for (const before of Object.values(IN)) {
    const next = live([earlier], before);
    const again = before.state === 'stale';
    expect([before.state, next.firstFailedAt]).toEqual([before.state, later(T, -HOUR)]);
    expect(next.revision).toBe(before.revision + (again ? 1 : 0) + (before.state === 'reported' ? 1 : 0));
  }
  expect(live([failed(LATER)], IN.rejected).firstFailedAt).toBe(T);
  // What is resolved was copied.
  expect(live([failed(LATER)], IN.resolved).firstFailedAt).toBe(LATER);
});

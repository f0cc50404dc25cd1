import type { Decision, Incident } from '../../../lambda/core/incident/incident';
import { measuresOf, oldestUnhealed } from '../../../lambda/core/incident/measures';

const at = (hour: number) => new Date(Date.UTC(2026, 5, 1, hour)).toISOString();
const HOUR = 3600;

const decision = (hour: number): Decision => ({
  incident: 'A',
  revision: 1,
  planHash: 'h',
  decision: 'approved',
  by: 'arn:jane',
  at: at(hour),
});
const incident = (change: Partial<Incident> = {}): Incident => ({
  id: 'A',
  kind: 'vault-policy',
  causes: ['vault-policy-lacks-source'],
  title: 'title',
  resource: 'arn:vault',
  owner: '222222222222',
  region: 'eu-west-1',
  account: '111111111111',
  ask: true,
  revision: 1,
  state: 'proposed',
  since: at(2),
  openedAt: at(2),
  openedBy: 'job',
  readAt: at(2),
  reminders: 0,
  firstFailedAt: at(1),
  agenda: {},
  ...change,
});
/** `name cause=value`, so that a row says what it expects. */
const told = (before: Incident | undefined, after: Incident) =>
  measuresOf(before, after).map(({ name, value, cause }) => `${name}${cause ? ` ${cause}` : ''}=${value}`);
const OPENED = ['IncidentsOpened=1', 'IncidentsOpened vault-policy-lacks-source=1'];
const HEALED = ['IncidentsHealed=1', 'IncidentsHealed vault-policy-lacks-source=1'];

test.each<[string, Incident | undefined, Incident, string[]]>([
  ['opened', undefined, incident(), [...OPENED, `TimeToVerdict=${HOUR}`]],
  [
    'opened for two causes',
    undefined,
    incident({ causes: ['a', 'b'] }),
    ['IncidentsOpened=1', 'IncidentsOpened a=1', 'IncidentsOpened b=1', `TimeToVerdict=${HOUR}`],
  ],
  ['opened for a failure of the past', undefined, incident({ summary: true }), OPENED],
  ['opened without a time', undefined, incident({ firstFailedAt: undefined }), OPENED],
  [
    'opened before it failed, by another clock',
    undefined,
    incident({ firstFailedAt: at(3) }),
    [...OPENED, 'TimeToVerdict=0'],
  ],
  ['a drill', undefined, incident({ kind: 'drill' }), []],
  ['the end of a drill', incident({ kind: 'drill' }), incident({ kind: 'drill', state: 'resolved' }), []],
  ['another plan for the same failures', incident(), incident({ revision: 2, openedAt: at(5) }), OPENED],
  [
    'opened again for a failure after its end',
    incident({ state: 'resolved', since: at(4) }),
    incident({ revision: 2, firstFailedAt: at(5), openedAt: at(7) }),
    [...OPENED, `TimeToVerdict=${2 * HOUR}`],
  ],
  ['told', incident(), incident({ toldAt: at(3) }), []],
  [
    'approved',
    incident({ toldAt: at(3) }),
    incident({ state: 'approved', toldAt: at(3), decision: decision(5) }),
    [`TimeToDecision=${2 * HOUR}`],
  ],
  [
    'rejected',
    incident({ toldAt: at(3) }),
    incident({ state: 'rejected', toldAt: at(3), decision: { ...decision(4), decision: 'rejected' } }),
    [`TimeToDecision=${HOUR}`],
  ],
  ['decided before anybody was told', incident(), incident({ state: 'approved', decision: decision(5) }), []],
  [
    'a decision that was there',
    incident({ state: 'approved', toldAt: at(3), decision: decision(5) }),
    incident({ state: 'applying', toldAt: at(3), decision: decision(5) }),
    [],
  ],
  ['refused', incident({ state: 'applying' }), incident({ state: 'refused' }), ['ChangesRefused=1']],
  ['refused before', incident({ state: 'refused' }), incident({ state: 'refused', tell: undefined }), []],
  [
    'not cured',
    incident({ state: 'canary' }),
    incident({ state: 'not-cured' }),
    ['IncidentsNotCured=1', 'IncidentsNotCured vault-policy-lacks-source=1'],
  ],
  [
    'healed after a change',
    incident({ state: 'retrying' }),
    incident({ state: 'resolved', since: at(9) }),
    [...HEALED, `TimeToHeal=${8 * HOUR}`],
  ],
  [
    'healed by itself',
    incident({ state: 'reported' }),
    incident({ state: 'resolved', since: at(3) }),
    [...HEALED, `TimeToHeal=${2 * HOUR}`],
  ],
  ['healed before', incident({ state: 'resolved' }), incident({ state: 'resolved', listedAt: at(9) }), []],
  [
    'healed as before, and not taken back',
    incident({ state: 'rollback-proposed' }),
    incident({ state: 'resolved' }),
    [],
  ],
  ['not cured as before', incident({ state: 'rollback-approved' }), incident({ state: 'not-cured' }), []],
  ['rolled back', incident({ state: 'rollback-approved' }), incident({ state: 'rolled-back' }), []],
])('%s', (_, before, after, expected) => {
  expect(told(before, after)).toEqual(expected);
});

test('units', () => {
  const all = [...measuresOf(undefined, incident()), ...measuresOf(incident(), incident({ state: 'resolved' }))];
  for (const { name, unit } of all) expect([name, unit]).toEqual([name, name.startsWith('Time') ? 'Seconds' : 'Count']);
});

test('the oldest failure that waits for a copy; what is over, taken back or practice does not', () => {
  const now = at(10);
  expect(oldestUnhealed([], now)).toBe(0);
  const others = (['resolved', 'rolled-back'] as const).map((state) => incident({ state, firstFailedAt: at(1) }));
  const drill = incident({ kind: 'drill', firstFailedAt: at(1) });
  expect(oldestUnhealed([...others, drill], now)).toBe(0);
  const waiting = [incident({ state: 'not-cured', firstFailedAt: at(6) }), incident({ firstFailedAt: at(4) })];
  expect(oldestUnhealed([...others, ...waiting, drill], now)).toBe(6 * HOUR);
  expect(oldestUnhealed([incident({ firstFailedAt: undefined, openedAt: at(7) })], now)).toBe(3 * HOUR);
  expect(oldestUnhealed([incident({ firstFailedAt: at(11) })], now)).toBe(0);
});

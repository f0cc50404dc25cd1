import type { Incident, Telling } from '../../../lambda/core/incident/incident';
import { mailsDue, tellingBy, type TellingIncident } from '../../../lambda/core/incident/mails-due';

const NOW = '2026-06-01T12:00:00.000Z';
const before = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

function incident(id: string, tell: Telling, change: Partial<Incident> = {}): TellingIncident {
  return { id, tell, openedBy: `job-${id}`, agenda: { notify: before(1) }, ...change } as TellingIncident;
}

function shared(...incidents: readonly TellingIncident[]) {
  const { mails, digest } = mailsDue(incidents, NOW);
  const ids = (group: readonly TellingIncident[]) => group.map(({ id }) => id).join('+');
  return { mails: mails.map(ids), ...(digest ? { digest: ids(digest) } : {}) };
}

it('tells what is due by now', () => {
  const later = incident('B', 'opened', { agenda: { notify: '2026-06-01T12:00:00.001Z' } });
  const told = { id: 'C', agenda: { expire: before(1) } } as unknown as Incident;
  expect(tellingBy([incident('A', 'opened', { agenda: { notify: NOW } }), later, told], NOW)).toEqual([
    expect.objectContaining({ id: 'A' }),
  ]);
});

it('tells incidents of one failure together, each in one mail with those that have the same to tell', () => {
  const openedBy = 'job-1';
  expect(
    shared(incident('A', 'opened', { openedBy }), incident('B', 'opened', { openedBy }), incident('C', 'opened')),
  ).toEqual({ mails: ['A+B', 'C'] });
  expect(shared(incident('A', 'opened', { openedBy }), incident('B', 'stale', { openedBy }))).toEqual({
    mails: ['A', 'B'],
  });
  expect(shared(incident('A', 'resolved', { openedBy }), incident('B', 'resolved', { openedBy }))).toEqual({
    mails: ['A', 'B'],
  });
});

it('makes one digest of more than 3 mails', () => {
  const three = ['A', 'B', 'C'].map((id) => incident(id, 'opened'));
  expect(shared(...three)).toEqual({ mails: ['A', 'B', 'C'] });
  expect(shared(...three, incident('D', 'expired'))).toEqual({ mails: [], digest: 'A+B+C+D' });
  const openedBy = 'job-1';
  expect(shared(...three.map((one) => ({ ...one, openedBy })), incident('D', 'opened'))).toEqual({
    mails: ['A+B+C', 'D'],
  });
});

it('makes a digest of failures of the past, were it only one', () => {
  expect(shared(incident('A', 'opened', { summary: true }))).toEqual({ mails: [], digest: 'A' });
});

it('makes a digest of several that were held back', () => {
  const held = incident('A', 'opened', { agenda: { notify: before(16) } });
  expect(shared(held)).toEqual({ mails: ['A'] });
  expect(shared(held, incident('B', 'opened'))).toEqual({ mails: [], digest: 'A+B' });
  expect(shared({ ...held, agenda: { notify: before(15) } }, incident('B', 'opened'))).toEqual({ mails: ['A', 'B'] });
});

it('tells a drill alone', () => {
  const drills = ['D', 'E'].map((id) => incident(id, 'drill', { agenda: { notify: before(60) } }));
  expect(shared(...drills, incident('A', 'opened'))).toEqual({ mails: ['A', 'D', 'E'] });
  expect(shared(...drills, ...['A', 'B', 'C', 'F'].map((id) => incident(id, 'opened')))).toEqual({
    mails: ['D', 'E'],
    digest: 'A+B+C+F',
  });
});

it('has nothing to say of nothing', () => {
  expect(mailsDue([], NOW)).toEqual({ mails: [] });
});

import type { NewestCopies } from '../../../lambda/core/incident/newest-copies';
import { renderTelling, textsOf, type MailContext } from '../../../lambda/core/render/incident-mail';
import { newestRows } from '../../../lambda/core/render/newest';
import { AUDIT, KEEP, vaultWith } from '../plan/fixture';
import { contextOf, incidentsOf, storedOf, TOLD_AT, wrongWith } from './fixture';

const evidence = vaultWith([AUDIT, KEEP]);
const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';
const row = (name: string, begunAt?: string) => ({
  resourceArn: `arn:aws:ec2:eu-west-1:111111111111:volume/vol-${name}`,
  destinationVaultArn: VAULT,
  ...(begunAt === undefined ? {} : { begunAt }),
});
const SOME: NewestCopies = {
  readAt: TOLD_AT,
  resources: 12,
  without: 2,
  unread: 1,
  oldest: '2026-05-25T05:00:00.000Z',
  worst: [
    row('one'),
    row('two'),
    row('three', '2026-05-25T05:00:00.000Z'),
    row('four', '2026-05-31T05:00:00.000Z'),
    row('five', '2026-05-31T06:00:00.000Z'),
  ],
};

function mailOf(
  newest: NewestCopies | undefined,
  telling: 'opened' | 'reminder' = 'opened',
  more: Partial<MailContext> = {},
) {
  const told = incidentsOf(evidence).map((one) => ({
    ...one,
    incident: { ...one.incident, tell: telling },
    ...(newest ? { newest } : {}),
  }));
  const message = renderTelling(telling, told, storedOf(evidence), contextOf(evidence, more));
  expect(wrongWith(message)).toEqual([]);
  const [, section] = /\nNEWEST GOOD COPY\n([\s\S]*?)\n\n/.exec(message.mail.body) ?? [];
  const lines = section?.split('\n').map((line) => line.slice(2));
  const json = JSON.parse(textsOf(message).sqs) as { incidents: { newest?: NewestCopies }[] };
  return { lines, newest: json.incidents[0]?.newest, body: message.mail.body };
}

it('names the worst first, counts the others, and says what is not seen', () => {
  expect(mailOf(SOME).lines).toEqual([
    '- vol-one in the vault dr: none in the last 30 days',
    '- vol-two in the vault dr: none in the last 30 days',
    '- vol-three in the vault dr: 7 days old, begun 2026-05-25 05:00 UTC',
    '- vol-four in the vault dr: 29 hours old, begun 2026-05-31 05:00 UTC',
    '- vol-five in the vault dr: 28 hours old, begun 2026-05-31 06:00 UTC',
    '- and 6 more, none of them older',
    'Of 1 more resource it is not known.',
    'AWS Backup keeps records of copies for 30 days; older copies are not seen.',
  ]);
});

it.each([
  ['2026-05-30T10:18:00.000Z', '47 hours'],
  ['2026-05-30T10:17:00.000Z', '2 days'],
])('from two days on it counts days: %s', (begunAt, age) => {
  const rows = newestRows({ ...SOME, worst: [row('one', begunAt)] }, '2026-06-01T10:17:00.000Z');
  expect(rows[0]).toContain(`${age} old`);
});

it('stands after what has happened, in the reminder too, and in the JSON', () => {
  const { body, newest } = mailOf(SOME);
  expect(body.indexOf('NEWEST GOOD COPY')).toBeGreaterThan(body.indexOf('WHAT HAPPENED'));
  expect(body.indexOf('NEWEST GOOD COPY')).toBeLessThan(body.indexOf('\nWHY'));
  expect(newest).toEqual(SOME);
  expect(mailOf(SOME, 'reminder').lines?.[0]).toBe('- vol-one in the vault dr: none in the last 30 days');
});

it('is left out where it was not looked at', () => {
  const { lines, newest, body } = mailOf(undefined);
  expect([lines, newest]).toEqual([undefined, undefined]);
  expect(body).not.toContain('NEWEST');
});

it('says so where nothing could be listed', () => {
  const { lines } = mailOf({ readAt: TOLD_AT, resources: 3, without: 0, unread: 3, worst: [] });
  expect(lines).toEqual(['Not known: the copies could not be listed.']);
});

it('does not claim that a copy is there that may be gone with its source', () => {
  const unsure = { ...row('one', '2026-05-25T05:00:00.000Z'), unsure: true as const };
  const some = { ...SOME, without: 0, unread: 0, unsure: 3, worst: [unsure, row('two', '2026-05-31T05:00:00.000Z')] };
  expect(mailOf(some).lines).toEqual([
    '- vol-one in the vault dr: 7 days old, begun 2026-05-25 05:00 UTC, if it is',
    '  still kept',
    '- vol-two in the vault dr: 29 hours old, begun 2026-05-31 05:00 UTC',
    '- and 10 more, none of them older',
    'A copy whose record says no time to delete it expires with its source recovery',
    'point, which is not looked at.',
  ]);
  expect(mailOf(some, 'opened', { mailDetail: 'short' }).lines).toEqual([
    'Of 12 resources, 0 have no copy of the last 30 days.',
    'The oldest of the others is 7 days old.',
    'Of 3 of them it is not known whether it is still kept.',
  ]);
});

it('in a short mail names nothing', () => {
  const { lines, newest, body } = mailOf(SOME, 'opened', { mailDetail: 'short' });
  expect(lines).toEqual([
    'Of 11 resources, 2 have no copy of the last 30 days.',
    'The oldest of the others is 7 days old.',
    'Of 1 more resource it is not known.',
  ]);
  expect(body).not.toContain('vol-');
  expect(newest).toMatchObject({ resources: 12, worst: [] });
  const none = { readAt: TOLD_AT, resources: 1, without: 1, unread: 0, worst: [row('one')] };
  expect(mailOf(none, 'opened', { mailDetail: 'short' }).lines).toEqual([
    'Of 1 resource, 1 has no copy of the last 30 days.',
  ]);
});

it('of several incidents of one failure tells the one that has stopped most', () => {
  const told = incidentsOf(evidence);
  const both = [...told, ...told].map((one, index) => ({
    ...one,
    newest: { ...SOME, resources: 6 + index, worst: [row(`resource-${index}`)] },
  }));
  const { mail } = renderTelling('opened', both, storedOf(evidence), contextOf(evidence));
  expect(mail.body).toContain('vol-resource-1 in the vault dr');
  expect(mail.body).not.toContain('vol-resource-0');
});

it('counts those without a copy that are not named, and cleans what AWS calls them', () => {
  const rows = newestRows({ ...SOME, unread: 0, without: 9, worst: [row('a\u202eb<c')] }, TOLD_AT);
  expect(rows).toEqual([
    'vol-ab‹c in the vault dr: none in the last 30 days',
    'and 11 more, 8 of them with none in the last 30 days',
  ]);
});

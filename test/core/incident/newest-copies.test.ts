import type { CompletedCopy } from '../../../lambda/core/incident/newer-copies';
import {
  affectedBy,
  newestCopies,
  recordsBegin,
  type Affected,
  type AffectedPart,
} from '../../../lambda/core/incident/newest-copies';

const NOW = '2026-06-10T00:00:00.000Z';
const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';
const arnOf = (name: string) => `arn:aws:ec2:eu-west-1:111111111111:volume/vol-${name}`;
const day = (number: number) => `2026-06-0${number}T00:00:00.000Z`;

const affected = (name: string, more: Partial<Affected> = {}): Affected => ({
  resourceArn: arnOf(name),
  destinationVaultArn: VAULT,
  account: '111111111111',
  region: 'eu-west-1',
  composite: false,
  ...more,
});
const copied = (name: string, begun: number, more: Partial<CompletedCopy> = {}): CompletedCopy => ({
  copyJobId: `${name}-${begun}`,
  resourceArn: arnOf(name),
  destinationVaultArn: VAULT,
  createdAt: day(begun),
  expiresAt: '2027-01-01T00:00:00.000Z',
  completedAt: `2026-06-0${begun}T05:00:00.000Z`,
  child: false,
  ...more,
});
const newest = (resources: readonly Affected[], copies: readonly CompletedCopy[]) =>
  newestCopies(resources, () => copies, NOW);

it('tells of each resource its newest copy, the worst first: none, then the oldest', () => {
  const resources = ['a', 'b', 'c'].map((name) => affected(name));
  expect(newest(resources, [copied('a', 3), copied('a', 7), copied('a', 5), copied('c', 2)])).toEqual({
    readAt: NOW,
    resources: 3,
    without: 1,
    unread: 0,
    oldest: day(2),
    worst: [
      { resourceArn: arnOf('b'), destinationVaultArn: VAULT },
      { resourceArn: arnOf('c'), destinationVaultArn: VAULT, begunAt: day(2) },
      { resourceArn: arnOf('a'), destinationVaultArn: VAULT, begunAt: day(7) },
    ],
  });
});

it.each<[string, Affected, CompletedCopy, boolean]>([
  ['into the same vault', affected('a'), copied('a', 3), true],
  ['into another vault', affected('a'), copied('a', 3, { destinationVaultArn: `${VAULT}-2` }), false],
  ['of another resource', affected('a'), copied('b', 3), false],
  ['that its lifecycle has deleted', affected('a'), copied('a', 3, { expiresAt: day(9) }), false],
  ['that its lifecycle deletes later', affected('a'), copied('a', 3, { expiresAt: '2026-07-01T00:00:00.000Z' }), true],
  ['a nested one of a member', affected('a'), copied('a', 3, { child: true }), true],
  ['a nested one for its composite', affected('a', { composite: true }), copied('a', 3, { child: true }), false],
  ['a whole one for a composite', affected('a', { composite: true }), copied('a', 3), true],
])('a copy %s', (_, resource, copy, counts) => {
  expect(newest([resource], [copy])).toMatchObject({ without: counts ? 0 : 1, unread: 0 });
});

it('says of which the newest copy may be gone with its source, because no record says how long it is kept', () => {
  const always = { expiresAt: undefined };
  const resources = ['a', 'b', 'c'].map((name) => affected(name));
  const copies = [
    copied('a', 3, always),
    copied('b', 4, always),
    copied('b', 5),
    copied('c', 4),
    copied('c', 6, always),
  ];
  expect(newest(resources, copies)).toMatchObject({
    without: 0,
    unsure: 2,
    worst: [
      { resourceArn: arnOf('a'), begunAt: day(3), unsure: true },
      { resourceArn: arnOf('b'), begunAt: day(5) },
      { resourceArn: arnOf('c'), begunAt: day(6), unsure: true },
    ],
  });
  expect(newest(resources, copies).worst[1]).not.toHaveProperty('unsure');
});

it('a nested copy that came later does not hide the whole one before it', () => {
  const copies = [copied('a', 3), copied('a', 7, { child: true })];
  expect(newest([affected('a', { composite: true })], copies).oldest).toBe(day(3));
  expect(newest([affected('a')], copies).oldest).toBe(day(7));
});

it('names five and counts all, in less than 4 KB', () => {
  const long = 'x'.repeat(200);
  const resources = Array.from({ length: 5000 }, (_, index) => affected(`${long}${index}`));
  const told = newest(resources, [copied(`${long}7`, 4)]);
  expect(told).toMatchObject({ resources: 5000, without: 4999, oldest: day(4) });
  expect(told.worst).toHaveLength(5);
  expect(JSON.stringify(told).length).toBeLessThan(4000);
});

it('what could not be listed is not known, and neither worst nor well', () => {
  const other = affected('b', { destinationVaultArn: `${VAULT}-2` });
  const copiesOf = (one: Affected) => (one === other ? undefined : [copied('a', 3)]);
  expect(newestCopies([affected('a'), other], copiesOf, NOW)).toMatchObject({
    resources: 2,
    without: 0,
    unread: 1,
    worst: [{ resourceArn: arnOf('a') }],
  });
  expect(newestCopies([other], () => undefined, NOW)).toEqual({
    readAt: NOW,
    resources: 1,
    without: 0,
    unread: 1,
    worst: [],
  });
});

it('affected is what has no newer copy, each resource and vault once', async () => {
  const part = (name: string, more: object = {}, copiedBy?: string): AffectedPart => ({
    copiedBy,
    failure: {
      resourceArn: arnOf(name),
      recoveryPointArn: undefined,
      resourceType: 'EBS',
      state: 'FAILED',
      destinationVaultArn: VAULT,
      account: '111111111111',
      region: 'eu-west-1',
      ...more,
    },
  });
  const parts: readonly AffectedPart[] = [
    part('a'),
    part('a'),
    part('a', { destinationVaultArn: `${VAULT}-2` }),
    part('b', {}, 'copied'),
    part('c', { resourceArn: undefined }),
    part('d'),
    part('d', { state: 'PARTIAL' }),
    {},
  ];
  const found = await affectedBy(
    (async function* () {
      await Promise.resolve();
      yield* parts;
    })(),
  );
  expect(
    found.map(({ resourceArn, destinationVaultArn, composite }) => [resourceArn, destinationVaultArn, composite]),
  ).toEqual([
    [arnOf('a'), VAULT, false],
    [arnOf('a'), `${VAULT}-2`, false],
    [arnOf('d'), VAULT, true],
  ]);
});

it('looks back as far as AWS Backup keeps records', () => {
  expect(recordsBegin(NOW)).toBe('2026-05-11T00:00:00.000Z');
});

import fc from 'fast-check';
import { readCopyFailure, type CopyFailure } from '../../../lambda/core/copy-failure';
import {
  atOnce,
  canLearn,
  dependsOnNoResource,
  FOLD_FOR,
  folded,
  foldKey,
  FULL_DIAGNOSES,
  wayOf,
  type Fold,
} from '../../../lambda/core/incident/fold';
import { DESTINATION, eventOf, REGION, SOURCE } from '../evidence-fixture';

const failureOf = (detail: Record<string, unknown> = {}, event: Record<string, unknown> = {}): CopyFailure => {
  const failure = readCopyFailure(eventOf({ detail, event }));
  if (!failure.ok) throw new Error(failure.reason);
  return failure.value;
};

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((all) => all.join(''));
const time = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });

/** One failure of a storm: what differs from copy to copy, also within AWS's text. */
const one = fc
  .record({ job: fc.uuid(), snapshot: hex(17), volume: hex(17), key: fc.uuid(), time, count: fc.nat() })
  .map(({ job, snapshot, volume, key, count, ...at }) =>
    failureOf(
      {
        copyJobId: job.toUpperCase(),
        resourceArn: `arn:aws:ec2:${REGION}:${SOURCE}:volume/vol-${volume}`,
        backupSizeInBytes: count,
        statusMessage:
          `The snapshot snap-${snapshot} (job ${job}) is encrypted with arn:aws:kms:${REGION}:${SOURCE}:key/${key}, ` +
          `which account ${DESTINATION} cannot use after ${count} tries`,
      },
      { time: at.time.toISOString(), resources: [`arn:aws:ec2:${REGION}::snapshot/snap-${snapshot}`] },
    ),
  );

describe('foldKey', () => {
  it('is the same for failures that differ in ids, times, sizes and resources only', () => {
    fc.assert(
      fc.property(one, one, (a, b) => {
        expect(foldKey(a)).toBe(foldKey(b));
      }),
    );
  });

  const key = foldKey(failureOf());
  const vault = (account: string, name: string) => `arn:aws:backup:${REGION}:${account}:backup-vault:${name}`;
  it.each<[string, CopyFailure]>([
    ['destination vault', failureOf({ destinationBackupVaultArn: vault(DESTINATION, 'dr-2') })],
    ['source vault', failureOf({ sourceBackupVaultArn: vault(SOURCE, 'test') })],
    ['copy role', failureOf({ iamRoleArn: `arn:aws:iam::${SOURCE}:role/other` })],
    ['no copy role', failureOf({ iamRoleArn: undefined })],
    ['resource type', failureOf({ resourceType: 'RDS' })],
    ['state', failureOf({ state: 'PARTIAL' })],
    ['message', failureOf({ statusMessage: 'Something else' })],
  ])('differs for another %s', (_what, failure) => {
    expect(foldKey(failure)).not.toBe(key);
  });

  it('takes the service where the event names no type', () => {
    const without = (resourceArn: string) => foldKey(failureOf({ resourceType: undefined, resourceArn }));
    const volume = (id: string) => `arn:aws:ec2:${REGION}:${SOURCE}:volume/${id}`;
    expect(without(volume('vol-1'))).toBe(without(volume('vol-2')));
    expect(without(volume('vol-1'))).not.toBe(without(`arn:aws:rds:${REGION}:${SOURCE}:db:a`));
  });
});

const NOW = '2026-06-01T10:00:00.000Z';
const after = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds).toISOString();
const vaultPolicy = { incidents: ['A'], causes: ['vault-policy-lacks-source'] };
const folds = (...found: { incidents: string[]; causes: string[] }[]) =>
  found.reduce<Fold | undefined>((fold, next) => folded(fold, next, NOW), undefined);
const three = folds(vaultPolicy, vaultPolicy, vaultPolicy);

describe('three full diagnoses that say the same', () => {
  it('stand for the others, for an hour after the first', () => {
    expect(three).toEqual({ diagnosed: 3, until: after(FOLD_FOR), incidents: ['A'], shared: true });
    expect(wayOf(failureOf(), three, after(FOLD_FOR - 1))).toBe('assume');
    expect(wayOf(failureOf(), three, after(FOLD_FOR))).toBe('full');
    expect(folded(three, vaultPolicy, after(FOLD_FOR)).diagnosed).toBe(1);
  });

  it('never stand for a drill or a job that failed in part', () => {
    expect(wayOf(failureOf({ copyDoctorDrill: true }), three, NOW)).toBe('full');
    expect(wayOf(failureOf({ state: 'PARTIAL' }), three, NOW)).toBe('full');
  });

  it.each([
    ['fewer than three', [vaultPolicy, vaultPolicy]],
    ['a cause of the resource', Array(3).fill({ incidents: ['A'], causes: ['source-key-missing'] })],
    ['one cause of two', Array(3).fill({ incidents: ['A', 'B'], causes: [...vaultPolicy.causes, 'tag-copy-failed'] })],
    ['another incident in between', [vaultPolicy, { ...vaultPolicy, incidents: ['B'] }, vaultPolicy]],
    ['one more incident', [vaultPolicy, vaultPolicy, { ...vaultPolicy, incidents: ['A', 'B'] }]],
    ['a cause that nobody knows', Array(3).fill({ incidents: ['A'], causes: ['uncatalogued'] })],
    ['nothing', []],
  ] as [string, { incidents: string[]; causes: string[] }[]][])('are needed: not %s', (_what, found) => {
    expect(wayOf(failureOf(), folds(...found), NOW)).toBe('full');
  });

  it('may name their incidents in any order', () => {
    const [ab, ba] = [
      ['A', 'B'],
      ['B', 'A'],
    ].map((incidents) => ({ ...vaultPolicy, incidents }));
    expect(wayOf(failureOf(), folds(ab as never, ba as never, ab as never), NOW)).toBe('assume');
  });
});

describe('atOnce', () => {
  it('waits for the first, then for as many as are missing, then for none', () => {
    expect(
      [undefined, folds(vaultPolicy), folds(vaultPolicy, vaultPolicy), three].map((fold) => atOnce(fold, NOW)),
    ).toEqual([1, FULL_DIAGNOSES - 1, FULL_DIAGNOSES - 2, Infinity]);
    expect(atOnce(three, after(FOLD_FOR))).toBe(1);
  });

  it('waits for none where the last ones taught nothing', () => {
    for (const fold of [undefined, folds(vaultPolicy)]) expect(atOnce(fold, NOW, true)).toBe(Infinity);
  });

  it('waits for nothing where the resource decides, and learns nothing more', () => {
    const fold = folds({ incidents: ['A'], causes: ['source-key-missing'] });
    expect(atOnce(fold, NOW)).toBe(Infinity);
    expect([canLearn(fold, NOW), canLearn(fold, after(FOLD_FOR)), canLearn(three, NOW)]).toEqual([false, true, true]);
  });
});

it('says that causes of keys, tags and recovery points depend on the resource', () => {
  const causes = ['source-key-policy-lacks-destination', 'tag-policy-violation', 'recovery-point-missing'];
  expect(causes.filter(dependsOnNoResource)).toEqual([]);
});

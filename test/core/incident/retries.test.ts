import { limitOf, roomFor } from '../../../lambda/core/incident/copy-room';
import type { IncidentState } from '../../../lambda/core/incident/incident';
import {
  batchesOf,
  canariesOf,
  nextAttempt,
  standingOf,
  surveyed,
  tokenOf,
  type Round,
} from '../../../lambda/core/incident/retries';
import type { Job, Lineage } from '../../../lambda/core/incident/shown';

const OWN = 'OWN';
const minute = (count: number) => new Date(Date.UTC(2026, 5, 1, 0, count)).toISOString();
const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';

const jobOf = (
  copyJobId: string,
  minutes: number,
  more: Partial<Job> = {},
  failure: Partial<Job['failure']> = {},
): Job => ({
  copyJobId,
  way: 'diagnosed',
  failedAt: minute(minutes),
  revision: 1,
  failure: {
    copyJobId,
    state: 'FAILED',
    account: '111111111111',
    region: 'eu-west-1',
    partition: 'aws',
    time: minute(minutes),
    sourceVaultArn: 'arn:aws:backup:eu-west-1:111111111111:backup-vault:daily',
    destinationVaultArn: VAULT,
    recoveryPointArn: `arn:aws:ec2:eu-west-1::snapshot/snap-${copyJobId}`,
    resourceArn: `arn:aws:ec2:eu-west-1:111111111111:volume/vol-${copyJobId}`,
    resourceType: 'EBS',
    roleArn: undefined,
    statusMessage: 'Access denied',
    drill: false,
    ...failure,
  },
  ...more,
});

const roundOf = (
  lineages: Record<string, Partial<Lineage>> = {},
  others: Record<string, IncidentState> = {},
  incident: Partial<Round['incident']> = {},
): Round => ({
  incident: { id: OWN, state: 'canary', since: minute(100), openedAt: minute(1), ...incident },
  lineages: new Map(Object.entries(lineages).map(([id, one]) => [id, { incidents: [OWN], attempt: 0, ...one }])),
  others: new Map(Object.entries(others).map(([id, state]) => [id, { state }])),
});
const NEWEST = { retryScope: 'newest' } as const;
const ids = (jobs: readonly Job[]) => jobs.map(({ copyJobId }) => copyJobId);

describe('where a failure stands', () => {
  const retrying = { state: 'retrying', since: minute(100) } as const;
  const retry = { copyJobId: 'r', attempt: 1, at: minute(90) };
  it.each<[string, Job, Round, string]>([
    ['nothing was tried', jobOf('a', 1), roundOf(), 'retry'],
    ['a newer copy is there', jobOf('a', 1, { copiedBy: 'x' }), roundOf(), 'copied'],
    ['its retry was copied', jobOf('a', 1, { retry: { ...retry, ended: 'copied' } }), roundOf(), 'copied'],
    ['its retry runs', jobOf('a', 1, { retry }), roundOf(), 'running'],
    ['it is left out', jobOf('a', 1, { leftOut: 'continuous' }), roundOf(), 'left-out'],
    ['it is out of attempts', jobOf('a', 1, { leftOut: 'attempts' }), roundOf(), 'same'],
    ['its retry failed for another cause', jobOf('a', 1, { retry: { ...retry, ended: 'other' } }), roundOf(), 'other'],
    [
      'its retry failed before this round',
      jobOf('a', 1, { retry: { ...retry, ended: 'same' } }),
      roundOf({}, {}, retrying),
      'retry',
    ],
    [
      'its retry failed in this round',
      jobOf('a', 1, { retry: { ...retry, at: minute(100), ended: 'same' } }),
      roundOf({}, {}, retrying),
      'same',
    ],
    [
      'nobody knows how its retry of this round ended',
      jobOf('a', 1, { retry: { ...retry, at: minute(101), ended: 'unknown' } }),
      roundOf({}, {}, retrying),
      'same',
    ],
    ['it failed after this round began', jobOf('a', 101), roundOf({}, {}, retrying), 'same'],
    ['it failed after the first copy was due', jobOf('a', 101), roundOf(), 'retry'],
  ])('%s', (_, job, round, expected) => {
    expect(standingOf(job, round).is).toBe(expected);
  });

  it('does not wait for the incident that only lists what failed with it', () => {
    const round = (causes: readonly string[]): Round => ({
      ...roundOf({ a: { incidents: [OWN, 'other'] } }),
      others: new Map([['other', { state: 'proposed', causes }]]),
    });
    expect(standingOf(jobOf('a', 1), round(['nested-copy-failed'])).is).toBe('retry');
    expect(standingOf(jobOf('a', 1), round(['nested-copy-failed', 'x'])).is).toBe('waits');
    expect(standingOf(jobOf('a', 1), round([])).is).toBe('waits');
  });

  it.each<[IncidentState, object]>([
    ['canary', { is: 'retry' }],
    ['retrying', { is: 'retry' }],
    ['applied', { is: 'retry' }],
    ['resolved', { is: 'retry' }],
    ['reported', { is: 'retry' }],
    ['waiting', { is: 'waits' }],
    ['proposed', { is: 'waits' }],
    ['approved', { is: 'waits' }],
    ['applying', { is: 'waits' }],
    ['stale', { is: 'waits' }],
    ['settling', { is: 'waits' }],
    ['rollback-proposed', { is: 'waits' }],
    ['rollback-approved', { is: 'waits' }],
    ...(['rejected', 'expired', 'refused', 'not-cured', 'rolled-back', 'reopened'] as const).map(
      (state): [IncidentState, object] => [state, { is: 'leave-out', reason: 'other-incident' }],
    ),
  ])('another incident that holds it too is %s', (state, expected) => {
    const round = roundOf({ a: { incidents: [OWN, 'OTHER', 'MENDED'] } }, { OTHER: state, MENDED: 'resolved' });
    expect(standingOf(jobOf('a', 1), round)).toEqual(expected);
  });

  it('waits for an incident that is not there yet', () => {
    expect(standingOf(jobOf('a', 1), roundOf({ a: { incidents: [OWN, 'NEW'] } })).is).toBe('waits');
  });

  it('ends with the fifth attempt of its lineage', () => {
    expect(standingOf(jobOf('a', 1), roundOf({ a: { root: 'r', attempt: 4 } })).is).toBe('retry');
    const ended = { is: 'leave-out', reason: 'attempts' };
    expect(standingOf(jobOf('a', 1), roundOf({ a: { root: 'r', attempt: 5 } }))).toEqual(ended);
    // Also where only the failure before knows of the last try.
    const tried = jobOf('a', 1, { retry: { copyJobId: 'x', attempt: 5, at: minute(5), ended: 'unknown' } });
    expect(standingOf(tried, roundOf())).toEqual(ended);
    expect(nextAttempt(tried, roundOf())).toBe(6);
  });
});

describe('the survey', () => {
  const resource = { resourceArn: 'arn:aws:ec2:eu-west-1:111111111111:volume/vol-1' };

  it('takes the newest failed recovery point of each resource and destination', () => {
    const elsewhere = { ...resource, destinationVaultArn: `${VAULT}-2` };
    const jobs = [jobOf('new', 3, {}, resource), jobOf('old', 1, {}, resource), jobOf('else', 2, {}, elsewhere)];
    expect(surveyed(jobs, roundOf(), NEWEST)).toEqual({
      retry: [jobs[0], jobs[2]],
      leaveOut: [{ copyJobId: 'old', reason: 'older-point' }],
      waits: [],
      same: [],
      other: [],
    });
  });

  it('takes every recovery point once, if it is told to', () => {
    const point = { ...resource, recoveryPointArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-1' };
    const jobs = [jobOf('a', 1, {}, resource), jobOf('twice', 2, {}, point), jobOf('b', 3, {}, point)];
    const survey = surveyed(jobs, roundOf(), { retryScope: 'all' });
    expect(ids(survey.retry)).toEqual(['a', 'b']);
    expect(survey.leaveOut).toEqual([{ copyJobId: 'twice', reason: 'older-point' }]);
  });

  it('starts no older point while the newest is copied again', () => {
    const retry = { copyJobId: 'r', attempt: 1, at: minute(4) };
    const jobs = [jobOf('new', 3, { retry }, resource), jobOf('old', 1, {}, resource)];
    const survey = surveyed(jobs, roundOf(), NEWEST);
    expect(survey.retry).toEqual([]);
    expect(survey.leaveOut).toEqual([{ copyJobId: 'old', reason: 'older-point' }]);
  });

  it('goes on with an older point where the newest is left out', () => {
    const jobs = [jobOf('new', 3, { leftOut: 'record-gone' }, resource), jobOf('old', 1, {}, resource)];
    expect(ids(surveyed(jobs, roundOf(), NEWEST).retry)).toEqual(['old']);
  });

  it('counts a lineage once, by its last failure, and its recovery point by its first', () => {
    const first = jobOf(
      'first',
      1,
      { retry: { copyJobId: 'again', attempt: 1, at: minute(5), ended: 'same' } },
      resource,
    );
    const again = jobOf('again', 10, {}, resource);
    const newer = jobOf('newer', 3, {}, resource);
    const round = roundOf({ again: { root: 'first', attempt: 1 } });
    expect(ids(surveyed([first, again], round, NEWEST).retry)).toEqual(['again']);
    // The retry failed last, but it was of an older point.
    expect(ids(surveyed([first, again, newer], round, NEWEST).retry)).toEqual(['newer']);
  });

  it('leaves to other incidents what they hold, and tells what failed for another cause of this proposal', () => {
    const ended = { attempt: 1, ended: 'other' } as const;
    const jobs = [
      jobOf('held', 1),
      jobOf('other', 1, { retry: { copyJobId: 'x', at: minute(5), ...ended } }),
      jobOf('before', 1, { retry: { copyJobId: 'y', at: minute(0), ...ended } }),
    ];
    const survey = surveyed(jobs, roundOf({ held: { incidents: [OWN, 'OTHER'] } }, { OTHER: 'proposed' }), NEWEST);
    expect(survey).toMatchObject({ retry: [], waits: ['held'], leaveOut: [] });
    expect(ids(survey.other)).toEqual(['other']);
  });
});

it('tries the smallest first, and what has no size last', () => {
  const jobs = [
    jobOf('none', 1),
    jobOf('big', 1, { bytes: 9 }),
    jobOf('later', 2, { bytes: 0 }),
    jobOf('small', 1, { bytes: 0 }),
  ];
  expect(ids(canariesOf(jobs))).toEqual(['small', 'later', 'big', 'none']);
});

it('makes batches of 25, scarce types last', () => {
  const many = Array.from({ length: 52 }, (_, index) =>
    jobOf(`j${index}`, 1, {}, { resourceType: index < 3 ? 'FSx' : 'S3' }),
  );
  const batches = batchesOf(many);
  expect(batches.map((batch) => batch.length)).toEqual([25, 25, 2]);
  expect(batches.flat().slice(-3)).toEqual(['j0', 'j1', 'j2']);
  expect(new Set(batches.flat()).size).toBe(52);
  expect(batchesOf([])).toEqual([]);
});

it('makes one token of a lineage and attempt', () => {
  expect(tokenOf('a', 1)).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set([tokenOf('a', 1), tokenOf('a', 2), tokenOf('b', 1), tokenOf('a', 1)]).size).toBe(3);
});

describe('room', () => {
  it.each([
    ['EBS', 100],
    ['S3', 100],
    ['RDS', 20],
    ['Aurora', 20],
    ['DocDB', 20],
    ['Neptune', 20],
    ['FSx Windows', 5],
    ['Storage Gateway', 5],
    [undefined, 100],
    ['something new', 100],
  ])('of %s is %s', (type, limit) => expect(limitOf(type)).toBe(limit));

  it('is what copies of the type into the account and Region leave', () => {
    const copy = (more: object) => ({ copyJobId: 'x', resourceType: 'FSx', destinationVaultArn: VAULT, ...more });
    const running = [
      copy({}),
      copy({ destinationVaultArn: `${VAULT}-2`, resourceType: 'FSx Lustre' }),
      copy({ resourceType: 'EBS' }),
      copy({ destinationVaultArn: VAULT.replace('eu-west-1', 'eu-west-2') }),
      copy({ destinationVaultArn: VAULT.replace('2222', '3333') }),
    ];
    expect(roomFor(copy({}), running)).toBe(3);
  });
});

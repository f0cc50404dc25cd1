import type { CopyFailure } from '../../../lambda/core/copy-failure';
import { newerCopies, type CompletedCopy } from '../../../lambda/core/incident/newer-copies';
import type { Job } from '../../../lambda/core/incident/shown';

const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';
const VOLUME = 'arn:aws:ec2:eu-west-1:111111111111:volume/vol-1';
const POINT = 'arn:aws:ec2:eu-west-1::snapshot/snap-1';
const time = (hours: number) => new Date(Date.UTC(2026, 5, 1, hours)).toISOString();

function failed(change: Partial<CopyFailure> = {}, job: Partial<Job> = {}): Job {
  const failure = {
    copyJobId: 'failed-1',
    state: 'FAILED',
    account: '111111111111',
    region: 'eu-west-1',
    destinationVaultArn: VAULT,
    recoveryPointArn: POINT,
    resourceArn: VOLUME,
    resourceType: 'EBS',
    ...change,
  } as CopyFailure;
  return { copyJobId: failure.copyJobId, way: 'diagnosed', failedAt: time(10), failure, revision: 1, ...job };
}

const copied = (change: Partial<CompletedCopy> = {}): CompletedCopy => ({
  copyJobId: 'done-1',
  resourceArn: VOLUME,
  destinationVaultArn: VAULT,
  recoveryPointArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-2',
  createdAt: time(11),
  completedAt: time(12),
  child: false,
  ...change,
});

const OTHER_VAULT = VAULT.replace(':dr', ':archive');
const COMPOSITE = 'arn:aws:backup:eu-west-1:111111111111:recovery-point:composite:eks/prod-1';

it.each<[string, boolean, Job, CompletedCopy]>([
  ['a later copy of the resource', true, failed(), copied()],
  ['one that began in the moment of the failure', true, failed(), copied({ createdAt: time(10) })],
  ['another resource', false, failed(), copied({ resourceArn: `${VOLUME}0` })],
  ['another vault', false, failed(), copied({ destinationVaultArn: OTHER_VAULT })],
  ['one that completed before', false, failed(), copied({ createdAt: time(8), completedAt: time(9) })],
  ['one that completed in the moment of the failure', false, failed(), copied({ completedAt: time(10) })],
  ['one of an older recovery point that only ended later', false, failed(), copied({ createdAt: time(9) })],
  ['one of the same recovery point', true, failed(), copied({ createdAt: time(9), recoveryPointArn: POINT })],
  ['a failure without a resource', false, failed({ resourceArn: undefined }), copied()],
  ['a failure that is off the list', false, failed({}, { copiedBy: 'done-0' }), copied()],
  ['a child for a child', true, failed(), copied({ child: true })],
  ['a child for a composite that is PARTIAL', false, failed({ state: 'PARTIAL' }), copied({ child: true })],
  ['a child for a composite that failed', false, failed({ recoveryPointArn: COMPOSITE }), copied({ child: true })],
  ['a child for a cluster', false, failed({ resourceType: 'EKS' }), copied({ child: true })],
  ['a composite for a composite', true, failed({ state: 'PARTIAL' }), copied()],
])('%s takes it off: %s', (_, off, job, copy) => {
  expect(newerCopies([job], [copy])).toEqual(off ? [{ copyJobId: 'failed-1', by: 'done-1' }] : []);
});

it('takes every failure off that one copy is newer than', () => {
  const jobs = [failed(), failed({ copyJobId: 'failed-2' }, { failedAt: time(11) }), failed({ copyJobId: 'failed-3' })];
  const late = failed({ copyJobId: 'failed-4' }, { failedAt: time(13) });
  expect(newerCopies([...jobs, late], [copied({ copyJobId: 'old', completedAt: time(1) }), copied()])).toEqual([
    { copyJobId: 'failed-1', by: 'done-1' },
    { copyJobId: 'failed-2', by: 'done-1' },
    { copyJobId: 'failed-3', by: 'done-1' },
  ]);
});

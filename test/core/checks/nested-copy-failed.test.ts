import { nestedCopyFailed } from '../../../lambda/core/checks/nested-copy-failed';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Response } from '../../../lambda/core/evidence';
import { proposalsOf } from '../../../lambda/core/incident/proposals';
import { DESTINATION_VAULT, evidenceOf, JOB, REGION, SOURCE, type Overrides } from '../evidence-fixture';
import { testCheck } from './check-tester';

const CLUSTER = `arn:aws:eks:${REGION}:${SOURCE}:cluster/prod`;
const REFUSED = { error: 'AccessDeniedException' };

const child = (id: string, State: string, more: object = {}) => ({
  CopyJobId: id,
  ParentJobId: JOB,
  State,
  ResourceType: 'EBS',
  ResourceArn: `arn:aws:ec2:${REGION}:${SOURCE}:volume/vol-${id}`,
  ...more,
});
const list = (...CopyJobs: readonly object[]): Response => ({ CopyJobs });

interface Composite {
  readonly state?: 'PARTIAL' | 'FAILED';
  readonly job?: Record<string, unknown>;
  readonly listed?: Response | undefined;
  readonly responses?: Overrides['responses'];
}
const composite = ({ state = 'PARTIAL', job = {}, listed, responses = {} }: Composite) =>
  evidenceOf({
    detail: { state, resourceType: 'EKS', resourceArn: CLUSTER, statusMessage: undefined },
    job: { IsParent: true, NumberOfChildJobs: 3, ...job },
    responses: { 'backup:ListCopyJobs@source': listed, ...responses },
  });

const ONE_FAILED = list(
  child('one', 'COMPLETED'),
  child('two', 'FAILED', { StatusMessage: 'Given key ID is not accessible' }),
  child('three', 'COMPLETED'),
);

testCheck(nestedCopyFailed, {
  fault: [
    {
      name: 'one of three',
      evidence: composite({ listed: ONE_FAILED }),
      confidence: 'confirmed',
      resource: `${CLUSTER} to ${DESTINATION_VAULT}`,
      because: [
        'Of the 3 nested copies of composite job 11111111-2222-4333-8444-555555555555, 1 did not succeed:',
        'EBS vol-two, copy job two: FAILED; "Given key ID is not accessible"; its text points to source-key-',
      ],
    },
    {
      name: 'a FAILED parent, nested jobs that are composite themselves, an id in small letters',
      evidence: composite({
        state: 'FAILED',
        listed: list(child('a', 'PARTIAL', { ParentJobId: JOB.toLowerCase() }), child('b', 'FAILED')),
      }),
      confidence: 'confirmed',
      because: ['2 did not succeed', 'copy job a: PARTIAL', 'copy job b: FAILED'],
    },
    {
      name: 'they cannot be listed, and the record counts them',
      evidence: composite({ listed: REFUSED, job: { ChildJobsInState: { COMPLETED: 1, FAILED: 2 } } }),
      confidence: 'confirmed',
      because: [
        'Of the 3 nested copies',
        '2 did not succeed.',
        'Not read: backup:ListCopyJobs in account 111111111111',
      ],
    },
    {
      name: 'more than a mail has room for',
      evidence: composite({
        listed: list(...Array.from({ length: 30 }, (_, index) => child(`n${index}`, 'FAILED'))),
        job: { NumberOfChildJobs: 30 },
      }),
      confidence: 'confirmed',
      because: ['copy job n19: FAILED', 'and 10 more'],
    },
  ],
  ok: [
    {
      name: 'all nested copies were made, the parent failed by itself',
      evidence: composite({ state: 'FAILED', listed: list(child('a', 'COMPLETED')) }),
    },
  ],
  notApplicable: [
    { name: 'no composite job', evidence: evidenceOf() },
    {
      name: 'no composite job, and nobody said what it is',
      evidence: evidenceOf({ responses: { 'backup:DescribeCopyJob': REFUSED } }),
    },
  ],
  unknown: [
    {
      name: 'PARTIAL, and the record could not be read',
      evidence: composite({ responses: { 'backup:DescribeCopyJob': REFUSED } }),
      missing: [{ permission: 'backup:DescribeCopyJob', account: SOURCE }],
    },
    {
      name: 'PARTIAL without nested jobs',
      evidence: composite({ job: { IsParent: false, NumberOfChildJobs: undefined } }),
      because: 'names no nested jobs',
    },
    {
      name: 'they cannot be listed, and the record does not count them',
      evidence: composite({ listed: REFUSED }),
      missing: [{ permission: 'backup:ListCopyJobs', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'the list is about another parent',
      evidence: composite({ listed: list(child('a', 'FAILED', { ParentJobId: 'another' })) }),
      because: 'None of the nested jobs',
    },
    {
      name: 'PARTIAL, and none has failed',
      evidence: composite({ listed: list(child('a', 'COMPLETED')) }),
      because: 'None of the nested jobs',
    },
    {
      name: 'the list is not complete',
      evidence: composite({ state: 'FAILED', listed: { CopyJobs: [child('a', 'COMPLETED')], NextToken: 'more' } }),
      because: 'None of the nested jobs',
    },
  ],
});

const SETTINGS = {
  destinations: [DESTINATION_VAULT],
  keyGrantee: 'role',
  vaultPolicy: 'approve',
  keyPolicy: 'approve',
  retry: 'auto',
} as const;

const proposed = (evidence: ReturnType<typeof composite>) =>
  proposalsOf(evidence, diagnose(evidence), SETTINGS).map(({ proposal }) => proposal);

it('is one incident a composite and destination, whichever night and member', () => {
  const [first] = proposed(composite({ listed: ONE_FAILED }));
  const [second] = proposed(composite({ listed: list(child('four', 'FAILED')) }));
  expect(first).toMatchObject({ kind: 'manual', causes: ['nested-copy-failed'], owner: SOURCE });
  expect(second?.id).toBe(first?.id);
  expect(first).not.toHaveProperty('retry');
});

it('stands beside a cause of the parent itself, in an incident of its own', () => {
  const evidence = composite({
    state: 'FAILED',
    listed: ONE_FAILED,
    responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
  });
  expect(proposed(evidence).map(({ kind, causes }) => [kind, causes])).toEqual([
    ['vault-policy', ['vault-policy-lacks-source']],
    ['manual', ['nested-copy-failed']],
  ]);
});

it('gives the command for each of the first five, and says what is not started', () => {
  const evidence = composite({
    listed: list(...Array.from({ length: 7 }, (_, index) => child(`n${index}`, 'FAILED'))),
  });
  const steps = diagnose(evidence).causes[0]?.steps.join('\n') ?? '';
  expect([...steps.matchAll(/copy-doctor diagnose n\d --region eu-west-1 --account 111111111111/g)]).toHaveLength(5);
  expect(steps).toContain('does not start the composite');
  expect(steps).toContain('aws backup start-copy-job');
});

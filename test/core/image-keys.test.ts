import { checks } from '../../lambda/core/checks';
import type { CheckResult } from '../../lambda/core/checks/check';
import { diagnose } from '../../lambda/core/diagnose';
import type { Evidence, Response } from '../../lambda/core/evidence';
import { proposalsOf } from '../../lambda/core/incident/proposals';
import { planAgain, withLivePolicy } from '../../lambda/core/plan/plan-again';
import { planFixes } from '../../lambda/core/plan/plan-fix';
import { reportOn } from '../../lambda/core/report';
import {
  DESTINATION,
  DESTINATION_VAULT,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  REGION,
  SOURCE,
  SOURCE_KEY,
} from './evidence-fixture';

const { owner, use, grants } = KEY_STATEMENTS;
const IMAGE = `arn:aws:ec2:${REGION}::image/ami-0123456789abcdef0`;
const SECOND_KEY = `arn:aws:kms:${REGION}:${SOURCE}:key/44444444-4444-4444-8444-444444444444`;
const THIRD_KEY = `arn:aws:kms:${REGION}:333333333333:key/33333333-3333-4333-8333-333333333333`;

const OPEN = policyText(owner, use, grants);
const CLOSED = policyText(owner);

interface KeyAnswers {
  readonly policy?: string;
  readonly metadata?: Record<string, unknown>;
  readonly refused?: string;
}

const keyAnswers = (arn: string, { policy = OPEN, metadata = {}, refused }: KeyAnswers = {}) => {
  const at = `${arn.split(':')[4]}/${REGION}`;
  const told = (answer: Response): Response => (refused ? { error: refused } : answer);
  return {
    [`kms:DescribeKey@${at}#${arn}`]: told({
      KeyMetadata: { Arn: arn, KeyManager: 'CUSTOMER', KeyState: 'Enabled', ...metadata },
    }),
    [`kms:GetKeyPolicy@${at}#${arn}`]: told({ Policy: policy }),
    [`kms:ListGrants@${at}#${arn}`]: told({ Grants: [] }),
    [`kms:ListGrants@${at}#${arn}#arn:aws:iam::${DESTINATION}:root`]: told({ Grants: [] }),
  };
};

const imageWith = (...keys: readonly (string | undefined)[]): Record<string, Response> => ({
  'ec2:DescribeImages@source': {
    Images: [
      {
        ImageId: 'ami-0123456789abcdef0',
        BlockDeviceMappings: [
          ...keys.map((_, index) => ({ DeviceName: `/dev/sd${index}`, Ebs: { SnapshotId: `snap-${index}` } })),
          { DeviceName: '/dev/sdx', VirtualName: 'ephemeral0' },
        ],
      },
    ],
  },
  'ec2:DescribeSnapshots@source': {
    Snapshots: keys.map((KmsKeyId, index) => ({
      SnapshotId: `snap-${index}`,
      Encrypted: KmsKeyId !== undefined,
      ...(KmsKeyId === undefined ? {} : { KmsKeyId }),
    })),
  },
});

/** An image whose first key is the one that AWS Backup names. */
const imageOf = (responses: Record<string, Response | undefined>): Evidence =>
  evidenceOf({
    event: { resources: [IMAGE] },
    detail: {
      resourceType: 'EC2',
      statusMessage: 'AMI snapshot copy failed with error: Given key ID is not accessible.',
    },
    responses: {
      ...imageWith(SOURCE_KEY, undefined, SECOND_KEY),
      'kms:DescribeKey@source': undefined,
      'kms:GetKeyPolicy@source': undefined,
      'kms:ListGrants@source': undefined,
      ...keyAnswers(SOURCE_KEY),
      ...keyAnswers(SECOND_KEY),
      ...responses,
    },
  });

const KEY_CHECKS = [
  'source-key-aws-managed',
  'source-key-unusable',
  'source-key-missing',
  'source-key-policy-lacks-destination',
  'source-key-policy-lacks-grants',
  'source-key-policy-denies',
];
const evaluate = (id: string, evidence: Evidence): CheckResult => {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`no check ${id}`);
  return check.evaluate(evidence);
};

describe('several keys behind one image', () => {
  it.each(KEY_CHECKS)('%s: ok once all of them were read and are fine', (id) => {
    expect(evaluate(id, imageOf({}))).toEqual({ status: 'ok' });
  });

  const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:CreateGrant', Resource: '*' };
  test.each<[string, KeyAnswers]>([
    ['source-key-aws-managed', { metadata: { KeyManager: 'AWS' } }],
    ['source-key-unusable', { metadata: { KeyState: 'Disabled' } }],
    ['source-key-missing', { refused: 'NotFoundException' }],
    ['source-key-policy-lacks-destination', { policy: policyText(owner, grants) }],
    ['source-key-policy-lacks-grants', { policy: policyText(owner, use) }],
    ['source-key-policy-denies', { policy: policyText(owner, use, grants, deny) }],
  ])('%s: a fault on the second key names that key, and not the first', (id, answers) => {
    const result = evaluate(id, imageOf(keyAnswers(SECOND_KEY, answers)));
    expect(result).toMatchObject({ status: 'fault', finding: { confidence: 'confirmed', resource: SECOND_KEY } });
    expect(result).not.toHaveProperty('more');
    const told = result.status === 'fault' ? result.finding.because.join('\n') : '';
    expect(told).toContain('44444444-4444');
    expect(told).not.toContain('11111111-1111-4111');
  });

  const refused = { error: 'UnauthorizedOperation' };
  test.each<[string, Record<string, Response | undefined>, object]>([
    [
      'the image was not read',
      { 'ec2:DescribeImages@source': refused },
      { permission: 'ec2:DescribeImages', reason: 'UnauthorizedOperation' },
    ],
    [
      'the image was not asked for',
      { 'ec2:DescribeImages@source': undefined },
      { permission: 'ec2:DescribeImages', reason: 'not read' },
    ],
    [
      'the answer is about another image',
      { 'ec2:DescribeImages@source': { Images: [{ ImageId: 'ami-1' }] } },
      { permission: 'ec2:DescribeImages' },
    ],
    [
      'a disk has no snapshot',
      {
        'ec2:DescribeImages@source': {
          Images: [{ ImageId: 'ami-0123456789abcdef0', BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] }],
        },
      },
      { permission: 'ec2:DescribeImages' },
    ],
    [
      'an image without disks',
      { 'ec2:DescribeImages@source': { Images: [{ ImageId: 'ami-0123456789abcdef0', BlockDeviceMappings: [] }] } },
      { permission: 'ec2:DescribeImages' },
    ],
    [
      'the snapshots were not read',
      { 'ec2:DescribeSnapshots@source': refused },
      { permission: 'ec2:DescribeSnapshots', reason: 'UnauthorizedOperation' },
    ],
    [
      'one snapshot is not in the answer',
      {
        'ec2:DescribeSnapshots@source': {
          Snapshots: [{ SnapshotId: 'snap-0', Encrypted: true, KmsKeyId: SOURCE_KEY }],
        },
      },
      { permission: 'ec2:DescribeSnapshots' },
    ],
  ])('%s: unknown, never ok', (_, responses, missing) => {
    for (const id of KEY_CHECKS) {
      expect([id, evaluate(id, imageOf(responses))]).toMatchObject([
        id,
        { status: 'unknown', missing: [{ account: SOURCE, ...missing }] },
      ]);
    }
    // What is known is told: the key that AWS Backup names.
    const closed = imageOf({ ...responses, ...keyAnswers(SOURCE_KEY, { policy: CLOSED }) });
    expect(evaluate('source-key-policy-lacks-grants', closed)).toMatchObject({
      status: 'fault',
      finding: {
        resource: SOURCE_KEY,
        because: expect.arrayContaining([expect.stringContaining('Another key of this recovery point may')]),
      },
    });
  });

  it.each(KEY_CHECKS)('%s: unknown where one key was not read, naming its account', (id) => {
    const evidence = imageOf({
      ...imageWith(SOURCE_KEY, THIRD_KEY),
      ...keyAnswers(THIRD_KEY, { refused: 'AccountNotListed' }),
    });
    expect(evaluate(id, evidence)).toMatchObject({
      status: 'unknown',
      missing: [{ permission: 'kms:DescribeKey', account: '333333333333', reason: 'AccountNotListed' }],
    });
    expect(reportOn(evidence, '2026-06-01T10:16:00.000Z').mail.body.replace(/\s+/g, ' ')).toContain(
      'kms:DescribeKey in account 333333333333 (AccountNotListed)',
    );
  });

  it('an image without encryption needs no key', () => {
    const plain = { 'backup:DescribeRecoveryPoint@source': { RecoveryPointArn: IMAGE, IsEncrypted: false } };
    const evidence = imageOf({ ...imageWith(undefined, undefined), ...plain });
    for (const id of KEY_CHECKS) expect([id, evaluate(id, evidence)]).toEqual([id, { status: 'not-applicable' }]);
  });

  it('the snapshots name the keys also where AWS Backup names none', () => {
    const nameless = { 'backup:DescribeRecoveryPoint@source': { RecoveryPointArn: IMAGE, IsEncrypted: true } };
    expect(evaluate('source-key-unusable', imageOf(nameless))).toEqual({ status: 'ok' });
  });
});

describe('several faulty keys', () => {
  const both = imageOf({
    ...keyAnswers(SOURCE_KEY, { policy: CLOSED }),
    ...keyAnswers(SECOND_KEY, { policy: CLOSED }),
  });
  const settings = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' as const };
  const diagnosis = diagnose(both);

  it('are a cause each', () => {
    expect(diagnosis.causes.map(({ id, resource }) => [id, resource])).toEqual([
      ['source-key-policy-lacks-destination', SOURCE_KEY],
      ['source-key-policy-lacks-destination', SECOND_KEY],
      ['source-key-policy-lacks-grants', SOURCE_KEY],
      ['source-key-policy-lacks-grants', SECOND_KEY],
    ]);
  });

  it('have a plan and an incident each', () => {
    const plans = planFixes(both, diagnosis, settings);
    expect(plans).toMatchObject([
      {
        ok: true,
        plan: {
          resource: SOURCE_KEY,
          causes: ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
        },
      },
      {
        ok: true,
        plan: {
          resource: SECOND_KEY,
          causes: ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
        },
      },
    ]);
    const proposed = proposalsOf(both, diagnosis, settings).filter(({ proposal }) => proposal.kind === 'key-policy');
    expect(proposed.map(({ proposal }) => proposal.resource)).toEqual([SOURCE_KEY, SECOND_KEY]);
    expect(new Set(proposed.map(({ proposal }) => proposal.id)).size).toBe(2);
  });

  it('are changed one by one: that the other is still closed does not matter', () => {
    const subject = (resource: string) => ({
      kind: 'key-policy' as const,
      resource,
      causes: ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
    });
    expect(planAgain(both, subject(SECOND_KEY), settings)).toMatchObject({
      outcome: 'planned',
      plan: { resource: SECOND_KEY },
    });
    const mended = withLivePolicy(both, 'key-policy', SECOND_KEY, OPEN);
    expect(planAgain(mended, subject(SECOND_KEY), settings)).toEqual({ outcome: 'in-place' });
    expect(planAgain(mended, subject(SOURCE_KEY), settings)).toMatchObject({
      outcome: 'planned',
      plan: { resource: SOURCE_KEY },
    });
    expect(planAgain(mended, subject(THIRD_KEY), settings)).toMatchObject({ outcome: 'refused' });
  });
});

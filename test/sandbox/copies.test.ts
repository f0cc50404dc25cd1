import type { CopyJobEvent } from '.';
import { DESTINATION, REGION, SOURCE, openWorld, type World } from './fixture';

async function within<T>(type: string | undefined, use: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld(type);
  try {
    return await use(world);
  } finally {
    await world.sandbox.close();
  }
}
const stateAfter = async ({ sandbox, copy }: World) => {
  const job = await sandbox.runCopy(copy);
  await sandbox.finishCopies();
  return [job.state, job.gate, job.statusMessage];
};
const DONE = ['COMPLETED', undefined, undefined];

const OPEN = [
  'EC2',
  'EBS',
  'Storage Gateway',
  'RDS',
  'Aurora',
  'DocumentDB',
  'Neptune',
  'FSx',
  'S3',
  'EFS',
  'DynamoDB',
  'EKS',
  'VirtualMachine',
];
test.each(OPEN)('with all gates open, %s is copied', (type) =>
  within(type, async (world) => {
    expect(await stateAfter(world)).toEqual(DONE);
    const [copied] = world.destinationVault.recoveryPoints;
    expect(copied).toMatchObject({ type, keyArn: world.destinationKey.arn, tags: { team: 'a' }, status: 'COMPLETED' });
    expect(world.sandbox.copyJobs[0]?.destinationRecoveryPointArn).toBe(copied?.arn);
  }),
);

const stillOpen: [string, string | undefined, (world: World) => void][] = [
  [
    'RDS to another Region and account in 2026',
    'RDS',
    ({ sandbox, copy, destinationVault: { policy = '' } }) => {
      const key = sandbox.addKey({ account: DESTINATION, region: 'us-east-1' });
      copy.destinationVaultArn = sandbox.addVault({
        account: DESTINATION,
        region: 'us-east-1',
        name: 'far',
        key,
        policy,
      }).arn;
    },
  ],
  [
    'fully managed under aws/backup on both sides',
    'S3',
    ({ sandbox, recoveryPoint, destinationVault }) => {
      recoveryPoint.keyArn = sandbox.state.managedKey(SOURCE, REGION, 'aws/backup').arn;
      destinationVault.key = sandbox.state.managedKey(DESTINATION, REGION, 'aws/backup');
    },
  ],
  [
    'within one account, with no policy anywhere',
    'EBS',
    (world) => {
      const { sandbox, copy, sourceKey } = world;
      copy.destinationVaultArn = sandbox.addVault({ account: SOURCE, region: REGION, name: 'second' }).arn;
      sourceKey.policy = '{"Statement":[]}';
      sandbox.account(SOURCE).organization = undefined;
    },
  ],
  [
    'a grant instead of a key policy',
    'EBS',
    ({ sourceKey }) => {
      const statements = (JSON.parse(sourceKey.policy) as { Statement: object[] }).Statement;
      sourceKey.policy = JSON.stringify({ Statement: statements.slice(0, 1) });
      const granteePrincipal = `arn:aws:iam::${DESTINATION}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`;
      sourceKey.grants.push({
        grantId: 'g',
        granteePrincipal,
        operations: ['DescribeKey', 'CreateGrant', 'ReEncryptFrom'],
      });
    },
  ],
  [
    "AWS's narrow key policy",
    'EBS',
    ({ sourceKey }) => {
      const Principal = { AWS: `arn:aws:iam::${DESTINATION}:root` };
      const own = (JSON.parse(sourceKey.policy) as { Statement: object[] }).Statement[0];
      const role = {
        ArnEquals: {
          'aws:PrincipalArn': `arn:aws:iam::${DESTINATION}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`,
        },
      };
      const use = {
        Effect: 'Allow',
        Principal,
        Action: ['kms:DescribeKey', 'kms:ReEncrypt*'],
        Resource: '*',
        Condition: role,
      };
      const Condition = { ...role, Bool: { 'kms:GrantIsForAWSResource': 'true' } };
      const grants = { Effect: 'Allow', Principal, Action: 'kms:CreateGrant', Resource: '*', Condition };
      sourceKey.policy = JSON.stringify({ Statement: [own, use, grants] });
    },
  ],
  [
    'the whole organization in the vault policy',
    'EBS',
    ({ destinationVault }) => {
      const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-sandbox001' } };
      destinationVault.policy = JSON.stringify({
        Statement: [
          { Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*', Condition },
        ],
      });
    },
  ],
  [
    'an unencrypted recovery point',
    'Aurora',
    ({ recoveryPoint, sourceKey }) => {
      recoveryPoint.encrypted = false;
      recoveryPoint.keyArn = undefined;
      sourceKey.state = 'Disabled';
    },
  ],
  [
    'a tag policy for another type',
    'EBS',
    ({ sandbox }) => {
      sandbox.account(DESTINATION).effectiveTagPolicy = {
        tags: { team: { tag_key: 'team', tag_value: ['b'], enforced_for: ['rds:*'] } },
      };
    },
  ],
];
test.each(stillOpen)('%s is copied', (_, type, change) =>
  within(type, async (world) => {
    change(world);
    expect(await stateAfter(world)).toEqual(DONE);
  }),
);

test('who must use a fully managed key is a setting', () =>
  within('EFS', async (world) => {
    const { Statement } = JSON.parse(world.sourceKey.policy) as { Statement: object[] };
    world.sourceKey.policy = JSON.stringify({ Statement: Statement.slice(0, 1) });
    expect((await stateAfter(world))[1]).toBe('source-key');
    world.sandbox.fullyManagedCopier = 'either';
    expect(await stateAfter(world)).toEqual(DONE);
    world.sandbox.fullyManagedCopier = 'copy-role';
    expect(await stateAfter(world)).toEqual(DONE);
  }));

test('events: shapes, account, Region, order, and the clock', () =>
  within('EBS', async ({ sandbox, copy, recoveryPoint, sourceVault, destinationVault }) => {
    const seen: CopyJobEvent[] = [];
    const off = sandbox.events.on(async (event) => {
      await Promise.resolve();
      seen.push(event);
    });
    const failing = {
      ...copy,
      injectFailure: { statusMessage: 'An internal error occurred.', messageCategory: 'FATAL_ERROR' },
    };
    const job = await sandbox.runCopy(failing);
    expect(seen.map(({ detail }) => detail.state)).toEqual(['CREATED']);
    await sandbox.clock.advance(60_000);
    expect(job.state).toBe('RUNNING');
    await sandbox.clock.advance(240_000);
    expect(seen[2]).toEqual({
      version: '0',
      id: expect.any(String),
      'detail-type': 'Copy Job State Change',
      source: 'aws.backup',
      account: SOURCE,
      region: REGION,
      time: '2026-06-01T00:05:00Z',
      resources: [recoveryPoint.arn],
      detail: {
        copyJobId: job.id,
        backupSizeInBytes: recoveryPoint.bytes,
        creationDate: '2026-06-01T00:00:00.000Z',
        completionDate: '2026-06-01T00:05:00.000Z',
        iamRoleArn: copy.role,
        resourceArn: recoveryPoint.resourceArn,
        resourceType: 'EBS',
        sourceBackupVaultArn: sourceVault.arn,
        destinationBackupVaultArn: destinationVault.arn,
        destinationRecoveryPointArn: {},
        state: 'FAILED',
        statusMessage: 'An internal error occurred.',
        createdBy: expect.objectContaining({ backupPlanRuleId: expect.any(String), backupPlanId: expect.any(String) }),
      },
    });
    expect('copyJobId' in (seen[0]?.detail ?? {})).toBe(false);
    await sandbox.runCopy({ ...copy, createdBy: 'on-demand' });
    await sandbox.finishCopies();
    const last = seen.at(-1)?.detail;
    expect(last).toMatchObject({
      state: 'COMPLETED',
      destinationRecoveryPointArn: destinationVault.recoveryPoints[0]?.arn,
    });
    expect('createdBy' in (last ?? {}) || 'statusMessage' in (last ?? {})).toBe(false);
    off();
    await sandbox.runCopy(copy);
    expect(seen).toHaveLength(6);
    expect(sandbox.events.all).toHaveLength(7);
  }));

test('a composite ends PARTIAL if a child fails', () =>
  within('EKS', async ({ sandbox, copy, sourceVault, sourceKey }) => {
    const child = sandbox.addRecoveryPoint({ vault: sourceVault, type: 'EBS', key: sourceKey });
    const injectFailure = { statusMessage: 'x', messageCategory: 'FATAL_ERROR' };
    const children = [
      { ...copy, recoveryPoint: child },
      { ...copy, recoveryPoint: child, injectFailure },
    ];
    const parent = await sandbox.runCopy({ ...copy, children });
    await sandbox.finishCopies();
    expect(parent.state).toBe('PARTIAL');
    expect(sandbox.copyJobs.filter(({ parentId }) => parentId === parent.id).map(({ state }) => state)).toEqual([
      'COMPLETED',
      'FAILED',
    ]);
  }));

test('what a composite recovery point groups is copied with it, also by StartCopyJob', () =>
  within('EKS', async ({ sandbox, copy, sourceVault, sourceKey, recoveryPoint }) => {
    const members = [1, 2].map(() => sandbox.addRecoveryPoint({ vault: sourceVault, type: 'EBS', key: sourceKey }));
    recoveryPoint.members = members;
    const parent = await sandbox.runCopy(copy);
    await sandbox.finishCopies();
    expect(parent.state).toBe('COMPLETED');
    const nested = sandbox.copyJobs.filter(({ parentId }) => parentId === parent.id);
    expect(nested.map(({ sourceRecoveryPointArn }) => sourceRecoveryPointArn)).toEqual(members.map(({ arn }) => arn));
    expect(parent.childIds).toEqual(nested.map(({ id }) => id));
  }));

test('a copy of the past is on record without an event, until its record is gone', () =>
  within('EBS', async ({ sandbox, copy, destinationVault, recoveryPoint }) => {
    const before = sandbox.events.all.length;
    const job = sandbox.backup.addCompleted({ ...copy, recoveryPoint }, 3);
    expect(job).toMatchObject({
      state: 'COMPLETED',
      createdAt: new Date(sandbox.clock.now().getTime() - 3 * 86_400_000),
    });
    expect(destinationVault.recoveryPoints.map(({ arn }) => arn)).toEqual([job.destinationRecoveryPointArn]);
    expect(sandbox.events.all).toHaveLength(before);
    expect(sandbox.backup.recorded()).toContain(job);
    await sandbox.clock.advance(28 * 86_400_000);
    expect(sandbox.backup.recorded()).not.toContain(job);
  }));

test('a missing service-linked role has no text that is known: say so', () =>
  within('EBS', async ({ sandbox, copy }) => {
    sandbox.account(DESTINATION).roles = [];
    await sandbox.runCopy(copy);
    await expect(sandbox.finishCopies()).rejects.toThrow('the sandbox knows no text');
  }));

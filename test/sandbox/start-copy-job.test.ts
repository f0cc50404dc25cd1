import { DescribeCopyJobCommand, ListCopyJobsCommand, StartCopyJobCommand } from '@aws-sdk/client-backup';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { clients, DESTINATION, openWorld, refused, SOURCE, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

const input = () => ({
  RecoveryPointArn: world.recoveryPoint.arn,
  SourceBackupVaultName: 'daily',
  DestinationBackupVaultArn: world.destinationVault.arn,
  IamRoleArn: world.role.arn,
});
const start = (more: object = {}) =>
  clients(world.sandbox).backup.send(new StartCopyJobCommand({ ...input(), ...more }));

describe('a token', () => {
  it('stands for one job, also when it is used twice at the same time', async () => {
    const twice = await Promise.all([start({ IdempotencyToken: 'a' }), start({ IdempotencyToken: 'a' })]);
    const later = await start({ IdempotencyToken: 'a' });

    expect(new Set([...twice, later].map(({ CopyJobId }) => CopyJobId)).size).toBe(1);
    expect(world.sandbox.copyJobs).toHaveLength(1);
    await start({ IdempotencyToken: 'b' });
    await start();
    expect(world.sandbox.copyJobs).toHaveLength(3);
  });

  it('still names its job when the recovery point is gone, and stands for nothing when it was refused', async () => {
    const { CopyJobId } = await start({ IdempotencyToken: 'a' });
    const points = world.sourceVault.recoveryPoints.splice(0);
    expect((await start({ IdempotencyToken: 'a' })).CopyJobId).toBe(CopyJobId);
    expect((await refused(start({ IdempotencyToken: 'b' }))).name).toBe('ResourceNotFoundException');
    world.sourceVault.recoveryPoints.push(...points);
    expect((await start({ IdempotencyToken: 'b' })).CopyJobId).not.toBe(CopyJobId);
  });

  it('is not emulated with another request', async () => {
    await start({ IdempotencyToken: 'a' });
    const other = start({ IdempotencyToken: 'a', Lifecycle: { DeleteAfterDays: 5 } });
    expect((await refused(other)).message).toContain('not emulated: backup:StartCopyJob, a used token');
  });
});

it('copies with the role and the lifecycle that were asked for', async () => {
  const other = world.sandbox.addCopyRole(SOURCE, 'other');
  const { CopyJobId } = await start({ IamRoleArn: other.arn, Lifecycle: { DeleteAfterDays: 35 } });
  await world.sandbox.finishCopies();

  const described = await clients(world.sandbox).backup.send(new DescribeCopyJobCommand({ CopyJobId }));
  expect(described.CopyJob).toMatchObject({
    State: 'COMPLETED',
    IamRoleArn: other.arn,
    DestinationRecoveryPointLifecycle: { DeleteAfterDays: 35 },
  });
  expect(described.CopyJob?.CreatedBy).toBeUndefined();
  expect(world.destinationVault.recoveryPoints[0]?.lifecycle.deleteAfterDays).toBe(35);
});

it('refuses what is too many at once, by itself and by a fault', async () => {
  const { sandbox } = world;
  sandbox.maxRunningCopies = 2;
  await start();
  await sandbox.runCopy(world.copy);
  expect(await refused(start())).toMatchObject({ name: 'LimitExceededException', status: 400 });
  await sandbox.finishCopies();
  await start();
  sandbox.faults.add({ service: 'backup', operation: 'StartCopyJob', throttle: true, times: 1 });
  expect((await refused(start())).name).toBe('ThrottlingException');
  expect(sandbox.copyJobs).toHaveLength(3);
});

it('lists copies that wait, and those that run', async () => {
  const { CopyJobId: runs } = await start();
  await world.sandbox.clock.advance(60_000);
  const { CopyJobId: waits } = await start();
  const listed = async (ByState: 'CREATED' | 'RUNNING' | 'COMPLETED') =>
    (await clients(world.sandbox).backup.send(new ListCopyJobsCommand({ ByState }))).CopyJobs?.map(
      (job) => job.CopyJobId,
    );
  expect(await listed('CREATED')).toEqual([waits]);
  expect(await listed('RUNNING')).toEqual([runs]);
  expect(await listed('COMPLETED')).toEqual([]);
});

it('tells when the rule of a plan runs', async () => {
  const rule = { planId: 'p', planArn: 'arn', planVersion: 'v', ruleId: 'r' };
  const job = await world.sandbox.runCopy({
    ...world.copy,
    createdBy: { ...rule, ruleCron: 'cron(0 3 * * ? *)', ruleTimezone: 'Europe/Berlin' },
  });
  const { backup } = clients(world.sandbox);
  const { CopyJob } = await backup.send(new DescribeCopyJobCommand({ CopyJobId: job.id }));
  expect(CopyJob?.CreatedBy).toMatchObject({
    BackupRuleCron: 'cron(0 3 * * ? *)',
    BackupRuleTimezone: 'Europe/Berlin',
  });
});

describe('while a copy runs', () => {
  it.each([
    ['its destination vault', () => world.sandbox.removeVault(world.destinationVault.arn), /^Could not find cryopod/],
    ['the destination account', () => world.sandbox.removeAccount(DESTINATION), /same organization/],
  ])('%s may vanish', async (_, vanish, text) => {
    const { CopyJobId } = await start();
    vanish();
    await world.sandbox.finishCopies();
    expect(world.sandbox.copyJobs.find(({ id }) => id === CopyJobId)).toMatchObject({
      state: 'FAILED',
      statusMessage: expect.stringMatching(text),
    });
  });

  it('nobody takes a role of an account that vanished, and its keys are unknown', async () => {
    const { sandbox } = world;
    const trust = { Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${SOURCE}:root` }, Action: '*' } };
    const { arn } = sandbox.addRole({ account: DESTINATION, name: 'reader', trust });
    const gone = clients(sandbox, DESTINATION);
    sandbox.removeAccount(DESTINATION);
    const assume = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'me' });
    expect((await refused(clients(sandbox).sts.send(assume))).name).toBe('AccessDenied');
    expect((await refused(gone.backup.send(new ListCopyJobsCommand({})))).name).toBe('UnrecognizedClientException');
  });
});

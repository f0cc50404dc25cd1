import {
  DescribeBackupVaultCommand,
  DescribeCopyJobCommand,
  DescribeGlobalSettingsCommand,
  DescribeRecoveryPointCommand,
  DescribeRegionSettingsCommand,
  GetBackupVaultAccessPolicyCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListTagsCommand,
  PutBackupVaultAccessPolicyCommand,
  StartCopyJobCommand,
} from '@aws-sdk/client-backup';
import { DESTINATION, MANAGEMENT, REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

describe('backup (REST-JSON)', () => {
  test('vaults, recovery points, settings, tags', async () => {
    const { sandbox, recoveryPoint, sourceKey } = world;
    const { backup } = clients(sandbox);
    const point = await backup.send(
      new DescribeRecoveryPointCommand({ BackupVaultName: 'daily', RecoveryPointArn: recoveryPoint.arn }),
    );
    expect(point).toMatchObject({
      ResourceType: 'EBS',
      EncryptionKeyArn: sourceKey.arn,
      IsEncrypted: true,
      Status: 'COMPLETED',
    });
    expect(point.CreationDate).toEqual(new Date('2026-06-01T00:00:00Z'));
    const vault = await backup.send(new DescribeBackupVaultCommand({ BackupVaultName: 'daily' }));
    expect(vault).toMatchObject({ VaultState: 'AVAILABLE', VaultType: 'BACKUP_VAULT', Locked: false });
    const settings = await backup.send(new DescribeRegionSettingsCommand({}));
    expect(settings.ResourceTypeManagementPreference).toEqual({ DynamoDB: true });
    world.sourceVault.tags.owner = 'x';
    expect((await backup.send(new ListTagsCommand({ ResourceArn: world.sourceVault.arn }))).Tags).toEqual({
      owner: 'x',
    });
  });

  test('policies: read, written, refused', async () => {
    const { sandbox, destinationVault } = world;
    const own = clients(sandbox, DESTINATION).backup;
    const policy = await own.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName: 'central' }));
    expect(policy.Policy).toBe(destinationVault.policy);
    const put = (Policy: object) =>
      own.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName: 'central', Policy: JSON.stringify(Policy) }));
    const statement = (Action: string, account = SOURCE) => ({
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action, Resource: '*' }],
    });
    await put(statement('backup:CopyIntoBackupVault'));
    expect(destinationVault.policy).toBe(JSON.stringify(statement('backup:CopyIntoBackupVault')));
    await put(statement('backup:DescribeRecoveryPoint', DESTINATION));
    expect(await refused(put(statement('backup:StartRestoreJob')))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('cross-account sharing restrictions'),
    });
    expect((await refused(put(statement('backup:CopyIntoBackupVault', '123123123123')))).name).toBe(
      'InvalidParameterValueException',
    );
    destinationVault.policy = undefined;
    const none = await refused(own.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName: 'central' })));
    expect(none).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
  });

  test('a vault that is missing or elsewhere cannot be told from one that is closed', async () => {
    const asked = [
      clients(world.sandbox).backup.send(new DescribeBackupVaultCommand({ BackupVaultName: 'central' })),
      clients(world.sandbox).backup.send(
        new DescribeBackupVaultCommand({ BackupVaultName: 'central', BackupVaultAccountId: DESTINATION }),
      ),
      clients(world.sandbox, SOURCE, 'eu-central-1').backup.send(
        new DescribeBackupVaultCommand({ BackupVaultName: 'daily' }),
      ),
    ];
    for (const promise of asked) {
      expect(await refused(promise)).toEqual({
        name: 'AccessDeniedException',
        message: 'Insufficient privileges to perform this action.',
        status: 403,
      });
    }
  });

  test('global settings: management account, member, nobody', async () => {
    const { sandbox } = world;
    const ask = async (account: string) =>
      (await clients(sandbox, account).backup.send(new DescribeGlobalSettingsCommand({}))).GlobalSettings;
    expect(await ask(MANAGEMENT)).toEqual({ isCrossAccountBackupEnabled: 'true' });
    expect(await ask(SOURCE)).toEqual({ isCrossAccountBackupEnabled: 'false' });
    sandbox.memberSeesGlobalSettings = true;
    expect(await ask(SOURCE)).toEqual({ isCrossAccountBackupEnabled: 'true' });
    sandbox.addAccount({ id: '333333333333' });
    expect((await refused(ask('333333333333'))).name).toBe('InvalidRequestException');
  });

  test('copy jobs: started, described, listed by each filter, paged, forgotten after 30 days', async () => {
    const { sandbox, copy, recoveryPoint, destinationVault } = world;
    const { backup } = clients(sandbox);
    const input = {
      RecoveryPointArn: recoveryPoint.arn,
      SourceBackupVaultName: 'daily',
      DestinationBackupVaultArn: destinationVault.arn,
      IamRoleArn: copy.role,
      IdempotencyToken: 'once',
    };
    const { CopyJobId } = await backup.send(new StartCopyJobCommand(input));
    expect((await backup.send(new StartCopyJobCommand(input))).CopyJobId).toBe(CopyJobId);
    await sandbox.finishCopies();
    const { CopyJob } = await backup.send(new DescribeCopyJobCommand({ CopyJobId }));
    expect(CopyJob).toMatchObject({ State: 'COMPLETED', MessageCategory: 'SUCCESS', AccountId: SOURCE });
    expect(CopyJob?.CreatedBy).toBeUndefined();
    expect(CopyJob?.CompletionDate).toEqual(sandbox.copyJobs[0]?.completedAt);
    await sandbox.runCopy({ ...copy, injectFailure: { statusMessage: 'x', messageCategory: 'FATAL_ERROR' } });
    await sandbox.finishCopies();
    const count = async (by: object) => (await backup.send(new ListCopyJobsCommand(by))).CopyJobs?.length;
    expect(await count({ ByState: 'FAILED' })).toBe(1);
    expect(await count({ ByMessageCategory: 'FATAL_ERROR' })).toBe(1);
    expect(await count({ ByDestinationVaultArn: destinationVault.arn, ByResourceType: 'EBS' })).toBe(2);
    expect(await count({ ByResourceArn: recoveryPoint.resourceArn })).toBe(2);
    expect(await count({ ByResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:volume/vol-other' })).toBe(0);
    const between = sandbox.copyJobs[1]?.createdAt;
    expect(await count({ ByCreatedAfter: between })).toBe(1);
    expect(await count({ ByCompleteBefore: between, ByCreatedBefore: between })).toBe(1);
    expect(await count({ ByCompleteAfter: sandbox.clock.now() })).toBe(1);
    expect(await count({ ByAccountId: SOURCE })).toBe(2);
    const first = await backup.send(new ListCopyJobsCommand({ MaxResults: 1 }));
    expect(first.CopyJobs?.[0]?.State).toBe('FAILED');
    const second = await backup.send(new ListCopyJobsCommand({ MaxResults: 1, NextToken: first.NextToken }));
    expect(second.CopyJobs?.[0]?.CopyJobId).toBe(CopyJobId);
    expect(second.NextToken).toBeUndefined();
    expect((await refused(backup.send(new ListCopyJobsCommand({ NextToken: 'no' })))).name).toBe(
      'InvalidParameterValueException',
    );
    const managed = await clients(sandbox, MANAGEMENT).backup.send(new ListCopyJobsCommand({ ByAccountId: '*' }));
    expect(managed.CopyJobs).toHaveLength(2);
    await sandbox.clock.advance(31 * 86_400_000);
    expect((await refused(backup.send(new DescribeCopyJobCommand({ CopyJobId })))).name).toBe(
      'ResourceNotFoundException',
    );
    expect(await count({})).toBe(0);
  });

  test('vaults are paged', async () => {
    const { sandbox } = world;
    for (const name of ['a', 'b', 'c']) sandbox.addVault({ account: SOURCE, region: REGION, name });
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const answer: { BackupVaultList?: { BackupVaultName?: string }[]; NextToken?: string } = await clients(
        sandbox,
      ).backup.send(new ListBackupVaultsCommand({ MaxResults: 2, NextToken }));
      names.push(...(answer.BackupVaultList ?? []).map(({ BackupVaultName }) => BackupVaultName));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(names).toEqual(['daily', 'a', 'b', 'c']);
  });
});

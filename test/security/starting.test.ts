import {
  GetBackupVaultAccessPolicyCommand,
  PutBackupVaultAccessPolicyCommand,
  StartCopyJobCommand,
} from '@aws-sdk/client-backup';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { PublishCommand } from '@aws-sdk/client-sns';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { untilAtRest } from '../sandbox/demo/rest';
import { DESTINATION, SOURCE } from '../sandbox/demo/scenario';
import { clients, type Config } from '../sandbox/fixture';
import { evaluate } from '../sandbox/matcher';
import {
  approved,
  as,
  broken,
  decide,
  effects,
  failed,
  headOf,
  mailsAbout,
  operator,
  refusedTo,
  roleArn,
  told,
  vaultArn,
  worldOf,
  type World,
} from './fixture';

// What may be started, by whom, and how often.

const NAMES = ['own-role', 'other-role', 'listed', 'destination', 'again'];
let world: World;
beforeAll(async () => (world = await worldOf(NAMES)));
afterAll(() => world.close());

const starts = (in_: World, calls = 0) => effects(in_, calls).filter(({ operation }) => operation === 'StartCopyJob');

describe('PassRole abuse', () => {
  it('a copy that ran with a role that is not listed is not started again, and people are told', async () => {
    const { incident, job } = await told(world, broken('own-role', undefined, { ownRole: true }));
    const [calls, mails] = [world.sandbox.calls.length, world.sandbox.published.length];
    expect(await approved(world, incident, '--retry')).toMatchObject({ state: 'applied' });
    expect(starts(world, calls)).toEqual([]);
    expect(world.sandbox.vault(vaultArn('own-role'))?.policy).toContain('CopyIntoBackupVault');
    const [mail] = mailsAbout(world, incident, mails).filter(({ json }) => json['telling'] === 'left-out');
    expect(mail?.email).toContain('copyRoles');
    expect(job.role).toContain('copy-own-role');
  });

  it('what AWS says now about its role counts, not what the incident was opened with', async () => {
    const { incident, job } = await told(world, broken('other-role'));
    const calls = world.sandbox.calls.length;
    job.role = world.sandbox.addCopyRole(SOURCE, 'Admin').arn;
    expect(await approved(world, incident, '--retry')).toMatchObject({ state: 'applied' });
    expect(starts(world, calls)).toEqual([]);
  });

  it('the role that starts copies passes the listed role to AWS Backup, and nothing else', async () => {
    const { stage } = await failed(world, broken('listed'));
    const { sourceVault, recoveryPoint, destinationVault, role } = stage;
    const { backup } = clients(world.sandbox, as(world, 'retrier'));
    const start = (IamRoleArn: string) =>
      refusedTo(
        backup.send(
          new StartCopyJobCommand({
            ...{ RecoveryPointArn: recoveryPoint.arn, SourceBackupVaultName: sourceVault.name, IamRoleArn },
            DestinationBackupVaultArn: destinationVault.arn,
          }),
        ),
      );
    const others = [
      world.sandbox.addCopyRole(SOURCE, 'service-role/Other').arn,
      world.sandbox.addCopyRole(SOURCE, 'service-role/AWSBackupDefaultServiceRoleX').arn,
      world.sandbox.addCopyRole(DESTINATION).arn,
      ...['diagnose', 'remediate', 'approve', 'retrier', 'vault-writer', 'approver'].map((name) => roleArn(name)),
    ];
    for (const other of others) expect(await start(other)).toContain('iam:PassRole');
    expect(await start(role.arn)).toBe('it was let through');

    const policies = (world.sandbox.role(roleArn('retrier'))?.policies ?? []).map((one) => JSON.stringify(one));
    const passed = (service?: string, resource = role.arn) =>
      evaluate(policies, {
        ...{ action: 'iam:PassRole', resource, principal: { account: SOURCE, arn: roleArn('retrier') } },
        context: service ? { 'iam:PassedToService': service } : {},
      });
    expect(passed('backup.amazonaws.com')).toBe('allowed');
    for (const service of ['ec2.amazonaws.com', 'lambda.amazonaws.com', 'backup.amazonaws.com.evil', undefined]) {
      expect(passed(service)).toBe('implicitDeny');
    }
    const ofNoPath = `arn:aws:iam::${SOURCE}:role/AWSBackupDefaultServiceRole`;
    expect(passed('backup.amazonaws.com', ofNoPath)).toBe('implicitDeny');
  });
});

describe('The role that starts copies', () => {
  it('can do nothing else', async () => {
    const { sandbox, table, topic } = world;
    const { backup, kms, dynamodb, sns, sts } = clients(sandbox, as(world, 'retrier'));
    const key = sandbox.account(SOURCE).keys.find(({ manager }) => manager === 'CUSTOMER');
    const BackupVaultName = sandbox.account(SOURCE).vaults[0]?.name ?? '';
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const tried: Readonly<Record<string, () => Promise<unknown>>> = {
      get: () => backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })),
      put: () => backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName, Policy })),
      key: () => kms.send(new PutKeyPolicyCommand({ KeyId: key?.arn, PolicyName: 'default', Policy })),
      table: () =>
        dynamodb.send(
          new GetItemCommand({ TableName: table.name, Key: { pk: { S: 'INCIDENT#A' }, sk: { S: 'HEAD' } } }),
        ),
      topic: () => sns.send(new PublishCommand({ TopicArn: topic.arn, Message: 'x' })),
    };
    for (const [name, call] of Object.entries(tried)) {
      expect({ name, said: await refusedTo(call()) }).toEqual({
        name,
        said: expect.stringMatching(/AccessDenied|AuthorizationError|not authorized/),
      });
    }
    for (const role of ['reader', 'vault-writer', 'approver']) {
      for (const account of [SOURCE, DESTINATION]) {
        const assume = new AssumeRoleCommand({ RoleArn: roleArn(role, account), RoleSessionName: 'retrier' });
        expect(await refusedTo(sts.send(assume))).toContain('AccessDenied');
      }
    }
    // Whatever else there is: its policy speaks of two actions.
    const statements = (sandbox.role(roleArn('retrier'))?.policies ?? []).flatMap(
      (policy) => (policy as { Statement: { Effect: string; Action: string | string[] }[] }).Statement,
    );
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual(['backup:StartCopyJob', 'iam:PassRole']);
  });

  it('nobody else of the service can start a copy', async () => {
    const { stage } = await failed(world, broken('start-by-others'));
    const { sourceVault, recoveryPoint, destinationVault, role } = stage;
    const calls = world.sandbox.copyJobs.length;
    const others: Config[] = ['diagnose', 'remediate', 'approve', 'approver', 'reader', 'vault-writer'].map((name) =>
      as(world, name),
    );
    for (const who of [...others, operator(world)]) {
      const start = new StartCopyJobCommand({
        ...{ RecoveryPointArn: recoveryPoint.arn, SourceBackupVaultName: sourceVault.name, IamRoleArn: role.arn },
        DestinationBackupVaultArn: destinationVault.arn,
      });
      expect(await refusedTo(clients(world.sandbox, who).backup.send(start))).toContain('AccessDenied');
    }
    expect(world.sandbox.copyJobs).toHaveLength(calls);
  });
});

describe('A destination that is not on the list', () => {
  it('gets no copy, not even of what passes by itself', async () => {
    const calls = world.sandbox.calls.length;
    const { incident } = await told(world, broken('never-listed', 'tag-copy-failed'));
    await world.pass(12 * 3_600_000, 600_000);
    expect(starts(world, calls)).toEqual([]);
    expect(['waiting', 'canary', 'retrying']).not.toContain((await headOf(world, incident.id)).state);
  });

  it('nor one that the record of the failed copy names once the change is made', async () => {
    const { incident, job } = await told(world, broken('destination'));
    const calls = world.sandbox.calls.length;
    const other = world.sandbox.addVault({ account: DESTINATION, region: world.region, name: 'dr-somewhere' });
    expect(await decide(world, 'approve', incident, 'operator', incident.planHash, '--retry')).toMatchObject({
      code: 0,
    });
    await world.drain();
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'settling' });
    job.destinationVaultArn = other.arn;
    await untilAtRest(world, [incident.id]);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'applied' });
    expect(starts(world, calls)).toEqual([]);
  });
});

describe('Our own retry fails and triggers us again', () => {
  const DAYS = 3;

  it.each([
    ['a person has approved', {}],
    ['nobody is asked', { autoApply: vaultArn('again'), retry: 'auto' }],
  ])('%s, and somebody takes the change back each time: it ends', async (_, settings) => {
    const own = await worldOf(['again'], { settings });
    try {
      const { sandbox } = own;
      const { incident, stage } = await told(own, broken('again'));
      if (incident.state === 'proposed') {
        const answer = await decide(own, 'approve', incident, 'operator', incident.planHash, '--retry');
        expect(answer).toMatchObject({ code: 0 });
        await own.drain();
      }
      expect(effects(own).filter(({ operation }) => operation !== 'StartCopyJob')).toHaveLength(1);
      const until = sandbox.clock.now().getTime() + DAYS * 24 * 3_600_000;
      for (let step = 0; sandbox.clock.now().getTime() < until; step++) {
        stage.destinationVault.policy = undefined;
        await own.pass(step < 60 ? 60_000 : 1_800_000, 1_800_000);
      }
      expect(await headOf(own, incident.id)).toMatchObject({ state: 'not-cured' });
      const tried = starts(own);
      expect(tried.length).toBeGreaterThan(0);
      expect(tried.length).toBeLessThanOrEqual(5);
      expect(effects(own).length - tried.length).toBeLessThanOrEqual(5);
      // Beside the one that the resource had before.
      const failed = sandbox.copyJobs.filter(({ state }) => state !== 'COMPLETED');
      expect(failed).toHaveLength(1 + tried.length);
      const last = Math.max(...sandbox.copyJobs.map(({ createdAt }) => createdAt.getTime()));
      expect(last).toBeLessThan(until - 2 * 24 * 3_600_000);
      expect(own.deadLetters()).toEqual([]);
    } finally {
      await own.close();
    }
  });
});

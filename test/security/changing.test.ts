import { PutBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { clients } from '../sandbox/fixture';
import {
  apply,
  as,
  broken,
  decide,
  decisionsOn,
  headOf,
  mailsAbout,
  refusedTo,
  THEIRS,
  told,
  vaultArn,
  worldOf,
  type World,
} from './fixture';

// What docs/threat-model.md says of this.

const NAMES = ['shown', 'approved', 'kept', 'closed', 'unreadable', 'lost'];
let world: World;
beforeAll(async () => (world = await worldOf(NAMES)));
afterAll(() => world.close());

const theirs = JSON.stringify({ Version: '2012-10-17', Statement: THEIRS });
const policyOf = (name: string) => world.sandbox.vault(vaultArn(name))?.policy;
const putsSince = (calls: number) =>
  world.sandbox.calls.slice(calls).filter(({ operation }) => /^(Put|Delete).*Policy/.test(operation));

describe('The policy changed between showing and writing', () => {
  it.each(['shown', 'approved'])(
    'after it was %s: told stale, with the plan of now, and nothing written',
    async (name) => {
      const { incident, stage } = await told(world, broken(name));
      if (name === 'approved') expect(await decide(world, 'approve', incident)).toMatchObject({ code: 0 });
      stage.destinationVault.policy = theirs;

      const before = world.sandbox.calls.length;
      const refused = await apply(world, incident);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('not changed: The policy is no longer the one that was shown');
      expect(refused.stdout).toContain('What would be changed in the policy of now:');
      expect(refused.stdout).toMatch(/\+.*backup:CopyIntoBackupVault/);
      expect(putsSince(before)).toEqual([]);
      expect(policyOf(name)).toBe(theirs);

      // The deployment sees it by itself and mails the new plan; the old decision does not count for it.
      const mails = world.sandbox.published.length;
      await world.pass(12 * 60_000);
      const now = await headOf(world, incident.id);
      expect(now).toMatchObject({ state: 'proposed', revision: 2 });
      expect(now.planHash).not.toBe(incident.planHash);
      const mail = mailsAbout(world, incident, mails).find(({ json }) => json['telling'] === 'stale');
      expect(mail?.email).toContain(now.planHash?.slice(0, 12));
      expect(await apply(world, incident)).toMatchObject({ code: 1, stderr: expect.stringContaining('another plan') });
      expect(policyOf(name)).toBe(theirs);
    },
  );
});

describe('Losing a statement', () => {
  it('what was there is there afterwards, unchanged and in order', async () => {
    const scenario = broken('kept', undefined, {
      arrange: ({ destinationVault }) => void (destinationVault.policy = theirs),
    });
    const { incident } = await told(world, scenario);
    expect(await apply(world, incident)).toMatchObject({ code: 0 });
    const { Statement } = JSON.parse(policyOf('kept') ?? '{}') as { Statement: object[] };
    expect(Statement.slice(0, 2)).toEqual(THEIRS);
    expect(Statement).toHaveLength(3);
    expect(Statement[2]).toMatchObject({ Effect: 'Allow', Action: 'backup:CopyIntoBackupVault' });
    expect(Statement[2]).toMatchObject({ Principal: { AWS: `arn:aws:iam::${world.hub}:root` } });
  });
});

describe('Locking everyone out of a key', () => {
  it('no role of the service may write the policy of a key, and but for the vault writer none of a vault', async () => {
    const { stage } = await told(world, broken('closed'));
    const { sourceKey, destinationVault, destination } = stage;
    const roles = ['diagnose', 'remediate', 'approve', 'approver', 'reader', 'retrier'].map((role) => as(world, role));
    const Policy = theirs;
    for (const who of [...roles, as(world, 'reader', destination.id)]) {
      const { backup, kms } = clients(world.sandbox, who);
      const vault = new PutBackupVaultAccessPolicyCommand({ BackupVaultName: destinationVault.name, Policy });
      expect(await refusedTo(backup.send(vault))).toContain('no identity-based policy allows');
      const key = new PutKeyPolicyCommand({ KeyId: sourceKey.arn, PolicyName: 'default', Policy });
      expect(await refusedTo(kms.send(key))).toContain('no identity-based policy allows');
    }
    const theirKey = destinationVault.key?.arn;
    for (const [account, KeyId] of [
      [undefined, sourceKey.arn],
      [destination.id, theirKey],
    ]) {
      const { kms } = clients(world.sandbox, as(world, 'vault-writer', account));
      const key = new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy });
      expect(await refusedTo(kms.send(key))).toContain('no identity-based policy allows');
    }
  });
});

describe('Fail-open', () => {
  it('a table that does not take the decision: nothing is decided, and it is told', async () => {
    const { incident } = await told(world, broken('lost'));
    const error = { code: 'InternalServerError', message: 'down', status: 500 };
    world.sandbox.faults.add({ service: 'dynamodb', operation: 'PutItem', error });
    const refused = await decide(world, 'approve', incident);
    world.sandbox.faults.clear();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('Run the same command again');
    expect(await decisionsOn(world, incident)).toEqual([]);
    expect((await headOf(world, incident.id)).state).toBe('proposed');
  });

  it('a policy that cannot be read: nothing is written, and it is told', async () => {
    const { incident } = await told(world, broken('unreadable'));
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    world.sandbox.faults.add({ service: 'backup', operation: 'GetBackupVaultAccessPolicy', error });
    const before = world.sandbox.calls.length;
    const refused = await apply(world, incident);
    world.sandbox.faults.clear();
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('not changed: ') });
    expect(putsSince(before)).toEqual([]);
    expect(policyOf('unreadable')).toBeUndefined();
  });
});

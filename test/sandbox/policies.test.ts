import {
  DeleteBackupVaultAccessPolicyCommand,
  GetBackupVaultAccessPolicyCommand,
  ListCopyJobsCommand,
  PutBackupVaultAccessPolicyCommand,
} from '@aws-sdk/client-backup';
import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { DESTINATION, REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

const ROOT = `arn:aws:iam::${SOURCE}:root`;
const ABSENT = [
  'AROAEXAMPLEEXAMPLE123',
  `arn:aws:iam::${SOURCE}:role/gone`,
  `arn:aws:iam::${SOURCE}:user/gone`,
  `arn:aws:sts::${SOURCE}:assumed-role/gone/s`,
  'arn:aws:iam::123123123123:root',
];
const INVALID = 'Policy contains a statement with one or more invalid principals.';
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

const allow = (AWS: string, Action: string | string[]) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource: '*',
});
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const roleClients = (Statement: object[], account: string, name = 'owner') => {
  const role = world.sandbox.addRole({ account, name, trust: { Statement: [] }, policies: [{ Statement }] });
  return clients(world.sandbox, world.sandbox.roleCredentials(role.arn, 's'));
};
const may = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });

describe('vault policies', () => {
  const BackupVaultName = 'central';
  const into = allow(ROOT, 'backup:CopyIntoBackupVault');
  const putAs = ({ backup }: ReturnType<typeof clients>, Policy: string) =>
    backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName, Policy }));
  const put = (Policy: string) => putAs(clients(world.sandbox, DESTINATION), Policy);
  const get = async () =>
    (await clients(world.sandbox, DESTINATION).backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })))
      .Policy;

  test.each(ABSENT)('a principal that does not exist: %s', async (arn) => {
    const before = world.destinationVault.policy;
    expect(await refused(put(policy(allow(arn, 'backup:CopyIntoBackupVault'))))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: INVALID,
    });
    expect(world.destinationVault.policy).toBe(before);
  });

  test('principals that exist', async () => {
    for (const arn of [SOURCE, ROOT, world.role.arn, '*', `arn:aws:iam::${SOURCE}:user/admin`]) {
      await put(policy(allow(arn, 'backup:CopyIntoBackupVault')));
    }
  });

  test.each(['{', '[]', '{}', policy({ ...into, Effect: 'allow' }), policy({ ...into, Action: undefined })])(
    'not a policy: %s',
    async (text) => {
      expect((await refused(put(text))).name).toBe('InvalidParameterValueException');
    },
  );

  test('allowed by the identity, unless the vault or the organization denies', async () => {
    const { arn } = world.destinationVault;
    const owner = roleClients([may('backup:PutBackupVaultAccessPolicy', arn)], DESTINATION);
    const none = roleClients([], DESTINATION, 'none');
    expect((await refused(putAs(none, policy(into)))).message).toContain('no identity-based policy allows');
    await putAs(owner, policy(into));
    const deny = { Effect: 'Deny', Principal: '*', Action: 'backup:*BackupVaultAccessPolicy', Resource: '*' };
    world.destinationVault.policy = policy(into, deny);
    expect((await refused(putAs(owner, policy(into)))).message).toContain('explicit deny in a resource-based policy');
    const remove = new DeleteBackupVaultAccessPolicyCommand({ BackupVaultName });
    const { backup } = clients(world.sandbox, DESTINATION);
    expect((await refused(backup.send(remove))).name).toBe('AccessDeniedException');
    world.destinationVault.policy = policy(into);
    world.sandbox.account(DESTINATION).organizationDenies.push('backup:Put*');
    expect((await refused(putAs(owner, policy(into)))).message).toContain('service control policy');
    await backup.send(remove);
    expect(world.destinationVault.policy).toBeUndefined();
    expect(await refused(get())).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a new policy is there only after a while, for Get and for copies', async () => {
    const { sandbox, destinationVault, copy } = world;
    const before = destinationVault.policy;
    sandbox.policyDelayMs = 600_000;
    const closed = policy(allow(ROOT, 'backup:CopyIntoBackupVault')).replace(SOURCE, DESTINATION);
    await put(closed);
    expect(await get()).toBe(before);
    const first = await sandbox.runCopy(copy);
    await sandbox.finishCopies();
    expect(first.state).toBe('COMPLETED');
    await sandbox.clock.advance(300_000);
    expect(await get()).toBe(closed);
    const second = await sandbox.runCopy(copy);
    await sandbox.finishCopies();
    expect(second.gate).toBe('destination-vault-policy');
  });
});

describe('key policies', () => {
  const own = allow(ROOT, 'kms:*');
  const put = (Policy: string, more: object = {}) =>
    clients(world.sandbox).kms.send(new PutKeyPolicyCommand({ KeyId: world.sourceKey.arn, Policy, ...more }));
  const get = async () =>
    (await clients(world.sandbox).kms.send(new GetKeyPolicyCommand({ KeyId: world.sourceKey.arn }))).Policy;

  test.each(ABSENT)('a principal that does not exist: %s', async (arn) => {
    expect(await refused(put(policy(own, allow(arn, 'kms:DescribeKey'))))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: INVALID,
    });
  });

  test('not JSON, too long, under another name', async () => {
    expect((await refused(put('{'))).name).toBe('MalformedPolicyDocumentException');
    const long = policy(own).padEnd(32_769);
    expect((await refused(put(long))).name).toBe('LimitExceededException');
    await put(long.slice(0, 32_768));
    expect((await refused(put(policy(own), { PolicyName: 'other' }))).name).toBe('NotFoundException');
  });

  test('locking oneself out is refused, unless it is asked for', async () => {
    const locked = policy(allow(ROOT, ['kms:DescribeKey', 'kms:GetKeyPolicy']));
    expect(await refused(put(locked))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    await put(locked, { BypassPolicyLockoutSafetyCheck: true });
    expect(await get()).toBe(locked);
    expect((await refused(put(policy(own)))).message).toContain(
      `kms:PutKeyPolicy on resource: ${world.sourceKey.arn} because no resource-based policy allows`,
    );
  });

  test('the identity, the key and the organization must all allow', async () => {
    const { arn: KeyId } = world.sourceKey;
    const putAs = ({ kms }: ReturnType<typeof clients>) =>
      kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policy(own) }));
    expect((await refused(putAs(roleClients([], SOURCE, 'none')))).message).toContain('no identity-based policy');
    const owner = roleClients([may('kms:PutKeyPolicy', KeyId)], SOURCE);
    await putAs(owner);
    world.sourceKey.policy = policy(allow(`arn:aws:iam::${SOURCE}:user/admin`, 'kms:*'));
    expect((await refused(putAs(owner))).message).toContain('no resource-based policy allows');
    world.sourceKey.policy = policy(own);
    world.sandbox.account(SOURCE).organizationDenies.push('kms:PutKeyPolicy');
    expect((await refused(putAs(owner))).message).toContain('service control policy');
    expect((await refused(putAs(clients(world.sandbox, DESTINATION)))).name).toBe('AccessDeniedException');
  });

  test('a new policy is there only after a while', async () => {
    const before = world.sourceKey.policy;
    world.sandbox.policyDelayMs = 60_000;
    await put(policy(own));
    expect(await get()).toBe(before);
    await world.sandbox.clock.advance(60_000);
    expect(await get()).toBe(policy(own));
  });
});

test('copy jobs are listed by 1000 at most', async () => {
  const { sandbox, copy } = world;
  for (let index = 0; index < 1001; index++) await sandbox.runCopy(copy);
  await sandbox.finishCopies();
  const { backup } = clients(sandbox);
  const first = await backup.send(new ListCopyJobsCommand({ ByState: 'COMPLETED' }));
  expect(first.CopyJobs).toHaveLength(1000);
  const rest = await backup.send(new ListCopyJobsCommand({ ByState: 'COMPLETED', NextToken: first.NextToken }));
  expect(rest.CopyJobs).toHaveLength(1);
  expect(rest.NextToken).toBeUndefined();
  expect((await refused(backup.send(new ListCopyJobsCommand({ MaxResults: 1001 })))).name).toBe(
    'InvalidParameterValueException',
  );
  expect(sandbox.calls.every(({ region }) => region === REGION)).toBe(true);
});

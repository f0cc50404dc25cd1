import {
  DeleteBackupVaultAccessPolicyCommand,
  GetBackupVaultAccessPolicyCommand,
  PutBackupVaultAccessPolicyCommand,
} from '@aws-sdk/client-backup';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { DESTINATION, PARTNER, SOURCE, UNREAD } from '../sandbox/demo/scenario';
import { clients, type Config } from '../sandbox/fixture';
import {
  approved,
  as,
  broken,
  effects,
  failed,
  operator,
  person,
  refusedTo,
  roleArn,
  told,
  vaultArn,
  worldOf,
  type World,
} from './fixture';

// The roles by which something is changed: who may take them, what they may, and what is recorded of whom.

let world: World;
beforeAll(async () => (world = await worldOf(['deputy', 'writer', 'session'])));
afterAll(() => world.close());

const THROUGH = 'it was let through';
const EFFECT_ROLES = [roleArn('vault-writer', DESTINATION), roleArn('vault-writer'), roleArn('retrier')];
const assume = (who: Config | string, RoleArn: string, SourceIdentity?: string) =>
  refusedTo(
    clients(world.sandbox, who).sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'deputy', ...(SourceIdentity ? { SourceIdentity } : {}) }),
    ),
  );

describe('Confused deputy', () => {
  it('only the function that makes changes takes the roles that change something', async () => {
    const anything = person(world, 'hub-admin', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
    const roles = ['diagnose', 'approve', 'approver', 'reader', 'retrier', 'vault-writer'];
    const others = [...roles.map((role) => as(world, role)), as(world, 'vault-writer', DESTINATION)];
    // SOURCE, DESTINATION, …: administrators of these accounts, as users.
    const all = [...others, anything, operator(world), SOURCE, DESTINATION, UNREAD, PARTNER];
    for (const role of EFFECT_ROLES) {
      for (const identity of [undefined, 'someone']) {
        // The hub has no listed vault here, so that its own writer is nobody's.
        const taken = role === roleArn('vault-writer') ? expect.stringContaining('AccessDenied') : THROUGH;
        expect(await assume(as(world, 'remediate'), role, identity)).toEqual(taken);
        for (const who of all) expect(await assume(who, role, identity)).toContain('AccessDenied');
      }
    }
  });

  it('a role of another deployment, or of nearly that name or path, is another role', async () => {
    const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    for (const name of ['copy-doctor-eu-west-1-remediate2', 'copy-doctor-eu-central-1-remediate', 'remediate']) {
      const who = person(world, name, everything);
      for (const role of EFFECT_ROLES) expect(await assume(who, role)).toContain('AccessDenied');
    }
    const name = 'copy-doctor-eu-west-1-remediate';
    const policies = [{ Version: '2012-10-17', Statement: everything }];
    const trust = { Version: '2012-10-17', Statement: [] };
    const elsewhere = [PARTNER, UNREAD].map((account) => world.sandbox.addRole({ account, name, trust, policies }));
    const inside = world.sandbox.addRole({ account: SOURCE, name: 'by-path', trust, policies });
    inside.arn = `arn:aws:iam::${SOURCE}:role/x/${name}`;
    for (const { arn } of [...elsewhere, inside]) {
      const who = world.sandbox.roleCredentials(arn, 'deputy');
      for (const role of EFFECT_ROLES) expect(await assume(who, role)).toContain('AccessDenied');
    }
  });

  it('nobody from outside of the organization, not even that function', async () => {
    const hub = world.sandbox.account(SOURCE);
    const { organization } = hub;
    hub.organization = world.sandbox.account(PARTNER).organization;
    try {
      for (const role of EFFECT_ROLES) expect(await assume(as(world, 'remediate'), role)).toContain('AccessDenied');
    } finally {
      hub.organization = organization;
    }
  });

  it('no role of the service takes one that is not its own', async () => {
    const everybody = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] },
    };
    const { arn } = world.sandbox.addRole({ account: DESTINATION, name: 'open', trust: everybody, policies: [] });
    for (const role of ['diagnose', 'remediate', 'approve', 'approver', 'reader', 'retrier', 'vault-writer']) {
      expect(await assume(as(world, role), arn)).toContain('AccessDenied');
    }
  });
});

describe('The vault writer', () => {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }],
  });
  const put = (who: Config, BackupVaultName: string) =>
    refusedTo(
      clients(world.sandbox, who).backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName, Policy })),
    );

  it('reads and puts the policies of listed vaults alone, and deletes none', async () => {
    const { stage } = await failed(world, broken('writer'));
    const { destinationVault, sourceVault } = stage;
    const { sandbox, region } = world;
    const writer = as(world, 'vault-writer', DESTINATION);
    expect(await put(writer, destinationVault.name)).toBe(THROUGH);
    for (const name of ['dr-writer2', 'dr-write', 'prod', 'Default']) {
      sandbox.addVault({ account: DESTINATION, region, name });
      expect({ name, said: await put(writer, name) }).toEqual({ name, said: expect.stringContaining('AccessDenied') });
      const { backup } = clients(sandbox, writer);
      const get = new GetBackupVaultAccessPolicyCommand({ BackupVaultName: name });
      expect(await refusedTo(backup.send(get))).toContain('AccessDenied');
    }
    const { backup } = clients(sandbox, writer);
    const remove = new DeleteBackupVaultAccessPolicyCommand({ BackupVaultName: destinationVault.name });
    expect(await refusedTo(backup.send(remove))).toContain('AccessDenied');
    // The hub's own writer has no listed vault here: neither its source vaults, nor one that is called as a listed one is.
    sandbox.addVault({ account: SOURCE, region, name: destinationVault.name });
    for (const name of [sourceVault.name, destinationVault.name]) {
      expect(await put(as(world, 'vault-writer'), name)).toContain('AccessDenied');
    }
  });

  it('has two actions', () => {
    for (const account of [SOURCE, DESTINATION]) {
      const statements = (world.sandbox.role(roleArn('vault-writer', account))?.policies ?? []).flatMap(
        (policy) => (policy as { Statement: { Action: string | string[] }[] }).Statement,
      );
      expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
        'backup:GetBackupVaultAccessPolicy',
        'backup:PutBackupVaultAccessPolicy',
      ]);
    }
  });
});

describe('What is recorded of an effect', () => {
  it('names the incident and whoever decided, in the account where it happened', async () => {
    const { incident } = await told(world, broken('session'));
    const calls = world.sandbox.calls.length;
    expect(await approved(world, incident, '--retry')).toMatchObject({ state: 'resolved' });
    const session = `${incident.id}-${incident.revision}`;
    const by = `${SOURCE}+operator+operator`;
    const [put, start, ...others] = effects(world, calls);
    expect(others).toEqual([]);
    expect(put).toMatchObject({
      ...{ operation: 'PutBackupVaultAccessPolicy', account: DESTINATION, sourceIdentity: by },
      principal: `arn:aws:sts::${DESTINATION}:assumed-role/copy-doctor-eu-west-1-vault-writer/${session}`,
      input: { BackupVaultName: vaultArn('session').split(':').at(-1) },
    });
    expect(start).toMatchObject({
      ...{ operation: 'StartCopyJob', account: SOURCE, sourceIdentity: by },
      principal: `arn:aws:sts::${SOURCE}:assumed-role/copy-doctor-eu-west-1-retrier/${session}`,
    });
  });
});

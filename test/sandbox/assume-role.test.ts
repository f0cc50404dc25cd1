import { DescribeBackupVaultCommand, ListCopyJobsCommand, StartCopyJobCommand } from '@aws-sdk/client-backup';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, GetCallerIdentityCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { DESTINATION, REGION, SOURCE, clients, openWorld, refused, type Config, type World } from './fixture';

let world: World;
let hub: Config;
beforeEach(async () => {
  world = await openWorld();
  const policies = [
    {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
          Resource: `arn:aws:iam::*:role/*reader`,
        },
      ],
    },
  ];
  const trust = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  hub = world.sandbox.roleCredentials(
    world.sandbox.addRole({ account: SOURCE, name: 'hub', trust, policies }).arn,
    'run',
  );
});
afterEach(() => world.sandbox.close());

const HUB = `arn:aws:iam::${SOURCE}:role/hub`;
const trust = (
  Condition?: object,
  Principal: unknown = { AWS: `arn:aws:iam::${SOURCE}:root` },
  Action: string | string[] = 'sts:AssumeRole',
) => ({
  Statement: [{ Effect: 'Allow', Principal, Action, ...(Condition ? { Condition } : {}) }],
});

function assume(who: string | Config, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  return clients(world.sandbox, who).sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'copy-doctor', ...more }),
  );
}

const both = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
const rows: [string, object, Partial<AssumeRoleCommandInput>, boolean][] = [
  ['the root of the caller', trust(), {}, true],
  ['the role itself', trust(undefined, { AWS: HUB }), {}, true],
  ['another account', trust(undefined, { AWS: `arn:aws:iam::${DESTINATION}:root` }), {}, false],
  ['a service', trust(undefined, { Service: 'lambda.amazonaws.com' }), {}, false],
  ['a principal that is an id', trust(undefined, { AWS: 'AROAEXAMPLE' }), {}, false],
  ['ArnEquals its role', trust({ ArnEquals: { 'aws:PrincipalArn': HUB } }), {}, true],
  ['ArnEquals another role', trust({ ArnEquals: { 'aws:PrincipalArn': `${HUB}2` } }), {}, false],
  ['ArnLike', trust({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/h*` } }), {}, true],
  ['its organization', trust({ StringEquals: { 'aws:PrincipalOrgID': 'o-sandbox001' } }), {}, true],
  ['another organization', trust({ StringEquals: { 'aws:PrincipalOrgID': 'o-other' } }), {}, false],
  ['StringLike', trust({ StringLike: { 'sts:RoleSessionName': 'copy-*' } }), {}, true],
  ['an external id that is given', trust({ StringEquals: { 'sts:ExternalId': 'x' } }), { ExternalId: 'x' }, true],
  ['an external id that is not', trust({ StringEquals: { 'sts:ExternalId': 'x' } }), {}, false],
  ['Null: no external id', trust({ Null: { 'sts:ExternalId': 'true' } }), {}, true],
  ['Null: some external id', trust({ Null: { 'sts:ExternalId': 'false' } }), {}, false],
  ['Bool', trust({ Bool: { 'aws:SecureTransport': 'false' } }), {}, false],
  ['a source identity', trust(undefined, undefined, both), { SourceIdentity: 'person' }, true],
  ['a source identity that is not let', trust(), { SourceIdentity: 'person' }, false],
];
test.each(rows)('trust %s', async (_, trusted, more, may) => {
  const { arn } = world.sandbox.addRole({ account: DESTINATION, name: 'reader', trust: trusted });
  if (!may) {
    const answer = await refused(assume(hub, arn, more));
    expect(answer).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(answer.message).toMatch(
      /^User: arn:aws:sts::111111111111:assumed-role\/hub\/run is not authorized to perform: sts:\w+ on resource: arn:aws:iam::222222222222:role\/reader$/,
    );
    return;
  }
  const { Credentials, AssumedRoleUser } = await assume(hub, arn, more);
  expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${DESTINATION}:assumed-role/reader/copy-doctor`);
  expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  const session = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const who = await clients(world.sandbox, session).sts.send(new GetCallerIdentityCommand({}));
  expect(who).toMatchObject({ Account: DESTINATION, Arn: AssumedRoleUser?.Arn });
});

test('a source identity stays with the session, its calls and the roles that it takes next', async () => {
  const { sandbox } = world;
  const reader = sandbox.addRole({ account: DESTINATION, name: 'reader', trust: trust(undefined, undefined, both) });
  const { Credentials, SourceIdentity } = await assume(hub, reader.arn, { SourceIdentity: 'person' });
  expect(SourceIdentity).toBe('person');
  const session = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  await clients(sandbox, session).sts.send(new GetCallerIdentityCommand({}));
  expect(sandbox.calls.at(-1)).toMatchObject({ operation: 'GetCallerIdentity', sourceIdentity: 'person' });
  expect(sandbox.calls[0]).not.toHaveProperty('sourceIdentity');

  const from = { AWS: `arn:aws:iam::${DESTINATION}:root` };
  const takes = { Statement: [{ Effect: 'Allow', Action: both, Resource: '*' }] };
  reader.policies = [takes];
  const silent = sandbox.addRole({ account: DESTINATION, name: 'silent', trust: trust(undefined, from) });
  const open = sandbox.addRole({ account: DESTINATION, name: 'open', trust: trust(undefined, from, both) });
  expect((await refused(assume(session, silent.arn))).message).toContain('sts:SetSourceIdentity');
  expect((await assume(session, open.arn)).SourceIdentity).toBe('person');
  expect((await refused(assume(session, open.arn, { SourceIdentity: 'other' }))).name).toBe('AccessDenied');
});

test.each([
  ['sts:SourceIdentity', { SourceIdentity: 'person' }],
  ['sts:RoleSessionName', {}],
])("the caller's own policy may ask for %s", async (key, more) => {
  const { sandbox } = world;
  const { arn } = sandbox.addRole({ account: DESTINATION, name: 'reader', trust: trust(undefined, undefined, both) });
  const own = (wanted: string) => {
    const Condition = { StringEquals: { [key]: wanted } };
    const role = sandbox.role(HUB);
    if (role) role.policies = [{ Statement: [{ Effect: 'Allow', Action: both, Resource: '*', Condition }] }];
  };
  own(key === 'sts:SourceIdentity' ? 'person' : 'copy-doctor');
  await assume(hub, arn, more);
  own('other');
  expect((await refused(assume(hub, arn, more))).message).toContain('no identity-based policy allows');
});

test('a role that is missing, one that the caller may not assume, and too long a session', async () => {
  const { sandbox } = world;
  const missing = `arn:aws:iam::${DESTINATION}:role/no-reader`;
  expect(await refused(assume(SOURCE, missing))).toEqual({
    name: 'AccessDenied',
    message: `User: arn:aws:iam::${SOURCE}:user/admin is not authorized to perform: sts:AssumeRole on resource: ${missing}`,
    status: 403,
  });
  const { arn } = sandbox.addRole({ account: DESTINATION, name: 'writer', trust: trust() });
  expect((await refused(assume(hub, arn))).message).toMatch(
    /because no identity-based policy allows the sts:AssumeRole action$/,
  );
  const reader = sandbox.addRole({ account: DESTINATION, name: 'reader', trust: trust(), maxSessionSeconds: 43_200 });
  expect((await refused(assume(hub, reader.arn, { DurationSeconds: 7200 }))).message).toContain('role chaining');
  expect((await assume(SOURCE, reader.arn, { DurationSeconds: 7200 })).Credentials).toBeDefined();
});

describe('a session may do what its role may', () => {
  const session = (policies: object[] | undefined, permissionsBoundary?: object, name = 'reader') => {
    const options = {
      account: SOURCE,
      name,
      trust: trust(),
      ...(policies ? { policies } : {}),
      ...(permissionsBoundary ? { permissionsBoundary } : {}),
    };
    return clients(world.sandbox, world.sandbox.roleCredentials(world.sandbox.addRole(options).arn, 's'));
  };
  const allow = (Action: string | string[], Resource = '*') => ({ Statement: [{ Effect: 'Allow', Action, Resource }] });
  const key = () => new GetKeyPolicyCommand({ KeyId: world.sourceKey.arn });
  const user = `User: arn:aws:sts::${SOURCE}:assumed-role/reader/s is not authorized to perform:`;

  test('nothing allowed', async () => {
    expect(await refused(session([]).kms.send(key()))).toEqual({
      name: 'AccessDeniedException',
      message: `${user} kms:GetKeyPolicy on resource: ${world.sourceKey.arn} because no identity-based policy allows the kms:GetKeyPolicy action`,
      status: 400,
    });
  });

  test('allowed, and only there', async () => {
    const { backup } = session([allow('backup:Describe*', world.sourceVault.arn)]);
    await backup.send(new DescribeBackupVaultCommand({ BackupVaultName: 'daily' }));
    const other = await refused(backup.send(new DescribeBackupVaultCommand({ BackupVaultName: 'other' })));
    expect(other.message).toContain(
      'backup:DescribeBackupVault on resource: arn:aws:backup:eu-west-1:111111111111:backup-vault:other because',
    );
    expect((await refused(backup.send(new ListCopyJobsCommand({})))).message).toContain(
      'backup:ListCopyJobs on resource: * because',
    );
  });

  test('Deny, boundary and organization', async () => {
    const denied = session([allow('*'), { Statement: [{ Effect: 'Deny', Action: 'kms:Get*', Resource: '*' }] }]);
    expect((await refused(denied.kms.send(key()))).message).toContain(
      'with an explicit deny in an identity-based policy',
    );
    const bounded = session(undefined, allow('backup:*'), 'bounded');
    expect((await refused(bounded.kms.send(key()))).message).toContain('because no permissions boundary allows');
    world.sandbox.account(SOURCE).organizationDenies.push('kms:*');
    expect((await refused(session(undefined, undefined, 'full').kms.send(key()))).message).toContain(
      'service control policy',
    );
  });

  test('StartCopyJob needs iam:PassRole', async () => {
    const input = {
      RecoveryPointArn: world.recoveryPoint.arn,
      SourceBackupVaultName: 'daily',
      DestinationBackupVaultArn: world.destinationVault.arn,
      IamRoleArn: world.role.arn,
    };
    const refusedCopy = await refused(session([allow('backup:*')]).backup.send(new StartCopyJobCommand(input)));
    expect(refusedCopy.message).toContain(`iam:PassRole on resource: ${world.role.arn}`);
    const Condition = { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } };
    const pass = { Statement: [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: world.role.arn, Condition }] };
    const started = await session([allow('backup:StartCopyJob'), pass], undefined, 'retrier').backup.send(
      new StartCopyJobCommand(input),
    );
    expect(started.CopyJobId).toBeDefined();
    expect(world.sandbox.copyJobs[0]?.region).toBe(REGION);
  });
});

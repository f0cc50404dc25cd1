import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { DESTINATION, REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

const READER = `arn:aws:iam::${DESTINATION}:role/reader`;
const WORKER = `arn:aws:iam::${SOURCE}:role/worker`;
const statement = (Action: string | string[], Resource = '*', Sid?: string) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Sid === undefined ? {} : { Sid }),
});

function worker() {
  const { sandbox } = world;
  const policies = [
    { Statement: [statement('sqs:SendMessage', '*', 'Work')] },
    { Statement: [statement('kms:*', 'arn:aws:kms:*:*:key/none'), statement('sts:AssumeRole', READER)] },
  ];
  const { arn } = sandbox.addRole({ account: SOURCE, name: 'worker', trust: { Statement: [] }, policies });
  return clients(sandbox, sandbox.roleCredentials(arn, 's'));
}
const assume = (RoleArn: string) => new AssumeRoleCommand({ RoleArn, RoleSessionName: 'copy-doctor' });

test('which statement of which role allowed what', async () => {
  const { sandbox } = world;
  const trusting = (AWS: string) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
  const Statement = [
    { ...trusting(`arn:aws:iam::${DESTINATION}:root`), Sid: 'Own' },
    { ...trusting(`arn:aws:iam::${SOURCE}:root`), Sid: 'Hub' },
  ];
  sandbox.addRole({ account: DESTINATION, name: 'reader', trust: { Statement } });
  const { url: QueueUrl } = sandbox.addQueue({ account: SOURCE, region: REGION, name: 'work' });
  const { sqs, sts } = worker();
  expect(sandbox.allowedBy).toEqual(new Map());
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'x' }] }));
  await sts.send(assume(READER));
  expect(sandbox.allowedBy).toEqual(
    new Map([
      [WORKER, new Set(['0/Work/sqs:SendMessage', '1/1/sts:AssumeRole'])],
      [READER, new Set(['trust/Hub/sts:AssumeRole'])],
    ]),
  );
  expect(sandbox.refusals).toEqual([]);
});

test('every refusal: by the identity, by a resource, by a trust', async () => {
  const { sandbox, sourceKey } = world;
  sandbox.addRole({ account: DESTINATION, name: 'reader', trust: { Statement: [] } });
  const { kms, sts } = worker();
  await refused(kms.send(new GetKeyPolicyCommand({ KeyId: sourceKey.arn })));
  await refused(sts.send(assume(READER)));
  await refused(sts.send(assume(`${READER}-gone`)));
  await refused(clients(sandbox, DESTINATION).kms.send(new GetKeyPolicyCommand({ KeyId: sourceKey.arn })));
  const session = `arn:aws:sts::${SOURCE}:assumed-role/worker/s`;
  const contains = (text: string) => expect.stringContaining(text) as string;
  expect(sandbox.refusals).toEqual([
    {
      action: 'kms:GetKeyPolicy',
      resource: sourceKey.arn,
      principal: session,
      reason: contains('no identity-based policy allows the kms:GetKeyPolicy action'),
    },
    { action: 'sts:AssumeRole', resource: READER, principal: session, reason: 'the trust policy does not allow it' },
    { action: 'sts:AssumeRole', resource: `${READER}-gone`, principal: session, reason: 'there is no such role' },
    {
      action: 'kms:GetKeyPolicy',
      resource: sourceKey.arn,
      principal: `arn:aws:iam::${DESTINATION}:user/admin`,
      reason: contains('no resource-based policy allows the kms:GetKeyPolicy action'),
    },
  ]);
  expect(sandbox.allowedBy).toEqual(new Map());
});

test('who owns a resource: by its id, by the name of the stack, or nobody', async () => {
  const { sandbox, sourceKey } = world;
  const resources = [
    { logicalId: 'Vault', physicalId: 'daily', type: 'AWS::Backup::BackupVault' },
    { logicalId: 'Key', physicalId: sourceKey.id, type: 'AWS::KMS::Key' },
  ];
  sandbox.addStack({ account: SOURCE, region: REGION, name: 'backups', resources });
  const { cloudformation } = clients(sandbox);
  const ask = async (input: object) =>
    (await cloudformation.send(new DescribeStackResourcesCommand(input))).StackResources?.map((one) => [
      one.StackName,
      one.LogicalResourceId,
    ]);
  const all = [
    ['backups', 'Vault'],
    ['backups', 'Key'],
  ];
  expect(await ask({ PhysicalResourceId: sourceKey.id })).toEqual(all);
  expect(await ask({ StackName: 'backups' })).toEqual(all);
  expect(await ask({ StackName: 'backups', LogicalResourceId: 'Key' })).toEqual([['backups', 'Key']]);
  expect(await refused(ask({ PhysicalResourceId: 'other' }))).toMatchObject({
    name: 'ValidationError',
    message: 'Stack for other does not exist',
  });
});

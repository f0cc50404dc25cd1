import { ListBackupPlansCommand } from '@aws-sdk/client-backup';
import { DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, ListGrantsCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  DescribeAccountCommand,
  DescribeEffectivePolicyCommand,
  DescribeOrganizationCommand,
} from '@aws-sdk/client-organizations';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { DESTINATION, MANAGEMENT, REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

test('kms (JSON 1.1): describe, policies, grants; across accounts only what KMS allows', async () => {
  const { sandbox, sourceKey } = world;
  const own = clients(sandbox).kms;
  const foreign = clients(sandbox, DESTINATION).kms;
  const KeyId = sourceKey.arn;
  const described = await own.send(new DescribeKeyCommand({ KeyId }));
  expect(described.KeyMetadata).toMatchObject({ KeyManager: 'CUSTOMER', KeyState: 'Enabled', Arn: KeyId });
  expect(described.KeyMetadata?.CreationDate).toEqual(new Date('2026-06-01T00:00:00Z'));
  expect((await own.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe(sourceKey.policy);
  expect((await foreign.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(KeyId);
  expect(await refused(foreign.send(new GetKeyPolicyCommand({ KeyId })))).toMatchObject({
    name: 'AccessDeniedException',
  });
  expect((await refused(own.send(new DescribeKeyCommand({ KeyId: `${KeyId.slice(0, -1)}x` })))).name).toBe(
    'NotFoundException',
  );
  sourceKey.grants.push({ grantId: 'g1', granteePrincipal: 'arn:aws:iam::222222222222:root', operations: ['Decrypt'] });
  sourceKey.grants.push({ grantId: 'g2', granteePrincipal: 'other', operations: ['Encrypt'] });
  const grants = await own.send(new ListGrantsCommand({ KeyId, GranteePrincipal: 'arn:aws:iam::222222222222:root' }));
  expect(grants.Grants).toMatchObject([{ GrantId: 'g1', Operations: ['Decrypt'] }]);
  const paged = await own.send(new ListGrantsCommand({ KeyId, Limit: 1 }));
  expect(paged.Truncated).toBe(true);
  expect((await own.send(new ListGrantsCommand({ KeyId, Marker: paged.NextMarker }))).Grants).toMatchObject([
    { GrantId: 'g2' },
  ]);
  const put = (Policy: string) => own.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  const locked = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:DescribeKey', Resource: '*' }],
  });
  expect((await refused(put(locked))).message).toBe(
    'The new key policy will not allow you to update the key policy in the future.',
  );
  await put(sourceKey.policy.replace(DESTINATION, SOURCE));
  expect((await refused(foreign.send(new DescribeKeyCommand({ KeyId })))).message).toContain(
    'no resource-based policy allows',
  );
});

test('organizations (JSON 1.1)', async () => {
  const { sandbox } = world;
  const member = clients(sandbox).organizations;
  const management = clients(sandbox, MANAGEMENT).organizations;
  expect((await member.send(new DescribeOrganizationCommand({}))).Organization).toMatchObject({
    Id: 'o-sandbox001',
    MasterAccountId: MANAGEMENT,
  });
  expect((await refused(member.send(new DescribeAccountCommand({ AccountId: DESTINATION })))).name).toBe(
    'AccessDeniedException',
  );
  expect((await management.send(new DescribeAccountCommand({ AccountId: DESTINATION }))).Account?.Id).toBe(DESTINATION);
  expect((await refused(management.send(new DescribeAccountCommand({ AccountId: '444444444444' })))).name).toBe(
    'AccountNotFoundException',
  );
  const effective = new DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY' });
  expect((await refused(member.send(effective))).name).toBe('EffectivePolicyNotFoundException');
  sandbox.account(SOURCE).effectiveTagPolicy = { tags: {} };
  expect((await member.send(effective)).EffectivePolicy).toMatchObject({
    PolicyContent: '{"tags":{}}',
    TargetId: SOURCE,
  });
  sandbox.addAccount({ id: '333333333333' });
  const alone = clients(sandbox, '333333333333').organizations;
  expect((await refused(alone.send(new DescribeOrganizationCommand({})))).name).toBe(
    'AWSOrganizationsNotInUseException',
  );
});

test('tagging (JSON 1.1) leaves out what has no tags and answers EC2 ARNs with the account', async () => {
  const { sandbox, recoveryPoint } = world;
  const ask = async (input: object) =>
    (await clients(sandbox).tagging.send(new GetResourcesCommand(input))).ResourceTagMappingList;
  const arn = recoveryPoint.arn.replace('::', `:${SOURCE}:`);
  expect(await ask({ ResourceARNList: [recoveryPoint.arn] })).toEqual([
    { ResourceARN: arn, Tags: [{ Key: 'team', Value: 'a' }] },
  ]);
  expect(await ask({ TagFilters: [{ Key: 'team', Values: ['b'] }] })).toEqual([]);
  recoveryPoint.tags = {};
  expect(await ask({ ResourceARNList: [arn] })).toEqual([]);
});

test('sns (Query): attributes, lists and maps', async () => {
  const { sandbox } = world;
  const { sns } = clients(sandbox);
  const subscriptions = [
    { protocol: 'email', endpoint: 'a@example.com' },
    { protocol: 'email', endpoint: 'b@example.com', confirmed: false },
  ];
  const { arn } = sandbox.addTopic({ account: SOURCE, region: REGION, name: 'told', subscriptions });
  const Message = JSON.stringify({ default: 'a <b> & "c"', email: 'ä\nb' });
  await sns.send(
    new PublishCommand({
      TopicArn: arn,
      Subject: 'S',
      Message,
      MessageStructure: 'json',
      MessageAttributes: {
        cause: { DataType: 'String', StringValue: 'x' },
        n: { DataType: 'Number', StringValue: '2' },
      },
    }),
  );
  expect(sandbox.published).toMatchObject([
    {
      subject: 'S',
      message: Message,
      attributes: { cause: { DataType: 'String', StringValue: 'x' }, n: { DataType: 'Number', StringValue: '2' } },
    },
  ]);
  expect(
    await refused(sns.send(new PublishCommand({ TopicArn: arn, Message: '{}', MessageStructure: 'json' }))),
  ).toMatchObject({
    name: 'InvalidParameterException',
    status: 400,
  });
  expect((await refused(sns.send(new PublishCommand({ TopicArn: `${arn}x`, Message: 'm' })))).name).toBe(
    'NotFoundException',
  );
  const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }));
  expect(listed.Subscriptions?.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual([
    expect.stringContaining(arn),
    'PendingConfirmation',
  ]);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '1' });
});

test('sqs (JSON 1.0): visibility, redrive, errors', async () => {
  const { sandbox } = world;
  const { sqs } = clients(sandbox);
  const deadLetter = sandbox.addQueue({ account: SOURCE, region: REGION, name: 'dead' });
  sandbox.addQueue({ account: SOURCE, region: REGION, name: 'work', maxReceiveCount: 2, deadLetter });
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one', MessageAttributes }));
  const Entries = ['two', 'three'].map((MessageBody, index) => ({
    Id: String(index),
    MessageBody,
    DelaySeconds: index * 60,
  }));
  expect((await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).Successful).toHaveLength(2);
  const receive = () =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }));
  const first = await receive();
  expect(first.Messages?.map(({ Body }) => Body)).toEqual(['one', 'two']);
  expect(first.Messages?.[0]?.MessageAttributes).toMatchObject(MessageAttributes);
  expect((await receive()).Messages).toBeUndefined();
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.Messages?.[0]?.ReceiptHandle }));
  const state = async () =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes;
  expect(await state()).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
  });
  await sandbox.clock.advance(60_000);
  expect((await receive()).Messages?.map(({ Body }) => Body)).toEqual(['two', 'three']);
  await sandbox.clock.advance(60_000);
  expect((await receive()).Messages?.map(({ Body }) => Body)).toEqual(['three']);
  expect(deadLetter.messages.map(({ body }) => body)).toEqual(['two']);
  const missing = await refused(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })));
  expect(missing.name).toMatch(/QueueDoesNotExist|NonExistentQueue/);
});

test('iam (Query): lists are decoded, roles answered, simulations judged', async () => {
  const { sandbox, role } = world;
  const { iam } = clients(sandbox);
  const found = await iam.send(new GetRoleCommand({ RoleName: role.name }));
  expect(JSON.parse(decodeURIComponent(found.Role?.AssumeRolePolicyDocument ?? ''))).toEqual(JSON.parse(role.trust));
  expect(await refused(iam.send(new GetRoleCommand({ RoleName: 'none' })))).toMatchObject({
    name: 'NoSuchEntityException',
    status: 404,
  });
  const Condition = { StringEquals: { 'aws:RequestedRegion': REGION, 'aws:PrincipalOrgID': 'o-1' } };
  role.policies = [{ Statement: [{ Effect: 'Allow', Action: 'backup:CopyInto*', Resource: '*', Condition }] }];
  const simulate = async (
    ContextEntries: { ContextKeyName: string; ContextKeyValues: string[]; ContextKeyType: 'string' }[],
  ) => {
    const answer = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role.arn,
        ActionNames: ['backup:CopyIntoBackupVault', 'backup:CopyFromBackupVault'],
        ResourceArns: [world.destinationVault.arn],
        ContextEntries,
      }),
    );
    return answer.EvaluationResults?.map((result) => [
      result.EvalDecision,
      result.MissingContextValues,
      result.OrganizationsDecisionDetail?.AllowedByOrganizations,
    ]);
  };
  const entry = (ContextKeyName: string, value: string) => ({
    ContextKeyName,
    ContextKeyValues: [value],
    ContextKeyType: 'string' as const,
  });
  expect(await simulate([entry('aws:RequestedRegion', REGION)])).toEqual([
    ['implicitDeny', ['aws:PrincipalOrgID'], true],
    ['implicitDeny', ['aws:PrincipalOrgID'], true],
  ]);
  const both = [entry('aws:RequestedRegion', REGION), entry('aws:PrincipalOrgID', 'o-1')];
  expect((await simulate(both))?.[0]).toEqual(['allowed', [], true]);
  sandbox.account(SOURCE).organizationDenies.push('backup:CopyInto*');
  expect((await simulate(both))?.[0]).toEqual(['explicitDeny', [], false]);
});

test('cloudformation and sts (Query)', async () => {
  const { sandbox } = world;
  const { cloudformation, sts } = clients(sandbox);
  const resources = [{ logicalId: 'Vault', physicalId: 'daily', type: 'AWS::Backup::BackupVault' }];
  sandbox.addStack({
    account: SOURCE,
    region: REGION,
    name: 'hub',
    outputs: { Url: 'https://x/?a=1&b=<2>' },
    resources,
  });
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'hub' }));
  expect(Stacks).toMatchObject([
    { StackName: 'hub', Outputs: [{ OutputKey: 'Url', OutputValue: 'https://x/?a=1&b=<2>' }] },
  ]);
  const owned = await cloudformation.send(new DescribeStackResourcesCommand({ PhysicalResourceId: 'daily' }));
  expect(owned.StackResources).toMatchObject([{ StackName: 'hub', LogicalResourceId: 'Vault' }]);
  expect(await refused(cloudformation.send(new DescribeStacksCommand({ StackName: 'no' })))).toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id no does not exist',
  });
  const who = await sts.send(new GetCallerIdentityCommand({}));
  expect(who).toMatchObject({ Account: SOURCE, Arn: `arn:aws:iam::${SOURCE}:user/admin` });
});

test('what is not emulated is named', async () => {
  expect(await refused(clients(world.sandbox).backup.send(new ListBackupPlansCommand({})))).toMatchObject({
    message: 'not emulated: backup:ListBackupPlans',
    status: 501,
  });
});

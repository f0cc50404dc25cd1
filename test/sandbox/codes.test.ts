import { ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { paginateSimulatePrincipalPolicy, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { clients, openWorld, refused, REGION, SOURCE, type Config, type World } from './fixture';

// As boto3 and the AWS CLI see them too: test/conformance/clients.py.

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

const at = { account: SOURCE, region: REGION };
const allow = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
function session(...policies: object[]): Config {
  const { sandbox } = world;
  const role = sandbox.addRole({ account: SOURCE, name: `role-${policies.length}`, trust: allow('*'), policies });
  return sandbox.roleCredentials(role.arn);
}

/** One call a service. */
function calls(who: Config): Record<string, () => Promise<unknown>> {
  const { sandbox, sourceKey } = world;
  const own = clients(sandbox, who);
  const ec2 = new EC2Client({ endpoint: sandbox.endpoint, region: REGION, credentials: who, maxAttempts: 1 });
  const queue = sandbox.queues[0] ?? sandbox.addQueue({ ...at, name: 'queue' });
  const topic = sandbox.topics[0] ?? sandbox.addTopic({ ...at, name: 'topic' });
  return {
    backup: () => own.backup.send(new ListBackupVaultsCommand({})),
    kms: () => own.kms.send(new DescribeKeyCommand({ KeyId: sourceKey.arn })),
    organizations: () => own.organizations.send(new DescribeOrganizationCommand({})),
    tagging: () => own.tagging.send(new GetResourcesCommand({})),
    cloudtrail: () => own.cloudtrail.send(new DescribeTrailsCommand({})),
    dynamodb: () => own.dynamodb.send(new DescribeTableCommand({ TableName: 'table' })),
    sqs: () => own.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'x' })),
    sns: () => own.sns.send(new PublishCommand({ TopicArn: topic.arn, Message: 'x' })),
    cloudformation: () => own.cloudformation.send(new DescribeStacksCommand({})),
    ec2: () => ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-1'] })),
  };
}

test.each([
  ['backup', 'AccessDeniedException', 403, 'UnrecognizedClientException', 403, 'ExpiredTokenException', 403],
  ['kms', 'AccessDeniedException', 400, 'UnrecognizedClientException', 400, 'ExpiredTokenException', 400],
  ['organizations', 'AccessDeniedException', 400, 'UnrecognizedClientException', 400, 'ExpiredTokenException', 400],
  ['tagging', 'AccessDeniedException', 400, 'UnrecognizedClientException', 400, 'ExpiredTokenException', 400],
  ['cloudtrail', 'AccessDeniedException', 400, 'UnrecognizedClientException', 400, 'ExpiredTokenException', 400],
  ['dynamodb', 'AccessDeniedException', 400, 'UnrecognizedClientException', 400, 'ExpiredTokenException', 400],
  ['sns', 'AuthorizationErrorException', 403, 'InvalidClientTokenId', 403, 'ExpiredToken', 403],
  ['cloudformation', 'AccessDenied', 403, 'InvalidClientTokenId', 403, 'ExpiredToken', 403],
  ['ec2', 'UnauthorizedOperation', 403, 'AuthFailure', 401, 'RequestExpired', 400],
])('%s says who may not, who is not known, and who is no more', async (service, ...wanted) => {
  const nobody = session();
  const told: unknown[] = [];
  const tell = async (who: Config) => {
    const { name, status } = await refused(calls(who)[service]?.() ?? Promise.resolve());
    told.push(name, status);
  };
  await tell(nobody);
  await tell({ accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'x' });
  world.sandbox.expireSessions();
  await tell(nobody);
  expect(told).toEqual(wanted);
});

/** What is on the wire: the SDK puts the codes of both protocols into one error. */
async function answerOf(send: () => Promise<unknown>) {
  const error = await send().then(
    () => undefined,
    (thrown: unknown) => thrown as { $response?: { statusCode: number; headers: Record<string, string> } },
  );
  return [error?.$response?.headers['x-amzn-query-error'], error?.$response?.statusCode];
}

test('sqs tells the codes of its former protocol in a header, kms does not', async () => {
  const { sandbox } = world;
  const queue = sandbox.addQueue({ ...at, name: 'queue' });
  const { sqs, kms } = clients(sandbox);
  const batch = (...Entries: { Id: string; MessageBody: string }[]) =>
    answerOf(() => sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries })));
  const code = (name: string) => `AWS.SimpleQueueService.${name};Sender`;
  const one = { Id: '1', MessageBody: 'x' };
  expect(await batch()).toEqual([code('EmptyBatchRequest'), 400]);
  expect(await batch(one, one)).toEqual([code('BatchEntryIdsNotDistinct'), 400]);
  expect(await answerOf(calls(session()).sqs ?? fail)).toEqual(['AccessDenied;Sender', 403]);
  const unknown = { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'x' };
  expect(await answerOf(calls(unknown).sqs ?? fail)).toEqual(['InvalidClientTokenId;Sender', 403]);
  expect(await answerOf(() => kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })))).toEqual([undefined, 400]);
});

test('who may send and may not use the key is told so', async () => {
  const { sandbox, sourceKey } = world;
  sandbox.addQueue({ ...at, name: 'queue', key: sourceKey });
  sandbox.addTopic({ ...at, name: 'topic', key: sourceKey });
  const { sns = fail, sqs = fail } = calls(session(allow('sns:*', 'sqs:*')));
  expect(await refused(sns())).toMatchObject({ name: 'KMSAccessDeniedException', status: 400 });
  expect(await refused(sqs())).toMatchObject({ message: expect.stringContaining('kms:GenerateDataKey') as string });
  expect(await answerOf(sqs)).toEqual(['KMS.AccessDeniedException;Sender', 400]);
});

test.each([
  ['tagging', 'GetResources', 'ThrottledException', 400],
  ['cloudtrail', 'DescribeTrails', 'ThrottlingException', 400],
  ['ec2', 'DescribeImages', 'RequestLimitExceeded', 503],
])('%s has its own code for too many requests', async (service, operation, name, status) => {
  world.sandbox.faults.add({ service, operation, throttle: true });
  const send = calls(world.sandbox.credentials(SOURCE))[service] ?? fail;
  expect(await refused(send())).toMatchObject({ name, status });
});

test('the policy simulator answers page by page', async () => {
  const { sandbox, role } = world;
  const { iam } = clients(sandbox);
  const input = { PolicySourceArn: role.arn, ActionNames: Array.from({ length: 7 }, (_, n) => `backup:Action${n}`) };
  const told: string[][] = [];
  for await (const page of paginateSimulatePrincipalPolicy({ client: iam, pageSize: 3 }, input)) {
    told.push((page.EvaluationResults ?? []).map(({ EvalActionName = '' }) => EvalActionName));
    expect(page.IsTruncated).toBe(told.length < 3);
  }
  expect(told.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(told.flat()).toEqual(input.ActionNames);
  const marked = iam.send(new SimulatePrincipalPolicyCommand({ ...input, Marker: '%%%' }));
  expect(await refused(marked)).toMatchObject({ name: 'InvalidInputException', status: 400 });
});

test.each(['%%%', 'MS41', 'LTE', 'eA'])('a token that was never given is refused: %j', async (NextToken) => {
  const listed = clients(world.sandbox).backup.send(new ListBackupVaultsCommand({ NextToken }));
  expect(await refused(listed)).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
});

test.each(['x', '-trail', 'trail.', 'a..b', 'a b c', 'x'.repeat(129)])('no trail is named %j', async (name) => {
  const { cloudtrail } = clients(world.sandbox);
  const described = cloudtrail.send(new DescribeTrailsCommand({ trailNameList: [name] }));
  expect((await refused(described)).name).toBe('InvalidTrailNameException');
  const asked = cloudtrail.send(new GetTrailStatusCommand({ Name: name }));
  expect((await refused(asked)).name).toBe('InvalidTrailNameException');
});

function fail(): never {
  throw new Error('no such call');
}

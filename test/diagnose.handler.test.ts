import { readerSessions } from '../lambda/aws/reader-sessions';
import { fail } from './sandbox/demo/play';
import { destinationVaultArn, type Scenario } from './sandbox/demo/scenario';
import { scenarios } from './sandbox/demo/scenarios';
import { createWorld, type Handler, type World } from './sandbox/demo/world';
import { coldHandler } from './demo/run';

jest.setTimeout(60_000);

const scenario = scenarios.find(({ name }) => name === 'vault-policy-lacks-source') as Scenario;
type Event = Record<string, unknown> & { detail: Record<string, unknown> };

let world: World;
let handler: Handler;
let event: Event;

beforeEach(async () => {
  world = await createWorld({ destinations: [destinationVaultArn(scenario)], loadHandler: coldHandler });
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
  handler = await coldHandler();
  await fail(world, scenario, (failed) => {
    event = failed as unknown as Event;
    return Promise.resolve();
  });
  world.sandbox.clearCalls();
});
afterEach(() => world.close());

const withDetail = (detail: Record<string, unknown>): Event => ({ ...event, detail: { ...event.detail, ...detail } });

function batch(bodies: readonly unknown[], received = 1) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `handle-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: String(received),
        SentTimestamp: '0',
        SenderId: 'events',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:failures',
      awsRegion: 'eu-west-1',
    })),
  };
}

const calls = (service: string, operation: string) =>
  world.sandbox.calls.filter((call) => call.service === service && call.operation === operation);
const failedIds = async (bodies: readonly unknown[], received?: number) =>
  (await handler(batch(bodies, received))).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
interface Published {
  causes: { id: string; confidence: string; fix: string }[];
  notCheckable: { id: string; missing: { permission: string; account: string; reason: string }[] }[];
}
const published = () =>
  world.sandbox.published.map(({ message }) => JSON.parse(JSON.parse(message)['https']) as Published);

it('sends what cannot be read to the dead letters with its reason, and never lets it block its batch', async () => {
  const unreadable = ['{"half":', [], withDetail({ state: 'COMPLETED' }), { ...event, account: '333333333333' }];
  expect(await failedIds([...unreadable, event])).toEqual([]);

  const sent = calls('sqs', 'SendMessage').map(({ input }) => input as Record<string, Record<string, unknown>>);
  const reasons = sent.map((input) => JSON.stringify(input['MessageAttributes']?.['reason'])).join('\n');
  expect(sent).toHaveLength(4);
  expect(reasons).toContain('not JSON');
  expect(reasons).toContain('COMPLETED');
  expect(reasons).toContain('belongs to account');
  expect(published().map(({ causes }) => causes[0]?.id)).toEqual(['vault-policy-lacks-source']);
});

it('refuses a source account that the deployment does not have', async () => {
  const sourceBackupVaultArn = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:prod';
  expect(await failedIds([{ ...withDetail({ sourceBackupVaultArn }), account: '333333333333' }])).toEqual([]);
  expect(calls('sts', 'AssumeRole')).toEqual([]);
  expect(published()).toEqual([]);
  expect(JSON.stringify(calls('sqs', 'SendMessage')[0]?.input)).toContain('not a source account');
});

it('brings a message again, and only that one, when it cannot be set aside or told', async () => {
  world.sandbox.faults.add({
    service: 'sqs',
    operation: 'SendMessage',
    error: { code: 'AccessDenied', message: 'no', status: 403 },
  });
  expect(await failedIds(['nonsense', event])).toEqual(['message-0']);

  world.sandbox.faults.clear();
  world.sandbox.faults.add({
    service: 'sns',
    operation: 'Publish',
    error: { code: 'AuthorizationError', message: 'no', status: 403 },
  });
  expect(await failedIds([event])).toEqual(['message-0']);
  world.sandbox.faults.clear();
  expect(await failedIds([event])).toEqual([]);
});

it('waits once for trouble that passes by itself, then tells what could not be read', async () => {
  world.sandbox.faults.add({ service: 'kms', operation: 'GetKeyPolicy', throttle: true });
  expect(await failedIds([event])).toEqual(['message-0']);
  expect(published()).toEqual([]);

  expect(await failedIds([event], 2)).toEqual([]);
  const [told] = published();
  expect(told?.causes.map(({ id }) => id)).toEqual(['vault-policy-lacks-source']);
  const unread = told?.notCheckable.find(({ id }) => id === 'source-key-policy-lacks-grants');
  expect(unread?.missing).toEqual([
    { permission: 'kms:GetKeyPolicy', account: '111111111111', reason: expect.stringMatching(/Throttling/) },
  ]);
});

it('does not tell a person to deploy a role because AssumeRole was throttled', async () => {
  world.sandbox.faults.add({ service: 'sts', operation: 'AssumeRole', throttle: true });
  expect(await failedIds([event])).toEqual(['message-0']);
  expect(published()).toEqual([]);
});

it('takes a refused read for unknown, naming permission and account, never for a fault', async () => {
  world.sandbox.faults.add({
    service: 'backup',
    operation: 'GetBackupVaultAccessPolicy',
    error: { code: 'AccessDeniedException', message: 'no', status: 403 },
  });
  expect(await failedIds([event])).toEqual([]);
  const [told] = published();
  for (const { confidence, fix } of told?.causes ?? []) expect([confidence, fix]).toEqual(['possible', 'manual']);
  expect(told?.notCheckable.find(({ id }) => id === 'vault-policy-lacks-source')?.missing).toEqual([
    { permission: 'backup:GetBackupVaultAccessPolicy', account: '222222222222', reason: 'AccessDeniedException' },
  ]);
});

it('reads what a batch shares once, and opens one session an account', async () => {
  const many = Array.from({ length: 10 }, (_, index) => withDetail({ copyJobId: `job-${index}` }));
  expect(await failedIds(many)).toEqual([]);
  expect(published()).toHaveLength(10);
  expect(calls('sts', 'AssumeRole')).toHaveLength(2);
  expect(calls('backup', 'GetBackupVaultAccessPolicy')).toHaveLength(2);
  expect(calls('kms', 'GetKeyPolicy')).toHaveLength(1);
  expect(calls('organizations', 'DescribeOrganization')).toHaveLength(2);
  expect(calls('backup', 'DescribeCopyJob')).toHaveLength(10);
});

it('enters no account that the settings do not name, whatever an event says', async () => {
  const destinationBackupVaultArn = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:prey';
  expect(await failedIds([withDetail({ copyJobId: 'not-on-record', destinationBackupVaultArn })])).toEqual([]);
  const roles = calls('sts', 'AssumeRole').map(({ input }) => (input as { RoleArn: string }).RoleArn);
  expect(roles).toEqual(['arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-reader']);
  expect(world.sandbox.published[0]?.message).toContain('is not on the list');
});

it("believes the job's record more than the event, and reads again what the record names", async () => {
  const wrong = withDetail({ destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:other' });
  expect(await failedIds([wrong])).toEqual([]);
  expect(published().map(({ causes }) => causes.map(({ id, confidence }) => `${id} ${confidence}`))).toEqual([
    ['vault-policy-lacks-source confirmed'],
  ]);
});

it('keeps nothing above possible when the job is not on record', async () => {
  expect(await failedIds([withDetail({ copyJobId: 'gone' })])).toEqual([]);
  const [told] = published();
  expect(told?.causes[0]).toEqual(
    expect.objectContaining({ id: 'vault-policy-lacks-source', confidence: 'possible', fix: 'manual' }),
  );
});

it('says how to put the reader role into a destination account that has none', async () => {
  const role = world.sandbox.role('arn:aws:iam::222222222222:role/copy-doctor-eu-west-1-reader');
  if (!role) throw new Error('no role');
  role.trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  expect(await failedIds([event])).toEqual([]);
  const mail = JSON.parse(world.sandbox.published[0]?.message ?? '{}').email as string;
  expect(mail.startsWith('THE DESTINATION ACCOUNT COULD NOT BE READ')).toBe(true);
  expect(mail).toContain('HubAccount=111111111111 Deployment=eu-west-1');
  // Asked once for the whole batch, not once a read.
  expect(calls('sts', 'AssumeRole')).toHaveLength(2);
});

it('keeps a session until 5 minutes before it ends', async () => {
  let now = Date.now();
  const credentialsOf = readerSessions({
    partition: 'aws',
    region: 'eu-west-1',
    readerRoleName: 'copy-doctor-eu-west-1-reader',
    accounts: new Set(['222222222222']),
    now: () => now,
  });
  const place = { account: '222222222222', region: 'eu-west-1' };
  const first = await credentialsOf(place);
  const { Expiration } = { Expiration: Math.max(Date.now(), world.sandbox.clock.now().getTime()) + 3_600_000 };
  now = Expiration - 6 * 60_000;
  expect(await credentialsOf(place)).toBe(first);
  now = Expiration - 4 * 60_000;
  expect(await credentialsOf(place)).not.toBe(first);
  expect(calls('sts', 'AssumeRole')).toHaveLength(2);
});

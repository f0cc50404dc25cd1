import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ListCopyJobsCommand } from '@aws-sdk/client-backup';
import { longestSerialChain, type Call } from '.';
import { DESTINATION, REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());
const describeKey = (account = SOURCE) =>
  clients(world.sandbox, account).kms.send(new DescribeKeyCommand({ KeyId: world.sourceKey.arn }));
const fault = { service: 'kms', operation: 'DescribeKey' };

test('an error, so many times, in one account', async () => {
  const error = { code: 'KMSInternalException', message: 'boom', status: 500 };
  world.sandbox.faults.add({ ...fault, account: SOURCE, times: 1, error });
  expect((await describeKey(DESTINATION)).KeyMetadata).toBeDefined();
  expect(await refused(describeKey())).toEqual({ name: 'KMSInternalException', message: 'boom', status: 500 });
  expect((await describeKey()).KeyMetadata).toBeDefined();
  expect(world.sandbox.calls.map((call) => call.error)).toEqual([undefined, 'KMSInternalException', undefined]);
  expect(world.sandbox.callCounts()).toEqual({ 'kms@111111111111': 2, 'kms@222222222222': 1 });
});

test('throttling is what the SDK retries', async () => {
  world.sandbox.faults.add({ ...fault, times: 1, throttle: true });
  const { endpoint } = world.sandbox;
  const kms = new KMSClient({
    endpoint,
    region: REGION,
    credentials: world.sandbox.credentials(SOURCE),
    maxAttempts: 2,
  });
  const { $metadata } = await kms.send(new DescribeKeyCommand({ KeyId: world.sourceKey.arn }));
  expect($metadata.attempts).toBe(2);
});

test('latency, and no answer at all', async () => {
  world.sandbox.latencyMs = 20;
  world.sandbox.faults.add({ ...fault, times: 1, latencyMs: 30 });
  await describeKey();
  const [call] = world.sandbox.calls;
  expect((call?.endedAt ?? 0) - (call?.startedAt ?? 0)).toBeGreaterThanOrEqual(48);
  world.sandbox.faults.add({ ...fault, timeout: true });
  const kms = new KMSClient({
    endpoint: world.sandbox.endpoint,
    region: REGION,
    credentials: world.sandbox.credentials(SOURCE),
    maxAttempts: 1,
    requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
  });
  expect((await refused(kms.send(new DescribeKeyCommand({ KeyId: world.sourceKey.arn })))).name).toBe('TimeoutError');
});

test('the longest serial chain', async () => {
  const call = (operation: string, startedAt: number, endedAt: number): Call => ({
    service: 's',
    operation,
    account: SOURCE,
    region: REGION,
    principal: '',
    input: {},
    startedAt,
    endedAt,
  });
  const calls = [call('c', 9, 12), call('a', 0, 7), call('b', 1, 6), call('long', 0, 20), call('b2', 6, 8)];
  expect(longestSerialChain(calls).map(({ operation }) => operation)).toEqual(['b', 'b2', 'c']);
  expect(longestSerialChain([])).toEqual([]);
  world.sandbox.latencyMs = 150; // longer than a busy machine takes to send three calls
  const { backup } = clients(world.sandbox);
  const list = () => backup.send(new ListCopyJobsCommand({}));
  await Promise.all([list(), list(), list()]);
  await list();
  expect(longestSerialChain(world.sandbox.calls)).toHaveLength(2);
});

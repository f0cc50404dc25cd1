import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { isEffect, type Queue, type Table } from '.';
import { REGION, SOURCE, openWorld, type World } from './fixture';

const TableName = 'hub';
let world: World;
let table: Table;
let queue: Queue;
beforeEach(async () => {
  world = await openWorld();
  const place = { account: SOURCE, region: REGION };
  table = await world.sandbox.addTable({ ...place, name: TableName, partitionKey: 'pk' });
  queue = world.sandbox.addQueue({ ...place, name: 'work' });
});
afterEach(() => world.sandbox.close());

/** A process as it is in Lambda: clients that try again. */
function processOf(name: string) {
  const { sandbox } = world;
  const { arn } = sandbox.addRole({ account: SOURCE, name, trust: { Statement: [] } });
  const config = { endpoint: sandbox.endpoint, region: REGION, credentials: sandbox.roleCredentials(arn) };
  const [dynamodb, sqs] = [new DynamoDBClient(config), new SQSClient(config)];
  const put = (pk: string) => dynamodb.send(new PutItemCommand({ TableName, Item: marshall({ pk }) }));
  return {
    put,
    get: () => dynamodb.send(new GetItemCommand({ TableName, Key: marshall({ pk: 'x' }) })),
    /** Three effects and a read between them. */
    async work() {
      await put(`${name}-1`);
      await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
      await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: name }));
      await put(`${name}-2`);
    },
  };
}
const done = async () => [(await table.items()).length, queue.messages.length];

test('which calls are effects', async () => {
  await processOf('worker').work();
  const { calls, faults } = world.sandbox;
  expect(faults.effects(calls).map(({ operation }) => operation)).toEqual(['PutItem', 'SendMessage', 'PutItem']);
  const names = ['BatchWriteItem', 'UpdateItem', 'StartCopyJob', 'Publish', 'AssumeRole', 'Query', 'InvokeFunctionUrl'];
  expect(names.map((operation) => isEffect({ operation }))).toEqual([true, true, true, true, false, false, false]);
});

const rows: [number, 'before' | 'after', number[]][] = [
  [1, 'before', [0, 0]],
  [1, 'after', [1, 0]],
  [2, 'before', [1, 0]],
  [2, 'after', [1, 1]],
  [3, 'before', [1, 1]],
  [3, 'after', [2, 1]],
];
test.each(rows)('killed at effect %i, %s it', async (n, when, left) => {
  const { faults } = world.sandbox;
  const worker = processOf('worker');
  faults.killAt(n, when);
  const startedAt = performance.now();
  await expect(worker.work()).rejects.toThrow();
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(await done()).toEqual(left);
  expect(faults.killed).toBe(true);
  await expect(worker.get()).rejects.toThrow();
  expect(world.sandbox.calls.find(({ lost }) => lost)).toMatchObject({ lost: when });
  faults.revive();
  expect(faults.killed).toBe(false);
  await worker.work();
  expect((await table.items()).length).toBe(2);
});

test('only the principals that are named count, and die', async () => {
  const { faults } = world.sandbox;
  const [worker, other] = [processOf('worker'), processOf('other')];
  faults.killAt(2, 'before', { principal: /assumed-role\/worker\// });
  await other.work();
  await expect(worker.work()).rejects.toThrow();
  await other.work();
  expect(await done()).toEqual([3, 2]);
});

test('a lost answer that is tried again: the change is made twice', async () => {
  world.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', times: 1, lostAnswer: true });
  await processOf('worker').work();
  expect(queue.messages).toHaveLength(2);
  expect(world.sandbox.calls.filter(({ operation }) => operation === 'SendMessage').map(({ lost }) => lost)).toEqual([
    'after',
    undefined,
  ]);
});

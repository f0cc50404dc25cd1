import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Table } from '.';
import { DESTINATION, REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

const TableName = 'hub';
let world: World;
let table: Table;
beforeEach(async () => {
  world = await openWorld();
  table = await world.sandbox.addTable({
    account: SOURCE,
    region: REGION,
    name: TableName,
    partitionKey: 'pk',
    sortKey: 'sk',
    indexes: [{ name: 'due', partitionKey: 'duePartition', sortKey: 'due', projection: 'KEYS_ONLY' }],
  });
});
afterEach(() => world.sandbox.close());

const put = (item: object, more: object = {}) => new PutItemCommand({ TableName, Item: marshall(item), ...more });
const get = (pk: string, sk = 'HEAD') => new GetItemCommand({ TableName, Key: marshall({ pk, sk }) });
const query = (values: Record<string, string>, KeyConditionExpression: string, more: object = {}) =>
  new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues: marshall(values), ...more });

function as(statements: object[], name = 'worker'): DynamoDBClient {
  const role = world.sandbox.addRole({
    account: SOURCE,
    name,
    trust: { Statement: [] },
    policies: [{ Statement: statements }],
  });
  return clients(world.sandbox, world.sandbox.roleCredentials(role.arn, 'run')).dynamodb;
}
const allow = (Action: string | string[], Resource: string | string[] = table.arn, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const leading = (...values: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': values } });

test('items: conditions, a sparse index, pages, batches; every call is counted', async () => {
  const { dynamodb } = clients(world.sandbox);
  const head = { pk: 'A', sk: 'HEAD', version: 1, duePartition: 'DUE', due: '2026-06-01' };
  await dynamodb.send(put(head));
  const again = put(head, { ConditionExpression: 'attribute_not_exists(pk)' });
  expect((await refused(dynamodb.send(again))).name).toBe('ConditionalCheckFailedException');
  for (const index of [1, 2, 3]) await dynamodb.send(put({ pk: 'A', sk: `JOB#${index}`, bytes: index }));
  const page = await dynamodb.send(query({ ':p': 'A', ':s': 'JOB#' }, 'pk = :p AND begins_with(sk, :s)', { Limit: 2 }));
  expect(page.Items).toHaveLength(2);
  const due = query({ ':d': 'DUE', ':now': '2026-07-01' }, 'duePartition = :d AND due <= :now', { IndexName: 'due' });
  expect((await dynamodb.send(due)).Items).toEqual([
    marshall({ pk: 'A', sk: 'HEAD', duePartition: 'DUE', due: '2026-06-01' }),
  ]);
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: marshall({ pk: 'A', sk: 'HEAD' }),
      UpdateExpression: 'REMOVE duePartition',
    }),
  );
  expect((await dynamodb.send(due)).Items).toEqual([]);
  await dynamodb.send(
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: [{ PutRequest: { Item: marshall({ pk: 'B', sk: 'x' }) } }] },
    }),
  );
  const batch = await dynamodb.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [marshall({ pk: 'B', sk: 'x' })] } } }),
  );
  expect(batch.Responses?.[TableName]).toHaveLength(1);
  await dynamodb.send(new DeleteItemCommand({ TableName, Key: marshall({ pk: 'B', sk: 'x' }) }));
  const counted = world.sandbox.calls.length;
  expect((await table.items()).map(({ pk, sk }) => `${String(pk)}/${String(sk)}`)).toEqual([
    'A/HEAD',
    'A/JOB#1',
    'A/JOB#2',
    'A/JOB#3',
  ]);
  expect(world.sandbox.calls).toHaveLength(counted);
  expect(world.sandbox.calls[1]).toMatchObject({
    service: 'dynamodb',
    operation: 'PutItem',
    input: { TableName },
    error: 'ConditionalCheckFailedException',
  });
});

test('accounts and Regions have tables of their own', async () => {
  await clients(world.sandbox).dynamodb.send(put({ pk: 'A', sk: 'HEAD' }));
  const elsewhere = clients(world.sandbox, DESTINATION).dynamodb;
  expect((await refused(elsewhere.send(get('A')))).name).toBe('ResourceNotFoundException');
});

test('a refusal as DynamoDB says it', async () => {
  const reader = as([allow('dynamodb:GetItem')]);
  expect((await reader.send(get('A'))).Item).toBeUndefined();
  expect(await refused(reader.send(put({ pk: 'A', sk: 'HEAD' })))).toEqual({
    name: 'AccessDeniedException',
    message: `User: arn:aws:sts::${SOURCE}:assumed-role/worker/run is not authorized to perform: dynamodb:PutItem on resource: ${table.arn} because no identity-based policy allows the dynamodb:PutItem action`,
    status: 400,
  });
});

describe('leading keys', () => {
  const updateOf = (pk: string) =>
    new UpdateItemCommand({
      TableName,
      Key: marshall({ pk, sk: 'x' }),
      UpdateExpression: 'SET #v = :v',
      ExpressionAttributeNames: { '#v': 'v' },
      ExpressionAttributeValues: marshall({ ':v': 1 }),
    });
  const write = (...pks: string[]) =>
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: pks.map((pk) => ({ PutRequest: { Item: marshall({ pk, sk: 'x' }) } })) },
    });
  const read = (...pks: string[]) =>
    new BatchGetItemCommand({
      RequestItems: { [TableName]: { Keys: pks.map((pk) => marshall({ pk, sk: 'x' })) } },
    });
  const one = (pk: string) => query({ ':p': pk }, '#k = :p', { ExpressionAttributeNames: { '#k': 'pk' } });
  const rows: [string, (client: DynamoDBClient) => Promise<unknown>, boolean][] = [
    ['get', (client) => client.send(get('INCIDENT#1')), true],
    ['get, another', (client) => client.send(get('DECISION#1')), false],
    ['put', (client) => client.send(put({ pk: 'INCIDENT#1', sk: 'x' })), true],
    ['put, another', (client) => client.send(put({ pk: 'DECISION#1', sk: 'INCIDENT#1' })), false],
    ['update', (client) => client.send(updateOf('INCIDENT#1')), true],
    ['update, another', (client) => client.send(updateOf('DECISION#1')), false],
    ['query', (client) => client.send(one('INCIDENT#1')), true],
    ['query, another', (client) => client.send(one('DECISION#1')), false],
    ['query, turned round', (client) => client.send(query({ ':p': 'DECISION#1' }, ':p = pk')), false],
    ['batch put', (client) => client.send(write('INCIDENT#1', 'INCIDENT#2')), true],
    ['batch put, one of them', (client) => client.send(write('INCIDENT#1', 'DECISION#1')), false],
    ['batch get', (client) => client.send(read('INCIDENT#1', 'INCIDENT#2')), true],
    ['batch get, one of them', (client) => client.send(read('INCIDENT#1', 'DECISION#1')), false],
    ['scan: the key is missing, and ForAllValues holds', (client) => client.send(new ScanCommand({ TableName })), true],
  ];
  test.each(rows)('%s', async (_, ask, may) => {
    const client = as([allow('dynamodb:*', table.arn, leading('INCIDENT#*'))]);
    if (may) await ask(client);
    else expect((await refused(ask(client))).name).toBe('AccessDeniedException');
  });

  test('an index has an ARN and a partition key of its own', async () => {
    const due = query({ ':d': 'DUE' }, 'duePartition = :d', { IndexName: 'due' });
    await as([allow('dynamodb:Query', `${table.arn}/index/due`, leading('DUE'))]).send(due);
    const refusal = await refused(as([allow('dynamodb:Query')], 'other').send(due));
    expect(refusal.message).toContain(`dynamodb:Query on resource: ${table.arn}/index/due because`);
  });

  test('a Deny for all but one kind of item', async () => {
    const Condition = { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['DECISION#*'] } };
    const client = as([
      allow('dynamodb:*'),
      { Effect: 'Deny', Action: ['dynamodb:PutItem', 'dynamodb:BatchWriteItem'], Resource: '*', Condition },
    ]);
    await client.send(put({ pk: 'DECISION#1', sk: 'x' }));
    expect((await refused(client.send(put({ pk: 'INCIDENT#1', sk: 'x' })))).message).toContain('explicit deny');
    expect((await refused(client.send(write('DECISION#1', 'INCIDENT#1')))).message).toContain('explicit deny');
  });
});

test('empty and wrongly typed keys are refused as AWS refuses them', async () => {
  const { dynamodb } = clients(world.sandbox);
  const told = async (promise: Promise<unknown>) => {
    const { name, message } = await refused(promise);
    expect(name).toBe('ValidationException');
    return message;
  };
  const empty = 'The AttributeValue for a key attribute cannot contain an empty string value.';
  expect(await told(dynamodb.send(put({ pk: 'A', sk: 'x', duePartition: 'DUE', due: '' })))).toBe(
    `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${empty} IndexName: due, IndexKey: due`,
  );
  expect(await told(dynamodb.send(put({ pk: '', sk: 'x' })))).toBe(
    `One or more parameter values are not valid. ${empty} Key: pk`,
  );
  expect(await told(dynamodb.send(put({ pk: 'A', sk: 'x', duePartition: 'DUE', due: null })))).toContain(
    'Type mismatch for Index Key due Expected: S Actual: NULL IndexName: due',
  );
  const update = new UpdateItemCommand({
    TableName,
    Key: marshall({ pk: 'A', sk: 'x' }),
    UpdateExpression: 'SET #d = :d, v = :v',
    ExpressionAttributeNames: { '#d': 'due' },
    ExpressionAttributeValues: marshall({ ':d': '', ':v': '' }),
  });
  expect(await told(dynamodb.send(update))).toContain(
    'The update expression attempted to update a secondary index key',
  );
  await dynamodb.send(put({ pk: 'A', sk: 'x', note: '' }));
});

test('what is not emulated is named', async () => {
  const { dynamodb } = clients(world.sandbox);
  expect((await refused(dynamodb.send(new ListTablesCommand({})))).message).toBe('not emulated: dynamodb:ListTables');
  expect((await refused(dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [] })))).message).toBe(
    'not emulated: dynamodb:TransactWriteItems',
  );
  const old = put({ pk: 'A', sk: 'x' }, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  expect((await refused(dynamodb.send(old))).message).toBe(
    'not emulated: dynamodb:PutItem ReturnValuesOnConditionCheckFailure',
  );
});

test('faults: throttled once, and an answer that is lost after the change was made', async () => {
  const { sandbox } = world;
  const fault = { service: 'dynamodb', operation: 'PutItem', times: 1 };
  sandbox.faults.add({ ...fault, throttle: true });
  const { dynamodb } = clients(sandbox);
  expect((await refused(dynamodb.send(put({ pk: 'A', sk: 'x' })))).name).toBe('ThrottlingException');
  sandbox.faults.add({ ...fault, lostAnswer: true });
  await expect(dynamodb.send(put({ pk: 'A', sk: 'x' }))).rejects.toThrow();
  expect(await table.items()).toHaveLength(1);
  expect(sandbox.calls.at(-1)).toMatchObject({ operation: 'PutItem', lost: 'after' });
});

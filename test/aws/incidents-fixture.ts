import { CreateTableCommand, DynamoDBClient, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { TABLE_SHAPE } from '../../lambda/aws/incident-table';
import { Incidents } from '../../lambda/aws/incidents';
import type { CopyFailure } from '../../lambda/core/copy-failure';
import type { Evidence } from '../../lambda/core/evidence';
import type { Proposal } from '../../lambda/core/incident/incident';
import type { Job } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';

const dynalite = createRequire(__filename)('dynalite') as (options: object) => Server;

/** A DynamoDB in this process; each table is named anew, so that tests share the server but no item. */
export class TestDynamo {
  private constructor(
    private readonly server: Server,
    readonly client: DynamoDBClient,
  ) {}

  static async start(): Promise<TestDynamo> {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return new TestDynamo(server, clientAt(server));
  }

  async addTable(name: string): Promise<void> {
    const { partitionKey, sortKey, index } = TABLE_SHAPE;
    await this.client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [partitionKey, sortKey, index.partitionKey, index.sortKey].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        KeySchema: keys(partitionKey, sortKey),
        GlobalSecondaryIndexes: [
          {
            IndexName: index.name,
            KeySchema: keys(index.partitionKey, index.sortKey),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
  }

  async incidents(name: string, now: () => Date = () => new Date(T0)): Promise<Incidents> {
    await this.addTable(name);
    return this.incidentsIn(name, now);
  }

  incidentsIn(name: string, now: () => Date = () => new Date(T0)): Incidents {
    return new Incidents(name, 'eu-west-1', now, this.client);
  }

  /** Everything that is in a table, by keys. */
  async items(name: string): Promise<Map<string, Record<string, unknown>>> {
    const found = new Map<string, Record<string, unknown>>();
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.send(new ScanCommand({ TableName: name, ExclusiveStartKey: from }));
      for (const one of page.Items ?? []) {
        const item = unmarshall(one);
        found.set(`${String(item['pk'])} ${String(item['sk'])}`, item);
      }
      from = page.LastEvaluatedKey;
    } while (from);
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  async close(): Promise<void> {
    this.client.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

const clientAt = (server: Server): DynamoDBClient =>
  new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** A server that answers each request as it is told, for what no emulator does. */
export async function answering(
  answer: (operation: string, input: Record<string, unknown>) => object,
): Promise<{ readonly client: DynamoDBClient; readonly endpoint: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answer(operation, JSON.parse(body) as Record<string, unknown>)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const client = clientAt(server);
  const close = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export const T0 = '2026-06-01T00:00:00.000Z';
export const at = (minutes: number): string => new Date(Date.parse(T0) + minutes * 60_000).toISOString();

export const ID = 'ABCDEFGHIJKLMNOP';
const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';

export const proposalOf = (change: Partial<Proposal> = {}): Proposal => ({
  id: ID,
  kind: 'vault-policy',
  causes: ['vault-policy-lacks-source'],
  title: 'The destination vault does not allow copies from the source account',
  resource: VAULT,
  owner: '222222222222',
  region: 'eu-west-1',
  account: '111111111111',
  planHash: 'a'.repeat(64),
  ask: true,
  ...change,
});

export const failedEvent = (change: { minutes?: number; copyJobId?: string; proposal?: Partial<Proposal> } = {}) => {
  const time = at(change.minutes ?? 0);
  const copyJobId = change.copyJobId ?? 'job-1';
  const proposal = proposalOf(change.proposal);
  return { kind: 'failed' as const, at: time, failedAt: time, copyJobId, readAt: time, proposal };
};

export const failureOf = (change: Partial<CopyFailure> = {}): CopyFailure => ({
  copyJobId: 'job-1',
  state: 'FAILED',
  account: '111111111111',
  region: 'eu-west-1',
  partition: 'aws',
  time: T0,
  sourceVaultArn: 'arn:aws:backup:eu-west-1:111111111111:backup-vault:main',
  destinationVaultArn: VAULT,
  recoveryPointArn: 'arn:aws:backup:eu-west-1:111111111111:recovery-point:1',
  resourceArn: 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders',
  resourceType: 'DynamoDB',
  roleArn: undefined,
  statusMessage: 'Access denied',
  drill: false,
  ...change,
});

export const jobOf = (copyJobId: string, change: Partial<Job> & { resourceArn?: string | undefined } = {}): Job => {
  const { resourceArn, ...rest } = change;
  const failure = failureOf({ copyJobId, ...('resourceArn' in change ? { resourceArn } : {}) });
  return { copyJobId, way: 'diagnosed', failedAt: T0, failure, revision: 1, ...rest };
};

export const evidenceOf = (responses: Evidence['responses'] = {}): Evidence => ({ failure: failureOf(), responses });

export const planOf = (hash: string): Plan => ({
  kind: 'vault-policy',
  causes: ['vault-policy-lacks-source'],
  resource: VAULT,
  owner: '222222222222',
  region: 'eu-west-1',
  partition: 'aws',
  grantee: '111111111111',
  before: null,
  after: { Version: '2012-10-17', Statement: [] },
  added: [],
  diff: '',
  hash,
  permits: ['copies'],
  doesNotPermit: [],
  undo: 'remove it',
  warnings: [],
});

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

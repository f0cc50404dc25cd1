import { EventEmitter } from 'node:events';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Input } from './protocol';

export interface TableIndex {
  name: string;
  partitionKey: string;
  sortKey?: string;
  projection: 'KEYS_ONLY' | 'ALL';
}

/** All key attributes are strings. */
export interface AddTable {
  account: string;
  region: string;
  name: string;
  partitionKey: string;
  sortKey?: string;
  indexes?: TableIndex[];
}

export interface Table extends Required<Omit<AddTable, 'sortKey'>> {
  arn: string;
  sortKey: string | undefined;
  /** Everything in it, for tests: not counted as calls. */
  items(): Promise<Record<string, unknown>[]>;
  /** One of them, by its key. */
  item(key: Record<string, string>): Promise<Record<string, unknown> | undefined>;
}

export interface EngineAnswer {
  status: number;
  body: string;
}
type Engine = (operation: string, body: string) => Promise<EngineAnswer>;

/** The tables of all accounts: one dynalite for each account and Region, called in process. */
export class DynamoDb {
  readonly tables: Table[] = [];
  private readonly engines = new Map<string, Promise<Engine>>();

  async add(options: AddTable): Promise<Table> {
    const { account, region, name, partitionKey, sortKey, indexes = [] } = options;
    if (this.find(account, region, name)) throw new Error(`table ${name} is there already`);
    const schema = (partition: string, sort: string | undefined) => [
      { AttributeName: partition, KeyType: 'HASH' },
      ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
    ];
    const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
    const named = [...new Set(keys)].filter((key) => key !== undefined);
    const run = async (operation: string, input: Input) => {
      const { status, body } = await this.execute(account, region, operation, JSON.stringify(input));
      if (status !== 200) throw new Error(`${operation} ${name}: ${body}`);
      return JSON.parse(body) as Input;
    };
    await run('CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: named.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: schema(partitionKey, sortKey),
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map((index) => ({
              IndexName: index.name,
              KeySchema: schema(index.partitionKey, index.sortKey),
              Projection: { ProjectionType: index.projection },
            })),
          }),
    });
    await untilActive(async () => (await run('DescribeTable', { TableName: name })).Table as Described);
    const table: Table = {
      arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
      account,
      region,
      name,
      partitionKey,
      sortKey,
      indexes,
      async items() {
        const found: Record<string, unknown>[] = [];
        for (let from: unknown, more = true; more; more = from !== undefined) {
          const page = await run('Scan', { TableName: name, ...(from ? { ExclusiveStartKey: from } : {}) });
          found.push(...(page.Items as Parameters<typeof unmarshall>[0][]).map((item) => unmarshall(item)));
          from = page.LastEvaluatedKey;
        }
        return found;
      },
      async item(key) {
        const { Item } = await run('GetItem', { TableName: name, Key: marshall(key), ConsistentRead: true });
        return Item ? unmarshall(Item as Parameters<typeof unmarshall>[0]) : undefined;
      },
    };
    this.tables.push(table);
    return table;
  }

  find(account: string, region: string, name: string): Table | undefined {
    return this.tables.find((one) => one.name === name && one.account === account && one.region === region);
  }

  async execute(account: string, region: string, operation: string, body: string): Promise<EngineAnswer> {
    const place = `${account}/${region}`;
    const engine = this.engines.get(place) ?? startEngine();
    this.engines.set(place, engine);
    return (await engine)(operation, body);
  }

  close(): void {
    this.engines.clear();
  }
}

interface Described {
  TableStatus: string;
  GlobalSecondaryIndexes?: { IndexStatus: string }[];
}

async function untilActive(describe: () => Promise<Described>): Promise<void> {
  for (;;) {
    const { TableStatus, GlobalSecondaryIndexes = [] } = await describe();
    if ([TableStatus, ...GlobalSecondaryIndexes.map((index) => index.IndexStatus)].every((at) => at === 'ACTIVE'))
      return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

// dynalite wants to see a signature; ours has been verified before.
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=sandbox, SignedHeaders=host, Signature=verified',
  'x-amz-date': '20260601T000000Z',
};

/** dynalite's request handler without its server: no socket, nothing to close. */
async function startEngine(): Promise<Engine> {
  const { default: dynalite } = await import('dynalite'); // only who has a table pays for loading it
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const handle = server.listeners('request')[0] as (request: object, response: object) => void;
  return (operation, body) =>
    new Promise((resolve) => {
      const request = Object.assign(new EventEmitter(), {
        method: 'POST',
        url: '/',
        headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      });
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end(text: string) {
          resolve({ status: this.statusCode, body: text });
        },
      };
      handle(request, response);
      request.emit('data', Buffer.from(body));
      request.emit('end');
    });
}

import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
  type BatchGetItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { setTimeout as wait } from 'node:timers/promises';

/** How the table is made: by the stack, and by tests and demo that must have the same. */
export const TABLE_SHAPE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  index: { name: 'due', partitionKey: 'duePartition', sortKey: 'due' },
} as const;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Readonly<Record<string, unknown>>;

/** An expression of DynamoDB; `#name` stands for the attribute of that name, so that no reserved word matters. */
export interface Expression {
  readonly text: string;
  readonly values?: Item;
}

export interface Selection {
  readonly key: Expression;
  readonly filter?: Expression;
  /** Attributes that are wanted; default: all. */
  readonly only?: readonly string[];
  /** The sparse index in the place of the table. */
  readonly index?: string;
  readonly limit?: number;
}

/** So many keys BatchGetItem takes in one call. */
const BATCH = 100;

/** One table in plain items. Errors of DynamoDB are thrown as the SDK throws them, but for a condition that is not met. */
export class IncidentTable {
  constructor(
    private readonly name: string,
    private readonly client: DynamoDBClient,
  ) {}

  /** Consistent: what was written a moment ago is seen. */
  async get({ pk, sk }: Key): Promise<Item | undefined> {
    const { Item: found } = await this.client.send(
      new GetItemCommand({ TableName: this.name, Key: marshall({ pk, sk }), ConsistentRead: true }),
    );
    return found && unmarshall(found);
  }

  /** Items that are there, in no order; keys that DynamoDB leaves unprocessed are asked for again. */
  async getAll(keys: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    for (let start = 0; start < keys.length; start += BATCH) {
      let left = keys.slice(start, start + BATCH).map(({ pk, sk }) => marshall({ pk, sk }));
      for (let tries = 0; left.length > 0; tries += 1) {
        if (tries > 0) await wait(jitter(tries));
        const answer: BatchGetItemCommandOutput = await this.client.send(
          new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys: left, ConsistentRead: true } } }),
        );
        found.push(...(answer.Responses?.[this.name] ?? []).map((item) => unmarshall(item)));
        left = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
        if (left.length > 0 && tries === 7) throw new Error(`DynamoDB left ${left.length} keys unprocessed 8 times.`);
      }
    }
    return found;
  }

  /** The whole item. False: the condition did not hold, nothing was written. */
  put(item: Key & Item, condition?: Expression): Promise<boolean> {
    return held(
      this.client.send(
        new PutItemCommand({
          TableName: this.name,
          Item: marshall(item, { removeUndefinedValues: true }),
          ...(condition
            ? { ConditionExpression: condition.text, ...namesOf(condition.text), ...valuesOf(condition.values) }
            : {}),
        }),
      ),
    );
  }

  putIfAbsent(item: Key & Item): Promise<boolean> {
    return this.put(item, { text: 'attribute_not_exists(#pk)' });
  }

  update({ pk, sk }: Key, change: Expression, condition: Expression): Promise<boolean> {
    return held(
      this.client.send(
        new UpdateItemCommand({
          TableName: this.name,
          Key: marshall({ pk, sk }),
          UpdateExpression: change.text,
          ConditionExpression: condition.text,
          ...namesOf(change.text, condition.text),
          ...valuesOf({ ...change.values, ...condition.values }),
        }),
      ),
    );
  }

  remove({ pk, sk }: Key, condition: Expression): Promise<boolean> {
    return held(
      this.client.send(
        new DeleteItemCommand({
          TableName: this.name,
          Key: marshall({ pk, sk }),
          ConditionExpression: condition.text,
          ...namesOf(condition.text),
          ...valuesOf(condition.values),
        }),
      ),
    );
  }

  /** All pages of a Query, in the order of the sort key. */
  async *query({ key, filter, only, index, limit }: Selection): AsyncIterable<Item> {
    const wanted = only?.map((path) => `#${path.replaceAll('.', '.#')}`).join(', ');
    const pages = paginateQuery(
      { client: this.client, ...(limit ? { pageSize: limit } : {}) },
      {
        TableName: this.name,
        KeyConditionExpression: key.text,
        ...(filter ? { FilterExpression: filter.text } : {}),
        ...(wanted ? { ProjectionExpression: wanted } : {}),
        // An index is never consistent.
        ...(index ? { IndexName: index } : { ConsistentRead: true }),
        ...namesOf(key.text, filter?.text, wanted),
        ...valuesOf({ ...key.values, ...filter?.values }),
      },
    );
    for await (const page of pages) for (const item of page.Items ?? []) yield unmarshall(item);
  }

  /** Reads the whole table: for a person who waits for it, never for a function. */
  async *scan(filter: Expression): AsyncIterable<Item> {
    const pages = paginateScan(
      { client: this.client },
      {
        TableName: this.name,
        FilterExpression: filter.text,
        ...namesOf(filter.text),
        ...valuesOf(filter.values),
      },
    );
    for await (const page of pages) for (const item of page.Items ?? []) yield unmarshall(item);
  }
}

/** Milliseconds before the next try: random, so that those who met once do not meet again. */
export const jitter = (tries: number): number => Math.random() * Math.min(1_000, 25 * 2 ** tries);

async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function namesOf(...texts: readonly (string | undefined)[]) {
  const names = texts.flatMap((text) => [...(text ?? '').matchAll(/#(\w+)/g)].map(([mark, name]) => [mark, name]));
  return { ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string> };
}

function valuesOf(values: Item | undefined) {
  return values && Object.keys(values).length > 0
    ? { ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }) }
    : {};
}

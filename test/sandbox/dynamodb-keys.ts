import { AwsError } from './errors';
import type { Table } from './dynamodb-engine';
import type { Input } from './protocol';

type Value = Record<string, unknown>;
type Item = Record<string, Value>;

/** The parts of a request that touch items of one table. */
export interface Touched {
  /** Whole keys, of items that are there or not. */
  keys: Item[];
  /** Items as they are put. */
  puts: Item[];
}

const scalar = (value: Value | undefined): string | undefined => {
  const [found] = Object.values(value ?? {});
  return found === undefined ? undefined : String(found);
};

interface WriteRequest {
  PutRequest?: { Item?: Item };
  DeleteRequest?: { Key?: Item };
}
const present = <T>(values: (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

/** By table name; of a query and a scan the table alone is known here. */
export function touchedBy(operation: string, input: Input): Map<string, Touched> {
  const requests = Object.entries((input.RequestItems ?? {}) as Record<string, unknown>);
  if (operation === 'BatchGetItem') {
    const keysOf = (request: unknown) => (request as { Keys?: Item[] }).Keys ?? [];
    return new Map(requests.map(([name, request]) => [name, { keys: keysOf(request), puts: [] }]));
  }
  if (operation === 'BatchWriteItem') {
    return new Map(
      requests.map(([name, writes]) => {
        const list = writes as WriteRequest[];
        const keys = present(list.map(({ DeleteRequest }) => DeleteRequest?.Key));
        return [name, { keys, puts: present(list.map(({ PutRequest }) => PutRequest?.Item)) }];
      }),
    );
  }
  const { Key, Item: put } = input as { Key?: Item; Item?: Item };
  return new Map([[String(input.TableName ?? ''), { keys: present([Key]), puts: present([put]) }]]);
}

/** Pairs `name = :value` of an expression, whichever stands first. */
function equations(expression: unknown, input: Input): [string, Value | undefined][] {
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const values = (input.ExpressionAttributeValues ?? {}) as Record<string, Value>;
  const text = typeof expression === 'string' ? expression : '';
  const found = text.matchAll(/([#:\w.-]+)\s*=\s*(?:if_not_exists\s*\([^)]*?,\s*)?([#:\w.-]+)/g);
  return [...found].map(([, left = '', right = '']) => {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    return [names[name] ?? name, values[value]];
  });
}

/** dynamodb:LeadingKeys: the partition keys that a request touches in a table; a scan has none. */
export function leadingKeys(table: Table, operation: string, input: Input, { keys, puts }: Touched): string[] {
  if (operation === 'Query') {
    const index = table.indexes.find(({ name }) => name === input.IndexName);
    const partitionKey = (index ?? table).partitionKey;
    const equal = equations(input.KeyConditionExpression, input).filter(([name]) => name === partitionKey);
    return present(equal.map(([, value]) => scalar(value)));
  }
  return [...new Set(present([...keys, ...puts].map((item) => scalar(item[table.partitionKey]))))];
}

const EMPTY = 'The AttributeValue for a key attribute cannot contain an empty string value.';
const refuse = (text: string) =>
  new AwsError('ValidationException', `One or more parameter values are not valid. ${text}`);
const isEmpty = (value: Value | undefined) => value?.S === '' || value?.B === '';

/** What dynalite lets through and AWS does not: empty values of keys. */
export function checkKeys(table: Table, operation: string, input: Input, { keys, puts }: Touched): void {
  const own = present([table.partitionKey, table.sortKey]);
  for (const item of [...keys, ...puts]) {
    for (const key of own) if (isEmpty(item[key])) throw refuse(`${EMPTY} Key: ${key}`);
  }
  const indexes = [...table.indexes].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, partitionKey, sortKey } of indexes) {
    for (const key of present([partitionKey, sortKey])) {
      if (puts.some((item) => isEmpty(item[key]))) {
        throw refuse(
          `A value specified for a secondary index key is not supported. ${EMPTY} IndexName: ${name}, IndexKey: ${key}`,
        );
      }
      const updated = operation === 'UpdateItem' ? equations(input.UpdateExpression, input) : [];
      if (updated.some(([set, value]) => set === key && isEmpty(value))) {
        throw refuse(
          `The update expression attempted to update a secondary index key to a value that is not supported. ${EMPTY}`,
        );
      }
    }
  }
  if (operation === 'Query') {
    const index = table.indexes.find((one) => one.name === input.IndexName) ?? table;
    for (const [name, value] of equations(input.KeyConditionExpression, input)) {
      if ([index.partitionKey, index.sortKey].includes(name) && isEmpty(value)) throw refuse(`${EMPTY} Key: ${name}`);
    }
  }
}

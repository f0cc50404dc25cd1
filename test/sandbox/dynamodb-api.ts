import type { Api, ApiCall } from './api';
import { checkKeys, leadingKeys, touchedBy } from './dynamodb-keys';
import { NotEmulatedError } from './errors';
import type { WireAnswer } from './protocol';

export type { AddTable, Table } from './dynamodb-engine';

const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
];

/** What dynalite does not know, or what would go past the checks here. */
const REFUSED = [
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ReturnValuesOnConditionCheckFailure',
  'ScanFilter',
];

async function run(call: ApiCall, operation: string): Promise<WireAnswer> {
  const { input, account, region, sandbox } = call;
  for (const member of REFUSED) {
    const given = input[member];
    if (given !== undefined && given !== 'NONE') throw new NotEmulatedError(`dynamodb:${operation} ${member}`);
  }
  for (const [name, touched] of touchedBy(operation, input)) {
    if (name.startsWith('arn:')) throw new NotEmulatedError('dynamodb: a table named by its ARN');
    const table = sandbox.dynamodb.find(account, region, name);
    const index = input.IndexName === undefined ? '' : `/index/${String(input.IndexName)}`;
    const keys = table ? leadingKeys(table, operation, input, touched) : [];
    call.demand(`dynamodb:${operation}`, `arn:aws:dynamodb:${region}:${account}:table/${name}${index}`, {
      'dynamodb:LeadingKeys': keys.length > 0 ? keys : undefined,
    });
    if (table) checkKeys(table, operation, input, touched);
  }
  const { status, body } = await sandbox.dynamodb.execute(account, region, operation, call.body);
  const code = status < 400 ? undefined : /#(\w+)/.exec(body)?.[1];
  return { status, headers: {}, body, ...(code === undefined ? {} : { code }) };
}

/** Authorized here, carried out by dynalite. */
export const dynamodbApi: Api = Object.fromEntries(
  OPERATIONS.map((operation) => [operation, { resource: null, handle: (call: ApiCall) => run(call, operation) }]),
);

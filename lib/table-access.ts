import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { dueIndexArn } from './incident-table';

/** First part of a partition key. */
export type ItemKind = 'INCIDENT' | 'DECISION' | 'COPYJOB' | 'FOLD' | 'UNKNOWN' | 'LEASE' | 'AUTO';
type Action = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

const LEADING_KEYS = 'dynamodb:LeadingKeys';
const keysOf = (kinds: readonly ItemKind[]) => kinds.map((kind) => `${kind}#*`);
const ofDynamo = (actions: readonly string[]) => actions.map((action) => `dynamodb:${action}`);

/** Every way to change an item but the first put; PartiQL and batches have permissions of their own. */
const CHANGES = [
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
] as const;

/** Actions on items of some kinds. Not for Scan, which names no keys: "for all values" would let it through. */
export const allowItems = (sid: string, table: ITable, kinds: readonly ItemKind[], actions: readonly Action[]) =>
  new PolicyStatement({
    sid,
    actions: ofDynamo(actions),
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { [LEADING_KEYS]: keysOf(kinds) } },
  });

/** Reads what is due; the index holds keys only. */
export const allowDue = (table: ITable) =>
  new PolicyStatement({ sid: 'FindDue', actions: ['dynamodb:Query'], resources: [dueIndexArn(table.tableArn)] });

/** Whatever else is allowed: a decision is put by `approve` alone. */
export const denyDecisions = (table: ITable) =>
  new PolicyStatement({
    sid: 'NeverDecide',
    effect: Effect.DENY,
    actions: ofDynamo(['PutItem', ...CHANGES]),
    resources: [table.tableArn],
    conditions: { 'ForAnyValue:StringLike': { [LEADING_KEYS]: keysOf(['DECISION']) } },
  });

/** Whatever else is allowed: decisions are put, and nothing is changed or taken away. */
export const denyAllButDecisions = (table: ITable) => [
  new PolicyStatement({
    sid: 'PutNothingElse',
    effect: Effect.DENY,
    actions: ofDynamo(['PutItem']),
    resources: [table.tableArn],
    conditions: { 'ForAnyValue:StringNotLike': { [LEADING_KEYS]: keysOf(['DECISION']) } },
  }),
  new PolicyStatement({
    sid: 'ChangeNothing',
    effect: Effect.DENY,
    actions: ofDynamo(CHANGES),
    resources: [table.tableArn],
  }),
];

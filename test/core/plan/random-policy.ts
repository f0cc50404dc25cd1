import fc from 'fast-check';
import type { PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import { DESTINATION, SOURCE } from '../evidence-fixture';
import { THIRD } from './fixture';

const root = (account: string) => `arn:aws:iam::${account}:root`;
const some = (...values: string[]) =>
  fc.oneof(fc.constantFrom(...values), fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }));

const principal = fc.oneof(
  fc.constant('*'),
  some(root(SOURCE), root(DESTINATION), THIRD, `arn:aws:iam::${DESTINATION}:role/app`).map((AWS) => ({ AWS })),
  fc.constant({ Service: 'backup.amazonaws.com' }),
);
const condition = fc.dictionary(
  fc.constantFrom('StringEquals', 'ArnNotLike', 'Bool'),
  fc.dictionary(
    fc.constantFrom('aws:PrincipalOrgID', 'AWS:SourceIp', 'aws:PrincipalArn'),
    some('o-exampleorg', 'true', `arn:aws:iam::${THIRD}:role/x`),
    { minKeys: 1, maxKeys: 2 },
  ),
  { maxKeys: 2 },
);
const statement: fc.Arbitrary<Statement> = fc
  .record({
    Sid: fc.constantFrom(undefined, 'Some', `CopyDoctorAllowCopyFrom${SOURCE}`, `CopyDoctorAllowUseBy${DESTINATION}`),
    Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
    Principal: principal,
    Action: some(
      'backup:CopyIntoBackupVault',
      'backup:copyintobackupvault',
      'backup:DeleteRecoveryPoint',
      'backup:StartRestoreJob',
      'kms:Decrypt',
      'kms:CreateGrant',
    ),
    Resource: fc.constantFrom('*', ['*']),
    Condition: fc.option(condition, { nil: undefined }),
  })
  // What is undefined is not in a document.
  .map((row) => JSON.parse(JSON.stringify(row)) as Statement);

export const policy: fc.Arbitrary<PolicyDocument> = fc
  .record({
    Version: fc.constantFrom('2012-10-17', '2008-10-17', undefined),
    Id: fc.constantFrom(undefined, 'an id'),
    Statement: fc.array(statement, { maxLength: 4 }),
  })
  .map((row) => JSON.parse(JSON.stringify(row)) as PolicyDocument);

/** The same document in other words: lists turned, doubled or unwrapped, members turned, accounts by their id. */
export function rewritten(document: PolicyDocument, seed: number): PolicyDocument {
  let state = seed >>> 0;
  const coin = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state > 2 ** 31;
  };
  const texts = (value: unknown, each: (text: string) => string): unknown => {
    const list = (Array.isArray(value) ? value : [value]).map((item) => (coin() ? each(String(item)) : String(item)));
    const turned = coin() ? [...list].reverse() : [...list, ...list];
    return new Set(turned).size === 1 && coin() ? turned[0] : turned;
  };
  const turn = (members: object) => {
    const entries = Object.entries(members);
    return Object.fromEntries(coin() ? entries.reverse() : entries);
  };
  const keep = (text: string) => text;
  const asId = (name: string) => /^arn:aws:iam::(\d{12}):root$/.exec(name)?.[1] ?? name;
  const element = (name: string, value: unknown): unknown => {
    if (name === 'Action') return texts(value, (text) => text.toUpperCase());
    if (name === 'Resource') return texts(value, keep);
    if (name === 'Principal' && value === '*') return coin() ? value : { AWS: ['*'] };
    const inner = (object: unknown, map: (key: string, member: unknown) => [string, unknown]) =>
      turn(Object.fromEntries(Object.entries(object as object).map(([key, member]) => map(key, member))));
    if (name === 'Principal') return inner(value, (type, names) => [type, texts(names, type === 'AWS' ? asId : keep)]);
    if (name !== 'Condition') return value;
    return inner(value, (operator, keys) => [
      operator,
      inner(keys, (key, values) => [coin() ? key.toUpperCase() : key, texts(values, keep)]),
    ]);
  };
  const Statement = document.Statement.map((row) =>
    turn(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, element(name, value)]))),
  );
  return turn({ ...document, Statement }) as PolicyDocument;
}

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { PolicyDocument, Principal, Statement } from '../policy/policy';
import { listOf } from '../policy/tri';
import { canonicalJson } from './canonical-json';

type Condition = NonNullable<Statement['Condition']>;
type Texts = string | readonly string[];

/**
 * What two ways to write one policy have in common: one value is a list of one, lists are sets, an account id is its
 * root's ARN, names that compare without case are lower case. Order and Sids of statements are part of it.
 */
export const normalForm = (document: PolicyDocument, partition: string): PolicyDocument => ({
  ...document,
  Statement: document.Statement.map((statement) => normalStatement(statement, partition)),
});

export const sameDocument = (a: PolicyDocument, b: PolicyDocument, partition: string): boolean =>
  canonicalJson(normalForm(a, partition)) === canonicalJson(normalForm(b, partition));

/** Two statements that say the same, whatever they are called. */
export function sameContent(a: Statement, b: Statement, partition: string): boolean {
  const content = (statement: Statement) => canonicalJson({ ...normalStatement(statement, partition), Sid: undefined });
  return content(a) === content(b);
}

/** SHA-256 in hex over canonical JSON. */
export const hashOf = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));

export const bytesOf = (text: string): number => utf8ToBytes(text).length;

function normalStatement(statement: Statement, partition: string): Statement {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition, ...rest } = statement;
  const lower = (actions: Texts) => set(listOf(actions).map((action) => action.toLowerCase()));
  return {
    ...rest,
    ...(Principal === undefined ? {} : { Principal: normalPrincipal(Principal, partition) }),
    ...(NotPrincipal === undefined ? {} : { NotPrincipal: normalPrincipal(NotPrincipal, partition) }),
    ...(Action === undefined ? {} : { Action: lower(Action) }),
    ...(NotAction === undefined ? {} : { NotAction: lower(NotAction) }),
    ...(Resource === undefined ? {} : { Resource: set(listOf(Resource)) }),
    ...(NotResource === undefined ? {} : { NotResource: set(listOf(NotResource)) }),
    ...(Condition === undefined ? {} : { Condition: normalCondition(Condition) }),
  };
}

/** `"*"` and `{"AWS": "*"}` are documented as the same. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function normalPrincipal(principal: Principal, partition: string): Principal {
  const byType: Readonly<Record<string, Texts>> = typeof principal === 'string' ? { AWS: principal } : principal;
  return Object.fromEntries(
    Object.entries(byType).map(([type, values]) => [
      type,
      set(listOf(values).map((value) => (type === 'AWS' ? rootArn(value, partition) : value))),
    ]),
  );
}

const rootArn = (value: string, partition: string) =>
  /^\d{12}$/.test(value) ? `arn:${partition}:iam::${value}:root` : value;

function normalCondition(condition: Condition): Condition {
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => {
      const names = Object.keys(keys);
      // Two spellings of one key must both hold: to join their values would weaken them, so they stay as written.
      const twice = (name: string) => names.filter((other) => other.toLowerCase() === name.toLowerCase()).length > 1;
      const normal = Object.entries(keys).map(([name, values]) => [
        twice(name) ? name : name.toLowerCase(),
        set(listOf(values).map(String)),
      ]);
      return [operator, Object.fromEntries(normal)];
    }),
  );
}

const set = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

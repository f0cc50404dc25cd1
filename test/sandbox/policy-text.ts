import { statementsOf, type Statement } from './matcher';
import type { State } from './state';

const MEMBERS = ['Version', 'Id', 'Statement'];
const PRINCIPALS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const object = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The statements of a resource's policy; undefined if it is not one. */
export function readPolicy(text: string): Statement[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!object(document) || !Object.keys(document).every((member) => MEMBERS.includes(member))) return undefined;
  const statements = statementsOf(document) as unknown[];
  const good = (one: unknown): one is Statement =>
    object(one) &&
    (one.Effect === 'Allow' || one.Effect === 'Deny') &&
    (one.Action === undefined) !== (one.NotAction === undefined) &&
    (one.Resource === undefined || one.NotResource === undefined);
  return statements.length > 0 && statements.every(good) ? statements : undefined;
}

/** The AWS principals that a statement names; `undefined`: it names none, or what it names is no principal. */
export function awsPrincipals({ Principal, NotPrincipal }: Statement): string[] | undefined {
  const named = Principal ?? NotPrincipal;
  if (named === '*') return ['*'];
  if (!object(named) || !Object.keys(named).every((type) => PRINCIPALS.includes(type))) return undefined;
  return [named.AWS ?? []].flat().map(String);
}

/** AWS keeps ids, not names: it looks every principal up when the policy is written. */
export function principalsExist(state: State, statements: Statement[]): boolean {
  return statements.every((statement) =>
    awsPrincipals(statement)?.every((principal) => principal === '*' || state.principalExists(principal)),
  );
}

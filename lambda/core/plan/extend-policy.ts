import type { PolicyDocument, Statement } from '../policy/policy';
import { text } from '../text/en/plan';
import { sameContent } from './normal-form';

export type Extended =
  | { readonly ok: true; readonly after: PolicyDocument; readonly added: readonly Statement[] }
  | { readonly ok: false; readonly reason: string };

/** The document that was read with our statements behind its own. What is there already is not added again. */
export function extendPolicy(before: PolicyDocument | null, ours: readonly Statement[], partition: string): Extended {
  const old = before?.Statement ?? [];
  const added: Statement[] = [];
  for (const statement of ours) {
    const there = [...old, ...added];
    if (there.some((other) => sameContent(other, statement, partition))) continue;
    added.push(withFreeSid(statement, there));
  }
  const Statement = [...old, ...added];
  // A spread keeps the place of a member that it replaces.
  const after: PolicyDocument = before ? { ...before, Statement } : { Version: '2012-10-17', Statement };
  return keepsAll(before, after) ? { ok: true, after, added } : { ok: false, reason: text.refused.notAdditive };
}

/** Every old member and statement is there, unchanged and in its place; nothing but statements has come. */
export function keepsAll(before: PolicyDocument | null, after: PolicyDocument): boolean {
  if (!before) return true;
  const kept = { ...after, Statement: after.Statement.slice(0, before.Statement.length) };
  return JSON.stringify(kept) === JSON.stringify(before);
}

/** A Sid is unique within its document. */
function withFreeSid(statement: Statement, there: readonly Statement[]): Statement {
  const { Sid } = statement;
  if (Sid === undefined) return statement;
  const taken = new Set(there.map((other) => other.Sid));
  let sid = Sid;
  for (let number = 2; taken.has(sid); number++) sid = `${Sid}${number}`;
  return { ...statement, Sid: sid };
}

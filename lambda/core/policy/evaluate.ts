import { conditionApplies } from './condition';
import { actionApplies, resourceApplies } from './match';
import { principalApplies } from './principal';
import { givenIn } from './request-context';
import { all, NO, reasons } from './tri';
import type { Tri } from './tri';
import type { Scope } from './variables';
import type { PolicyDocument, PolicyRequest, Statement, Verdict } from './policy';

interface Judged {
  readonly statement: Statement;
  readonly index: number;
  readonly applies: Tri;
}

/**
 * What a resource-based policy (vault access policy, KMS key policy) says to a request - that policy alone: whether
 * an identity policy, SCP or boundary agrees is another question.
 * An explicit deny beats everything, also what cannot be told; a possible deny leaves an allow open.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(document: PolicyDocument, request: PolicyRequest): Verdict {
  const scope = { version: document.Version, given: givenIn(request.context) };
  const open: Judged[] = [];
  let allowed: Judged | undefined;
  for (const [index, statement] of document.Statement.entries()) {
    const allows = statement.Effect === 'Allow';
    if (allows && allowed) continue;
    const judged = { statement, index, applies: statementApplies(statement, request, scope) };
    if (judged.applies.is === 'maybe') open.push(judged);
    else if (judged.applies.is === 'yes') {
      if (!allows) return { decision: 'ExplicitlyDenied', statement: name(judged), undecided: [] };
      allowed = judged;
    }
  }
  // With an allow that is certain, only the possible denials matter.
  const matter = allowed ? open.filter(({ statement }) => statement.Effect === 'Deny') : open;
  if (matter[0]) {
    const undecided = reasons(matter.map(({ applies }) => applies));
    return { decision: 'CannotTell', statement: name(matter[0]), undecided };
  }
  return allowed
    ? { decision: 'Allowed', statement: name(allowed), undecided: [] }
    : { decision: 'ImplicitlyDenied', undecided: [] };
}

function statementApplies(statement: Statement, { principal, action, resource }: PolicyRequest, scope: Scope): Tri {
  // Where one element says no, what else the statement says does not matter.
  const who = principalApplies(statement, principal);
  if (who.is === 'no') return NO;
  const what = actionApplies(statement, action);
  if (what.is === 'no') return NO;
  const on = resourceApplies(statement, resource, scope);
  if (on.is === 'no') return NO;
  return all([who, what, on, conditionApplies(statement.Condition, scope)]);
}

function name({ statement, index }: Judged): NonNullable<Verdict['statement']> {
  return statement.Sid === undefined ? { index } : { index, sid: statement.Sid };
}

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
  const judged = document.Statement.map((statement, index) => ({
    statement,
    index,
    applies: statementApplies(statement, request, scope),
  }));
  const first = (effect: Statement['Effect'], is: Tri['is']): Judged | undefined =>
    judged.find((one) => one.statement.Effect === effect && one.applies.is === is);

  const denied = first('Deny', 'yes');
  if (denied) return { decision: 'ExplicitlyDenied', statement: name(denied), undecided: [] };

  const allowed = first('Allow', 'yes');
  const mayDeny = first('Deny', 'maybe');
  if (allowed && !mayDeny) return { decision: 'Allowed', statement: name(allowed), undecided: [] };

  // With an allow that is certain, only the possible denials matter.
  const open = judged.filter((one) => one.applies.is === 'maybe' && (!allowed || one.statement.Effect === 'Deny'));
  if (!open[0]) return { decision: 'ImplicitlyDenied', undecided: [] };
  return { decision: 'CannotTell', statement: name(open[0]), undecided: reasons(open.map((one) => one.applies)) };
}

function statementApplies(statement: Statement, { principal, action, resource }: PolicyRequest, scope: Scope): Tri {
  const elements = [
    () => principalApplies(statement, principal),
    () => actionApplies(statement, action),
    () => resourceApplies(statement, resource, scope),
    () => conditionApplies(statement.Condition, scope),
  ];
  const terms: Tri[] = [];
  for (const applies of elements) {
    const term = applies();
    // What else the statement says does not matter then.
    if (term.is === 'no') return NO;
    terms.push(term);
  }
  return all(terms);
}

function name({ statement, index }: Judged): NonNullable<Verdict['statement']> {
  return statement.Sid === undefined ? { index } : { index, sid: statement.Sid };
}

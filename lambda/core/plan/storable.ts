import { parseArn } from '../arn';
import type { Principal, Statement } from '../policy/policy';
import { listOf } from '../policy/tri';
import { statementName } from '../policy-questions';
import { clean } from '../text/clean';
import { text } from '../text/en/plan';
import type { PlanKind } from './plan';

const COPY_INTO = 'backup:copyintobackupvault';

/** Why AWS would refuse to store an old statement again: today's rules hold for what was stored under older ones. */
export function notStorable(statements: readonly Statement[], kind: PlanKind, owner: string): string | undefined {
  for (const [index, statement] of statements.entries()) {
    const why =
      uniqueId(statement) ??
      missingElement(statement) ??
      (kind === 'key-policy' ? otherKeyResource(statement) : crossAccountAction(statement, owner));
    const sid = statement.Sid === undefined ? {} : { sid: statement.Sid };
    if (why !== undefined) return text.refused.notStorable(statementName({ index, ...sid }), why);
  }
  return undefined;
}

/** A principal that was deleted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
function uniqueId({ Principal, NotPrincipal }: Statement): string | undefined {
  const id = [...awsNames(Principal), ...awsNames(NotPrincipal)].find((name) => /^A[A-Z]{3}[A-Z0-9]{8,}/.test(name));
  return id === undefined ? undefined : text.refused.uniqueId(clean(id, 100));
}

function missingElement(statement: Statement): string | undefined {
  const { Action, NotAction, Resource, NotResource } = statement;
  if (Action === undefined && NotAction === undefined) return text.refused.elementMissing('Action');
  return Resource === undefined && NotResource === undefined ? text.refused.elementMissing('Resource') : undefined;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html#key-policy-elements */
function otherKeyResource({ Resource }: Statement): string | undefined {
  const resources = listOf(Resource);
  return resources.length > 0 && resources.every((resource) => resource === '*') ? undefined : text.refused.keyResource;
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html */
function crossAccountAction(statement: Statement, owner: string): string | undefined {
  if (statement.Effect !== 'Allow') return undefined;
  const others =
    statement.Principal === undefined || awsNames(statement.Principal).some((name) => accountOf(name) !== owner);
  if (!others) return undefined;
  if (statement.NotAction !== undefined) return text.refused.crossAccountAction('all actions but some');
  const other = listOf(statement.Action).find((action) => action.toLowerCase() !== COPY_INTO);
  return other === undefined ? undefined : text.refused.crossAccountAction(clean(other, 100));
}

const accountOf = (name: string) => (/^\d{12}$/.test(name) ? name : parseArn(name)?.account);

/** The AWS principals of an element, as written. */
export function awsNames(principal: Principal | undefined): readonly string[] {
  if (principal === undefined) return [];
  return typeof principal === 'string' ? [principal] : listOf(principal['AWS']);
}

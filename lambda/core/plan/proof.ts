import { parseArn } from '../arn';
import { evaluate } from '../policy/evaluate';
import { glob } from '../policy/match';
import type { PolicyDocument, PolicyRequest, RequestPrincipal, Statement } from '../policy/policy';
import { listOf } from '../policy/tri';
import { judge } from '../policy-questions';
import { clean } from '../text/clean';
import { text } from '../text/en/plan';
import { awsNames } from './storable';

/** Who may gain what: an account or, where `only` is set, one role of it. */
export interface Grantee {
  readonly account: string;
  readonly only?: string;
}

export interface Change {
  readonly partition: string;
  readonly resource: string;
  readonly owner: string;
  readonly grantee: Grantee;
  readonly before: PolicyDocument | null;
  readonly after: PolicyDocument;
  readonly added: readonly Statement[];
}

const SENSITIVE = [
  'backup:DeleteRecoveryPoint',
  'backup:PutBackupVaultAccessPolicy',
  'backup:StartRestoreJob',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
const GRANTS = /^kms:(CreateGrant|ListGrants|RevokeGrant)$/i;
/**
 * Whole documents are compared for the first of each. Further principals are asked about the new statements alone and
 * their actions, which come first; further actions, by the first principals.
 */
const IN_FULL = { principals: 24, actions: 40 };

/**
 * Asks the policy before and after in the name of everybody it names, and of some that it does not: nobody but the
 * grantee gets another answer, and the grantee only for what is added. Says whose answer changes.
 */
export function otherGains(change: Change): string | undefined {
  const actions = probeActions(change);
  for (const [index, principal] of probePrincipals(change).entries()) {
    for (const [at, action] of actions.entries()) {
      if (index >= IN_FULL.principals && at >= IN_FULL.actions) break;
      // KMS sends this key with calls for grants.
      for (const forAWSResource of GRANTS.test(action) ? ['true', null] : [null]) {
        if (mayGain(change, principal, action, forAWSResource)) continue;
        const request = requestOf(change, principal, action, forAWSResource);
        if (!sameAnswer(change, request, index < IN_FULL.principals && at < IN_FULL.actions)) {
          return text.refused.otherGains(clean(principal.arn ?? principal.service ?? principal.account, 200), action);
        }
      }
    }
  }
  return undefined;
}

function sameAnswer({ before, after, added }: Change, request: PolicyRequest, inFull: boolean): boolean {
  if (!inFull) return evaluate({ ...after, Statement: added }, request).decision === 'ImplicitlyDenied';
  const [old, now] = [evaluate(before ?? { Statement: [] }, request), evaluate(after, request)];
  return old.decision === now.decision && old.undecided.join() === now.undecided.join();
}

function mayGain({ grantee, added }: Change, who: RequestPrincipal, action: string, forAWSResource: string | null) {
  if (who.service !== undefined || who.account !== grantee.account) return false;
  if (grantee.only !== undefined && who.arn !== grantee.only) return false;
  if (GRANTS.test(action) && forAWSResource === null) return false;
  return added.some(({ Action }) =>
    listOf(Action).some((pattern) => glob(pattern.toLowerCase(), action.toLowerCase())),
  );
}

function requestOf(change: Change, principal: RequestPrincipal, action: string, forAWS: string | null): PolicyRequest {
  const context = {
    ...(principal.arn === undefined ? {} : { 'aws:PrincipalArn': principal.arn }),
    ...(principal.service === undefined
      ? { 'aws:PrincipalAccount': principal.account, 'aws:PrincipalIsAWSService': 'false' }
      : { 'aws:PrincipalArn': null, 'aws:PrincipalAccount': null, 'aws:PrincipalIsAWSService': 'true' }),
    'kms:GrantIsForAWSResource': forAWS,
  };
  return { principal, action, resource: change.resource, context };
}

function probePrincipals({ partition, after, owner, grantee }: Change): readonly RequestPrincipal[] {
  const inText = JSON.stringify(after).match(/(?<!\d)\d{12}(?!\d)/g) ?? [];
  const named = new Set([owner, grantee.account, ...inText]);
  const fresh = ['012345678901', '109876543210', '135791357913'].find((account) => !named.has(account));
  const principals = [...named, ...(fresh === undefined ? [] : [fresh])].flatMap((account) =>
    ['role/Probe', 'user/Probe', 'root'].map((name) => ({ account, arn: `arn:${partition}:iam::${account}:${name}` })),
  );
  const roles = after.Statement.flatMap((statement) => [
    ...awsNames(statement.Principal),
    ...awsNames(statement.NotPrincipal),
  ]).flatMap((arn) => {
    const account = parseArn(arn)?.account;
    return account ? [{ account, arn }] : [];
  });
  const only = grantee.only === undefined ? [] : [{ account: grantee.account, arn: grantee.only }];
  const services = ['backup.amazonaws.com', ...after.Statement.flatMap(servicesOf)].map((service) => ({
    account: owner,
    service,
  }));
  const all: readonly RequestPrincipal[] = [...only, ...principals, ...services, ...roles];
  return [...new Map(all.map((one) => [one.arn ?? one.service, one])).values()];
}

const servicesOf = ({ Principal }: Statement): readonly string[] =>
  typeof Principal === 'object' ? listOf(Principal['Service']) : [];

function probeActions({ added, after }: Change): readonly string[] {
  const named = [...added, ...after.Statement].flatMap(({ Action, NotAction }) => [
    ...listOf(Action),
    ...listOf(NotAction),
  ]);
  const whole = named.map((pattern) =>
    pattern === '*' ? 'kms:Probe' : pattern.replaceAll('*', 'Probe').replaceAll('?', 'x'),
  );
  return [...new Set([...SENSITIVE, ...whole])];
}

/** True: the policy allows somebody of the owner's account to change it again. A Deny is judged elsewhere. */
export function ownerCanChange({ partition, resource, owner, after }: Change, action: string): boolean {
  const root = `arn:${partition}:iam::${owner}:root`;
  const named = after.Statement.flatMap(({ Principal }) => awsNames(Principal)).filter(
    (name) => parseArn(name)?.account === owner,
  );
  return [...new Set([root, ...named])].some((arn) => {
    const context = {
      'aws:PrincipalArn': arn,
      'aws:PrincipalAccount': owner,
      'aws:PrincipalIsAWSService': 'false',
      'kms:CallerAccount': owner,
    };
    return (
      judge(after, 'Allow', { principal: { account: owner, arn }, action, resource, context }).decision === 'Allowed'
    );
  });
}

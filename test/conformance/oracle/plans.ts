import fc from 'fast-check';
import type { Plan } from '../../../lambda/core/plan/plan';
import type { PolicyDocument, RequestPrincipal, Statement } from '../../../lambda/core/policy/policy';
import {
  COPY_ROLE,
  DESTINATION,
  evidenceOf,
  KEY_STATEMENTS,
  SERVICE_LINKED_ROLE,
  SOURCE,
} from '../../core/evidence-fixture';
import { plansFor, THIRD } from '../../core/plan/fixture';
import { policy } from '../../core/plan/random-policy';
import type { Tally } from './compare';
import { ask, type Engine, type Pair } from './engine';

const byArn = (arn: string): RequestPrincipal => ({ arn, account: arn.split(':')[4] ?? '' });

const PRINCIPALS: readonly RequestPrincipal[] = [
  ...[COPY_ROLE, SERVICE_LINKED_ROLE, `arn:aws:iam::${THIRD}:role/x`, `arn:aws:iam::${DESTINATION}:role/app`].map(
    byArn,
  ),
  ...[SOURCE, DESTINATION, THIRD, '444444444444'].map((account) => byArn(`arn:aws:iam::${account}:role/any`)),
  { service: 'backup.amazonaws.com', account: DESTINATION },
];
const ACTIONS = {
  'vault-policy': ['backup:CopyIntoBackupVault', 'backup:DeleteRecoveryPoint', 'backup:StartRestoreJob'],
  'key-policy': ['kms:DescribeKey', 'kms:ReEncryptFrom', 'kms:Decrypt', 'kms:CreateGrant', 'kms:PutKeyPolicy'],
};
/** What an AWS service sends that makes a grant for somebody. */
const FOR_AWS = [null, 'true'];

/** Whom a plan means, and for which actions. */
function isMeant({ kind }: Plan, { principal, action, context }: Pair['request']): boolean {
  if (kind === 'vault-policy')
    return principal.service === undefined && principal.account === SOURCE && action === 'backup:CopyIntoBackupVault';
  if (principal.arn !== SERVICE_LINKED_ROLE || action === 'kms:PutKeyPolicy') return false;
  return action !== 'kms:CreateGrant' || context['kms:GrantIsForAWSResource'] === 'true';
}

/** What the copy needs, of what the plan is to mend. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'vault-policy-lacks-source': ['backup:CopyIntoBackupVault'],
  'source-key-policy-lacks-destination': ['kms:DescribeKey', 'kms:ReEncryptFrom'],
  'source-key-policy-lacks-grants': ['kms:CreateGrant'],
};

/** Only who is meant gets another answer; and the role for which the change is made is allowed then. */
function comparePlan(engine: Engine, plan: Plan, tally: Tally): void {
  const named = plan.kind === 'vault-policy' ? COPY_ROLE : SERVICE_LINKED_ROLE;
  for (const principal of PRINCIPALS) {
    for (const action of ACTIONS[plan.kind]) {
      for (const forAWS of action === 'kms:CreateGrant' ? FOR_AWS : [null]) {
        const context = {
          'aws:PrincipalArn': principal.arn ?? null,
          'aws:PrincipalAccount': principal.service === undefined ? principal.account : null,
          'aws:PrincipalOrgID': 'o-exampleorg',
          'aws:SourceIp': '10.0.0.1',
          'kms:GrantIsForAWSResource': forAWS,
        };
        const request = { principal, action, resource: plan.resource, context };
        const [was, is] = [plan.before ?? { Statement: [] }, plan.after].map((document: PolicyDocument) =>
          ask(engine, { policy: document, request }),
        );
        tally.compared++;
        const meant = isMeant(plan, request);
        if (!meant && was !== is)
          tally.fail(
            'a plan changes the answer for somebody else',
            { policy: plan.after, request },
            { was, is, before: plan.before },
          );
        const needed = plan.causes.some((cause) => NEEDED[cause]?.includes(action));
        if (meant && needed && principal.arn === named && is !== 'Allowed')
          tally.fail('a plan does not allow what it is for', { policy: plan.after, request }, { is });
      }
    }
  }
}

/** Plans for random policies of a vault and of a key, judged by the engine alone. */
export function comparePlans(engine: Engine, count: number, seed: number, tally: Tally): void {
  for (const document of fc.sample(policy, { numRuns: count, seed })) {
    const owned = { ...document, Statement: [...document.Statement, KEY_STATEMENTS.owner as Statement] };
    const evidences = [
      evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: JSON.stringify(document) } },
      }),
      evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy: JSON.stringify(owned) } } }),
    ];
    for (const result of evidences.flatMap((evidence) => plansFor(evidence))) {
      const outcome = result.ok ? `${result.plan.kind} planned` : `${result.kind} refused`;
      tally.decisions.set(outcome, (tally.decisions.get(outcome) ?? 0) + 1);
      if (result.ok) comparePlan(engine, result.plan, tally);
    }
  }
}

import { judge, statementName, unreadBehind } from '../policy-questions';
import { text } from '../text';
import { askSourceVault, copyFromRequests, unreadablePolicy } from '../vault-questions';
import { fault, ok, type Check } from './check';

const id = 'source-vault-policy-denies';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html */
export const sourceVaultPolicyDenies: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: ['backup:GetBackupVaultAccessPolicy@source', 'organizations:DescribeOrganization@source'],

  evaluate(evidence) {
    const asked = askSourceVault(evidence);
    if (asked.ok === 'unreadable') return unreadablePolicy(asked.copy.sourceVaultArn, asked.problem);
    if (!asked.ok) return asked.result;
    const { copy, asker, document } = asked.value;
    if (!document) return ok;

    const verdicts = copyFromRequests(asked.value).map((request) => ({
      action: request.action,
      ...judge(document, 'Deny', request),
    }));
    const denied = verdicts.flatMap(({ action, decision, statement }) =>
      decision === 'ExplicitlyDenied' && statement ? [{ action, statement: statementName(statement) }] : [],
    );
    if (denied.length > 0) {
      return fault({
        confidence: 'confirmed',
        resource: copy.sourceVaultArn,
        owner: copy.sourceAccount,
        because: [...new Set(words.because(copy, denied))],
        fix: { kind: 'manual', steps: words.steps(copy) },
      });
    }
    const undecided = [...new Set(verdicts.flatMap((verdict) => verdict.undecided))];
    if (!verdicts.some(({ decision }) => decision === 'CannotTell')) return ok;
    const because = text.vaultPolicies.undecided(copy.sourceVaultArn, undecided);
    return { status: 'unknown', missing: unreadBehind(asker, undecided), because };
  },
};

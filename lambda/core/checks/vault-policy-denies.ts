import { judge, statementName, unreadBehind } from '../policy-questions';
import { text } from '../text';
import { askDestinationVault, copyIntoRequest, unreadablePolicy } from '../vault-questions';
import { fault, ok, type Check } from './check';

const id = 'vault-policy-denies';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html */
export const vaultPolicyDenies: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeBackupVault@destination',
    'backup:ListBackupVaults@destination',
    'backup:GetBackupVaultAccessPolicy@destination',
    'organizations:DescribeOrganization@source',
  ],

  evaluate(evidence) {
    const asked = askDestinationVault(evidence);
    if (asked.ok === 'unreadable') return unreadablePolicy(asked.copy.destinationVaultArn, asked.problem);
    if (!asked.ok) return asked.result;
    const { copy, asker, document } = asked.value;
    if (!document) return ok;

    const { decision, statement, undecided } = judge(document, 'Deny', copyIntoRequest(asked.value));
    if (decision === 'CannotTell') {
      const because = text.vaultPolicies.undecided(copy.destinationVaultArn, undecided);
      return { status: 'unknown', missing: unreadBehind(asker, undecided), because };
    }
    if (decision !== 'ExplicitlyDenied' || !statement) return ok;
    return fault({
      confidence: 'confirmed',
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy, statementName(statement)),
      fix: { kind: 'manual', steps: words.steps(copy) },
    });
  },
};

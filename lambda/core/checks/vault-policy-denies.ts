import { messagePointsTo } from '../key-questions';
import { judge, statementName, unreadBehind } from '../policy-questions';
import { text } from '../text';
import { askIntoVault, copyIntoRequest, unreadablePolicy } from '../vault-questions';
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
    const asked = askIntoVault(evidence);
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
    const finding = {
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy, statementName(statement)),
      fix: { kind: 'manual', steps: words.steps(copy) },
    } as const;
    if (copy.crossAccount) return fault({ ...finding, confidence: 'confirmed' });
    // AWS does not say which calls a copy within one account makes.
    const confidence = messagePointsTo(copy, id) ? 'likely' : 'possible';
    return fault({ ...finding, confidence, because: [...finding.because, words.within], explains: false });
  },
};

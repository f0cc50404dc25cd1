import { copyOf } from '../evidence';
import type { FixKind } from '../finding';
import { judge, statementLines, unreadBehind } from '../policy-questions';
import { text } from '../text';
import { askDestinationVault, copyIntoRequest, copyIntoStatement } from '../vault-questions';
import { fault, ok, type Check } from './check';

const id = 'vault-policy-lacks-source';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html */
export const vaultPolicyLacksSource: Check = {
  id,
  title: words.title,
  fix: 'vault-policy',
  reads: [
    'backup:DescribeBackupVault@destination',
    'backup:ListBackupVaults@destination',
    'backup:GetBackupVaultAccessPolicy@destination',
    'organizations:DescribeOrganization@source',
  ],

  evaluate(evidence) {
    const asked = askDestinationVault(evidence);
    if (asked.ok === false) return asked.result;
    const copy = copyOf(evidence);
    const found = (because: readonly string[], kind: FixKind, steps: readonly string[]) =>
      fault({
        confidence: 'confirmed',
        resource: copy.destinationVaultArn,
        owner: copy.destinationAccount,
        because,
        fix: { kind, steps },
      });
    if (asked.ok === 'unreadable') {
      return found(words.unreadableBecause(copy, asked.problem), 'manual', words.unreadableSteps(copy));
    }
    const { document, asker } = asked.value;
    const statement = copyIntoStatement(copy);
    if (!document) {
      const steps = words.steps(copy, statement, { existing: false, denied: false });
      return found(words.noPolicy(copy), 'vault-policy', steps);
    }

    const request = copyIntoRequest(asked.value);
    const { decision, undecided } = judge(document, 'Allow', request);
    if (decision === 'CannotTell') {
      const because = text.vaultPolicies.undecided(copy.destinationVaultArn, undecided);
      return { status: 'unknown', missing: unreadBehind(asker, undecided), because };
    }
    // A Deny beside an Allow is another fault with another fix: vault-policy-denies.
    if (decision !== 'ImplicitlyDenied') return ok;
    const denied = judge(document, 'Deny', request).decision !== 'ImplicitlyDenied';
    return found(
      words.because(copy, document.Statement.length, statementLines(document)),
      denied ? 'manual' : 'vault-policy',
      words.steps(copy, statement, { existing: true, denied }),
    );
  },
};

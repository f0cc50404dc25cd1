import { copyOf } from '../evidence';
import type { Confidence, FixKind } from '../finding';
import type { PolicyRequest } from '../policy/policy';
import { judge, statementLines, unreadBehind } from '../policy-questions';
import { text } from '../text';
import { askDestinationVault, copyIntoRequest, copyIntoStatement, putPolicyRequest } from '../vault-questions';
import { accountsInDifferentOrganizations } from './accounts-in-different-organizations';
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
    'organizations:DescribeOrganization@destination',
    'organizations:DescribeAccount@organization',
  ],

  evaluate(evidence) {
    const asked = askDestinationVault(evidence);
    if (asked.ok === false) return asked.result;
    const copy = copyOf(evidence);
    const found = (
      because: readonly string[],
      kind: FixKind,
      steps: readonly string[],
      confidence: Confidence = 'confirmed',
    ) =>
      fault({
        confidence,
        resource: copy.destinationVaultArn,
        owner: copy.destinationAccount,
        because,
        fix: { kind, steps },
      });
    if (asked.ok === 'unreadable') {
      // AWS stores no broken policy: it may as well be that AWS knows more than this program.
      return found(
        words.unreadableBecause(copy, asked.problem),
        'manual',
        words.unreadableSteps(copy, copyIntoStatement(copy)),
        'possible',
      );
    }
    const { document, asker } = asked.value;
    const statement = copyIntoStatement(copy);
    // Across organizations no vault policy opens the copy: none is offered.
    const apart = accountsInDifferentOrganizations.evaluate(evidence).status === 'fault';
    if (!document) {
      const steps = words.steps(copy, statement, { existing: false, denied: false, locked: false, apart });
      return found(words.noPolicy(copy), apart ? 'manual' : 'vault-policy', steps);
    }

    const request = copyIntoRequest(asked.value);
    const { decision, undecided } = judge(document, 'Allow', request);
    if (decision === 'CannotTell') {
      const because = text.vaultPolicies.undecided(copy.destinationVaultArn, undecided);
      return { status: 'unknown', missing: unreadBehind(asker, undecided), because };
    }
    // A Deny beside an Allow is another fault with another fix: vault-policy-denies.
    if (decision !== 'ImplicitlyDenied') return ok;
    const mayBeDenied = (what: PolicyRequest) => judge(document, 'Deny', what).decision !== 'ImplicitlyDenied';
    const denied = mayBeDenied(request);
    const locked = mayBeDenied(putPolicyRequest(copy));
    return found(
      words.because(copy, document.Statement.length, statementLines(document)),
      denied || locked || apart ? 'manual' : 'vault-policy',
      words.steps(copy, statement, { existing: true, denied, locked, apart }),
    );
  },
};

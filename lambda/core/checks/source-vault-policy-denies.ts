import { messagePointsTo } from '../key-questions';
import type { PolicyRequest, Verdict } from '../policy/policy';
import { judge, statementName, unreadBehind } from '../policy-questions';
import { text } from '../text';
import { askSourceVault, copyFromRequests, startRequests, unreadablePolicy } from '../vault-questions';
import { cannotTell, fault, ok, type Check } from './check';

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

    const judged = (requests: readonly PolicyRequest[]) =>
      requests.map((request) => ({ action: request.action, ...judge(document, 'Deny', request) }));
    const [from, start] = [judged(copyFromRequests(asked.value)), judged(startRequests(asked.value))];
    const [deniedFrom, deniedStart] = [denials(from), denials(start)];
    const finding = {
      resource: copy.sourceVaultArn,
      owner: copy.sourceAccount,
      because: [...new Set(words.because(copy, [...deniedFrom, ...deniedStart]))],
      fix: { kind: 'manual', steps: words.steps(copy) },
    } as const;
    if (deniedFrom.length > 0) return fault({ ...finding, confidence: 'confirmed' });
    if (deniedStart.length > 0) {
      const because = [...finding.because, words.begun];
      if (!messagePointsTo(copy, id)) return cannotTell(because.join(' '));
      return fault({ ...finding, because, confidence: 'likely', explains: false });
    }
    const verdicts = [...from, ...start];
    const undecided = [...new Set(verdicts.flatMap((verdict) => verdict.undecided))];
    if (!verdicts.some(({ decision }) => decision === 'CannotTell')) return ok;
    const because = text.vaultPolicies.undecided(copy.sourceVaultArn, undecided);
    return { status: 'unknown', missing: unreadBehind(asker, undecided), because };
  },
};

const denials = (rows: readonly (Verdict & { readonly action: string })[]) =>
  rows.flatMap(({ action, decision, statement }) =>
    decision === 'ExplicitlyDenied' && statement ? [{ action, statement: statementName(statement) }] : [],
  );

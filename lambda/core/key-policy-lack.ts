import { cannotTell, fault, ok, type CheckResult } from './checks/check';
import type { Copy } from './evidence';
import { serviceLinkedRoleArn } from './key-evidence';
import { hasNot, messagePointsTo, pairs, untold, type KeyQuestions, type Open, type Pair } from './key-questions';
import type { Statement } from './policy/policy';
import { statementLines } from './policy-questions';
import { text } from './text';

/** AWS's recommended statements, for the destination account. https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy */
export function useStatement(copy: Copy, fullyManaged: boolean): Statement {
  return {
    Sid: `CopyDoctorAllowUseBy${copy.destinationAccount}`,
    Effect: 'Allow',
    Principal: { AWS: `arn:${copy.partition}:iam::${copy.destinationAccount}:root` },
    Action: [
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
    ],
    Resource: '*',
    ...(fullyManaged ? {} : { Condition: onlyServiceLinkedRole(copy) }),
  };
}

export function grantsStatement(copy: Copy, fullyManaged: boolean): Statement {
  return {
    Sid: `CopyDoctorAllowGrantsBy${copy.destinationAccount}`,
    Effect: 'Allow',
    Principal: { AWS: `arn:${copy.partition}:iam::${copy.destinationAccount}:root` },
    Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
    Resource: '*',
    Condition: {
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
      ...(fullyManaged ? {} : onlyServiceLinkedRole(copy)),
    },
  };
}

const onlyServiceLinkedRole = (copy: Copy) => ({ ArnEquals: { 'aws:PrincipalArn': serviceLinkedRoleArn(copy) } });

type LackId = 'source-key-policy-lacks-destination' | 'source-key-policy-lacks-grants';

const NOTHING: Open = { missing: [], undecided: [] };

/** What of one check's actions the destination lacks, how sure that is, and what to do. */
export function judgeLack(
  id: LackId,
  questions: KeyQuestions,
  isMine: (action: string) => boolean,
  statement: Statement,
): CheckResult {
  const { copy, key, state, fullyManaged, document } = questions;
  const rows = pairs(questions).filter(({ role }) => isMine(role.action) && role.deny !== 'yes');
  // AWS does not say which of two roles uses the key of a fully managed type: a fault only if neither has it. Where AWS
  // speaks of the key, its article counts, which asks for the destination account: docs/adr/0013.
  const told = messagePointsTo(copy, id);
  const lacking = rows.filter(({ role, copyRole }) => role.allow === 'no' && (!copyRole || told || hasNot(copyRole)));
  if (lacking.length === 0) {
    const open = rows.filter(({ role }) => role.allow !== 'yes');
    if (open.length === 0) return ok;
    const either = open.filter(({ role }) => role.allow === 'no').map(({ role }) => role.action);
    return untold(
      key.arn,
      open.flatMap(({ role, copyRole }) =>
        role.allow === 'no' ? [copyRole?.open.allow ?? NOTHING] : [role.open.allow],
      ),
      either.length > 0 ? [text.keys.eitherLacks(copy, either)] : [],
    );
  }

  const actions = lacking.map(({ role }) => role.action);
  const words = text[id];
  const because = words.because({
    copy,
    keyArn: key.arn,
    actions,
    lines: statementLines(document),
    statements: document.Statement.length,
    copyRole: fullyManaged ? ofCopyRole(lacking) : undefined,
  });
  const sure = !fullyManaged && actions.some((action) => action === 'kms:CreateGrant' || action === 'kms:DescribeKey');
  if (!sure && !told) return cannotTell(text.keys.lackNotSure(key.arn, copy.destinationAccount, actions));
  const denied = questions.destination.some(({ deny }) => deny !== 'no');
  const enabled = state === 'Enabled';
  return fault({
    confidence: sure ? 'confirmed' : 'likely',
    resource: key.arn,
    owner: key.owner,
    because: enabled ? because : [...because, text.keys.stateIs(key.arn, state)],
    fix: {
      kind: enabled && !denied ? 'key-policy' : 'manual',
      steps: enabled ? words.steps({ copy, key, statement, denied }) : text.keys.mendStateFirst(key, state),
    },
  });
}

const ofCopyRole = (lacking: readonly Pair[]) => {
  const actions = (has: boolean) =>
    lacking.flatMap(({ role, copyRole }) => (copyRole && hasNot(copyRole) !== has ? [role.action] : []));
  return { lacks: actions(false), mayHave: actions(true) };
};

import { serviceLinkedRoleArn } from '../key-evidence';
import { eachKeyPolicy, hasNot, messagePointsTo, pairs, untold, type KeyPolicy } from '../key-questions';
import { statementName } from '../policy-questions';
import { text } from '../text';
import { cannotTell, fault, ok, type Check, type CheckResult } from './check';

const id = 'source-key-policy-denies';
const words = text[id];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export const sourceKeyPolicyDenies: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeRecoveryPoint@source',
    'ec2:DescribeImages@source',
    'ec2:DescribeSnapshots@source',
    'kms:DescribeKey@source',
    'kms:GetKeyPolicy@source',
    'kms:ListGrants@source',
    'organizations:DescribeOrganization@source',
    'organizations:DescribeOrganization@destination',
  ],

  evaluate: (evidence) => eachKeyPolicy(evidence, judge),
};

function judge(asked: KeyPolicy): CheckResult {
  if (asked.ok === 'unreadable') return cannotTell(text.keys.unreadable(asked.key.arn, asked.problem));
  if (!asked.ok) return asked.result;
  const { copy, key, fullyManaged } = asked.value;
  const rows = pairs(asked.value);
  const denied = rows.flatMap(({ role, copyRole }) =>
    role.deny === 'yes' && role.denying && (!copyRole || hasNot(copyRole))
      ? [{ action: role.action, statement: statementName(role.denying) }]
      : [],
  );
  if (denied.length === 0) {
    const open = rows.filter(({ role }) => role.deny !== 'no');
    if (open.length === 0) return ok;
    const either = open.filter(({ role }) => role.deny === 'yes').map(({ role }) => role.action);
    const of = open.flatMap(({ role, copyRole }) =>
      role.deny === 'untold' ? [role.open.deny] : copyRole ? [copyRole.open.allow] : [],
    );
    return untold(key.arn, of, either.length > 0 ? [text.keys.eitherDenied(copy, either)] : []);
  }
  const account = copy.destinationAccount;
  if (fullyManaged && !messagePointsTo(copy, id)) {
    return cannotTell(
      text.keys.denyNotSure(
        key.arn,
        account,
        denied.map(({ action }) => action),
      ),
    );
  }
  return fault({
    confidence: fullyManaged ? 'likely' : 'confirmed',
    resource: key.arn,
    owner: key.owner,
    because: words.because(key.arn, account, denied),
    fix: { kind: 'manual', steps: words.steps(key, serviceLinkedRoleArn(copy)) },
  });
}

import { grantsStatement, judgeLack } from '../key-policy-lack';
import { eachKeyPolicy } from '../key-questions';
import { text } from '../text';
import { cannotTell, type Check } from './check';

const id = 'source-key-policy-lacks-grants';

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export const sourceKeyPolicyLacksGrants: Check = {
  id,
  title: text[id].title,
  fix: 'key-policy',
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

  evaluate: (evidence) =>
    eachKeyPolicy(evidence, (asked) => {
      // source-key-policy-lacks-destination tells it.
      if (asked.ok === 'unreadable') return cannotTell(text.keys.unreadable(asked.key.arn, asked.problem));
      if (!asked.ok) return asked.result;
      const { copy, fullyManaged } = asked.value;
      return judgeLack(id, asked.value, (action) => action === 'kms:CreateGrant', grantsStatement(copy, fullyManaged));
    }),
};

import { judgeLack, useStatement } from '../key-policy-lack';
import { eachKeyPolicy } from '../key-questions';
import { text } from '../text';
import { fault, type Check } from './check';

const id = 'source-key-policy-lacks-destination';
const words = text[id];

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html */
export const sourceKeyPolicyLacksDestination: Check = {
  id,
  title: words.title,
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
      if (asked.ok === 'unreadable') {
        // AWS stores no broken policy: it may as well be that AWS knows more than this program.
        return fault({
          confidence: 'possible',
          resource: asked.key.arn,
          owner: asked.key.owner,
          because: words.unreadableBecause(asked.key.arn, asked.problem),
          fix: { kind: 'manual', steps: words.unreadableSteps(asked.key) },
        });
      }
      if (!asked.ok) return asked.result;
      const { copy, fullyManaged } = asked.value;
      // CreateGrant: source-key-policy-lacks-grants tells it.
      const isMine = (action: string) => action !== 'kms:CreateGrant';
      return judgeLack(id, asked.value, isMine, useStatement(copy, fullyManaged));
    }),
};

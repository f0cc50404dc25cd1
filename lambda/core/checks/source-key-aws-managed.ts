import { eachSourceKey } from '../copy-keys';
import { copyOf, type Copy } from '../evidence';
import { isFullyManaged } from '../feature-table';
import { grantsStatement, useStatement } from '../key-policy-lack';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, type Check } from './check';

const id = 'source-key-aws-managed';
const words = text[id];

function steps(copy: Copy): readonly string[] {
  const fullyManaged = isFullyManaged(copy.resourceType) ?? false;
  return words.steps(copy, [useStatement(copy, fullyManaged), grantsStatement(copy, fullyManaged)], fullyManaged);
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html */
export const sourceKeyAwsManaged: Check = {
  id,
  title: words.title,
  fix: 'manual',
  stepsByMessage: steps,
  reads: [
    'backup:DescribeRecoveryPoint@source',
    'ec2:DescribeImages@source',
    'ec2:DescribeSnapshots@source',
    'kms:DescribeKey@source',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    return eachSourceKey(evidence, (key) => {
      // source-key-missing tells it.
      if (!key.metadata) return notApplicable;
      if (!key.metadata.manager) return cannotTell(text.keys.noManager(key.arn));
      if (key.metadata.manager === 'CUSTOMER') return ok;

      const { resourceType = '' } = copy;
      const fullyManaged = isFullyManaged(copy.resourceType);
      if (fullyManaged === undefined) return cannotTell(text.keys.typeNotKnown(copy.resourceType));
      if (fullyManaged) return messagePointsTo(copy, id) ? cannotTell(words.notDocumented(key.arn, resourceType)) : ok;
      return fault({
        confidence: 'confirmed',
        resource: key.arn,
        owner: key.owner,
        because: words.because(key.arn, resourceType),
        fix: { kind: 'manual', steps: steps(copy) },
      });
    });
  },
};

import { eachSourceKey } from '../copy-keys';
import { copyOf } from '../evidence';
import { text } from '../text';
import { fault, ok, type Check } from './check';

const id = 'source-key-missing';
const words = text[id];

/** KMS answers NotFoundException in the account and Region of the key's ARN: it was deleted. */
export const sourceKeyMissing: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeRecoveryPoint@source',
    'ec2:DescribeImages@source',
    'ec2:DescribeSnapshots@source',
    'kms:DescribeKey@source',
  ],

  evaluate(evidence) {
    return eachSourceKey(evidence, (key) => {
      if (key.metadata) return ok;
      return fault({
        confidence: 'confirmed',
        resource: key.arn,
        owner: key.owner,
        because: words.because(key),
        fix: { kind: 'manual', steps: words.steps(copyOf(evidence), key) },
      });
    });
  },
};

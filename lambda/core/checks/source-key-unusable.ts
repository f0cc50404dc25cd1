import { eachSourceKey } from '../copy-keys';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, type Check } from './check';

const id = 'source-key-unusable';
const words = text[id];

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export const sourceKeyUnusable: Check = {
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
      // source-key-missing tells it.
      if (!key.metadata) return notApplicable;
      const { state } = key.metadata;
      if (!state) return cannotTell(text.keys.noState(key.arn));
      if (state === 'Enabled') return ok;
      // A few seconds in the life of a multi-Region key, in which it can be used.
      if (state === 'Updating') return cannotTell(text.keys.updating(key.arn));
      return fault({
        confidence: 'confirmed',
        resource: key.arn,
        owner: key.owner,
        because: words.because(key.arn, key.metadata),
        fix: { kind: 'manual', steps: words.steps(key, state) },
      });
    });
  },
};

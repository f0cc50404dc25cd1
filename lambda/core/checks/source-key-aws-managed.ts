import { fineUnlessSeveralKeys, sourceKey } from '../copy-keys';
import { copyOf } from '../evidence';
import { isFullyManaged } from '../feature-table';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, type Check } from './check';

const id = 'source-key-aws-managed';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html */
export const sourceKeyAwsManaged: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: ['backup:DescribeRecoveryPoint@source', 'kms:DescribeKey@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    const asked = sourceKey(evidence);
    if (!asked.ok) return asked.result;
    const key = asked.value;
    // source-key-missing tells it.
    if (!key.metadata) return notApplicable;
    if (!key.metadata.manager) return cannotTell(text.keys.noManager(key.arn));
    if (key.metadata.manager === 'CUSTOMER') return fineUnlessSeveralKeys(copy);

    const { resourceType = '' } = copy;
    const fullyManaged = isFullyManaged(copy.resourceType);
    if (fullyManaged === undefined) return cannotTell(text.keys.typeNotKnown(copy.resourceType));
    if (fullyManaged) return messagePointsTo(copy, id) ? cannotTell(words.notDocumented(key.arn, resourceType)) : ok;
    return fault({
      confidence: 'confirmed',
      resource: key.arn,
      owner: key.owner,
      because: words.because(key.arn, resourceType),
      fix: { kind: 'manual', steps: words.steps({ copy, region: key.region }) },
    });
  },
};

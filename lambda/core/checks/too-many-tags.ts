import { copyOf } from '../evidence';
import { recoveryPointTags } from '../tag-evidence';
import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'too-many-tags';
const words = text[id];

/** Tags are merged where no read sees it, so what the recovery point has only helps. */
export const tooManyTags = toldByMessage({
  id,
  fix: 'manual',
  ...words,
  reads: ['backup:ListTags@source', 'tag:GetResources@source'],
  fact(evidence) {
    const { recoveryPointArn } = copyOf(evidence);
    const found = recoveryPointArn === undefined ? undefined : recoveryPointTags(evidence, recoveryPointArn);
    if (!found?.ok || !found.value) return undefined;
    const { tags, complete } = found.value;
    // AWS does not count its own.
    return words.counted(tags.filter(({ key }) => !key.startsWith('aws:')).length, complete);
  },
});

import { copyOf } from '../evidence';
import { pointsTo } from '../messages/point-to';
import { text } from '../text';
import { notApplicable, type Check } from './check';
import { tagPolicyViolation } from './tag-policy-violation';

const id = 'tag-copy-failed';
const texts = text[id];

/** Only AWS's message tells of it: never a fault by evidence, ruled out only by the violation that explains it. */
export const tagCopyFailed: Check = {
  id,
  title: texts.title,
  fix: 'retry-later',
  messageOnly: true,
  stepsByMessage: texts.steps,
  reads: tagPolicyViolation.reads,

  evaluate(evidence) {
    const { statusMessage } = copyOf(evidence);
    if (statusMessage === undefined || !pointsTo(statusMessage).includes(id)) return notApplicable;
    const violation = tagPolicyViolation.evaluate(evidence);
    if (violation.status === 'fault') return notApplicable;
    const missing = violation.status === 'unknown' ? violation.missing : [];
    return { status: 'unknown', missing, because: texts.onlyMessage };
  },
};

import { copyOf, type Copy, type Evidence } from '../evidence';
import type { FixKind } from '../finding';
import { messagePointsTo } from '../key-questions';
import type { ReadName } from '../reads';
import { text } from '../text';
import { cannotTell, notApplicable, type Check } from '../checks/check';

interface ToldByMessage {
  readonly id: string;
  readonly title: string;
  readonly fix: FixKind;
  /** What a person does, in order; each starts with a verb and holds real ids. */
  readonly steps: (copy: Copy) => readonly string[];
  readonly reads?: readonly ReadName[];
  /** What the reads add to the message, in a sentence. */
  readonly fact?: (evidence: Evidence) => string | undefined;
}

/** A cause that no state shows: open where AWS's message points to it, not applicable elsewhere, never a fault. */
export const toldByMessage = ({ id, title, fix, steps, reads = [], fact }: ToldByMessage): Check => ({
  id,
  title,
  fix,
  messageOnly: true,
  stepsByMessage: steps,
  reads,
  evaluate(evidence) {
    if (!messagePointsTo(copyOf(evidence), id)) return notApplicable;
    return cannotTell([text.onlyMessage, fact?.(evidence) ?? []].flat().join(' '));
  },
});

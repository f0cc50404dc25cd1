import { copyOf, type Copy } from '../evidence';
import type { FixKind } from '../finding';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, notApplicable, type Check } from './check';

interface ToldByMessage {
  readonly id: string;
  readonly title: string;
  readonly fix: FixKind;
  /** What a person does, in order; each starts with a verb and holds real ids. */
  readonly steps: (copy: Copy) => readonly string[];
}

/** A cause that no state shows: open where AWS's message points to it, not applicable elsewhere, never a fault. */
export const toldByMessage = ({ id, title, fix, steps }: ToldByMessage): Check => ({
  id,
  title,
  fix,
  messageOnly: true,
  stepsByMessage: steps,
  reads: [],
  evaluate: (evidence) => (messagePointsTo(copyOf(evidence), id) ? cannotTell(text.onlyMessage) : notApplicable),
});

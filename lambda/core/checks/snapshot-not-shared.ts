import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'snapshot-not-shared';

export const snapshotNotShared = toldByMessage({ id, fix: 'manual', ...text[id] });

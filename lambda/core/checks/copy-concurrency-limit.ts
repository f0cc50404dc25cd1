import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'copy-concurrency-limit';

export const copyConcurrencyLimit = toldByMessage({ id, fix: 'retry-later', ...text[id] });

import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'job-window-expired';

export const jobWindowExpired = toldByMessage({ id, fix: 'manual', ...text[id] });

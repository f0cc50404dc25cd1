import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'service-quota-reached';

export const serviceQuotaReached = toldByMessage({ id, fix: 'retry-later', ...text[id] });

import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'aws-internal-error';

export const awsInternalError = toldByMessage({ id, fix: 'retry-later', ...text[id] });

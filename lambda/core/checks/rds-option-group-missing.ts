import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'rds-option-group-missing';

export const rdsOptionGroupMissing = toldByMessage({ id, fix: 'manual', ...text[id] });

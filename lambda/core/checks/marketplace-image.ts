import { text } from '../text';
import { toldByMessage } from '../messages/told-by-message';

const id = 'marketplace-image';

export const marketplaceImage = toldByMessage({ id, fix: 'manual', ...text[id] });

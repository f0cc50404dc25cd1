import type { Check } from './check';
import { unproven } from '../text/en/unproven';

/** No check: what `diagnose` tells where none has found anything and no text of AWS is known. */
export const uncatalogued: Pick<Check, 'id' | 'title' | 'fix'> = {
  id: 'uncatalogued',
  title: unproven.uncatalogued.title,
  fix: 'manual',
};

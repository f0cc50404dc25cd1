import type { Incident, IncidentState } from './incident';

// A composite job and its nested jobs are copy jobs of their own, and each member is to be copied once.

/** What stops such a copy is what stops its members: nothing has to be mended for itself, and nothing waits for it. */
export const onlyNested = (causes: readonly string[]): boolean =>
  causes.length > 0 && causes.every((cause) => cause === 'nested-copy-failed');

/** Nothing is copied again for these, whatever the settings say. */
const LEFT: readonly IncidentState[] = ['rejected', 'expired', 'refused', 'applied', 'not-cured', 'rolled-back'];

/** One of the incidents that hold a composite job starts it again, and with it all of its nested jobs. */
export const startsAgain = (incidents: readonly Pick<Incident, 'state' | 'causes' | 'retry'>[]): boolean =>
  incidents.some(
    ({ state, causes, retry = 'never' }) => retry !== 'never' && !LEFT.includes(state) && !onlyNested(causes),
  );

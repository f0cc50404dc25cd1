import type { Incident } from '../core/incident/incident';
import { measuresOf, oldestUnhealed, type Measure } from '../core/incident/measures';
import type { Incidents, OnChange } from './incidents';
import { putMetrics } from './metrics';

/** Tells CloudWatch what each change of an incident means for the deployment. */
export const reportChange =
  (deployment: string): OnChange =>
  (before, after, at) => {
    const byCause = new Map<string | undefined, Measure[]>();
    for (const one of measuresOf(before, after)) byCause.set(one.cause, [...(byCause.get(one.cause) ?? []), one]);
    // All metrics of a line have the same dimensions.
    for (const [cause, measures] of byCause) {
      putMetrics(Date.parse(at), { deployment, ...(cause === undefined ? {} : { cause }) }, measures);
    }
  };

/** Tells CloudWatch for how long the oldest failure has been waiting for a copy. */
export async function reportOldest(deployment: string, incidents: Incidents, now: Date): Promise<void> {
  const open: Incident[] = [];
  for await (const incident of incidents.open()) open.push(incident);
  const value = oldestUnhealed(open, now.toISOString());
  putMetrics(now.getTime(), { deployment }, [{ name: 'OldestUnhealedCopy', unit: 'Seconds', value }]);
}

import type { Config } from '../config';
import type { Incidents } from './incidents';
import { sendAll } from './outbox';

/** So many in a minute; what is left is due in the next one, and stands first then. */
export const MOST_A_TICK = 1000;

export interface TickServices {
  readonly incidents: Incidents;
  readonly config: Pick<Config, 'workQueueUrl' | 'region'>;
  readonly now: () => Date;
}

/** Sends every incident whose time has come to `work`; gives how many. Throws if one could not be sent. */
export async function tick({ incidents, config, now }: TickServices): Promise<number> {
  const ids = await incidents.due(now().toISOString(), MOST_A_TICK);
  await sendAll(config.workQueueUrl, config.region, ids);
  return ids.length;
}

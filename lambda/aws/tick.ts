import type { Config } from '../config';
import type { Incidents } from './incidents';
import { sendAll } from './outbox';

/** So many in a minute. */
export const MOST_A_TICK = 1000;
/** Of so many that are due: where there are more than a tick sends, each tick sends others. */
const LOOK_AT = 20 * MOST_A_TICK;
const MINUTE = 60_000;

export interface TickServices {
  readonly incidents: Incidents;
  readonly config: Pick<Config, 'workQueueUrl' | 'region'>;
  readonly now: () => Date;
}

/** Sends every incident whose time has come to `work`; gives how many. Throws if one could not be sent. */
export async function tick({ incidents, config, now }: TickServices): Promise<number> {
  const at = now();
  const due = await incidents.due(at.toISOString(), LOOK_AT);
  const ids = share(due, Math.floor(at.getTime() / MINUTE));
  await sendAll(config.workQueueUrl, config.region, ids);
  return ids.length;
}

/** Mails that are held back stay due, and always stand first: by minute, everything has its turn. */
function share(due: readonly string[], minute: number): readonly string[] {
  const shares = Math.ceil(due.length / MOST_A_TICK);
  const start = shares > 1 ? (minute % shares) * MOST_A_TICK : 0;
  return due.slice(start, start + MOST_A_TICK);
}

import type { Incident } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import { later, TIMES } from '../core/incident/times';
import { again } from '../core/text/en/again';
import type { EffectServices } from './effect-services';

/** What came of starting copies. */
export interface Started {
  /** Failed copies, each with its new try. */
  readonly tries: readonly { readonly copyJobId: string; readonly retryId: string }[];
  /** Not all could be tried now; milliseconds after which to go on. `slow-down`: longer each time. */
  readonly wait?: number | 'slow-down';
  /** Some have another cause too, which has to be mended first. */
  readonly held?: boolean;
  /** The role that starts copies cannot be taken on, for people. */
  readonly notAllowed?: string;
}

const { stuck } = again;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SLOWEST = 15 * MINUTE;
const OTHERS = 10 * MINUTE;

type Untimed<E> = E extends IncidentEvent ? Omit<E, 'at'> : never;

export async function tell(
  { id }: Incident,
  { incidents, now }: EffectServices,
  event: Untimed<IncidentEvent>,
): Promise<void> {
  await incidents.change(id, { ...event, at: now().toISOString() } as IncidentEvent);
}

/** Another incident holds all that is left: it has to be mended first. */
export async function waitForOthers(incident: Incident, services: EffectServices): Promise<void> {
  const at = services.now().toISOString();
  const { idleFrom = at, since } = incident;
  if (at >= later(idleFrom, TIMES.followAtMost)) {
    return tell(incident, services, { kind: 'retry-not-allowed', because: stuck.held });
  }
  const wait = at < later(since, 24 * HOUR) ? OTHERS : HOUR;
  await tell(incident, services, { kind: 'retry-waits', until: later(at, wait), idle: true });
}

/** True: not all could be tried, and it is said why and when to go on. */
export async function stopped(
  { tries, notAllowed: because, wait }: Started,
  incident: Incident,
  services: EffectServices,
): Promise<boolean> {
  const at = services.now().toISOString();
  if (because !== undefined) await tell(incident, services, { kind: 'retry-not-allowed', because });
  else if (wait !== undefined) {
    // As long as nothing could be started already: 1, 2, 4 minutes, and so on.
    const { idleFrom = at } = incident;
    const idle = tries.length > 0 ? 0 : Date.parse(at) - Date.parse(idleFrom);
    if (idle >= TIMES.followAtMost) {
      await tell(incident, services, { kind: 'retry-not-allowed', because: stuck.idle });
      return true;
    }
    const milliseconds = wait === 'slow-down' ? Math.min(Math.max(idle, MINUTE), SLOWEST) : wait;
    await tell(incident, services, { kind: 'retry-waits', until: later(at, milliseconds), idle: tries.length === 0 });
  } else return false;
  return true;
}

import { isDue, moved, rescheduled, type Event, type Transition } from './agenda';
import type { Incident } from './incident';
import type { IncidentEvent } from './incident-event';
import { applyEnded, applying, decided, settled } from './reduce-change';
import { looked } from './reduce-look';
import { failed, opened } from './reduce-open';
import {
  batched,
  batchStarted,
  canaryStarted,
  followed,
  nothingToRetry,
  retryNotAllowed,
  retryWaits,
} from './reduce-retry';
import { rollbackDecided, rollbackEnded, rollbackExpired, rollbackPlanned } from './reduce-rollback';
import { later, TIMES } from './times';

export type { Transition } from './agenda';
export { later, TIMES } from './times';

/** Total: every event in every state has an answer, and most answers are "nothing changes". */
export function reduce(incident: Incident | undefined, event: IncidentEvent): Transition {
  if (incident === undefined) return event.kind === 'failed' ? opened(undefined, event) : { incident };
  switch (event.kind) {
    case 'failed':
      return failed(incident, event);
    case 'told':
      return told(incident, event);
    case 'remind':
      return reminded(incident, event.at);
    case 'expire':
      return incident.state === 'rollback-proposed' ? rollbackExpired(incident, event.at) : expired(incident, event.at);
    case 'looked':
      return looked(incident, event);
    case 'decided':
      return decided(incident, event);
    case 'applying':
      return applying(incident, event);
    case 'apply-ended':
      return applyEnded(incident, event);
    case 'settle':
      return settled(incident, event.at);
    case 'canary-started':
      return canaryStarted(incident, event);
    case 'batched':
      return batched(incident, event);
    case 'batch-started':
      return batchStarted(incident, event);
    case 'retry-waits':
      return retryWaits(incident, event);
    case 'nothing-to-retry':
      return nothingToRetry(incident, event);
    case 'retry-not-allowed':
      return retryNotAllowed(incident, event);
    case 'followed':
      return followed(incident, event);
    case 'rollback-planned':
      return rollbackPlanned(incident, event);
    case 'rollback-decided':
      return rollbackDecided(incident, event);
    case 'rollback-ended':
      return rollbackEnded(incident, event);
  }
}

function told(incident: Incident, { at, telling, revision, template }: Event<'told'>): Transition {
  // A mail about an earlier revision, or one that was made before this one was due, told of something else.
  if ((revision ?? incident.revision) !== incident.revision) return { incident };
  if (incident.tell !== telling || at < (incident.agenda.notify ?? at)) return { incident };
  const first = incident.toldAt === undefined;
  const asking = incident.state === 'proposed' && first;
  const next: Incident = {
    ...rescheduled(incident, {
      notify: undefined,
      ...(asking ? { remind: later(at, TIMES.reminders[0]), expire: later(at, TIMES.expiry) } : {}),
    }),
    tell: undefined,
    toldAt: incident.toldAt ?? at,
    ...(template ? { template } : {}),
    // The time to answer begins when a person was told.
    ...(asking ? { expiresAt: later(at, TIMES.expiry) } : {}),
  };
  // A drill ends with its mail.
  if (telling === 'drill')
    return { incident: { ...next, state: 'resolved', since: at, agenda: {} }, log: { what: 'told drill' } };
  return { incident: next, log: { what: `told ${telling}` } };
}

function reminded(incident: Incident, at: string): Transition {
  if (incident.state !== 'proposed' || !isDue(incident, 'remind', at)) return { incident };
  const { remind = at } = incident.agenda;
  if (isDue(incident, 'expire', at)) return { incident: rescheduled(incident, { remind: undefined }) };
  const toldAt = incident.toldAt ?? remind;
  // Two that are due together are one mail.
  const reminders = TIMES.reminders.filter((wait) => at >= later(toldAt, wait)).length;
  const wait = TIMES.reminders[reminders];
  const next = wait === undefined ? undefined : later(toldAt, wait);
  return {
    incident: { ...rescheduled(incident, { notify: at, remind: next }), reminders, tell: 'reminder' },
    log: { what: 'reminder due' },
  };
}

function expired(incident: Incident, at: string): Transition {
  if (incident.state !== 'proposed' || !isDue(incident, 'expire', at)) return { incident };
  return { incident: moved(incident, 'expired', at, { tell: 'expired' }), log: { what: 'expired' } };
}

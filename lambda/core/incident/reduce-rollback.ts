import { isDue, moved, withoutMail, type Event, type Transition } from './agenda';
import type { Incident, IncidentState, Telling } from './incident';
import { isMeant } from './reduce-change';
import { later, TIMES } from './times';

// Taking back what the service has changed: asked for, shown, decided, done.

const FROM: readonly IncidentState[] = ['resolved', 'not-cured', 'applied', 'reopened'];

export function rollbackPlanned(incident: Incident, event: Event<'rollback-planned'>): Transition {
  const { at, request, planHash, because } = event;
  const { state, change, rollback } = incident;
  if (!FROM.includes(state) || change === undefined || !isMeant(request, incident)) return { incident };
  // A request is answered once, however often it is found.
  if (rollback !== undefined && request.at <= rollback.requestedAt) return { incident };
  const asked = { from: state, requestedBy: request.by, requestedAt: request.at };
  if (planHash === undefined) {
    const agenda = { ...incident.agenda, notify: at };
    return {
      incident: { ...incident, rollback: asked, because, notSeen: undefined, tell: 'rollback-refused', agenda },
      log: { what: 'rollback-refused', by: request.by },
    };
  }
  const next = moved(incident, 'rollback-proposed', at, {
    tell: 'rollback-proposed',
    agenda: { expire: later(at, TIMES.rollbackExpiry) },
    because: incident.because,
  });
  return {
    incident: { ...next, rollback: { ...asked, planHash } },
    log: { what: 'rollback-proposed', by: request.by },
  };
}

export function rollbackDecided(incident: Incident, { at, decision }: Event<'rollback-decided'>): Transition {
  const { state, rollback } = incident;
  if (state !== 'rollback-proposed' || rollback === undefined) return { incident };
  if (decision.about !== 'rollback' || !isMeant(decision, incident)) return { incident };
  if (decision.planHash !== rollback.planHash) return { incident };
  const log = { what: `rollback ${decision.decision}`, by: decision.by };
  // Whoever asked has decided, and need not be told.
  if (decision.decision === 'rejected') return { incident: back(withoutMail(incident), at), log };
  const { because } = incident;
  const next = moved(withoutMail(incident), 'rollback-approved', at, { agenda: { rollback: at }, because });
  return { incident: { ...next, rollback: { ...rollback, decision } }, log };
}

export function rollbackExpired(incident: Incident, at: string): Transition {
  if (incident.state !== 'rollback-proposed' || !isDue(incident, 'expire', at)) return { incident };
  return { incident: back(incident, at, 'rollback-expired'), log: { what: 'rollback-expired' } };
}

export function rollbackEnded(incident: Incident, event: Event<'rollback-ended'>): Transition {
  const { at, outcome, because, requestId } = event;
  const { state, rollback } = incident;
  if (state !== 'rollback-approved' || rollback === undefined) return { incident };
  const log = { what: `rollback ${outcome}`, ...(requestId ? { requestId } : {}) };
  if (outcome !== 'applied' && outcome !== 'already-there') {
    const notSeen = outcome === 'not-seen' ? { notSeen: true } : {};
    return { incident: { ...back(incident, at, 'rollback-refused', because), ...notSeen }, log };
  }
  const next = moved(incident, 'rolled-back', at, { tell: 'rolled-back' });
  return { incident: { ...next, change: undefined, saidNo: true, rollback: { ...rollback, requestId } }, log };
}

/** Nothing is removed. That it was asked for stays, so that the same request is not planned once more. */
function back(incident: Incident, at: string, tell?: Telling, because = incident.because): Incident {
  const { from = 'applied', requestedBy = '', requestedAt = '' } = incident.rollback ?? {};
  return { ...moved(incident, from, at, { tell, because }), rollback: { from, requestedBy, requestedAt } };
}

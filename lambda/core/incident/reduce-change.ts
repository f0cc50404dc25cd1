import { isDue, moved, withoutMail, type Event, type Transition } from './agenda';
import { wantsRetry, type Decision, type Incident, type Telling } from './incident';
import { later, TIMES } from './times';

// From a decision to a policy that has settled.

export function decided(incident: Incident, { at, decision }: Event<'decided'>): Transition {
  // Recorded in time, and absorbed when the time was over: whoever decided was told that it counts.
  if (incident.state !== 'proposed' && incident.state !== 'expired') return { incident };
  if ((decision.about ?? 'change') !== 'change' || !isMeant(decision, incident)) return { incident };
  if (decision.planHash !== incident.planHash) return { incident };
  if (incident.expiresAt !== undefined && decision.at >= incident.expiresAt) return { incident };
  const log = { what: decision.decision, by: decision.by };
  // Who decided need not hear that they did: the next mail says what came of it.
  const next = serviceMakes(incident, decision)
    ? moved(withoutMail(incident), 'approved', at, { agenda: { apply: at } })
    : moved(incident, decision.decision, at, { tell: decision.decision });
  return { incident: { ...next, decision, saidNo: decision.decision === 'rejected' || undefined }, log };
}

export const isMeant = ({ incident, revision }: Decision, { id, revision: current }: Incident): boolean =>
  incident === id && revision === current;

const serviceMakes = ({ applies, template }: Incident, decision: Decision): boolean =>
  decision.decision === 'approved' &&
  applies === 'service' &&
  (template === undefined || decision.evenThoughATemplateOwnsIt === true);

export function applying(incident: Incident, { at }: Event<'applying'>): Transition {
  const begins = incident.state === 'approved' || incident.state === 'applying';
  if (!begins || !isDue(incident, 'apply', at)) return { incident };
  return {
    incident: moved(incident, 'applying', at, { agenda: { apply: later(at, TIMES.applyAgain) } }),
    log: { what: incident.state === 'applying' ? 'applying again' : 'applying' },
  };
}

export function applyEnded(incident: Incident, event: Event<'apply-ended'>): Transition {
  if (incident.state !== 'applying') return { incident };
  const { at, outcome, because, requestId } = event;
  const log = { what: outcome, ...(requestId ? { requestId } : {}) };
  switch (outcome) {
    case 'applied':
      return { incident: { ...settling(incident, at, 'applied'), change: { at, requestId } }, log };
    case 'already-there':
      return { incident: settling(incident, at, 'in-place'), log };
    case 'stale':
      return { incident: moved(incident, 'stale', at, { tell: 'stale', because }), log };
    case 'refused':
    case 'not-seen': {
      const notSeen = outcome === 'not-seen' ? { notSeen: true } : {};
      return { incident: moved(incident, 'refused', at, { tell: 'refused', because, ...notSeen }), log };
    }
    case 'owned':
    case 'ask':
      return { incident: asked(incident, event), log };
  }
}

/** What the settings allowed is asked for after all. A revision that a person has decided on is not asked twice. */
function asked(incident: Incident, { at, outcome, because, template = incident.template }: Event<'apply-ended'>) {
  const next: Incident =
    incident.decision === undefined
      ? { ...moved(incident, 'proposed', at, { tell: 'opened', because }), auto: false }
      : outcome === 'owned'
        ? moved(incident, 'approved', at, { tell: 'approved', because })
        : moved(incident, 'refused', at, { tell: 'refused', because });
  return template ? { ...next, template } : next;
}

/** The change is there, whoever made it. */
export function settling(incident: Incident, at: string, how: 'applied' | 'in-place'): Incident {
  const soon = wantsRetry(incident) && heardOf(incident, how);
  const tell: Telling | undefined = soon ? undefined : how;
  const wait = incident.kind === 'key-policy' ? TIMES.settleKeyPolicy : TIMES.settleVaultPolicy;
  return {
    ...moved(soon ? withoutMail(incident) : incident, 'settling', at, { tell, agenda: { settle: later(at, wait) } }),
    settledFrom: at,
  };
}

/** Whether the next mail can wait for the result of copying again. What was made without a decision is told at once. */
const heardOf = ({ toldAt, decision, auto }: Incident, how: 'applied' | 'in-place'): boolean =>
  how === 'applied' ? toldAt !== undefined && decision !== undefined : toldAt !== undefined && auto !== true;

export function settled(incident: Incident, at: string): Transition {
  if (incident.state !== 'settling' || !isDue(incident, 'settle', at)) return { incident };
  return wantsRetry(incident)
    ? { incident: moved(incident, 'canary', at, { agenda: { retry: at } }), log: { what: 'settled' } }
    : { incident: moved(incident, 'applied', at), log: { what: 'applied' } };
}

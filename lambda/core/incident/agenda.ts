import type { Agenda, Effect, Incident, IncidentState, Telling } from './incident';
import type { IncidentEvent } from './incident-event';
import { later, TIMES } from './times';

/** The incident afterwards, and what the log says of it; `log` is absent where nothing changed. */
export interface Transition {
  readonly incident: Incident | undefined;
  readonly log?: { readonly what: string; readonly by?: string; readonly requestId?: string };
}

export type Event<K extends IncidentEvent['kind']> = Extract<IncidentEvent, { kind: K }>;

interface Move {
  /** People have to hear of it at once. Absent: a mail that waits still goes out. */
  readonly tell?: Telling | undefined;
  /** What is to be done in the new state, besides looking. */
  readonly agenda?: Agenda;
  readonly because?: string | undefined;
  readonly notSeen?: boolean;
}

/** Another state. What was to be done in the one before is off the agenda. */
export function moved(incident: Incident, state: IncidentState, at: string, move: Move = {}): Incident {
  const { tell = incident.tell, agenda, because, notSeen } = move;
  const notify = move.tell ? at : incident.agenda.notify;
  return {
    ...incident,
    state,
    since: at,
    tell,
    because,
    notSeen,
    idleFrom: undefined,
    agenda: { ...(notify ? { notify } : {}), ...firstLook(state, at), ...agenda },
  };
}

/** A mail that waits has nothing to say any more. */
export const withoutMail = (incident: Incident): Incident => ({
  ...rescheduled(incident, { notify: undefined }),
  tell: undefined,
});

/** Other times; undefined takes off. The same object where nothing changes. */
export function rescheduled(
  incident: Incident,
  times: Readonly<Partial<Record<Effect, string | undefined>>>,
): Incident {
  const effects = Object.keys(times) as Effect[];
  if (effects.every((effect) => times[effect] === incident.agenda[effect])) return incident;
  const agenda = Object.entries({ ...incident.agenda, ...times }).filter(([, due]) => due !== undefined);
  return { ...incident, agenda: Object.fromEntries(agenda) };
}

export const isDue = ({ agenda }: Incident, effect: Effect, at: string): boolean => {
  const due = agenda[effect];
  return due !== undefined && at >= due;
};

/** While the service itself changes a policy, or a person decides on a rollback, nothing is looked for. */
const UNSEEN: readonly IncidentState[] = ['applying', 'rollback-proposed', 'rollback-approved', 'rolled-back'];
export const isLookedAt = ({ state, kind }: Pick<Incident, 'state' | 'kind'>): boolean =>
  kind !== 'drill' && !UNSEEN.includes(state);

function firstLook(state: IncidentState, at: string): Agenda {
  if (UNSEEN.includes(state)) return {};
  return { 'look-again': state === 'resolved' ? later(at, TIMES.lastLook) : nextLook(state, at, at) };
}

export function nextLook(state: IncidentState, since: string, at: string): string {
  if (at > later(since, TIMES.lookOften)) return later(at, TIMES.lookRarely);
  if (state === 'approved') return later(at, TIMES.lookAfterApproval);
  if (state === 'proposed' || state === 'stale' || state === 'refused') return later(at, TIMES.lookForChange);
  return later(at, TIMES.lookForSuccess);
}

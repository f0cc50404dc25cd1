import type { Incident, Telling } from './incident';

/** More mails than this at once are one digest. */
const MOST_MAILS = 3;
/** So late was held back, most likely while nobody had confirmed a subscription: several such are one digest. */
const HELD_BACK = 15 * 60_000;

export interface TellingIncident extends Incident {
  readonly tell: Telling;
}

export interface MailsDue {
  /** One mail each; incidents that share the failure which opened them are told together. */
  readonly mails: readonly (readonly TellingIncident[])[];
  /** All others, in one mail. */
  readonly digest?: readonly TellingIncident[];
}

/** Incidents with something that is to be told by now. */
export const tellingBy = (incidents: readonly Incident[], now: string): readonly TellingIncident[] =>
  incidents.filter((incident): incident is TellingIncident => isDue(incident, now));

/** Shares out among mails what is due. A drill is always told alone: it is somebody's practice. */
export function mailsDue(due: readonly TellingIncident[], now: string): MailsDue {
  const drills = due.filter(({ tell }) => tell === 'drill').map((one) => [one]);
  const rest = due.filter(({ tell }) => tell !== 'drill');
  const groups = grouped(rest);
  const oldest = Math.min(...rest.map(({ agenda }) => Date.parse(agenda.notify ?? now)));
  const late = groups.length > 1 && Date.parse(now) - oldest > HELD_BACK;
  const asDigest = groups.length > MOST_MAILS || rest.some(({ summary }) => summary) || late;
  return asDigest ? { mails: drills, digest: rest } : { mails: [...groups, ...drills] };
}

const isDue = ({ tell, agenda }: Incident, now: string): boolean =>
  tell !== undefined && agenda.notify !== undefined && agenda.notify <= now;

function grouped(incidents: readonly TellingIncident[]): readonly (readonly TellingIncident[])[] {
  const groups = new Map<string, TellingIncident[]>();
  for (const incident of incidents) {
    const { tell, openedBy, id } = incident;
    const key = JSON.stringify(tell === 'opened' || tell === 'stale' ? [tell, openedBy] : [tell, openedBy, id]);
    groups.set(key, [...(groups.get(key) ?? []), incident]);
  }
  return [...groups.values()];
}

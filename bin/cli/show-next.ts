import type { Incident, IncidentState } from '../../lambda/core/incident/incident';
import { notTakenBack } from '../../lambda/core/incident/judge-decision';
import { clean } from '../../lambda/core/text/clean';
import { commandFor, type Hub } from './hub';
import { ownerLines } from './owner-lines';
import type { Story } from './story';
import { serviceMakes } from './what-follows';

/** States in which the owner may make the change that is planned. */
const APPLICABLE: readonly IncidentState[] = ['reported', 'proposed', 'approved', 'refused'];

const MAIL = 'Nothing to do: a mail says what came of it.';

/** In these nobody has to do anything; empty: that goes without saying. */
const NOTHING: Readonly<Partial<Record<IncidentState, string>>> = {
  resolved: '',
  'rolled-back': '',
  settling: 'Nothing to do: policies take minutes to reach all of AWS.',
  applied: 'Nothing to do: wait for the next scheduled copy.',
  applying: MAIL,
  canary: MAIL,
  retrying: MAIL,
  waiting: MAIL,
  'rollback-approved': MAIL,
};

/** What a person can do about an incident now. */
export function nextLines(hub: Hub, { incident, plan, rollback }: Story): readonly string[] {
  const { id, state, causes } = incident;
  const command = (verb: string) => `  ${commandFor(hub, `${verb} ${id}`)}`;
  if (state === 'rollback-proposed' && rollback) {
    return ['Decide on taking the change back:', command('rollback'), command('reject')];
  }
  const nothing = NOTHING[state];
  const lines = [
    ...(state === 'proposed' && plan ? ['Decide:', command('approve'), command('reject')] : []),
    ...(plan && APPLICABLE.includes(state) ? makerLines(hub, incident) : []),
    ...(nothing ? [nothing] : []),
    // Where the service made it, and nothing is under way.
    ...(incident.change && notTakenBack(incident) === undefined
      ? ['To take the change back:', command('rollback')]
      : []),
  ];
  if (lines.length > 0 || nothing !== undefined) return lines;
  return [
    'What the cause means, and what mends it:',
    ...causes.map((cause) => `  npx --no-install copy-doctor explain ${clean(cause, 80)}`),
  ];
}

function makerLines(hub: Hub, incident: Incident): readonly string[] {
  const { state, agenda, decision } = incident;
  if (state === 'approved' && agenda.apply !== undefined) return [MAIL];
  if (state === 'proposed' && serviceMakes(incident, decision ?? {})) {
    return ['Once it is approved, the service makes the change.'];
  }
  return ownerLines(hub, incident);
}

import type { Decision } from '../../lambda/core/incident/incident';
import type { Wanted } from '../../lambda/core/incident/judge-decision';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { commandFor, DecisionRefusedError, type Hub, type Put } from './hub';
import { styles, type Io } from './io';

export type Told = Put;

/** Sends a decision; that another person was faster with the same one is what was wanted. */
export async function sendDecision(hub: Hub, id: string, wanted: Wanted): Promise<Told> {
  try {
    return await hub.decide(id, wanted);
  } catch (error) {
    if (!(error instanceof DecisionRefusedError)) throw error;
    const stands = error.decision;
    if (stands && isSame(stands, wanted)) return { status: 'same', decision: stands };
    const message = stands ? decidedBy(stands) : error.message;
    const advice = HELPED_BY_SHOW.includes(error.code) ? ` Next: ${commandFor(hub, `show ${id}`)}` : '';
    throw new DecisionRefusedError(error.code, `${message}${advice}`);
  }
}

/** Refusals whose own words lack the next step. */
const HELPED_BY_SHOW: readonly string[] = ['not-proposed', 'another-plan', 'decided-otherwise', 'expired'];

const isSame = (stands: Decision, wanted: Wanted): boolean =>
  stands.decision === wanted.decision &&
  stands.planHash === wanted.planHash &&
  (stands.retry ?? false) === (wanted.retry ?? false) &&
  (stands.evenThoughATemplateOwnsIt ?? false) === (wanted.evenThoughATemplateOwnsIt ?? false);

export function decidedBy(decision: Decision): string {
  const { incident, by, at, reason } = decision;
  const said = reason ? ` ("${clean(reason, 500)}")` : '';
  return `${subject(decision)} of incident ${incident} was ${decision.decision} by ${clean(by, 300)} at ${utc(at)}${said}${extras(decision)}. That stands, nothing was decided now.`;
}

const subject = ({ about }: Decision) => (about === 'rollback' ? 'The rollback' : 'The change');

function extras({ decision, retry, evenThoughATemplateOwnsIt }: Decision): string {
  if (decision !== 'approved') return '';
  const parts = [
    ...(retry === undefined ? [] : [retry ? 'copies are started again' : 'no copy is started again']),
    ...(evenThoughATemplateOwnsIt ? ['changed even though a template owns it'] : []),
  ];
  return parts.length > 0 ? `; ${parts.join('; ')}` : '';
}

/** What was decided, by whom, when. */
export function decisionLines(io: Io, { status, decision }: Told): readonly string[] {
  const { incident, by, at, revision, reason, about } = decision;
  const what = about === 'rollback' ? `the rollback of incident ${incident}` : `incident ${incident}`;
  return [
    styles(io)(
      'bold',
      `${status === 'put' ? 'Decided' : 'Decided before'}: ${what}, revision ${revision}, is ${decision.decision}.`,
    ),
    `  By       ${clean(by, 300)}`,
    `  At       ${utc(at)}`,
    ...(reason ? [`  Reason   ${clean(reason, 500)}`] : []),
  ];
}

import type { Decision, Incident } from '../../lambda/core/incident/incident';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';
import { clean } from '../../lambda/core/text/clean';
import { askForHash, atTerminal, meansPlan, type HashOptions } from './ask';
import { decidedBy, decisionLines, sendDecision, type Told } from './decide';
import { commandFor, DecisionRefusedError, type Hub } from './hub';
import { CliError, EXIT, printJson, type Io } from './io';
import { ownPlan } from './own-plan';
import { rollbackScreen } from './show-plan';

export interface DecideRollbackOptions extends HashOptions {
  readonly json?: boolean;
}

/** Shows what a proposed rollback takes away, asks, decides. */
export async function decideRollback(
  io: Io,
  hub: Hub,
  shown: ShownIncident,
  wanted: Decision['decision'],
  options: DecideRollbackOptions,
): Promise<number> {
  const { incident } = shown;
  const { id, revision } = incident;
  const plan = ownRollback(hub, shown);
  const earlier = incident.rollback?.decision;
  if (earlier && earlier.decision !== wanted) throw new DecisionRefusedError('decided-otherwise', decidedBy(earlier));
  if (!earlier) await ask(io, incident, plan, wanted, options);
  // One that is recorded is sent once more: perhaps it was never passed on.
  const reason = earlier ? earlier.reason : options.reason;
  const request = { decision: wanted, about: 'rollback', planHash: plan.hash, revision } as const;
  const told = await sendDecision(hub, id, { ...request, ...(reason ? { reason } : {}) });
  return tell(io, hub, incident, told, options);
}

/** It only takes away, and only from what the incident is about. */
function ownRollback(hub: Hub, { incident, rollback }: ShownIncident): Plan {
  const plan = ownPlan(hub, incident, rollback, incident.rollback?.planHash);
  if (plan.added.length === 0 && plan.resource === incident.resource && plan.kind === incident.kind) return plan;
  const message = `the rollback of incident ${incident.id} is not one: do not decide on it; the runbook says what to look at`;
  throw new CliError(message, EXIT.notWorking);
}

async function ask(
  io: Io,
  incident: Incident,
  plan: Plan,
  wanted: Decision['decision'],
  options: DecideRollbackOptions,
): Promise<void> {
  if (options.plan !== undefined) {
    if (meansPlan(options.plan, plan.hash)) return;
    throw new CliError(
      `the rollback of incident ${incident.id} has another plan than --plan ${clean(options.plan, 70)}: nothing was decided`,
    );
  }
  // With --json stdout is for the result alone.
  const out = options.json ? io.stderr : io.stdout;
  out.write(`${rollbackScreen(io, incident, plan, out)}\n`);
  const toDo = wanted === 'approved' ? 'take the change back' : 'reject taking it back';
  await atTerminal(io, (question) => askForHash(io, question, plan.hash, toDo));
}

function tell(io: Io, hub: Hub, { id, state }: Incident, told: Told, { json }: DecideRollbackOptions): number {
  const { status, decision } = told;
  if (json) {
    printJson(io, { incident: id, state, status, decision });
    return EXIT.done;
  }
  const follows =
    decision.decision === 'approved'
      ? [
          'The service takes away exactly what was shown within minutes, and says so by mail; nothing is left to run.',
          'If the policy is another one by then, it changes nothing and says so by mail. What was copied stays.',
          'See how it stands:',
          `  ${commandFor(hub, `show ${id}`)}`,
        ]
      : ['The change stays in place.'];
  io.stdout.write(`${[...decisionLines(io, told), '', ...follows].join('\n')}\n`);
  return EXIT.done;
}

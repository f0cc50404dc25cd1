import { Option, type Command } from 'commander';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { notOpen } from '../../lambda/core/incident/judge-decision';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';
import { planHash } from '../../lambda/core/plan/plan-fix';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { commandFor, DecisionRefusedError, incidentId, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { ownerLines } from './owner-lines';
import { askForHash, canAsk, meansPlan, planScreen, SHOWN_OF_HASH } from './show-plan';
import * as values from './values';

export interface DecideOptions extends HubOptions {
  readonly reason?: string;
  readonly plan?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

type Verb = 'approve' | 'reject';
const DECISION = { approve: 'approved', reject: 'rejected' } as const;

type Done = (code: number) => void;

export const registerApprove = (program: Command, io: Io, done: Done): void =>
  register(program, io, done, 'approve', 'Shows an incident with the exact change that is planned, and approves it.');

export const registerReject = (program: Command, io: Io, done: Done): void =>
  register(program, io, done, 'reject', 'Shows an incident with the exact change that is planned, and rejects it.');

function register(program: Command, io: Io, done: Done, verb: Verb, description: string): void {
  program
    .command(verb)
    .description(
      `${description} Asks for the first ${SHOWN_OF_HASH} characters of the plan's hash, which the mail shows.`,
    )
    .argument('<incident>', "the incident's id, from the mail")
    .option('--reason <text>', 'why, at most 500 characters: kept with the decision')
    .option('--plan <hash>', `with --yes: the plan that is meant, at least ${SHOWN_OF_HASH} characters of its hash`)
    .option('--yes', 'decide without asking, for scripts; needs --plan')
    .addOption(
      new Option('--region <region>', "the deployment's Region (default: AWS_REGION)").argParser(values.region),
    )
    .addOption(new Option('--account <id>', "the deployment's account").argParser(values.account))
    .option('--stack <name>', "the deployment's CloudFormation stack (default: copy-doctor-<region>)")
    .option('--profile <name>', 'AWS profile of the person who decides')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor ${verb} K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111
  npx --no-install copy-doctor ${verb} K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --plan 7f3c91b2a04e --yes --reason "CHG-4711"

With credentials of another account it first takes the deployment's approver role.

Exit codes: 0 done, or decided so before; 1 refused, or AWS could not be reached; 2 wrong input, or nothing was typed.`,
    )
    .action(async (id: string, options: DecideOptions) => done(await decide(io, verb, id, options)));
}

/** Shows, asks, decides. Every way out but the last leaves everything as it was. */
export async function decide(io: Io, verb: Verb, given: string, options: DecideOptions): Promise<number> {
  const id = incidentId(given);
  checkTogether(io, options);
  const hub = await openHub(io, options);
  progress(io, `Reading incident ${id}...`);
  const shown = await hub.incident(id);
  const { incident } = shown;
  const wanted = DECISION[verb];

  const earlier = incident.decision;
  if (earlier && earlier.decision !== wanted) throw new DecisionRefusedError('decided-otherwise', decidedBy(earlier));
  // Recorded, but perhaps never passed on: the same request again mends that.
  if (earlier && incident.state === 'proposed') return send(io, hub, shown, earlier, options);
  if (earlier) return tell(io, hub, incident, { status: 'same', decision: earlier }, options);

  const closed = notOpen(incident);
  if (closed) throw new DecisionRefusedError(closed.code, `${closed.message} ${next(hub, id)}`);
  const plan = planOf(shown, hub);
  if (options.plan === undefined) {
    // With --json stdout is for the result alone.
    const out = options.json ? io.stderr : io.stdout;
    out.write(`${planScreen(io, shown, hub, out)}\n`);
    await askForHash(io, plan.hash, `${verb} this change`);
  } else if (!meansPlan(options.plan, plan.hash)) {
    throw new CliError(
      `incident ${id} has another plan than --plan ${clean(options.plan, 70)}: nothing was decided. ${next(hub, id)}`,
    );
  }
  const { reason } = options;
  const request = { decision: wanted, planHash: plan.hash, revision: incident.revision };
  return send(io, hub, shown, { ...request, ...(reason ? { reason } : {}) }, options);
}

/** What does not go together is told before anything is read. */
function checkTogether(io: Io, { plan, yes, reason }: DecideOptions): void {
  if (yes && plan === undefined) {
    throw new CliError(`--yes needs --plan HASH, at least ${SHOWN_OF_HASH} characters of the plan that is meant`);
  }
  if (plan !== undefined && !yes) {
    throw new CliError('--plan is for scripts and goes with --yes: add it, or leave --plan out and be asked');
  }
  if (plan !== undefined && !/^[0-9a-f]{12,64}$/i.test(plan.trim())) {
    throw new CliError(
      `--plan ${clean(plan, 70)} is no hash: give at least ${SHOWN_OF_HASH} hexadecimal digits from the mail`,
    );
  }
  if (reason !== undefined && reason.length > 500) {
    throw new CliError(`--reason has ${reason.length} characters: give at most 500`);
  }
  if (plan === undefined && !canAsk(io)) {
    throw new CliError('there is no terminal to ask at: run it in one, or give --plan HASH --yes');
  }
}

/** The plan, if it is the one that its hash names: what is shown is what the decision is bound to. */
function planOf({ incident, plan }: ShownIncident, hub: Hub): Plan {
  const { id } = incident;
  if (!plan) {
    const message = `the plan of incident ${id} cannot be read. ${next(hub, id)}`;
    throw new CliError(message, EXIT.notWorking);
  }
  const { resource, before, after, partition, hash } = plan;
  if (hash !== incident.planHash || hash !== planHash(resource, before, after, partition)) {
    const message = `the plan of incident ${id} is not the one that its hash names. Do not decide on it; the runbook says what to look at`;
    throw new CliError(message, EXIT.notWorking);
  }
  return plan;
}

async function send(
  io: Io,
  hub: Hub,
  { incident }: ShownIncident,
  { decision, planHash: hash, revision, reason }: Pick<Decision, 'decision' | 'planHash' | 'revision' | 'reason'>,
  options: DecideOptions,
): Promise<number> {
  const request = { decision, planHash: hash, revision, ...(reason ? { reason } : {}) };
  try {
    return tell(io, hub, incident, await hub.decide(incident.id, request), options);
  } catch (error) {
    if (!(error instanceof DecisionRefusedError)) throw error;
    const stands = error.decision;
    // Another person was faster, with the same decision on the same plan: what was wanted is there.
    if (stands?.decision === decision && stands.planHash === hash) {
      return tell(io, hub, incident, { status: 'same', decision: stands }, options);
    }
    const advice = ADVICE[error.code];
    const message = stands ? decidedBy(stands) : error.message;
    throw new DecisionRefusedError(error.code, advice ? `${message} ${advice(hub, incident.id)}` : message);
  }
}

const next = (hub: Hub, id: string) => `Next: ${commandFor(hub, `show ${id}`)}`;

/** What helps beyond the function's own words. */
const ADVICE: Readonly<Record<string, (hub: Hub, id: string) => string>> = {
  'not-proposed': next,
  'another-plan': next,
  'decided-otherwise': next,
  expired: next,
};

const decidedBy = ({ incident, decision, by, at, reason }: Decision): string =>
  `Incident ${incident} was ${decision} by ${clean(by, 300)} at ${utc(at)}${reason ? ` ("${clean(reason, 500)}")` : ''}. That stands, nothing was decided now.`;

interface Told {
  readonly status: 'put' | 'same';
  readonly decision: Decision;
}

function tell(io: Io, hub: Hub, incident: Incident, { status, decision }: Told, { json }: DecideOptions): number {
  const { id } = incident;
  const apply = decision.decision === 'approved' ? commandFor(hub, `apply ${id}`, '--profile OWNER') : undefined;
  if (json) {
    printJson(io, { incident: id, state: incident.state, status, decision, ...(apply ? { next: apply } : {}) });
    return EXIT.done;
  }
  const style = styles(io);
  const { by, at, revision, reason } = decision;
  const lines = [
    style(
      'bold',
      `${status === 'put' ? 'Decided' : 'Decided before'}: incident ${id}, revision ${revision}, is ${decision.decision}.`,
    ),
    `  By       ${clean(by, 300)}`,
    `  At       ${utc(at)}`,
    ...(reason ? [`  Reason   ${clean(reason, 500)}`] : []),
    '',
    ...(apply ? applyLines(hub, incident) : ['Nothing is changed. The next failure of the same cause asks again.']),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

function applyLines(hub: Hub, incident: Incident): readonly string[] {
  const { id, state, template } = incident;
  // It was decided before, and time went on.
  if (state !== 'proposed' && state !== 'approved') {
    return [`The incident is ${state} now. See what there is to do:`, `  ${commandFor(hub, `show ${id}`)}`];
  }
  const stack = `The CloudFormation stack ${clean(template?.stack ?? '', 200)} owns the resource: change its template. A change made directly is lost when the stack next updates that property.`;
  return [
    'Nothing is changed by that.',
    ...(template ? [stack] : []),
    ...ownerLines(hub, incident),
    'The deployment sees the change by itself and says so by mail.',
  ];
}

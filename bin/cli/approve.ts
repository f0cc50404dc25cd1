import { Option, type Command } from 'commander';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { notOpen, retryOf, type Wanted } from '../../lambda/core/incident/judge-decision';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { askForHash, askYes, atTerminal, checkHashOptions, meansPlan, SHOWN_OF_HASH, type HashOptions } from './ask';
import { decidedBy, sendDecision, type Told } from './decide';
import { decideRollback } from './decide-rollback';
import { commandFor, DecisionRefusedError, incidentId, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { applyCommand } from './owner-lines';
import { ownPlan } from './own-plan';
import { planScreen } from './show-plan';
import { decisionLines } from './decide';
import * as values from './values';
import { afterApproval, copyingAgain, serviceMakes } from './what-follows';

export interface DecideOptions extends HubOptions, HashOptions {
  readonly retry?: boolean;
  readonly evenThoughATemplateOwnsIt?: boolean;
  readonly json?: boolean;
}

type Verb = 'approve' | 'reject';
const DECISION = { approve: 'approved', reject: 'rejected' } as const;

type Done = (code: number) => void;

export function registerApprove(program: Command, io: Io, done: Done): void {
  const about = 'Shows an incident with the exact change that is planned, and approves it.';
  const given = new Set<boolean>();
  const both = (retry: boolean) => () => {
    // The last one would count in silence, and a decision cannot be taken back.
    if (given.add(retry).size > 1) throw new CliError('--retry and --no-retry do not go together: give one of them');
  };
  register(program, io, done, 'approve', about, 'CHG-4711" --no-retry')
    .on('option:retry', both(true))
    .on('option:no-retry', both(false))
    .option('--retry', 'start the failed copies again once the change has settled; asked for where it is not given')
    .option('--no-retry', 'start no copy again')
    .option(
      '--even-though-a-template-owns-it',
      'let the service change what a CloudFormation stack owns, until its next deployment',
    );
}

export function registerReject(program: Command, io: Io, done: Done): void {
  const about = 'Shows an incident with the exact change, or the rollback, that is planned, and rejects it.';
  register(program, io, done, 'reject', about, 'CHG-4711"');
}

function register(program: Command, io: Io, done: Done, verb: Verb, description: string, example: string): Command {
  return program
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
  npx --no-install copy-doctor ${verb} K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --plan 7f3c91b2a04e --yes --reason "${example}

With credentials of another account it first takes the deployment's approver role.

Exit codes: 0 done, or decided so before; 1 refused, or AWS could not be reached; 2 wrong input, or nothing was typed.`,
    )
    .action(async (id: string, options: DecideOptions) => done(await decide(io, verb, id, options)));
}

/** Shows, asks, decides. Every way out but the last leaves everything as it was. */
async function decide(io: Io, verb: Verb, given: string, options: DecideOptions): Promise<number> {
  const id = incidentId(given);
  checkHashOptions(io, options);
  const hub = await openHub(io, options);
  progress(io, `Reading incident ${id}...`);
  const shown = await hub.incident(id);
  const { incident } = shown;
  if (verb === 'reject' && incident.state === 'rollback-proposed') {
    return decideRollback(io, hub, shown, 'rejected', options);
  }
  const wanted = DECISION[verb];
  const earlier = incident.decision;
  if (earlier) return decidedBefore(io, hub, shown, wanted, options);

  const closed = notOpen(incident);
  if (closed) throw new DecisionRefusedError(closed.code, `${closed.message} ${next(hub, id)}`);
  const plan = ownPlan(hub, incident, shown.plan, incident.planHash);
  if (options.plan !== undefined && !meansPlan(options.plan, plan.hash)) {
    throw new CliError(
      `incident ${id} has another plan than --plan ${clean(options.plan, 70)}: nothing was decided. ${next(hub, id)}`,
    );
  }
  if (verb === 'approve') checkExtras(shown, options);
  const retry = options.plan === undefined ? await ask(io, hub, shown, verb, options) : options.retry;
  const { reason, evenThoughATemplateOwnsIt: even } = options;
  const request: Wanted = {
    decision: wanted,
    planHash: plan.hash,
    revision: incident.revision,
    ...(reason ? { reason } : {}),
    ...(retry === undefined ? {} : { retry }),
    ...(verb === 'approve' && even ? { evenThoughATemplateOwnsIt: true } : {}),
  };
  return tell(io, hub, shown, await sendDecision(hub, id, request), options);
}

/** The screen and the questions; gives whether copies are started again, where that is asked. */
async function ask(io: Io, hub: Hub, shown: ShownIncident, verb: Verb, options: DecideOptions) {
  // With --json stdout is for the result alone.
  const out = options.json ? io.stderr : io.stdout;
  const style = styles(io, out);
  out.write(`${planScreen(io, shown, hub, out)}\n`);
  const again = verb === 'approve' ? copyingAgain(shown) : [];
  if (again.length > 0)
    out.write(`${[style('bold', 'COPYING AGAIN'), ...again.map((line) => `  ${line}`)].join('\n')}\n\n`);
  return atTerminal(io, async (question) => {
    let retry = verb === 'approve' ? options.retry : undefined;
    if (again.length > 0 && asksRetry(shown)) {
      retry ??= await askYes(question, 'Copy them again once the change has settled?');
    }
    await askForHash(io, question, shown.incident.planHash ?? '', `${verb} this change`);
    return retry;
  });
}

const asksRetry = ({ incident, settings }: ShownIncident) => retryOf(incident, settings) === 'ask';

/** Options that would be ignored could be meant to count. */
function checkExtras(shown: ShownIncident, { retry, yes, evenThoughATemplateOwnsIt }: DecideOptions): void {
  const { incident, settings } = shown;
  const setting = retryOf(incident, settings);
  if (setting === 'ask' && yes && retry === undefined) {
    throw new CliError(
      'say whether the failed copies are started again: with --yes give --retry or --no-retry (the setting "retry" is "ask")',
    );
  }
  if (setting !== 'ask' && retry !== undefined) {
    const holds = setting === 'auto' ? 'they are always copied again' : 'nothing is copied again';
    throw new CliError(
      `leave ${retry ? '--retry' : '--no-retry'} out: the setting "retry" of this deployment is "${setting}" for this incident, so ${holds}`,
    );
  }
  if (evenThoughATemplateOwnsIt && incident.applies !== 'service') {
    throw new CliError(
      'leave --even-though-a-template-owns-it out: the owner of the resource makes this change; `apply` takes that option',
    );
  }
}

async function decidedBefore(
  io: Io,
  hub: Hub,
  shown: ShownIncident,
  wanted: Decision['decision'],
  options: DecideOptions,
): Promise<number> {
  const { incident } = shown;
  const earlier = incident.decision;
  if (!earlier || earlier.decision !== wanted || isOther(earlier, options)) {
    throw new DecisionRefusedError('decided-otherwise', earlier ? decidedBy(earlier) : '');
  }
  if (incident.state !== 'proposed') return tell(io, hub, shown, { status: 'same', decision: earlier }, options);
  // Recorded, but perhaps never passed on: the same request again mends that.
  const { decision, planHash, revision, reason, retry, evenThoughATemplateOwnsIt } = earlier;
  const request: Wanted = {
    decision,
    planHash,
    revision,
    ...(reason ? { reason } : {}),
    ...(retry === undefined ? {} : { retry }),
    ...(evenThoughATemplateOwnsIt ? { evenThoughATemplateOwnsIt } : {}),
  };
  return tell(io, hub, shown, await sendDecision(hub, incident.id, request), options);
}

/** What was said now, and was not said then. */
const isOther = (earlier: Decision, { retry, evenThoughATemplateOwnsIt: even }: DecideOptions): boolean =>
  (retry !== undefined && retry !== (earlier.retry ?? false)) || (even === true && !earlier.evenThoughATemplateOwnsIt);

const next = (hub: Hub, id: string) => `Next: ${commandFor(hub, `show ${id}`)}`;

function tell(io: Io, hub: Hub, shown: ShownIncident, told: Told, { json }: DecideOptions): number {
  const { incident } = shown;
  const { status, decision } = told;
  const { id, state } = incident;
  const approved = decision.decision === 'approved';
  const byOwner = approved && isFresh(incident) && !serviceMakes(incident, decision);
  if (json) {
    const made = approved ? { madeBy: serviceMakes(incident, decision) ? 'service' : 'owner' } : {};
    const command = byOwner ? { next: applyCommand(hub, incident) } : {};
    printJson(io, { incident: id, state, status, decision, ...made, ...command });
    return EXIT.done;
  }
  const follows = approved
    ? approvedLines(hub, shown, decision)
    : ['Nothing is changed. The next failure of the same cause asks again.'];
  io.stdout.write(`${[...decisionLines(io, told), '', ...follows].join('\n')}\n`);
  return EXIT.done;
}

const isFresh = ({ state }: Incident) => state === 'proposed' || state === 'approved';

function approvedLines(hub: Hub, shown: ShownIncident, decision: Decision): readonly string[] {
  const { incident } = shown;
  if (isFresh(incident)) return afterApproval(hub, shown, decision);
  // It was decided before, and time went on.
  return [
    `The incident is ${incident.state} now. See what there is to do:`,
    `  ${commandFor(hub, `show ${incident.id}`)}`,
  ];
}

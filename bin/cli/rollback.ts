import type { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { Incident } from '../../lambda/core/incident/incident';
import { notTakenBack } from '../../lambda/core/incident/judge-decision';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { checkHashOptions, SHOWN_OF_HASH, type HashOptions } from './ask';
import { decideRollback } from './decide-rollback';
import { commandFor, DecisionRefusedError, incidentId, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, type Io } from './io';
import { addHubOptions } from './table-of-hub';
import { takenBackByHand } from './taken-back-by-hand';

export interface RollbackOptions extends HubOptions, HashOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** How often it looks whether the rollback is planned, and for how long; milliseconds. */
export interface Pace {
  readonly every: number;
  readonly atMost: number;
}
const PACE: Pace = { every: 3_000, atMost: 120_000 };

export function registerRollback(program: Command, io: Io, done: (code: number) => void): void {
  addHubOptions(program.command('rollback'))
    .description(
      `Takes back a change that the deployment made: asks it what exactly it would remove, shows that, and asks for the first ${SHOWN_OF_HASH} characters of its hash, which the mail shows.`,
    )
    .argument('<incident>', "the incident's id, from the mail or from `incidents`")
    .option('--reason <text>', 'why, at most 500 characters: kept with the decision')
    .option('--plan <hash>', `with --yes: the rollback that is meant, at least ${SHOWN_OF_HASH} characters of its hash`)
    .option('--yes', 'decide without asking, for scripts; needs --plan')
    .option('--no-wait', 'only ask for it: a mail brings what it would remove')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor rollback K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --reason "CHG-4712"
  npx --no-install copy-doctor rollback K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --no-wait
  npx --no-install copy-doctor rollback K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --plan 7f3c91b2a04e --yes

It removes only what the deployment added and nobody changed since. A change that its owner made, as every change of a
key policy is, is taken back by its owner: then this prints how. \`reject\` rejects a rollback.

Exit codes: 0 decided, asked for, or taken back already; 1 refused, or AWS could not be reached; 2 wrong input, or nothing was typed.`,
    )
    .action(async (id: string, options: RollbackOptions) => done(await rollback(io, id, options)));
}

/** Asks for the plan, waits for it, shows it, decides. */
export async function rollback(io: Io, given: string, options: RollbackOptions, pace = PACE): Promise<number> {
  const id = incidentId(given);
  check(io, options);
  const hub = await openHub(io, options);
  progress(io, `Reading incident ${id}...`);
  const shown = await hub.incident(id);
  const { incident } = shown;
  const { state } = incident;
  if (state === 'rolled-back' || state === 'rollback-approved') return tellEnded(io, incident, options);
  if (state === 'rollback-proposed') {
    return options.wait === false
      ? tellAsked(io, hub, incident, options)
      : decideRollback(io, hub, shown, 'approved', options);
  }
  const why = notTakenBack(incident);
  if (why !== undefined) throw notPossible(io, hub, shown, why, options);

  await askFor(hub, incident, options);
  if (options.wait === false) return tellAsked(io, hub, incident, options);
  const planned = await waitForPlan(io, hub, incident, pace);
  return decideRollback(io, hub, planned, 'approved', options);
}

/** What does not go together is told before anything is read. */
function check(io: Io, options: RollbackOptions): void {
  if (options.wait === false && (options.yes || options.plan !== undefined)) {
    throw new CliError(
      '--no-wait only asks for the rollback, so --plan and --yes do not go with it: leave it out to decide',
    );
  }
  // Whoever only asks for it types nothing.
  checkHashOptions(io, options, options.wait !== false);
}

async function askFor(hub: Hub, { id, revision }: Incident, { reason }: RollbackOptions): Promise<void> {
  try {
    await hub.askBack(id, { revision, ...(reason ? { reason } : {}) });
  } catch (error) {
    if (!(error instanceof DecisionRefusedError)) throw error;
    throw new DecisionRefusedError(error.code, `${error.message} Next: ${commandFor(hub, `show ${id}`)}`);
  }
}

async function waitForPlan(io: Io, hub: Hub, before: Incident, { every, atMost }: Pace): Promise<ShownIncident> {
  const { id } = before;
  progress(io, `Asked for. Waiting up to ${Math.round(atMost / 60_000)} minutes for what it would remove...`);
  for (let waited = 0; waited < atMost; waited += every) {
    await pause(every);
    const shown = await hub.incident(id);
    const { state, because, rollback } = shown.incident;
    if (state === 'rollback-proposed') return shown;
    // An answered request is kept in the incident; the reason may be the one of last time, and its mail may be out or held back.
    const news = rollback?.requestedAt !== before.rollback?.requestedAt;
    if (news && because) throw new DecisionRefusedError('rollback-refused', refusal(id, because));
    if (state !== before.state) {
      const next = commandFor(hub, `show ${id}`);
      throw new DecisionRefusedError('no-rollback', `incident ${id} is ${state} now. Next: ${next}`);
    }
    if (waited > 0 && waited % 30_000 < every) progress(io, 'Still waiting...');
  }
  const last = before.because ? ` The last time: ${clean(before.because, 500)}` : '';
  throw new CliError(
    `the deployment has not answered yet: a mail brings what it would remove, or why not.${last} Then: ${commandFor(hub, `rollback ${id}`)}`,
    EXIT.notWorking,
  );
}

const refusal = (id: string, because: string) =>
  `the change of incident ${id} is not taken back: ${clean(because, 900)}`;

/** Says in one line why, after how it is taken back by hand where that is the way. */
function notPossible(io: Io, hub: Hub, shown: ShownIncident, why: string, { json }: RollbackOptions): CliError {
  const { id } = shown.incident;
  const byHand = takenBackByHand(shown);
  if (!json && byHand.length > 0) io.stdout.write(`${byHand.join('\n')}\n`);
  const next = byHand.length > 0 ? '' : ` Next: ${commandFor(hub, `show ${id}`)}`;
  return new DecisionRefusedError('no-rollback', `${why.replace(/\.$/, '')}.${next}`);
}

function tellAsked(io: Io, hub: Hub, { id, state }: Incident, { json }: RollbackOptions): number {
  const command = commandFor(hub, `rollback ${id}`);
  if (json) {
    printJson(io, { incident: id, state, status: state === 'rollback-proposed' ? 'proposed' : 'asked', next: command });
    return EXIT.done;
  }
  const first =
    state === 'rollback-proposed'
      ? `The rollback of incident ${id} is proposed already, and waits for a decision:`
      : `The rollback of incident ${id} is asked for. A mail brings what it would remove; then decide:`;
  io.stdout.write(`${first}\n  ${command}\n`);
  return EXIT.done;
}

function tellEnded(io: Io, { id, state, since, rollback: back }: Incident, { json }: RollbackOptions): number {
  const decision = back?.decision;
  if (json) {
    printJson(io, { incident: id, state, status: 'same', ...(decision ? { decision } : {}) });
    return EXIT.done;
  }
  const by = decision ? `, approved by ${clean(decision.by, 300)} at ${utc(decision.at)}` : '';
  io.stdout.write(
    state === 'rolled-back'
      ? `The change of incident ${id} was taken back at ${utc(since)}${by}.\n`
      : `The service takes the change of incident ${id} back within minutes${by}; a mail says so.\n`,
  );
  return EXIT.done;
}

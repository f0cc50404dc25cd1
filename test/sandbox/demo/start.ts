import { readJsonFile } from '../../../bin/cli/input-file';
import { readCopyFailure } from '../../../lambda/core/copy-failure';
import { suggestion } from '../../../lib/suggestion';
import { HELP, messageOf, readOptions, UsageError, type Options } from './options';
import { diagnosed, mismatch, notCured, outcomeOf, play, type Outcome } from './play';
import { destinationVaultArn, type Scenario } from './scenario';
import { scenarios as allScenarios } from './scenarios';
import type { Storm } from './storm';
import type { World, WorldOptions } from './world';

export interface Surroundings {
  out(text: string): void;
  err(text: string): void;
  /** Resolves when a person has seen enough (`--serve`). */
  stopped(): Promise<unknown>;
  readonly scenarios?: readonly Scenario[];
}

/** The demo; gives the exit code. */
export async function main(argv: readonly string[], io: Surroundings): Promise<number> {
  try {
    const options = readOptions(argv);
    const scenarios = io.scenarios ?? allScenarios;
    if (options.help) io.out(HELP);
    else if (options.list) io.out(list(scenarios));
    else if (options.event !== undefined) await playEvent(options.event, options, io);
    else if (options.storm) await playStorm(options.storm, options, io);
    else if (options.serve) await serve(scenarios, io);
    else if (options.interactive) return await interact(options.scenarios, scenarios, io);
    else return await playAll(chosen(options.scenarios, scenarios), scenarios, options, io);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`${error.message}\n`);
    return 2;
  }
}

function list(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const row = ({ name, line, injected }: Scenario) =>
    `${name.padEnd(width)}  ${line}${injected ? ' [injected]' : ''}\n`;
  return scenarios.map(row).join('');
}

function chosen(names: readonly string[], scenarios: readonly Scenario[]): readonly Scenario[] {
  if (names.length === 0) return scenarios;
  const known = scenarios.map(({ name }) => name);
  for (const name of names.filter((wanted) => !known.includes(wanted))) {
    const meant = suggestion(name, known) ?? known.find((other) => other.includes(name) && name.length > 2);
    const hint = meant ? `did you mean ${meant}?` : 'npm start -- --list names them';
    throw new UsageError(`There is no scenario "${name}": ${hint}`);
  }
  return scenarios.filter(({ name }) => names.includes(name));
}

// The templates are synthesized for a world, which takes seconds: nothing of it before it is needed.
async function worldOf(scenarios: readonly Scenario[], options: Partial<WorldOptions> = {}): Promise<World> {
  const { createWorld } = await import('./world');
  return createWorld({ destinations: [...new Set(scenarios.map(destinationVaultArn))], ...options });
}

async function playAll(playing: readonly Scenario[], all: readonly Scenario[], { json }: Options, io: Surroundings) {
  const started = performance.now();
  const say = json ? io.err : io.out;
  say('Synthesizing the stack and deploying it into an AWS that is made up, on this machine …\n');
  const stage = await worldOf(all, { now: playing[0]?.at });
  const outcomes: Outcome[] = [];
  const wrong: string[] = [];
  try {
    for (const [index, scenario] of playing.entries()) {
      say(`\n━━━ ${index + 1}/${playing.length} ${scenario.name} ━━━\n${scenario.line}\n`);
      try {
        const outcome = await play(stage, scenario, say, (mail, injected) => {
          if (!json) io.out(mailText({ mail, injected }));
        });
        outcomes.push(outcome);
        const problem = mismatch(outcome, scenario.expected) ?? notCured(outcome);
        if (problem) wrong.push(`${scenario.name}: ${problem}`);
        say(
          problem
            ? `✗ ${problem}\n`
            : `✓ ${outcome.causes.map(({ id, confidence }) => `${id}, ${confidence}`).join('; ')}: ${ended(outcome)}\n`,
        );
      } catch (error) {
        wrong.push(`${scenario.name}: ${messageOf(error)}`);
        say(`✗ ${messageOf(error)}\n`);
      }
    }
  } finally {
    await stage.close();
  }
  if (json) io.out(`${JSON.stringify({ scenarios: outcomes }, null, 2)}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(
    `\n${playing.length - wrong.length} of ${playing.length} diagnosed as what had been broken and ended as they should, in ${seconds} s.\n`,
  );
  if (wrong.length > 0) io.err(`Not as it should be:\n${wrong.map((line) => `  ${line}\n`).join('')}`);
  return wrong.length > 0 ? 1 : 0;
}

function ended({ outcome, retries }: Outcome): string {
  const states = retries.map(({ state }) => state);
  return states.length > 0 ? `${outcome}; started again: ${states.join(', ')}` : outcome;
}

const mailText = ({ mail, injected }: Pick<Outcome, 'mail' | 'injected'>) =>
  `${injected ? 'Injected: no state of an account produces this failure at will.\n' : ''}\n` +
  [`Subject: ${mail.subject}`, '', ...mail.body.trimEnd().split('\n')].map((line) => `│ ${line}`.trimEnd()).join('\n') +
  '\n\n';

async function playEvent(path: string, { json }: Options, io: Surroundings): Promise<void> {
  const file = readJsonFile(path);
  if (!file.ok) throw new UsageError(file.reason);
  const failure = readCopyFailure(file.value);
  if (!failure.ok) throw new UsageError(`${path}: ${failure.reason}`);
  const { account, region } = failure.value;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new UsageError(`${path}: "region" is "${region}", not a Region`);
  const stage = await worldOf(io.scenarios ?? allScenarios, { hub: account, region });
  try {
    const outcome = outcomeOf(await diagnosed(stage, file.value as object, 'event', true));
    io.out(json ? `${JSON.stringify({ scenarios: [outcome] }, null, 2)}\n` : mailText({ ...outcome, injected: false }));
  } finally {
    await stage.close();
  }
}

async function playStorm(wanted: Storm, { json }: Options, io: Surroundings): Promise<void> {
  const { storm } = await import('./storm');
  const result = await storm(wanted, io.err);
  if (json) return io.out(`${JSON.stringify(result, null, 2)}\n`);
  const calls = Object.entries(result.calls).map(([service, count]) => `${service} ${count}`);
  io.out(
    `${result.failures} failures: ${result.incidents} incidents, ${result.mails} mails.\n` +
      `Copied again: ${result.retries}, each resource once; ${result.resultMails} mails with the result.\n` +
      `Reads of member accounts a failure: ${result.readsPerFailure}, a copy that is started again: ${result.readsPerRetry}.\n` +
      `Calls: ${calls.join(', ')}.\n` +
      `Peak memory of a function: ${result.peakMemoryMB} MB. ${result.seconds} s.\n`,
  );
}

async function interact(names: readonly string[], all: readonly Scenario[], io: Surroundings): Promise<number> {
  const { decideByHand } = await import('./interactive');
  const [scenario] = chosen(names.length > 0 ? names : ['vault-policy-lacks-source'], all);
  if (!scenario) return 2;
  const stage = await worldOf(all, { now: scenario.at ?? new Date().toISOString() });
  try {
    return await decideByHand(stage, scenario, io.out, io.stopped());
  } finally {
    await stage.close();
  }
}

async function serve(scenarios: readonly Scenario[], io: Surroundings): Promise<void> {
  const { KEPT, serveWorld } = await import('./serve');
  // Their vaults alone: a drill prints a line each. An hour ago, so that `diagnose --last 24h` finds these copies.
  const kept = scenarios.filter(({ name }) => KEPT.includes(name));
  const stage = await worldOf(kept, { now: new Date(Date.now() - 3_600_000).toISOString() });
  try {
    const { text, end } = await serveWorld(stage, kept, ({ subject, body }) =>
      io.out(`\nSubject: ${subject}\n\n${body}`),
    );
    io.out(text);
    await io.stopped();
    end();
  } finally {
    await stage.close();
  }
}

if (require.main === module) {
  // `npm start | head` is not an error.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
  void main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stopped: () =>
      new Promise((resolve) => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      }),
  }).then((code) => (process.exitCode = code));
}

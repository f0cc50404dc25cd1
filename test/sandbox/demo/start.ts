import { readJsonFile } from '../../../bin/cli/input-file';
import { readCopyFailure } from '../../../lambda/core/copy-failure';
import { suggestion } from '../../../lib/suggestion';
import { HELP, messageOf, readOptions, UsageError, type Options } from './options';
import { diagnosed, mismatch, play, type Outcome } from './play';
import { destinationVaultArn, type Scenario } from './scenario';
import { scenarios as allScenarios } from './scenarios';
import type { World, WorldOptions } from './world';

export interface Surroundings {
  out(text: string): void;
  err(text: string): void;
  /** Resolves when a person has seen enough (`--serve`). */
  stopped(): Promise<unknown>;
  readonly scenarios?: readonly Scenario[];
  readonly loadHandler?: WorldOptions['loadHandler'];
}

/** The demo; gives the exit code. */
export async function main(argv: readonly string[], io: Surroundings): Promise<number> {
  try {
    const options = readOptions(argv);
    const scenarios = io.scenarios ?? allScenarios;
    if (options.help) io.out(HELP);
    else if (options.list) io.out(list(scenarios));
    else if (options.event !== undefined) await playEvent(options.event, options, io);
    else if (options.serve) await serve(scenarios, io);
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
async function world(io: Surroundings, options: Omit<WorldOptions, 'loadHandler'>): Promise<World> {
  const { createWorld } = await import('./world');
  return createWorld({ ...options, ...(io.loadHandler ? { loadHandler: io.loadHandler } : {}) });
}

const worldOf = (io: Surroundings, scenarios: readonly Scenario[], options: Partial<WorldOptions> = {}) =>
  world(io, { destinations: [...new Set(scenarios.map(destinationVaultArn))], ...options });

async function playAll(playing: readonly Scenario[], all: readonly Scenario[], { json }: Options, io: Surroundings) {
  const started = performance.now();
  const say = json ? io.err : io.out;
  say('Synthesizing the stack and deploying it into an AWS that is made up, on this machine …\n');
  const stage = await worldOf(io, all, { now: playing[0]?.at });
  const outcomes: Outcome[] = [];
  const wrong: string[] = [];
  try {
    for (const [index, scenario] of playing.entries()) {
      say(`\n━━━ ${index + 1}/${playing.length} ${scenario.name} ━━━\n${scenario.line}\n`);
      try {
        const outcome = await play(stage, scenario);
        outcomes.push(outcome);
        if (!json) io.out(mailText(outcome));
        const problem = mismatch(outcome, scenario.expected);
        if (problem) wrong.push(`${scenario.name}: ${problem}`);
        say(
          problem
            ? `✗ ${problem}\n`
            : `✓ ${outcome.causes.map(({ id, confidence }) => `${id}, ${confidence}`).join('; ')}\n`,
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
  say(`\n${playing.length - wrong.length} of ${playing.length} diagnosed as what had been broken, in ${seconds} s.\n`);
  if (wrong.length > 0)
    io.err(`Not diagnosed as what had been broken:\n${wrong.map((line) => `  ${line}\n`).join('')}`);
  return wrong.length > 0 ? 1 : 0;
}

const mailText = ({ mail, injected }: Outcome) =>
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
  const stage = await worldOf(io, io.scenarios ?? allScenarios, { hub: account, region });
  try {
    const outcome = await diagnosed(stage, file.value as object, 'event', true);
    io.out(json ? `${JSON.stringify({ scenarios: [outcome] }, null, 2)}\n` : mailText({ ...outcome, injected: false }));
  } finally {
    await stage.close();
  }
}

async function serve(scenarios: readonly Scenario[], io: Surroundings): Promise<void> {
  const { serveWorld } = await import('./serve');
  // An hour ago, so that `diagnose --last 24h` finds these copies.
  const stage = await worldOf(io, scenarios, { now: new Date(Date.now() - 3_600_000).toISOString() });
  try {
    const { text, end } = await serveWorld(stage, scenarios, ({ subject, body }) =>
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

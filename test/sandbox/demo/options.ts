import { parseArgs } from 'node:util';

export interface Options {
  readonly help: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly serve: boolean;
  readonly scenarios: readonly string[];
  readonly event: string | undefined;
  readonly interactive: boolean;
  readonly storm: { readonly failures: number; readonly keys: number | undefined } | undefined;
}

/** A mistake of whoever typed the command: one line on standard error, exit code 2. */
export class UsageError extends Error {}

export const HELP = `Plays failed AWS Backup copies in an AWS that is made up, on this machine, and prints the mail
that Copy Doctor sends for each. Where a policy is the cause it goes on: a person approves with the real command line,
the service changes the policy of the vault (that of a key is changed by its owner, with the command line), tries one
copy, copies the others again and tells the result. Needs no AWS account and no network.

Usage: npm start -- [options]

  --list             name the scenarios and end
  --scenario NAME    play this one only; may be given several times
  --event FILE       diagnose an EventBridge event "Copy Job State Change" against the made-up AWS
  --interactive      stop at the decision and wait for a person in a second terminal
                     (with --scenario; without it: vault-policy-lacks-source)
  --storm N          fail N copies at once into 3 vaults that lack the same statement, approve each incident, wait
                     until all is copied again, and print what it cost
  --keys K           with --storm: fail them under K keys whose policies lack the destination instead
  --json             one JSON document on standard output, progress on standard error
  --serve            keep the made-up AWS up, for the AWS CLI, until Ctrl-C
  --help             this text

Examples:
  npm start
  npm start -- --scenario vault-policy-lacks-source
  npm start -- --event event.json
  npm start -- --interactive
  npm start -- --storm 1000 --keys 20
  npm start --silent -- --json | jq '.scenarios[].causes'

Exit code: 0 if every scenario was diagnosed as what had been broken and ended as it should, 1 if not, 2 if the command
or a file is wrong.
`;

export function readOptions(argv: readonly string[]): Options {
  const { values } = parse(argv);
  const { help = false, list = false, json = false, serve = false, interactive = false, scenario = [], event } = values;
  const modes = [
    list && '--list',
    serve && '--serve',
    event !== undefined && '--event',
    values.storm !== undefined && '--storm',
    interactive ? '--interactive' : scenario.length > 0 && '--scenario',
  ];
  const given = modes.filter((mode) => mode !== false);
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} do not go together; give one of them`);
  if (json && (list || serve || interactive)) {
    throw new UsageError(`--json does not go with ${given[0]}; leave one of them out`);
  }
  if (interactive && scenario.length > 1) throw new UsageError('--interactive plays one scenario: name one');
  if (values.keys !== undefined && values.storm === undefined) throw new UsageError('--keys goes with --storm N');
  return {
    help,
    list,
    json,
    serve,
    interactive,
    scenarios: scenario,
    event,
    storm: stormOf(values.storm, values.keys),
  };
}

const MOST = 100_000;

function stormOf(storm: string | undefined, keys: string | undefined): Options['storm'] {
  if (storm === undefined) return undefined;
  const failures = count('--storm', storm, MOST);
  return { failures, keys: keys === undefined ? undefined : count('--keys', keys, failures) };
}

function count(option: string, value: string, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
  throw new UsageError(`${option} is "${value}"; give a number from 1 to ${most}`);
}

function parse(argv: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { ...flag, short: 'h' },
        list: flag,
        json: flag,
        serve: flag,
        scenario: { type: 'string', multiple: true },
        event: { type: 'string' },
        interactive: flag,
        storm: { type: 'string' },
        keys: { type: 'string' },
      },
    });
  } catch (error) {
    const first = messageOf(error).split('. ')[0];
    throw new UsageError(`${first}; see npm start -- --help`);
  }
}

/** An error's text; errors of Node may belong to another realm, so `instanceof` does not tell. */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

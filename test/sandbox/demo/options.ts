import { parseArgs } from 'node:util';

export interface Options {
  readonly help: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly serve: boolean;
  readonly scenarios: readonly string[];
  readonly event: string | undefined;
}

/** A mistake of whoever typed the command: one line on standard error, exit code 2. */
export class UsageError extends Error {}

export const HELP = `Plays failed AWS Backup copies in an AWS that is made up, on this machine, and prints the mail
that Copy Doctor sends for each. Needs no AWS account and no network.

Usage: npm start -- [options]

  --list             name the scenarios and end
  --scenario NAME    play this one only; may be given several times
  --event FILE       diagnose an EventBridge event "Copy Job State Change" against the made-up AWS
  --json             one JSON document on standard output, progress on standard error
  --serve            keep the made-up AWS up, for the AWS CLI, until Ctrl-C
  --help             this text

Examples:
  npm start
  npm start -- --scenario vault-policy-lacks-source
  npm start -- --event event.json
  npm start --silent -- --json | jq '.scenarios[].causes'

Exit code: 0 if every scenario was diagnosed as what had been broken, 1 if not, 2 if the command or a file is wrong.
`;

export function readOptions(argv: readonly string[]): Options {
  const { values } = parse(argv);
  const { help = false, list = false, json = false, serve = false, scenario = [], event } = values;
  const modes = [
    list && '--list',
    serve && '--serve',
    event !== undefined && '--event',
    scenario.length > 0 && '--scenario',
  ];
  const given = modes.filter((mode) => mode !== false);
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} do not go together; give one of them`);
  if (json && (list || serve)) throw new UsageError(`--json does not go with ${given[0]}; leave one of them out`);
  return { help, list, json, serve, scenarios: scenario, event };
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

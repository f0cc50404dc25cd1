import { styleText } from 'node:util';

export interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Where a command writes. Results go to stdout, progress and complaints to stderr. */
export interface Io {
  readonly stdout: Out;
  readonly stderr: Out;
  /** Where a person answers; the process's own where it is not said. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** For what the CLI itself reads; the SDK always reads the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

export const EXIT = { done: 0, notWorking: 1, wrongInput: 2 } as const;

/** Ends a command with one line that says what, where and what to do next. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.wrongInput,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const environmentOf = (io: Io): NodeJS.ProcessEnv => io.env ?? process.env;

export const progress = (io: Io, text: string): void => void io.stderr.write(`${text}\n`);

export const printJson = (io: Io, value: unknown): void => void io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

type Style = Parameters<typeof styleText>[0];

/** Colours for a terminal only, and for nobody who set NO_COLOR. https://no-color.org */
export function styles(io: Io, out: Out = io.stdout): (style: Style, text: string) => string {
  const env = environmentOf(io);
  const colours = out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

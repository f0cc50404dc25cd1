import { createInterface } from 'node:readline';
import { clean } from '../../lambda/core/text/clean';
import { CliError, EXIT, type Io } from './io';

/** The first 12 characters of a plan's hash are what a mail shows, and the least that counts. */
export const SHOWN_OF_HASH = 12;

/** Whether a person typed enough of the hash. */
export function meansPlan(typed: string, hash: string): boolean {
  const text = typed.trim().toLowerCase();
  return text.length >= SHOWN_OF_HASH && hash.startsWith(text);
}

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Where a command reads what a person types: `stdin` beside the other streams, else the process's. */
const stdinOf = (io: Io): Input => io.stdin ?? process.stdin;

/** Whether there is somebody to ask. Questions go to stderr, so that stdout stays the result. */
const canAsk = (io: Io): boolean => stdinOf(io).isTTY === true && io.stderr.isTTY === true;

/** Asks one question; undefined: the input has ended. */
export type Ask = (question: string) => Promise<string | undefined>;

/** All questions of a command in one go: a second reader would miss what the first one has read ahead. */
export async function atTerminal<T>(io: Io, questions: (ask: Ask) => Promise<T>): Promise<T> {
  const input = stdinOf(io);
  const reader = createInterface({ input, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  try {
    return await questions(async (question) => {
      io.stderr.write(question);
      const { value, done } = await lines.next();
      return done ? undefined : value;
    });
  } finally {
    reader.close();
    // Else an open terminal keeps the process.
    input.pause();
  }
}

/** Yes only for a plain yes. */
export const askYes = async (ask: Ask, question: string): Promise<boolean> =>
  /^\s*y(es)?\s*$/i.test((await ask(`${question} [y/N] `)) ?? '');

/** Asks for the plan's beginning, at most twice: proof that the person has seen the mail, or `show`. */
export async function askForHash(io: Io, ask: Ask, hash: string, toDo: string): Promise<void> {
  let typed = false;
  for (const first of [true, false]) {
    const mistaken = "This is not how the plan's hash begins. An older mail shows that of an older plan.\n";
    const line = await ask(
      `${first ? '' : mistaken}To ${toDo}, type the first ${SHOWN_OF_HASH} characters of the plan's hash, from the mail or from \`show\`: `,
    );
    if (line === undefined) break;
    typed ||= line.trim() !== '';
    if (meansPlan(line, hash)) return;
  }
  io.stderr.write('\n');
  const why = typed ? 'these characters are not those of this plan' : 'nothing was typed';
  throw new CliError(`${why}: nothing was done`, EXIT.wrongInput);
}

export interface HashOptions {
  readonly plan?: string;
  readonly yes?: boolean;
  readonly reason?: string;
}

/** What does not go together is told before anything is read. */
export function checkHashOptions(io: Io, { plan, yes, reason }: HashOptions, asks = true): void {
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
  if (asks && plan === undefined && !canAsk(io)) {
    throw new CliError('there is no terminal to ask at: run it in one, or give --plan HASH --yes');
  }
}

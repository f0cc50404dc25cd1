import { createInterface } from 'node:readline';
import { shortName, vaultName } from '../../lambda/core/arn';
import type { Incident } from '../../lambda/core/incident/incident';
import type { Counted, ShownIncident } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { commandFor, type Hub } from './hub';
import { CliError, EXIT, styles, type Io, type Out } from './io';

/** Longer than any line of a policy that AWS stores: what is decided on is shown whole. */
const WHOLE_LINE = 40_000;

/**
 * A plan as a person reads it before deciding or applying: everything but its hash, which the person must have seen
 * elsewhere. `out` is where it will be written.
 */
export function planScreen(
  io: Io,
  { incident, plan, counted }: ShownIncident,
  hub: Pick<Hub, 'region' | 'account' | 'stackName'>,
  out: Out = io.stdout,
): string {
  const style = styles(io, out);
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', style('bold', title), ...lines.map((line) => `  ${line}`)] : [];
  const cleaned = (lines: readonly string[]) => lines.map((line) => clean(line));
  const warnings = cleaned(plan?.warnings ?? []).map((line) => style('yellow', line));
  return [
    ...templateLines(incident, hub).map((line) => style('yellow', line)),
    style('bold', clean(incident.title)),
    `  Incident   ${incident.id}, revision ${incident.revision}`,
    `  State      ${stateOf(incident)}`,
    `  Resource   ${clean(incident.resource)}`,
    `  Owner      account ${clean(incident.owner)}, Region ${clean(incident.region)}`,
    ...(plan
      ? [
          ...section(`THE EXACT CHANGE   ${subjectOf(plan)}`, coloured(plan, style)),
          ...section('PERMITS', cleaned(plan.permits)),
          ...section('DOES NOT PERMIT', cleaned(plan.doesNotPermit)),
          ...section('WARNING', warnings),
          ...section('TO UNDO', cleaned([plan.undo])),
        ]
      : section('NO PLAN', cleaned([incident.refused ?? 'No policy change would cure this.']))),
    ...section('STOPPED COPIES', [waiting(counted)]),
    '',
  ].join('\n');
}

/** Before everything else: a change by hand does not last where a template says otherwise. */
function templateLines({ template, id }: Incident, hub: Parameters<typeof commandFor>[0]): readonly string[] {
  if (!template) return [];
  const { stack, logicalId } = template;
  const name = logicalId ? `, there called ${clean(logicalId, 200)}` : '';
  return [
    `The CloudFormation stack ${clean(stack, 200)} owns this resource${name}.`,
    'A change made directly is lost when the stack next updates that property: change the template instead.',
    `How: ${commandFor(hub, `show ${id}`, '--as cfn')}`,
    '',
  ];
}

function stateOf({ state, since, expiresAt, decision }: Incident): string {
  if (decision) {
    const decided = `${decision.decision} by ${clean(decision.by, 300)} at ${utc(decision.at)}`;
    return state === decision.decision ? decided : `${state} since ${utc(since)}; ${decided}`;
  }
  if (state === 'proposed') return `proposed, waits for a decision${expiresAt ? ` until ${utc(expiresAt)}` : ''}`;
  return `${state} since ${utc(since)}`;
}

const subjectOf = ({ kind, resource, owner }: Plan): string =>
  kind === 'vault-policy'
    ? `access policy of vault ${clean(vaultName(resource), 100)}, account ${clean(owner)}`
    : `key policy of ${clean(shortName(resource), 100)}, account ${clean(owner)}`;

function coloured({ diff }: Plan, style: ReturnType<typeof styles>): readonly string[] {
  const COLOURS = { '+': 'green', '-': 'red', '@': 'cyan' } as const;
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      const colour = COLOURS[line[0] as keyof typeof COLOURS];
      const shown = clean(line, WHOLE_LINE);
      return colour ? style(colour, shown) : shown;
    });
}

/** How many copies nothing has made up for, and what trying them again would move. */
function waiting({ copies, resources, bytes, withoutSize }: Counted): string {
  if (copies === 0) return 'None: every resource was copied since.';
  const many = (count: number, what: string, plural = `${what}s`) => `${count} ${count === 1 ? what : plural}`;
  const unknown = withoutSize > 0 ? `, and ${many(withoutSize, 'resource')} of a size that AWS did not tell` : '';
  return `${many(copies, 'copy', 'copies')} of ${many(resources, 'resource')}. Copying each resource once more moves ${size(bytes)}${unknown}.`;
}

/** `21.0 GiB`, as the consoles of AWS count. */
export function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

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
export const canAsk = (io: Io): boolean => stdinOf(io).isTTY === true && io.stderr.isTTY === true;

/** Asks for the plan's beginning, at most twice: proof that the person has seen the mail, or `show`. */
export async function askForHash(io: Io, hash: string, toDo: string): Promise<void> {
  const input = stdinOf(io);
  let typed = false;
  const reader = createInterface({ input, terminal: false });
  try {
    const lines = reader[Symbol.asyncIterator]();
    for (const retry of [false, true]) {
      if (retry)
        io.stderr.write("This is not how the plan's hash begins. An older mail shows that of an older plan.\n");
      io.stderr.write(
        `To ${toDo}, type the first ${SHOWN_OF_HASH} characters of the plan's hash, from the mail or from \`show\`: `,
      );
      const { value, done } = await lines.next();
      if (done) break;
      typed ||= value.trim() !== '';
      if (meansPlan(value, hash)) return;
    }
  } finally {
    reader.close();
    // Else an open terminal keeps the process.
    input.pause();
  }
  io.stderr.write('\n');
  const why = typed ? 'these characters are not those of this plan' : 'nothing was typed';
  throw new CliError(`${why}: nothing was done`, EXIT.wrongInput);
}

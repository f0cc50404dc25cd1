import type { Command } from 'commander';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Incidents } from '../../lambda/aws/incidents';
import { MOST_KINDS, type OtherMessages, type UnknownMessage } from '../../lambda/core/messages/unknown';
import { clean } from '../../lambda/core/text/clean';
import { arg } from '../../lambda/core/text/en/policy-words';
import { utc } from '../../lambda/core/text/utc';
import { caseOf, caseOfEvent, type CaseFile } from './case-of';
import { commandFor, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { withMadeUpAccounts } from './made-up';
import { addHubOptions, incidentsOf, readingTable } from './table-of-hub';

export interface UnknownMessagesOptions extends HubOptions {
  readonly saveCase?: string;
  readonly json?: boolean;
}

export function registerUnknownMessages(program: Command, io: Io, done: (code: number) => void): void {
  addHubOptions(program.command('unknown-messages'))
    .description('Lists the status messages of AWS Backup that Copy Doctor does not know yet. Changes nothing in AWS.')
    .option('--save-case <folder>', 'also write a case file for each, to be reported')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor unknown-messages --region eu-west-1 --account 111111111111
  npx --no-install copy-doctor unknown-messages --save-case unknown --json

A case file has made-up account ids. It still names vaults, roles and resources, and holds policies and tags: look through it.
Needs the managed policy copy-doctor-<deployment>-operator.

Exit codes: 0 done; 1 AWS refused; 2 wrong input.`,
    )
    .action(async (options: UnknownMessagesOptions) => done(await listUnknownMessages(io, options)));
}

interface Row {
  readonly message: UnknownMessage;
  /** The case file that was written for it. */
  readonly file?: string | undefined;
}

/** Texts as a list or as JSON; nothing found is no error. */
async function listUnknownMessages(io: Io, options: UnknownMessagesOptions): Promise<number> {
  const { saveCase } = options;
  if (saveCase !== undefined) onDisk(saveCase, () => mkdirSync(resolve(saveCase), { recursive: true, mode: 0o700 }));
  const hub = await openHub(io, options);
  progress(io, `Reading unknown messages of deployment ${hub.deployment}...`);
  const incidents = incidentsOf(hub);
  const { found, other } = await readingTable(hub, async () => {
    const { kinds, other } = await incidents.unknownMessages();
    const found: { message: UnknownMessage; file: object | undefined }[] = [];
    for (const message of kinds) {
      found.push({ message, file: saveCase === undefined ? undefined : await caseFor(message, incidents) });
    }
    return { found, other };
  });
  const rows = found.map(({ message, file }): Row => ({
    message,
    file: file && saveCase !== undefined ? save(saveCase, message, file) : undefined,
  }));
  if (options.json) printJson(io, { messages: rows.map(rowJson), other: other ?? null });
  else io.stdout.write(screen(io, hub, rows, other, options));
  return EXIT.done;
}

/** What was kept of the example; where its incident keeps other evidence by now, its event. */
async function caseFor({ text, example }: UnknownMessage, incidents: Incidents): Promise<object | undefined> {
  const { copyJobId, incident } = example;
  if (incident === undefined) return undefined;
  const kept = (await incidents.evidence(incident)).find((one) => one.copyJobId === copyJobId);
  const [job] = kept ? [] : await incidents.jobsOf(incident, [copyJobId]);
  const file: CaseFile | undefined = kept ? caseOf(kept) : job && caseOfEvent(job.failure);
  return file && { description: `Unknown status message: ${clean(text, 400)}`, ...withMadeUpAccounts(file) };
}

/** Readable for nobody else: it holds policies. */
function save(folder: string, { id }: UnknownMessage, file: object): string {
  const path = join(resolve(folder), `unknown-${id}.json`);
  onDisk(folder, () => writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 }));
  onDisk(folder, () => chmodSync(path, 0o600));
  return path;
}

function onDisk(folder: string, write: () => unknown): void {
  try {
    write();
  } catch (error) {
    const { code = 'not possible' } = error as NodeJS.ErrnoException;
    throw new CliError(`--save-case ${clean(folder, 200)}: no file can be written there (${code})`, EXIT.wrongInput, {
      cause: error,
    });
  }
}

const rowJson = ({ message: { id, text, count, first, last, example }, file }: Row) => ({
  id,
  text,
  count,
  first,
  last,
  copyJobId: example.copyJobId,
  resourceType: example.resourceType ?? null,
  incident: example.incident ?? null,
  causes: example.causes,
  case: file ?? null,
});

function screen(
  io: Io,
  hub: Hub,
  rows: readonly Row[],
  other: OtherMessages | undefined,
  { saveCase }: UnknownMessagesOptions,
): string {
  const where = `deployment ${hub.deployment} (account ${hub.account}, Region ${hub.region})`;
  if (rows.length === 0) return `Every status message that ${where} has met is known.\n`;
  const style = styles(io);
  const lines = rows.flatMap(({ message, file }) => [
    style('bold', `"${clean(message.text, 400)}"`),
    `  ${seen(message)}`,
    ...exampleLines(hub, message),
    ...(file === undefined ? [] : [`  Case file: ${file}`]),
    ...(saveCase !== undefined && file === undefined ? ['  No case file: nothing is kept of the example.'] : []),
    '',
  ]);
  const rest = other ? [`Beyond ${MOST_KINDS} kinds, texts are counted together: ${seen(other)}`, ''] : [];
  return `${[...lines, ...rest, ...next(hub, saveCase)].join('\n')}\n`;
}

const seen = ({ count, first, last }: OtherMessages) =>
  count === 1 ? `Once, ${utc(last)}.` : `${count} times, first ${utc(first)}, last ${utc(last)}.`;

function exampleLines(hub: Hub, { example }: UnknownMessage): readonly string[] {
  const { copyJobId, resourceType, incident, causes } = example;
  const found = causes.filter((cause) => cause !== 'uncatalogued');
  return [
    `  Example: copy job ${clean(copyJobId, 128)}${resourceType ? ` (${clean(resourceType, 60)})` : ''}${found.length > 0 ? `; what was read shows ${found.map((one) => clean(one, 60)).join(', ')}` : ''}.`,
    ...(incident === undefined ? [] : [`    ${commandFor(hub, `show ${clean(incident, 16)}`)}`]),
  ];
}

const next = (hub: Hub, saveCase: string | undefined): readonly string[] =>
  saveCase === undefined
    ? ['Write a case file for each, to be reported:', `  ${commandFor(hub, 'unknown-messages', '--save-case unknown')}`]
    : [
        'Account ids in these files are made up. They still name vaults, roles and resources, and hold policies and tags.',
        `Look through them, replay one (npx --no-install copy-doctor diagnose --case ${arg(join(saveCase, 'unknown-<id>.json'))}),`,
        'and report it with what the cause was. docs/cases.md says more.',
      ];

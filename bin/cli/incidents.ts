import type { Command } from 'commander';
import { shortName } from '../../lambda/core/arn';
import type { Incidents } from '../../lambda/aws/incidents';
import type { Incident, IncidentState } from '../../lambda/core/incident/incident';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { closest } from './closest';
import { commandFor, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { applyCommand } from './owner-lines';
import { ASKS, STATES } from './state-words';
import { addHubOptions, CAUSE_TITLES, incidentsOf, readingTable } from './table-of-hub';

export interface IncidentsOptions extends HubOptions {
  readonly state?: readonly string[];
  readonly resource?: string;
  readonly cause?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface Row {
  readonly incident: Incident;
  readonly copies: number;
}

export function registerIncidents(program: Command, io: Io, done: (code: number) => void): void {
  addHubOptions(program.command('incidents'))
    .description('Lists the incidents of a deployment that are not over, most urgent first. Changes nothing.')
    .option('--state <state...>', `only these: ${STATES.join(', ')}`)
    .option('--resource <text>', 'only resources with this text in their ARN')
    .option('--cause <id>', 'only incidents with this cause')
    .option('--all', 'also those that are over; reads the whole table')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor incidents --region eu-west-1 --account 111111111111
  npx --no-install copy-doctor incidents --state proposed approved
  npx --no-install copy-doctor incidents --all --resource backup-vault:dr --json

Needs the managed policy copy-doctor-<deployment>-operator.

Exit codes: 0 done; 1 AWS refused; 2 wrong input.`,
    )
    .action(async (options: IncidentsOptions) => done(await listIncidents(io, options)));
}

const OVER: readonly string[] = ['resolved', 'rolled-back'];

/** Incidents as a table or as JSON; nothing found is no error. */
async function listIncidents(io: Io, options: IncidentsOptions): Promise<number> {
  const wanted = filterOf(options);
  const hub = await openHub(io, options);
  progress(io, `Reading incidents of deployment ${hub.deployment}...`);
  const incidents = incidentsOf(hub);
  // What is over stands in no index.
  const all = options.all || options.state?.some((state) => OVER.includes(state));
  const rows = await readingTable(hub, async () => {
    const found: Incident[] = [];
    for await (const one of all ? incidents.all() : incidents.open()) if (wanted(one)) found.push(one);
    return counted(found.sort(byUrgency), incidents);
  });
  if (options.json) printJson(io, rows.map(rowJson));
  else io.stdout.write(rows.length > 0 ? `${table(io, rows)}\n\n${next(hub, rows)}\n` : `${none(hub, options)}\n`);
  return EXIT.done;
}

function filterOf({ state, resource, cause }: IncidentsOptions): (incident: Incident) => boolean {
  for (const one of state ?? []) {
    if (!STATES.some((known) => known === one)) throw new CliError(unknown('state', one, STATES));
  }
  if (cause !== undefined && !CAUSE_TITLES.has(cause)) {
    throw new CliError(
      `${unknown('cause', cause, [...CAUSE_TITLES.keys()], 3)} (all: \`npx --no-install copy-doctor checks\`)`,
    );
  }
  const text = resource?.toLowerCase();
  return (incident) =>
    (!state || state.includes(incident.state)) &&
    (cause === undefined || incident.causes.includes(cause)) &&
    (text === undefined || incident.resource.toLowerCase().includes(text));
}

function unknown(what: string, given: string, known: readonly string[], most = known.length): string {
  const near = closest(given, known);
  const hints = [
    ...(near.length > 0 ? [`did you mean ${near.join(' or ')}?`] : []),
    ...(known.length <= most ? [`${near.length > 0 ? 'There' : 'there'} are: ${known.join(', ')}`] : []),
  ];
  return `there is no ${what} "${clean(given, 60)}"${hints.length > 0 ? `: ${hints.join(' ')}` : ''}`;
}

function byUrgency(a: Incident, b: Incident): number {
  const states = STATES.indexOf(a.state) - STATES.indexOf(b.state);
  if (states !== 0) return states;
  // Of what waits for a decision, what expires first; of all else, the newest.
  if (a.state === 'proposed') return (a.expiresAt ?? '~') < (b.expiresAt ?? '~') ? -1 : 1;
  return a.since > b.since ? -1 : 1;
}

/** A few at a time: each may be many pages. */
async function counted(list: readonly Incident[], incidents: Incidents): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < list.length; start += 8) {
    const some = list.slice(start, start + 8);
    rows.push(
      ...(await Promise.all(
        some.map(async (incident) => ({ incident, copies: (await incidents.count(incident.id)).copies })),
      )),
    );
  }
  return rows;
}

const rowJson = ({ incident, copies }: Row) => ({
  id: incident.id,
  state: incident.state,
  revision: incident.revision,
  since: incident.since,
  kind: incident.kind,
  causes: incident.causes,
  resource: incident.resource,
  owner: incident.owner,
  account: incident.account,
  planHash: incident.planHash ?? null,
  rollbackHash: incident.rollback?.planHash ?? null,
  because: incident.because ?? null,
  expiresAt: incident.expiresAt ?? null,
  copies,
});

const HEADINGS = ['INCIDENT', 'STATE', 'SINCE', 'COPIES', 'RESOURCE', 'WHAT'] as const;
const COPIES = HEADINGS.indexOf('COPIES');
const STATE = HEADINGS.indexOf('STATE');

function table(io: Io, rows: readonly Row[]): string {
  const style = styles(io);
  const cells = rows.map(({ incident, copies }) => [
    incident.id,
    incident.state,
    utc(incident.since),
    String(copies),
    clean(shortName(incident.resource), 40),
    clean(incident.title, 120),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const padded = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === COPIES ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
  const lines = cells.map((row) => {
    const asked = ASKS.some((state) => state === row[STATE]);
    return padded(row).map((cell, column) => (column === STATE && asked ? style('yellow', cell) : cell));
  });
  return [style('bold', padded(HEADINGS).join('  ').trimEnd()), ...lines.map((line) => line.join('  ').trimEnd())].join(
    '\n',
  );
}

/** The command for the most urgent incident of each kind of thing to do. */
function next(hub: Hub, rows: readonly Row[]): string {
  const inState = (state: IncidentState) => rows.flatMap(({ incident }) => (incident.state === state ? incident : []));
  const [proposed, back] = [inState('proposed'), inState('rollback-proposed')];
  // What the service is about to make waits for nobody.
  const approved = inState('approved').filter(({ agenda }) => agenda.apply === undefined);
  const many = (list: readonly unknown[], one: string, more: string) =>
    list.length === 1 ? `1 ${one}` : `${list.length} ${more}`;
  const [decide] = proposed;
  const [takeBack] = back;
  const [apply] = approved;
  const first = (decide ?? takeBack ?? apply ?? rows[0]?.incident)?.id;
  return [
    ...(decide
      ? [
          `${many(proposed, 'waits for a decision', 'wait for a decision; this one ends first')}:`,
          `  ${commandFor(hub, `approve ${decide.id}`)}`,
        ]
      : []),
    ...(takeBack
      ? [
          `${many(back, 'rollback waits for a decision', 'rollbacks wait for a decision; the newest')}:`,
          `  ${commandFor(hub, `rollback ${takeBack.id}`)}`,
        ]
      : []),
    ...(apply
      ? [
          `${many(approved, 'is approved and waits for its owner', 'are approved and wait for their owners; the newest')}:`,
          `  ${applyCommand(hub, apply)}`,
        ]
      : []),
    'Everything about one:',
    `  ${commandFor(hub, `show ${first}`)}`,
  ].join('\n');
}

function none(hub: Hub, { state, resource, cause, all }: IncidentsOptions): string {
  const where = `deployment ${hub.deployment} (account ${hub.account}, Region ${hub.region})`;
  const filtered = state !== undefined || resource !== undefined || cause !== undefined;
  if (all) return filtered ? `No incident of ${where} matches.` : `There was no incident yet in ${where}.`;
  return [
    filtered ? `No open incident of ${where} matches.` : `No incident is open in ${where}.`,
    'Those that are over too:',
    `  ${commandFor(hub, 'incidents', '--all')}`,
  ].join('\n');
}

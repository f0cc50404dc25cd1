import type { Command } from 'commander';
import { FEATURE_TABLE, READ_ON, TABLE, type Cell, type FeatureRow } from '../../lambda/core/feature-rows';
import { cellAt } from '../../lambda/core/feature-table';
import { clean } from '../../lambda/core/text/clean';
import { resourceTypes as words } from '../../lambda/core/text/en/resource-types';
import { CliError, EXIT, printJson, styles, type Io } from './io';

/** Before that day the table dates nothing. */
const FIRST_DAY = '2025-01-01';
const WIDTH = 100;

const COLUMNS = ['crossRegion', 'crossAccount', 'singleAction', 'fullyManaged', 'airGapped', 'coldStorage'] as const;
type Value = 'yes' | 'no' | 'unknown';

interface Options {
  readonly asOf?: string;
  readonly json?: boolean;
}

export function registerResourceTypes(program: Command, io: Io, done: (code: number) => void): void {
  program
    .command('resource-types')
    .summary('list what AWS Backup copies, and on which routes')
    .description(
      'Lists the resource types and the routes on which AWS Backup copies them: its table, which has no API.',
    )
    .option('--as-of <date>', 'what held on that day: 2025-10-22 (default: today)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor resource-types
  npx --no-install copy-doctor resource-types --as-of 2025-10-22 --json

Exit codes: 0 done; 1 something does not work; 2 wrong input.`,
    )
    .action((options: Options) => done(resourceTypes(io, options)));
}

/** What AWS Backup copies, for people or as JSON. */
function resourceTypes(io: Io, options: Options): number {
  const asOf = dayOf(options.asOf);
  if (options.json) {
    printJson(io, { asOf, readOn: READ_ON, source: TABLE, types: FEATURE_TABLE.map((row) => jsonOf(row, asOf)) });
  } else {
    io.stdout.write(`${page(io, asOf)}\n`);
  }
  return EXIT.done;
}

function dayOf(given: string | undefined): string {
  const today = new Date().toISOString().slice(0, 10);
  if (given === undefined) return today;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(given) : NaN;
  // 2026-02-30 parses as a day in March elsewhere: a day is one that is written as it was given.
  const real = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === given;
  if (real && given >= FIRST_DAY && given <= today) return given;
  throw new CliError(words.wrongDay(clean(given, 40), FIRST_DAY, today));
}

const valueOf = (cell: Cell, asOf: string): Value => {
  const value = cellAt(cell, asOf);
  return value === undefined ? 'unknown' : value ? 'yes' : 'no';
};

const nameOf = ({ name, type }: FeatureRow) => name ?? type;

/** The days of a row's cells, by column. */
function daysOf(row: FeatureRow): Record<string, string> {
  const cells = [...COLUMNS, 'airGappedFar' as const].map((column) => [column, row[column]] as const);
  return Object.fromEntries(
    cells.flatMap(([column, cell]) => (typeof cell === 'string' && cell !== 'unknown' ? [[column, cell]] : [])),
  );
}

const jsonOf = (row: FeatureRow, asOf: string) => ({
  type: row.type,
  name: nameOf(row),
  ...Object.fromEntries(COLUMNS.map((column) => [column, valueOf(row[column], asOf)])),
  since: daysOf(row),
  exceptions: (row.exceptions ?? []).map(({ on, regions, until }) => ({ on, regions, until: until ?? null })),
  encryptedOnly: row.encryptedOnly === true,
  composite: row.composite === true,
  note: row.note ?? row.airGappedNote ?? null,
  source: row.source,
});

function notesOf(row: FeatureRow): readonly string[] {
  const days = daysOf(row);
  // What became possible on one day in several ways is one sentence.
  const whole = days['crossRegion'] !== undefined && days['crossRegion'] === days['crossAccount'];
  const dated = Object.entries(days).filter(([column]) => !whole || column === 'crossRegion');
  return [
    ...dated.map(([column, day]) =>
      words.since(whole ? words.everyWay : words.columns[column as keyof typeof words.columns], day),
    ),
    ...(row.exceptions ?? []).map(words.exception),
    ...(row.encryptedOnly ? [words.encryptedOnly] : []),
    ...(row.composite ? [words.composite] : []),
    ...[row.note ?? [], row.airGappedNote ?? []].flat(),
  ];
}

function page(io: Io, asOf: string): string {
  const style = styles(io);
  const notes = [...new Set(FEATURE_TABLE.flatMap(notesOf))];
  const rows = FEATURE_TABLE.map((row) => ({
    name: nameOf(row),
    values: COLUMNS.map((column) => valueOf(row[column], asOf)),
    marks: notesOf(row)
      .map((note) => notes.indexOf(note) + 1)
      .sort((a, b) => a - b),
  }));
  const { type, notes: noteHeading, ...headings } = words.headings;
  const widths = [
    Math.max(type.length, ...rows.map(({ name }) => name.length)),
    ...Object.values(headings).map(({ length }) => length),
  ];
  const line = (cells: readonly string[], last: string, paint = (_: number, text: string) => text) =>
    [...cells.map((cell, column) => paint(column, cell.padEnd(widths[column] ?? 0))), last].join('  ').trimEnd();
  const colours = { yes: 'green', no: 'red', unknown: 'yellow' } as const;
  return [
    words.title(asOf),
    '',
    style('bold', line([type, ...Object.values(headings)], noteHeading)),
    ...rows.map(({ name, values, marks }) =>
      line([name, ...values.map((value) => words.values[value])], marks.join(' '), (column, text) => {
        const value = values[column - 1];
        return value === undefined ? text : style(colours[value], text);
      }),
    ),
    '',
    ...words.legend,
    '',
    ...notes.flatMap((note, index) => wrapped(`${String(index + 1).padStart(2)}  `, note)),
    '',
    ...wrapped('', words.everywhere),
    ...words.read(READ_ON, TABLE),
  ].join('\n');
}

/** Lines of at most the width of the page; what follows the first stands under its text. */
function wrapped(start: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    if (line.length > start.length && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(start.length);
    }
    line += line.length === start.length ? word : ` ${word}`;
  }
  return [...lines, line];
}

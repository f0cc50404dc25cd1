import { shortName, vaultName } from '../../lambda/core/arn';
import { clean } from '../../lambda/core/text/clean';
import type { Diagnosed } from './diagnose';
import { styles, type Io } from './io';

const HEADINGS = ['COPY JOB', 'RESOURCE', 'DESTINATION', 'FIRST CAUSE', 'CONFIDENCE'] as const;

/** One line a failed copy: what failed, where to, and why. */
export function summaryTable(io: Io, results: readonly Diagnosed[]): string {
  const rows = results.map(({ jobId, report: { diagnosis } }) => {
    const { copy, causes } = diagnosis;
    const name = copy.resourceArn ? shortName(copy.resourceArn) : '';
    const more = causes.length > 1 ? ` (+${causes.length - 1})` : '';
    return [
      jobId,
      [copy.resourceType, name].filter(Boolean).join(' ') || '-',
      `${vaultName(copy.destinationVaultArn)} ${copy.destinationAccount}/${copy.destinationRegion}`,
      `${causes[0]?.id ?? '-'}${more}`,
      causes[0]?.confidence ?? '-',
    ].map((cell) => clean(cell, 70));
  });
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [styles(io)('bold', line(HEADINGS)), ...rows.map(line)].join('\n');
}

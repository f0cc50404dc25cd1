import { causes } from '../../lambda/core/checks';
import { EXIT, printJson, styles, type Io } from './io';

export function listChecks(io: Io, { json }: { json?: boolean }): number {
  if (json) {
    printJson(
      io,
      causes.map(({ id, title, fix }) => ({ id, title, fix })),
    );
    return EXIT.done;
  }
  const style = styles(io);
  const width = Math.max(...causes.map(({ id }) => id.length));
  const rows = causes.map(({ id, title, fix }) => `${style('bold', id.padEnd(width))}  ${title} (${fix})`);
  io.stdout.write(`${rows.join('\n')}\n\nWhat one means: npx --no-install copy-doctor explain <id>\n`);
  return EXIT.done;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causes } from '../../lambda/core/checks';
import { pointsTo } from '../../lambda/core/messages/point-to';
import { closest } from './closest';
import { CliError, EXIT, printJson, styles, type Io } from './io';
import { ownPackage } from './package-root';

const known = causes.map(({ id }) => id);

/** A cause's page, or what a status message points to. */
export function explain(io: Io, subject: string, options: { json?: boolean }): number {
  const text = subject.trim();
  if (text === '') throw new CliError('nothing to explain: give the id of a cause or a status message in quotes');
  if (known.includes(text)) {
    if (options.json) printJson(io, { id: text, title: titleOf(text), page: page(text) });
    else io.stdout.write(page(text));
    return EXIT.done;
  }
  if (/^[a-z0-9]+(-[a-z0-9]+)+$/i.test(text)) throw new CliError(unknownId(text));
  return explainMessage(io, text, options);
}

function unknownId(id: string): string {
  const near = closest(id, known);
  const meant = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return `no cause has the id "${id.slice(0, 80)}": ${meant}\`npx --no-install copy-doctor checks\` lists them all`;
}

const titleOf = (id: string) => causes.find((cause) => cause.id === id)?.title ?? id;

function page(id: string): string {
  const path = join(ownPackage().root, 'docs', 'checks', `${id}.md`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return `# ${id}\n\n> ${titleOf(id)}.\n\nThis cause's page is missing (${path}). Install the package again.\n`;
  }
}

function explainMessage(io: Io, message: string, { json }: { json?: boolean }): number {
  const ids = pointsTo(message);
  if (json) {
    printJson(io, { pointsTo: ids });
    return EXIT.done;
  }
  const style = styles(io);
  const real = ids.filter((id) => id !== 'uncatalogued');
  if (real.length === 0) {
    io.stdout.write(
      ids.length > 0
        ? 'This text of AWS is known, but it has no known cause. Diagnose the copy job: npx --no-install copy-doctor diagnose <copy-job-id>\n'
        : 'This text points to no known cause. Diagnose the copy job: npx --no-install copy-doctor diagnose <copy-job-id>\n',
    );
    return EXIT.done;
  }

  const rows = real.map((id) => `  ${style('bold', id)}\n    ${titleOf(id)}`);
  io.stdout.write(
    `This text points to ${real.length === 1 ? 'one cause' : `${real.length} causes, most likely first`}:\n\n${rows.join('\n')}\n\n` +
      `A text is no proof. What each means: npx --no-install copy-doctor explain ${real[0]}\n` +
      'Which one it is: npx --no-install copy-doctor diagnose <copy-job-id>\n',
  );
  return EXIT.done;
}

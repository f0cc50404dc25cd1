import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '../../lambda/core/checks';
import { MESSAGE_ONLY_CAUSES } from '../../lambda/core/messages/message-only-causes';
import { pointsTo } from '../../lambda/core/messages/point-to';
import { closest } from './closest';
import { CliError, EXIT, printJson, styles, type Io } from './io';
import { ownPackage } from './package-root';

const known = (): readonly string[] => [
  ...new Set([...checks.map(({ id }) => id), ...MESSAGE_ONLY_CAUSES.map(({ id }) => id), 'uncatalogued']),
];

/** A cause's page, or what a status message points to. */
export function explain(io: Io, subject: string, options: { json?: boolean }): number {
  const text = subject.trim();
  if (text === '') throw new CliError('nothing to explain: give the id of a cause or a status message in quotes');
  if (known().includes(text)) {
    if (options.json) printJson(io, { id: text, title: titleOf(text), page: page(text) });
    else io.stdout.write(page(text));
    return EXIT.done;
  }
  if (/^[a-z0-9]+(-[a-z0-9]+)+$/i.test(text)) throw new CliError(unknownId(text));
  return explainMessage(io, text, options);
}

function unknownId(id: string): string {
  const near = closest(id, known());
  const meant = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return `no cause has the id "${id.slice(0, 80)}": ${meant}\`npx --no-install copy-doctor checks\` lists them all`;
}

function titleOf(id: string): string {
  const found = [...checks, ...MESSAGE_ONLY_CAUSES].find((cause) => cause.id === id);
  return found?.title ?? 'No known cause matches this failure';
}

/** The cause's own page; causes without a check have their steps instead. */
function page(id: string): string {
  const path = join(ownPackage().root, 'docs', 'checks', `${id}.md`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const cause = MESSAGE_ONLY_CAUSES.find((one) => one.id === id);
    if (cause) return `# ${cause.title}\n\n\`${id}\`: only AWS's message tells this cause.\n\n${steps(cause.steps)}\n`;
    if (id === 'uncatalogued') return UNCATALOGUED;
    const title = titleOf(id);
    return `# ${title}\n\n\`${id}\`: this cause's page is missing (${path}). Install the package again.\n`;
  }
}

const steps = (list: readonly string[]) => list.map((step, index) => `${index + 1}. ${step}`).join('\n');

const UNCATALOGUED = `# No known cause matches this failure

\`uncatalogued\`: the checks found no fault, and the status message points to nothing that is known.

1. Diagnose it again with credentials of both accounts: npx --no-install copy-doctor diagnose <copy-job-id> --destination-profile <profile>
2. Save the case and report it: npx --no-install copy-doctor diagnose <copy-job-id> --save-case case.json (docs/cases.md)
`;

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

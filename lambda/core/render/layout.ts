import { clean } from '../text/clean';

export interface Mail {
  /** Printable ASCII, under 100 characters: what SNS takes. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly subject: string;
  /** Plain text for people, lines of at most about 80 characters, commands never broken. */
  readonly body: string;
}

export type Lines = readonly string[];
/** A heading and what stands under it; without lines it is left out. */
export type Section = readonly [heading: string, lines: Lines];

const WIDTH = 80;
const LONGEST_LINE = 4000;

/** Headings stand at the left edge, all else is indented: no text of others can look like a heading. */
export function bodyOf(sections: readonly Section[]): string {
  const told = sections.filter(([, lines]) => lines.length > 0);
  return `${told.map(([heading, lines]) => [heading, ...lines.map((line) => `  ${oneLine(line)}`)].join('\n')).join('\n\n')}\n`;
}

/**
 * Whatever forgot to clean its text: a line of a mail is one line of text. What is still invisible, or half a
 * character, is shown as something that cannot be shown.
 */
export const oneLine = (line: string): string =>
  clean(line, LONGEST_LINE)
    .replace(/[\p{Cf}\p{Cs}]/gu, '\ufffd')
    .trimEnd();

export function subjectOf(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?');
  return ascii.length < 100 ? ascii : `${ascii.slice(0, 96).replace(/ \S*$/, '')}...`;
}

/** Words of AWS or of a person, with nothing in them that a mail program could take for markup. */
export const plain = (text: string, limit?: number): string =>
  clean(text, limit).replaceAll('<', '\u2039').replaceAll('>', '\u203a');

/** What a person wrote, in quotes that it cannot close. */
export const quoted = (text: string): string => `"${plain(text, 500).replaceAll('"', "'")}"`;

/** A bullet: prose is wrapped; lines after the first (commands, documents, policy lines) stand as they are. */
export function bullet(text: string, mark = '-'): Lines {
  const [first = '', ...rest] = text.split('\n');
  const indent = ' '.repeat(mark.length + 1);
  return [
    ...hang(`${mark} ${plain(first)}`, indent, ''),
    ...rest.map((line) => `${indent}  ${clean(line, LONGEST_LINE)}`),
  ];
}

/** Prose; what begins with two spaces, such as a command, stands as it is. */
export const wrap = (text: string): Lines => (text.startsWith('  ') ? [text] : hang(text, '', ''));

/** Breaks prose at spaces; a word is never broken, so ARNs stay whole. */
export function hang(text: string, indent: string, firstIndent: string): Lines {
  const lines: string[] = [];
  let line = firstIndent;
  for (const word of text.split(' ')) {
    const fits = /^(-|[\d.]*)$/.test(line.trim()) || line.length + 1 + word.length <= WIDTH - 2;
    if (fits) line = line === '' || line === firstIndent || line === indent ? line + word : `${line} ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  lines.push(line);
  return lines;
}

import { readFileSync } from 'node:fs';

export type InputFile =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** A case file is at most a few MB; whoever names a disk image gets a sentence, not a swapping computer. */
const MAX_BYTES = 50 * 1024 * 1024;

/** Reads a JSON file that a person named. What is wrong is told in one line that names the file and the next step. */
export function readJsonFile(path: string): InputFile {
  const no = (reason: string): InputFile => ({ ok: false, reason: `${path}: ${reason}` });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return no(unreadable(error));
  }
  if (bytes.length > MAX_BYTES) return no('larger than 50 MB, so not a file of this tool; check the name');
  const text = decode(bytes);
  if (text === undefined) return no('not text (binary or not UTF-8); a JSON file is wanted');
  if (text.trim() === '') return no('the file is empty; save it again');
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return no(notJson(text, error instanceof Error ? error.message : ''));
  }
}

function unreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file; check the name and the folder';
  if (code === 'EISDIR') return 'is a folder; name a file in it';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by you; check its permissions';
  return `cannot be read (${code ?? String(error)})`;
}

/** UTF-8, or UTF-16 as PowerShell's `>` writes it; undefined: no text. */
function decode(bytes: Buffer): string | undefined {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    // The decoder takes a byte order mark off by itself.
    const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

const CUT = 'ends in the middle (truncated JSON); save or copy it again';

function notJson(text: string, message: string): string {
  if (/end of JSON input|Unterminated/i.test(message)) return CUT;
  const position = /at position (\d+)/.exec(message);
  if (position && Number(position[1]) >= text.trimEnd().length) return CUT;
  const at = /line (\d+) column (\d+)/.exec(message);
  if (at) return `not JSON (line ${at[1]}, column ${at[2]}); correct it or save it again`;
  if (!position) return 'not JSON; a file that starts with { is wanted';
  const before = text.slice(0, Number(position[1])).split('\n');
  return `not JSON (line ${before.length}, column ${(before.at(-1) ?? '').length + 1}); correct it or save it again`;
}

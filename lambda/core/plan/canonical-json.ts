import { UNPRINTABLE } from '../text/clean';

/** JSON with sorted members and 2 spaces: the same value is always the same text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value), null, 2);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]),
  );
}

/** What is invisible, or turns a line around, as an escape: the same JSON, and nobody approves what they cannot see. */
export const visible = (json: string): string =>
  json.replace(UNPRINTABLE, (hidden) =>
    hidden === '\n'
      ? hidden
      : Array.from({ length: hidden.length }, (_, at) => hidden.charCodeAt(at).toString(16).padStart(4, '0'))
          .map((code) => `\\u${code}`)
          .join(''),
  );

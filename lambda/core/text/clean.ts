// Control characters, bidi overrides and other invisible formatting: text from AWS or from a person is data.
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text from outside, fit to be shown: one line, no control characters or bidi overrides, at most `limit` characters. */
export function clean(text: string, limit = 2000): string {
  const line = text.replace(/[\r\n\t]+/g, ' ').replace(UNPRINTABLE, '');
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** A value as JSON, for a reason that people read; JSON.stringify throws where JSON.parse does not: deep nesting. */
export function shown(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'a value that is nested too deeply';
  }
}

// Control characters, bidi overrides and other invisible formatting: text from AWS or from a person is data.
export const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

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

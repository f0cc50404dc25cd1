export type Json = Readonly<Record<string, unknown>>;

// Small readers of untyped JSON; a wrong type counts as absent.
/** One line: in a mail, what stands after a line break reads like a command of ours. */
export function textAt(from: Json, name: string): string | undefined {
  const value = from[name];
  return typeof value === 'string' && value !== '' ? value.replace(/[\r\n]+/g, ' ') : undefined;
}
export function timeAt(from: Json, name: string): string | undefined {
  const value = textAt(from, name);
  return value === undefined || Number.isNaN(Date.parse(value)) ? undefined : value;
}
export function objectAt(from: Json, name: string): Json | undefined {
  const value = from[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
export function listOf(from: Json, name: string): readonly Json[] {
  const value = from[name];
  return Array.isArray(value) ? value.filter((row): row is Json => typeof row === 'object' && row !== null) : [];
}

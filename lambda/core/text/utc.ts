import { clean } from './clean';

/** `2026-11-24T10:15:00.000Z` → `2026-11-24 10:15 UTC`; anything else as it is, fit to be shown. */
export function utc(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/.exec(iso);
  return match ? `${match[1]} ${match[2]} UTC` : clean(iso, 100);
}

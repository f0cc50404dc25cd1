import { Cron } from 'croner';

const SOON = 2 * 60 * 60_000;

/** The highest value of each field: AWS's `5/10` is "from 5 on, every 10". */
const HIGHEST = [59, 23, 31, 12, 7, 2199];

/**
 * AWS's six fields (minute, hour, day of month, month, day of week from 1 = Sunday, year) as croner reads them;
 * undefined: they are no cron expression.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function asCroner(expression: string): string | undefined {
  const fields = expression
    .trim()
    .replace(/^cron\((.*)\)$/s, '$1')
    .trim()
    .toUpperCase()
    .split(/\s+/);
  if (fields.length !== HIGHEST.length) return undefined;
  const [minute, hour, day, month, weekday = '', year] = fields.map((field, place) =>
    field.replace(/(^|,)(\d+)\//g, `$1$2-${HIGHEST[place]}/`),
  );
  // The last Friday of the month is 6L or FRIL to AWS; an L alone is the last day of the week.
  const last = weekday === 'L' ? '7' : weekday.replace(/(\w+)L\b/g, '$1#L');
  return ['0', minute, hour, day, month, last, year].join(' ');
}

/** Whether the rule of a backup plan runs within 2 hours after `from`; undefined: that cannot be told. */
export function runsSoon(cron: string | undefined, timezone: string | undefined, from: string): boolean | undefined {
  const pattern = cron === undefined ? undefined : asCroner(cron);
  if (pattern === undefined) return undefined;
  try {
    const rule = new Cron(pattern, {
      mode: '7-part',
      timezone: timezone ?? 'Etc/UTC',
      alternativeWeekdays: true,
      paused: true,
    });
    const next = rule.nextRun(new Date(from));
    return next !== null && next.getTime() <= Date.parse(from) + SOON;
  } catch {
    // A pattern or time zone that cannot be read.
    return undefined;
  }
}

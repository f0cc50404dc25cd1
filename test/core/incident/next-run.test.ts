import { asCroner, runsSoon } from '../../../lambda/core/incident/next-run';

describe('an expression of AWS', () => {
  it.each([
    ['cron(0 5 ? * * *)', '0 0 5 ? * * *'],
    ['0 12 * * ? *', '0 0 12 * * ? *'],
    ['cron(0/15 * * * ? *)', '0 0-59/15 * * * ? *'],
    ['cron(0 2/4 ? * MON-FRI *)', '0 0 2-23/4 ? * MON-FRI *'],
    ['cron(5,10/20 0 ? * 2 *)', '0 5,10-59/20 0 ? * 2 *'],
    ['cron(0 0 L * ? *)', '0 0 0 L * ? *'],
    ['cron(0 0 15W * ? *)', '0 0 0 15W * ? *'],
    ['cron(0 0 ? * 6L *)', '0 0 0 ? * 6#L *'],
    ['cron(0 0 ? * fril *)', '0 0 0 ? * FRI#L *'],
    ['cron(0 0 ? * L *)', '0 0 0 ? * 7 *'],
    ['cron(0 0 ? * 3#2 2026-2030)', '0 0 0 ? * 3#2 2026-2030'],
    ['cron(0 0 1 1 ? 2026/2)', '0 0 0 1 1 ? 2026-2199/2'],
    ['cron(0 5 * * *)', undefined],
    ['rate(1 day)', undefined],
    ['', undefined],
  ])('%s', (expression, expected) => expect(asCroner(expression)).toBe(expected));
});

describe('the next run', () => {
  // Monday, 1 June 2026.
  const NOON = '2026-06-01T12:00:00.000Z';
  it.each<[string, string | undefined, string | undefined, string, boolean | undefined]>([
    ['in an hour', 'cron(0 13 ? * * *)', undefined, NOON, true],
    ['in exactly 2 hours', 'cron(0 14 ? * * *)', 'Etc/UTC', NOON, true],
    ['a minute later', 'cron(1 14 ? * * *)', 'Etc/UTC', NOON, false],
    ['just now', 'cron(0 12 ? * * *)', 'Etc/UTC', NOON, false],
    ['in its own time zone', 'cron(0 15 ? * * *)', 'Europe/Berlin', NOON, true],
    ['not in that of the function', 'cron(0 15 ? * * *)', 'America/New_York', NOON, false],
    ['on its day, counted from Sunday', 'cron(0 13 ? * 2 *)', 'Etc/UTC', NOON, true],
    ['on another day', 'cron(0 13 ? * 1 *)', 'Etc/UTC', NOON, false],
    ['on a named day', 'cron(0 13 ? * MON *)', 'Etc/UTC', NOON, true],
    ['on the first Monday', 'cron(0 13 ? * 2#1 *)', 'Etc/UTC', NOON, true],
    ['on the second', 'cron(0 13 ? * 2#2 *)', 'Etc/UTC', NOON, false],
    ['on the last day', 'cron(0 13 L * ? *)', 'Etc/UTC', '2026-06-30T12:00:00.000Z', true],
    ['on the last Tuesday', 'cron(0 13 ? * 3L *)', 'Etc/UTC', '2026-06-30T12:00:00.000Z', true],
    ['on the last Saturday of each week', 'cron(0 13 ? * L *)', 'Etc/UTC', '2026-06-06T12:00:00.000Z', true],
    ['on the weekday next to a Saturday', 'cron(0 13 6W * ? *)', 'Etc/UTC', '2026-06-05T12:00:00.000Z', true],
    ['every 4 hours from 1', 'cron(0 1/4 ? * * *)', 'Etc/UTC', NOON, true],
    ['in another year', 'cron(0 13 ? * * 2027)', 'Etc/UTC', NOON, false],
    ['never again', 'cron(0 13 ? * * 2020)', 'Etc/UTC', NOON, false],
    ['that nobody plans', undefined, undefined, NOON, undefined],
    ['of a rate', 'rate(1 hour)', undefined, NOON, undefined],
    ['that makes no sense', 'cron(99 13 ? * * *)', undefined, NOON, undefined],
    ['in no time zone', 'cron(0 13 ? * * *)', 'Europe/Nowhere', NOON, undefined],
  ])('%s', (_, cron, timezone, from, expected) => expect(runsSoon(cron, timezone, from)).toBe(expected));
});

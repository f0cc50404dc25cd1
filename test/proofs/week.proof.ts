import '../security/quiet';
import { week, type WeekResult } from '../sandbox/demo/week';

jest.setTimeout(600_000);

/** Each is another week. One takes about a minute and a half; whoever changes much adds some. */
const SEEDS = [1];

/** What no week is without. What people do beyond that depends on whom AWS, or an outage, keeps from it: see the table. */
const EVERYTHING = [
  ...['broken', 'outages', 'failures', 'incidents', 'mails', 'approve'],
  ...['changes by the service', 'copies started by the service'],
];

describe.each(SEEDS)('a week, seed %i', (seed) => {
  let lived: WeekResult;
  beforeAll(async () => {
    lived = await week(seed);
    process.stdout.write(tableOf(lived, seed));
  });

  it('loses nothing, overwrites nothing of others, changes nothing that nobody decided on', () => {
    expect(lived.problems).toEqual([]);
  });

  it('was a week in which everything happened that this is about', () => {
    const missing = EVERYTHING.filter((what) => !((lived.counts[what] ?? 0) > 0));
    expect(missing).toEqual([]);
  });
});

function tableOf({ diary, counts, states }: WeekResult, seed: number): string {
  const row = ([what, count]: [string, number]) => `  ${what.padEnd(40)} ${String(count).padStart(5)}\n`;
  return [
    `\nA week, seed ${seed}\n`,
    ...diary.map((line) => `  ${line}\n`),
    '\n',
    ...Object.entries(counts).map(row),
    '  Incidents at the end:\n',
    ...Object.entries(states).map(([state, count]) => `  ${row([state, count])}`),
  ].join('');
}

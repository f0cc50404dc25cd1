import { week, type WeekResult } from '../sandbox/demo/week';

jest.setTimeout(600_000);

/** Each is another week; a failure names its own. */
const SEEDS = [1, 2];

describe.each(SEEDS)('a week, seed %i', (seed) => {
  let lived: WeekResult;
  beforeAll(async () => {
    lived = await week(seed);
    process.stdout.write(tableOf(lived, seed));
  });

  it('loses nothing, overwrites nothing of others, changes nothing that nobody decided on', () => {
    expect(lived.problems).toEqual([]);
  });

  it('was a week in which things happened', () => {
    const { counts } = lived;
    for (const what of ['broken', 'outages', 'failures', 'approve', 'changes by the service']) {
      expect({ what, count: counts[what] ?? 0 }).toEqual({ what, count: expect.any(Number) });
      expect(counts[what] ?? 0).toBeGreaterThan(0);
    }
    expect(counts['copies started by the service']).toBeGreaterThan(0);
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

import { FEATURE_TABLE, READ_ON } from '../../lambda/core/feature-rows';
import { cli, cliOn, expectOneLine } from './cli-harness';

interface Row {
  readonly type: string;
  readonly name: string;
  readonly [column: string]: unknown;
}
const COLUMNS = ['crossRegion', 'crossAccount', 'singleAction', 'fullyManaged', 'airGapped', 'coldStorage'];
const json = async (...argv: string[]) => {
  const { code, stdout, stderr } = await cli('resource-types', '--json', ...argv);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as { asOf: string; readOn: string; source: string; types: readonly Row[] };
};
const named = (types: readonly Row[], name: string) => types.find((row) => row.name === name);
const today = () => new Date().toISOString().slice(0, 10);

describe('for people', () => {
  test('a line a row, aligned, in 100 columns', async () => {
    const { code, stdout, stderr } = await cli('resource-types', '--as-of', '2026-09-01');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('What AWS Backup copies, as of 2026-09-01');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const heading = lines[2] ?? '';
    const rows = lines.slice(3, 3 + FEATURE_TABLE.length);
    for (const row of rows) expect(row).toMatch(/^\S.*? {2,}(yes|no|\?) /);
    // Every cell begins under its heading.
    for (const column of ['REGION', 'ACCOUNT', 'BOTH', 'OWN KEY', 'AIR-GAPPED', 'COLD']) {
      const at = heading.indexOf(column);
      for (const row of rows) expect(row.slice(at - 2, at + 3)).toMatch(/^ {2}(yes|no|\?)/);
    }
  });

  test('each note that a row has stands below, and each below is one of a row', async () => {
    const { stdout } = await cli('resource-types');
    const notes = [...stdout.matchAll(/^ ?(\d+) {2}\S/gm)].map(([, number]) => number);
    const marks = stdout
      .split('\n')
      .slice(3, 3 + FEATURE_TABLE.length)
      .flatMap((line) => /(?: \d+)+$/.exec(line)?.[0].trim().split(' ') ?? []);
    expect(notes.length).toBeGreaterThan(10);
    expect([...new Set(marks)].sort()).toEqual([...notes].sort());
  });

  test('an older day shows what held then', async () => {
    const row = async (day: string) =>
      (await cli('resource-types', '--as-of', day)).stdout.split('\n').find((line) => line.startsWith('RDS  '));
    expect(await row('2025-10-22')).toMatch(/^RDS +yes +yes +no /);
    expect(await row('2025-10-23')).toMatch(/^RDS +yes +yes +yes /);
  });

  test('colours on a terminal only', async () => {
    const ESC = '\u001b[';
    expect((await cliOn({ isTTY: true, env: {} }, 'resource-types')).stdout).toContain(ESC);
    expect((await cliOn({ isTTY: true, env: { NO_COLOR: '1' } }, 'resource-types')).stdout).not.toContain(ESC);
    expect((await cliOn({ isTTY: false, env: {} }, 'resource-types')).stdout).not.toContain(ESC);
    expect((await cliOn({ isTTY: true, env: {} }, 'resource-types', '--json')).stdout).not.toContain(ESC);
  });
});

describe('--json', () => {
  test('has exactly these members, for every row of the table', async () => {
    const { types, ...head } = await json('--as-of', '2026-09-01');
    expect(head).toEqual({
      asOf: '2026-09-01',
      readOn: READ_ON,
      source: 'https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html',
    });
    expect(types).toHaveLength(FEATURE_TABLE.length);
    for (const row of types) {
      expect(Object.keys(row)).toEqual([
        ...['type', 'name'],
        ...COLUMNS,
        ...['since', 'exceptions', 'encryptedOnly', 'composite', 'note', 'source'],
      ]);
      for (const column of COLUMNS) expect(['yes', 'no', 'unknown']).toContain(row[column]);
      expect(row['source']).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
    expect(new Set(types.map(({ name }) => name)).size).toBe(types.length);
  });

  test.each([
    ['RDS', '2025-10-22', { singleAction: 'no' }],
    ['RDS', '2025-10-23', { singleAction: 'yes', airGapped: 'no', since: { singleAction: '2025-10-23' } }],
    ['FSx ONTAP volume', '2026-08-26', { type: 'FSx', crossRegion: 'no', crossAccount: 'no', airGapped: 'no' }],
    ['FSx ONTAP volume', '2026-08-27', { crossRegion: 'yes', crossAccount: 'yes', airGapped: 'yes' }],
    ['FSx', '2026-09-01', { airGapped: 'unknown' }],
    ['EKS', '2026-09-01', { composite: true, fullyManaged: 'yes', coldStorage: 'unknown' }],
    ['Aurora', '2026-09-01', { encryptedOnly: true, coldStorage: 'no' }],
    ['DocumentDB', '2026-09-01', { exceptions: [{ on: 'crossAccount', regions: ['opt-in'], until: '2026-08-26' }] }],
    ['Timestream', '2026-09-01', { exceptions: [{ on: 'crossAccount', regions: ['opt-in'], until: null }] }],
    ['RDS Multi-AZ DB cluster', '2026-09-01', { type: 'RDS', crossRegion: 'no', crossAccount: 'no' }],
  ])('%s as of %s', async (name, day, wanted) => {
    expect(named((await json('--as-of', day)).types, name)).toMatchObject(wanted);
  });

  test('is of today where no day is given', async () => {
    expect((await json()).asOf).toBe(today());
  });
});

test.each([
  '2026-02-30',
  '2026-13-01',
  '26-01-01',
  '2026-1-1',
  'yesterday',
  '',
  '2024-12-31',
  '2999-01-01',
  '2026-06-01T00:00:00Z',
])('--as-of "%s" is refused with what is allowed', async (given) => {
  const ran = await cli('resource-types', '--as-of', given);
  expect(ran.code).toBe(2);
  expectOneLine(ran, 'from 2025-01-01 to today', 'YYYY-MM-DD', today());
});

test('--as-of takes the first day and today', async () => {
  for (const day of ['2025-01-01', today()]) expect((await json('--as-of', day)).asOf).toBe(day);
});

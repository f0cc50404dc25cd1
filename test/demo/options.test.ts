import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarios } from '../sandbox/demo/scenarios';
import { run } from './run';

describe('without playing', () => {
  it('--list names every scenario in a line', async () => {
    const { code, out } = await run(['--list']);

    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(scenarios.length);
    expect(out).toMatch(/^tag-copy-failed .* \[injected\]$/m);
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  it('--help has examples', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('npm start -- --event event.json');
  });

  test.each([
    [
      ['--scenario', 'vault-policy-lack-source'],
      'There is no scenario "vault-policy-lack-source": did you mean vault-policy-lacks-source?',
    ],
    [['--scenario', 'moon'], 'There is no scenario "moon": npm start -- --list names them'],
    [['--sceanrio', 'x'], "Unknown option '--sceanrio'; see npm start -- --help"],
    [['something'], "Unexpected argument 'something'; see npm start -- --help"],
    [['--list', '--serve'], '--list and --serve do not go together; give one of them'],
    [['--storm', 'many'], '--storm is "many"; give a number from 1 to 100000'],
    [['--storm', '0'], '--storm is "0"; give a number from 1 to 100000'],
    [['--storm', '10', '--keys', '11'], '--keys is "11"; give a number from 1 to 10'],
    [['--keys', '2'], '--keys goes with --storm N'],
    [['--storm', '5', '--list'], '--list and --storm do not go together; give one of them'],
    [['--interactive', '--json'], '--json does not go with --interactive; leave one of them out'],
    [['--json', '--list'], '--json does not go with --list; leave one of them out'],
  ])('%j is refused with one line', async (argv, line) => {
    expect(await run(argv)).toEqual({ code: 2, out: '', err: `${line}\n` });
  });
});

describe('--event', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copy-doctor-demo-'));
  const file = (content: string | Buffer) => {
    const path = join(folder, 'event.json');
    writeFileSync(path, content);
    return path;
  };
  /** As https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html has it, with a 12-digit account. */
  const sample = (changes: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) => ({
    version: '0',
    id: '4660bc92-a44d-c939-4542-cda503f14855',
    'detail-type': 'Copy Job State Change',
    source: 'aws.backup',
    account: '111222333444',
    time: '2020-07-15T20:37:34Z',
    region: 'us-west-2',
    resources: ['arn:aws:ec2:us-west-2::image/ami-00179b33a7a88cac5'],
    detail: {
      copyJobId: '47C8EF56-74D8-059D-1301-C5BE1D5C926E',
      backupSizeInBytes: 22548578304,
      creationDate: '2020-07-15T20:36:13.239Z',
      iamRoleArn: 'arn:aws:iam::111222333444:role/RoleForEc2BackupWithNoDescribeTagsPermissions',
      resourceArn: 'arn:aws:ec2:us-west-2:111222333444:instance/i-0515aee7de03f58e1',
      resourceType: 'EC2',
      sourceBackupVaultArn: 'arn:aws:backup:us-west-2:111222333444:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7',
      state: 'FAILED',
      statusMessage: 'Access denied exception while trying to list tags',
      completionDate: '2020-07-15T20:37:28.704Z',
      destinationBackupVaultArn:
        'arn:aws:backup:us-west-2:111222333444:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7',
      destinationRecoveryPointArn: {},
      ...detail,
    },
    ...changes,
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['empty', '', /is empty/],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe]), /not text/],
    ['not JSON', 'version: 0', /not JSON/],
    ['truncated', JSON.stringify(sample()).slice(0, 300), /truncated/],
    ['[]', '[]', /not a JSON object/],
    ['{}', '{}', /"source" is missing/],
    ['COMPLETED', JSON.stringify(sample({}, { state: 'COMPLETED' })), /"detail.state" is "COMPLETED"/],
    [
      "another account than its vault's",
      JSON.stringify(sample({ account: '555555555555' })),
      /source vault belongs to account 111222333444/,
    ],
    ['a 13-digit account', JSON.stringify(sample({ account: '1112223334445' })), /not 12 digits/],
  ])('%s is refused with one line', async (_, content, reason) => {
    const { code, out, err } = await run(['--event', file(content)]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(reason);
    expect(err).toMatch(/^[^\n]*event\.json: [^\n]+\n$/);
  });

  it('a missing file is refused with one line', async () => {
    const { code, err } = await run(['--event', join(folder, 'none.json')]);
    expect(code).toBe(2);
    expect(err).toMatch(/^[^\n]*none\.json: there is no such file[^\n]*\n$/);
  });

  test.each<[string, object]>([
    ["AWS's own sample", sample()],
    [
      'of a copy to another account',
      sample(
        {},
        { destinationBackupVaultArn: 'arn:aws:backup:us-west-2:222222222222:backup-vault:dr-vault-policy-denies' },
      ),
    ],
  ])('%s is answered, and nothing in it is more than possible', async (_, event) => {
    const { code, out } = await run(['--json', '--event', file(JSON.stringify(event))]);
    const { scenarios: outcomes } = JSON.parse(out);

    expect(code).toBe(0);
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0].causes.length).toBeGreaterThan(0);
    expect(new Set(outcomes[0].causes.map(({ confidence }: { confidence: string }) => confidence))).toEqual(
      new Set(['possible']),
    );
  });
});

it('the README counts the scenarios', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(`in ${scenarios.length} ways`);
});

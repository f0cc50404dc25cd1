import { readFileSync } from 'node:fs';
import { cli, expectOneLine, fileOf } from './cli-harness';

const JOB = '11111111-2222-4333-8444-555555555555';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('help and version', () => {
  test('--version', async () => {
    expect(await cli('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([[[]], [['diagnose']], [['checks']], [['explain']], [['drill']]])(
    '%s --help has examples and exit codes',
    async (command) => {
      const { code, stdout, stderr } = await cli(...command, '--help');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/Examples:\n {2}npx --no-install copy-doctor /);
      expect(stdout).toMatch(/Exit codes: 0 .*; 1 .*; 2 /);
    },
  );

  test('no arguments: the help', async () => {
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: copy-doctor/);
  });
});

describe('wrong usage is one line and exit code 2', () => {
  test.each<[string[], RegExp]>([
    [['diagnos'], /diagnos.*diagnose/],
    [['diagnose'], /copy job id.*--last.*--case/],
    [['diagnose', JOB, '--last', '24h'], /do not go together/],
    [['diagnose', JOB, '--case', 'x.json'], /do not go together/],
    [['diagnose', 'not a job!'], /not a copy job id/],
    [['diagnose', 'arn:aws:backup:eu-west-1:111111111111:job:x'], /not a copy job id/],
    [['diagnose', JOB, '--account', '123'], /12 digits/],
    [['diagnose', JOB, '--region', 'Ireland'], /eu-west-1/],
    [['diagnose', JOB, '--destination-role-arn', 'reader'], /role ARN/],
    [['diagnose', JOB, '--profile', 'a', '--source-profile', 'b'], /--source-profile/],
    [['diagnose', JOB, '--no-such'], /--no-such/],
    [['diagnose', JOB, 'other'], /too many arguments/],
    [['diagnose', '--last', 'yesterday'], /90m, 24h or 7d/],
    [['diagnose', '--last', '0h'], /90m, 24h or 7d/],
    [['diagnose', '--last', '31d'], /at most 30d/],
    [['diagnose', '--last', '24h', '--save-case', 'x.json'], /--save-case/],
    [['diagnose', JOB, '--save-case', '/nowhere/at/all/x.json'], /no folder/],
    [['diagnose', '--case', 'x.json', '--destination-profile', 'dr'], /--destination-profile/],
    [['diagnose', '--case', '/nowhere/x.json'], /no such file/],
    [['diagnose', '--case', fileOf('')], /empty/],
    [['diagnose', '--case', fileOf('{"event": {')], /truncated/],
    [['diagnose', '--case', fileOf('[]')], /not a JSON object.*docs\/cases\.md/],
    [['diagnose', '--case', fileOf('{}')], /no "event".*docs\/cases\.md/],
    [['explain'], /id-or-message/],
    [['drill', '--region', 'x'], /eu-west-1/],
  ])('%s', async (argv, words) => {
    const ran = await cli(...argv);
    expect(ran.code).toBe(2);
    expectOneLine(ran, words);
  });
});

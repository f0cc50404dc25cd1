import { readFileSync } from 'node:fs';
import { cli, expectOneLine, fileOf } from './cli-harness';

const JOB = '11111111-2222-4333-8444-555555555555';
const ID = 'K3QZ7MPA2X2VB4TC';
const HASH = '7f3c91b2a04e';
const ASKING = ['approve', 'reject', 'apply', 'rollback'];
const COMMANDS = [
  'diagnose',
  'explain',
  'checks',
  'resource-types',
  'incidents',
  'show',
  ...ASKING,
  'drill',
  'backfill',
];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('help and version', () => {
  test('--version', async () => {
    expect(await cli('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([[[]], ...COMMANDS.map((name) => [[name]])])('%s --help has examples and exit codes', async (command) => {
    const { code, stdout, stderr } = await cli(...command, '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Examples:\n {2}npx --no-install copy-doctor /);
    expect(stdout).toMatch(/Exit codes: 0 .*; 1 .*; 2 /);
  });

  test.each(COMMANDS)('help %s is its --help', async (name) => {
    expect(await cli('help', name)).toEqual(await cli(name, '--help'));
  });

  test.each(COMMANDS)('docs/cli.md has a section of %s with every option', async (name) => {
    const { stdout } = await cli(name, '--help');
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].flatMap(([, option]) => option ?? []);
    const sections = readFileSync('docs/cli.md', 'utf8').split(/^## /m).slice(1);
    const own = sections.find((section) => (section.split('\n')[0] ?? '').includes(`\`${name}\``)) ?? '';
    const shared = sections.find((section) => section.startsWith('Which deployment')) ?? '';
    // A section that leans on the shared one says so.
    const text = /Which deployment|of the deployment/.test(own) ? own + shared : own;
    expect(options.filter((option) => option !== '--help' && !text.includes(option))).toEqual([]);
    expect(options.length).toBeGreaterThan(1);
  });

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
    [['approve', ID, '--retry', '--no-retry'], /--retry and --no-retry do not go together: give one of them/],
    [['approve', ID, '--no-retry', '--retry'], /--retry and --no-retry do not go together/],
    [['explain'], /id-or-message/],
    [['explain', 'a', 'b'], /too many arguments/],
    [['checks', '--all'], /unknown option '--all'.*copy-doctor checks --help/],
    [['resource-types', '--as-of', 'May'], /--as-of May is no day from 2025-01-01 to today .*YYYY-MM-DD/],
    [['resource-types', 'RDS'], /too many arguments/],
    [['drill', '--region', 'x'], /eu-west-1/],
    [['drill', '--yes'], /unknown option '--yes'/],
    [['help', 'aprove'], /unknown command 'aprove'/],
    ...['show', ...ASKING].flatMap((name): [string[], RegExp][] => [
      [[name], new RegExp(`missing required argument 'incident'.*copy-doctor ${name} --help`)],
      [[name, ID, ID], /too many arguments/],
      [[name, ID, '--no-such'], /unknown option '--no-such'/],
      [[name, ID, '--region', 'Ireland'], /eu-west-1/],
      [[name, ID, '--account', '1234'], /12 digits/],
      [[name, ID, '--profile'], /argument missing/],
      // One short, with a digit that ids do not have, and the id of a copy job.
      [[name, ID.slice(1)], /not an incident's id.*npx --no-install copy-doctor incidents/],
      [[name, ID.replace('2', '9')], /not an incident's id/],
      [[name, JOB], /not an incident's id/],
    ]),
    ...ASKING.flatMap((name): [string[], RegExp][] => [
      [[name, ID], /no terminal to ask at.*--plan HASH --yes/],
      [[name, ID, '--yes'], /--yes needs --plan HASH/],
      [[name, ID, '--plan', HASH], /goes with --yes/],
      [[name, ID, '--yes', '--plan', HASH.slice(1)], /no hash: give at least 12/],
      [[name, ID, '--yes', '--plan', 'the one above'], /no hash/],
    ]),
    [['approve', ID, '--hub-profile', 'prod'], /unknown option '--hub-profile'/],
    [['reject', ID, '--yes', '--plan', HASH, '--reason', 'x'.repeat(501)], /501 characters: give at most 500/],
    [['rollback', ID, '--no-wait', '--yes', '--plan', HASH], /--no-wait only asks for the rollback/],
    [['rollback', ID, '--no-wait', '--reason', 'x'.repeat(501)], /501 characters: give at most 500/],
    [['rollback', ID, '--retry'], /unknown option '--retry'/],
    [['reject', ID, '--retry'], /unknown option '--retry'/],
    [['apply', ID, '--reason', 'CHG-1'], /unknown option '--reason'/],
    [['show', ID, '--as', 'yaml'], /cli, cdk, cfn, terraform/],
    [['show', ID, '--as', 'cli', '--evidence'], /do not go together/],
    [['show', ID, '--as', 'cli', '--json'], /--as prints no JSON/],
    [['incidents', ID], /too many arguments/],
    [['incidents', '--no-such'], /unknown option '--no-such'/],
    [['incidents', '--state'], /argument missing/],
    [['incidents', '--state', 'open'], /there is no state "open": .*proposed, approved/],
    [['incidents', '--state', 'zzz'], /there is no state "zzz": there are: proposed, /],
    [['incidents', '--cause', 'no-such-cause-at-all'], /there is no cause .*copy-doctor checks/],
    [['backfill'], /--since.*not specified.*copy-doctor backfill --help/],
    [['backfill', '--since', 'yesterday'], /12h or 7d/],
    [['backfill', '--since', '90m'], /12h or 7d/],
    [['backfill', '--since', '31d'], /at most 30d/],
    [['backfill', '--since', '2999-01-01'], /not in the past/],
    [['backfill', '--since', '7d', '--yes'], /unknown option '--yes'/],
    [['backfill', '7d', '--since', '7d'], /too many arguments/],
  ])('%s', async (argv, words) => {
    const ran = await cli(...argv);
    expect(ran.code).toBe(2);
    expectOneLine(ran, words);
  });
});

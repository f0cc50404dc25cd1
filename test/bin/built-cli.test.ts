import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventOf } from '../core/evidence-fixture';
import { fileOf } from './cli-harness';

// Below node_modules' folder, so that the packages are found as they are for dist/cli.js.
mkdirSync('dist', { recursive: true });
const folder = mkdtempSync(join('dist', 'cli-test-'));
const built = join(folder, 'cli.js');
const start = (...argv: string[]) => spawnSync(process.execPath, [built, ...argv], { encoding: 'utf8' });

beforeAll(() => execFileSync(process.execPath, ['bin/build-cli.mjs', folder]));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the built file starts, and finds its version and pages', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(start('--version').stdout).toBe(`${version}\n`);
  expect(start('explain', 'vault-policy-lacks-source').stdout).toMatch(/^# /);
  expect(readFileSync(built, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('the built file ends with the exit code', () => {
  const path = fileOf(JSON.stringify({ event: eventOf() }));
  const done = start('diagnose', '--case', path, '--json');
  expect([done.status, done.stderr]).toEqual([0, '']);
  expect(JSON.parse(done.stdout)).toHaveProperty('causes');
  const wrong = start('diagnose', '--case', join(tmpdir(), 'no-such-case.json'));
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/^copy-doctor: [^\n]+no such file[^\n]+\n$/);
});

const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('what cannot be written is one line and exit code 1', () => {
  const stdio = ['ignore' as const, openSync('/dev/full', 'w'), 'pipe' as const];
  const full = spawnSync(process.execPath, [built, 'explain', 'vault-policy-lacks-source'], {
    encoding: 'utf8',
    stdio,
  });
  expect(full.stderr).toMatch(/^copy-doctor: the result could not be written to stdout \(ENOSPC[^\n]*\n$/);
  expect(full.status).toBe(1);
});

test('what needs no AWS loads no SDK', () => {
  const code = `process.argv.push('checks'); require(${JSON.stringify(join(process.cwd(), built))});
    process.on('exit', () => { if (Object.keys(require.cache).some((file) => file.includes('@aws-sdk'))) process.exitCode = 9; });`;
  expect(spawnSync(process.execPath, ['-e', code, 'x'], { encoding: 'utf8' }).status).toBe(0);
});

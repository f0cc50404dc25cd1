import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { destinationTemplate } from '../../lib/destination-template';
import { DESTINATION_TEMPLATE_FILE } from '../../lambda/core/destination-command';
import { EXAMPLE_SETTINGS } from '../../lib/synthesize';

const ROOT = resolve(__dirname, '../..');
const out = mkdtempSync(join(tmpdir(), 'copy-doctor-cdk-'));
const STACK_TRACE = /^\s+at .+[:(]\d+/m;

afterAll(() => rmSync(out, { recursive: true, force: true }));

/** A shell without AWS credentials. */
const shell = {
  PATH: process.env.PATH,
  HOME: out,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'eu-west-1',
  NO_COLOR: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
};

function run(command: string, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...shell, ...env },
  });
  return { status, text: stdout + stderr };
}

const cdk = (...args: string[]) => run('npx', ['--no-install', 'cdk', ...args, '--output', out]);

/** The app as the CLI starts it, without bundling. */
const app = (context: Record<string, unknown>, env: Record<string, string> = {}) =>
  run('node', ['--import', 'tsx', 'bin/app.ts'], {
    CDK_OUTDIR: out,
    CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
    ...env,
  });

const nagReports = () => JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8')).pluginReports;

test('cdk synth without settings says what is missing, without a stack trace', () => {
  const { status, text } = cdk('synth', '-q');
  expect(text).toContain('Setting email is missing. Allowed: e-mail addresses');
  expect(text).toContain('Setting destinations is missing. Allowed: ARNs of backup vaults');
  expect(text).not.toMatch(STACK_TRACE);
  expect(status).not.toBe(0);
});

test('cdk synth with the two settings that are required says nothing and needs no AWS', () => {
  const { status, text } = cdk(
    'synth',
    '-q',
    ...Object.entries(EXAMPLE_SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  );
  expect(text).toBe('');
  expect(status).toBe(0);
  for (const name of ['diagnose', 'remediate', 'approve']) {
    expect(readFileSync(join(ROOT, `dist/lambda/${name}/index.js`), 'utf8')).toContain('handler');
  }
});

test('cdk ls, and with it cdk destroy, work without settings and write the destination template', () => {
  rmSync(join(ROOT, DESTINATION_TEMPLATE_FILE), { force: true });
  const { status, text } = cdk('ls');
  expect(text).toContain('CopyDoctor (copy-doctor-eu-west-1)');
  expect(status).toBe(0);
  expect(JSON.parse(readFileSync(join(ROOT, DESTINATION_TEMPLATE_FILE), 'utf8'))).toEqual(destinationTemplate());
});

test.each([
  ['no account', {}],
  ['an account', { CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'eu-west-1' }],
])('cdk-nag finds nothing in the app with %s', (_, env) => {
  const { status, text } = app(EXAMPLE_SETTINGS, env);
  expect(text).toBe('');
  expect(status).toBe(0);
  expect(nagReports()).toEqual([]);
});

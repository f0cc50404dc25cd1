import { chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { DESTINATION, KEY_STATEMENTS, policyText, REGION, SOURCE } from '../core/evidence-fixture';
import { awsFixture, type AwsFixture } from './aws-fixture';
import { cli, expectOneLine, fileOf } from './cli-harness';

const [THIRD, MANAGEMENT] = ['333333333333', '999999999999'];
let aws: AwsFixture;
let jobId: string;

beforeEach(async () => {
  aws = await awsFixture();
  jobId = (await aws.copyTo(aws.dr.arn)).id;
  aws.sandbox.clearCalls();
});
afterEach(() => aws.close());

const asProd = ['--region', REGION, '--profile', 'prod'];
const causesOf = (stdout: string) => (JSON.parse(stdout) as { causes: { id: string; confidence: string }[] }).causes;
const callsTo = (account: string) => aws.sandbox.calls.filter((call) => call.account === account);

describe('diagnose <copy-job-id>', () => {
  test('proves the cause with credentials of both accounts', async () => {
    const { code, stdout, stderr } = await cli('diagnose', jobId, ...asProd, '--destination-profile', 'dr', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ copyJobId: jobId, scenario: jobId, injected: false });
    expect(causesOf(stdout)).toContainEqual({
      id: 'vault-policy-lacks-source',
      confidence: 'confirmed',
      fix: 'vault-policy',
    });
    expect(stderr).not.toMatch(/warning/);
  });

  test('tells it as the mail does', async () => {
    const { code, stdout } = await cli('diagnose', jobId, ...asProd, '--destination-profile', 'dr');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[Action\] Copy to dr failed: .+\n\nWHAT HAPPENED\n/);
    expect(stdout).toContain(jobId);
  });

  test('without credentials of the destination: says so, proves what it can, asks nothing there', async () => {
    const { code, stdout, stderr } = await cli('diagnose', jobId, ...asProd, '--json');
    expect(code).toBe(0);
    expect(stderr.match(/warning/g)).toHaveLength(1);
    expect(stderr).toMatch(/no credentials given for account 222222222222: add --destination-profile/);
    expect(stdout).toContain('CredentialsNotGiven');
    expect(callsTo(DESTINATION)).toEqual([]);
  });

  test('does not use credentials of a third account', async () => {
    const { code, stderr } = await cli('diagnose', jobId, ...asProd, '--destination-profile', 'stranger');
    expect(code).toBe(0);
    expect(stderr).toMatch(/destination credentials are of account 333333333333/);
    expect(new Set(callsTo('333333333333').map(({ service }) => service))).toEqual(new Set(['sts']));
  });

  test('a copy inside one account needs its credentials only', async () => {
    aws.role.policies = [];
    const local = await aws.copyTo(aws.local.arn);
    expect(local.state).toBe('FAILED');
    const { code, stderr, stdout } = await cli('diagnose', local.id, ...asProd, '--json');
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/warning/);
    expect(causesOf(stdout)[0]?.id).toBe('copy-role-lacks-permission');
  });

  test('assumes roles', async () => {
    const trust = (account: string) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
    });
    const reader = aws.sandbox.addRole({ account: DESTINATION, name: 'reader', trust: trust(SOURCE) });
    const own = aws.sandbox.addRole({ account: SOURCE, name: 'own', trust: trust('333333333333') });
    const one = await cli('diagnose', jobId, ...asProd, '--destination-role-arn', reader.arn, '--json');
    expect(causesOf(one.stdout)[0]).toMatchObject({ id: 'vault-policy-lacks-source', confidence: 'confirmed' });
    const roles = ['--source-role-arn', own.arn, '--destination-profile', 'dr'];
    const other = await cli('diagnose', jobId, '--region', REGION, '--profile', 'stranger', ...roles, '--json');
    expect(causesOf(other.stdout)).toEqual(causesOf(one.stdout));
    const refused = await cli('diagnose', jobId, ...asProd, '--source-role-arn', own.arn);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/\ncopy-doctor: [^\n]*AccessDenied[^\n]*\n$/);
    const notThere = await cli('diagnose', jobId, ...asProd, '--destination-role-arn', `${reader.arn}s`, '--json');
    expect(notThere.code).toBe(0);
    expect(notThere.stderr).toMatch(/warning: account 222222222222 is not read: .*AccessDenied/);
  });

  test('reads the key of a third account with --key-profile, and without it says what to add', async () => {
    const { owner, use } = KEY_STATEMENTS;
    const key = aws.sandbox.addKey({ account: THIRD, region: REGION, policy: policyText(owner, use) });
    const point = aws.sandbox.addRecoveryPoint({ vault: aws.prod, type: 'EBS', key });
    const allow = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${SOURCE}:root` }, Resource: '*' };
    aws.dr.policy = policyText({ ...allow, Action: 'backup:CopyIntoBackupVault' });
    const { id } = await aws.copyTo(aws.dr.arn, point);
    const argv = ['diagnose', id, ...asProd, '--destination-profile', 'dr'];
    const without = await cli(...argv);
    expect(without.stderr).toMatch(/account 333333333333 is not read: .*--key-profile or --key-role-arn\n/);
    expect(without.stdout).toMatch(
      / --account 111111111111 --profile prod --destination-profile DESTINATION --key-profile KEY$/m,
    );
    const read = await cli(...argv, '--key-profile', 'stranger', '--json');
    expect(read.stderr).not.toMatch(/warning/);
    expect(causesOf(read.stdout).map((cause) => cause.id)).toContain('source-key-policy-lacks-grants');
    const wrong = await cli(...argv, '--key-profile', 'management');
    expect(wrong.stderr).toMatch(/the key credentials are of account 999999999999, .* account 333333333333: add/);
  });

  test('asks the organization with --organization-profile, and nobody without it', async () => {
    const argv = ['diagnose', jobId, ...asProd, '--destination-profile', 'dr', '--json'];
    const openIn = (stdout: string) =>
      (JSON.parse(stdout) as { notCheckable: { id: string }[] }).notCheckable.map(({ id }) => id);
    const without = await cli(...argv);
    expect(openIn(without.stdout)).toContain('cross-account-backup-disabled');
    expect(callsTo(MANAGEMENT)).toEqual([]);
    const asked = await cli(...argv, '--organization-profile', 'management');
    expect(asked.stderr).not.toMatch(/warning/);
    expect(openIn(asked.stdout)).not.toContain('cross-account-backup-disabled');
    const operations = new Set(callsTo(MANAGEMENT).map(({ operation }) => operation));
    expect([...operations].sort()).toEqual(['DescribeAccount', 'DescribeGlobalSettings', 'GetCallerIdentity']);
    const unusable = await cli(...argv, '--organization-profile', 'nobody');
    expect(unusable.code).toBe(0);
    expect(unusable.stderr).toMatch(
      /warning: the organization is not asked: the organization credentials \(profile nobody/,
    );
  });

  test('finds the Region in the profile', async () => {
    expect((await cli('diagnose', jobId, '--profile', 'prod', '--destination-profile', 'dr')).code).toBe(0);
    const none = await cli('diagnose', jobId, '--profile', 'dr');
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/\ncopy-doctor: no Region: add --region/);
  });

  test('--account is held against the credentials', async () => {
    expect((await cli('diagnose', jobId, ...asProd, '--account', SOURCE)).code).toBe(0);
    const wrong = await cli('diagnose', jobId, ...asProd, '--account', DESTINATION);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/source credentials are of account 111111111111, not 222222222222/);
  });

  test('a job that is not there, or has not failed, is wrong input', async () => {
    const missing = await cli('diagnose', '00000000-0000-4000-8000-000000000000', ...asProd);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(
      /\ncopy-doctor: no copy job 0{8}\S+ in account 1{12}, Region eu-west-1: check [^\n]+ diagnose --last 7d --region eu-west-1 --profile prod`\n$/,
    );
    const fine = await aws.copyTo(aws.local.arn);
    expect(fine.state).toBe('COMPLETED');
    const completed = await cli('diagnose', fine.id, ...asProd);
    expect(completed.code).toBe(2);
    expect(completed.stderr).toMatch(/has not failed, its state is COMPLETED: the copy is there/);
  });

  test('what AWS or the network refuses is one line and exit code 1', async () => {
    const noProfile = await cli('diagnose', jobId, '--region', REGION, '--profile', 'nobody');
    expect(noProfile.code).toBe(1);
    expect(noProfile.stderr.trim().split('\n')).toHaveLength(2);
    expect(noProfile.stderr).toMatch(
      /CredentialsProviderError.*Next: profile nobody gives no credentials: check its name in \S+config and \S+/,
    );
    aws.sandbox.faults.add({
      service: 'backup',
      operation: 'DescribeCopyJob',
      error: { code: 'AccessDeniedException', message: 'not allowed', status: 403 },
    });
    const denied = await cli('diagnose', jobId, ...asProd);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toMatch(
      /\ncopy-doctor: backup:DescribeCopyJob of \S+ in account 1{12}.*AccessDeniedException[^\n]*\n$/,
    );
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
    const offline = await cli('diagnose', jobId, ...asProd);
    expect(offline.code).toBe(1);
    expect(offline.stderr).toMatch(/ECONNREFUSED.*check the network/);
  });

  test('--save-case saves what replays to the same diagnosis', async () => {
    const path = join(dirname(fileOf('')), 'saved.json');
    const argv = ['diagnose', jobId, ...asProd, '--destination-profile', 'dr', '--save-case', path];
    const live = await cli(...argv);
    expect(live.code).toBe(0);
    const saved = JSON.parse(readFileSync(path, 'utf8')) as object;
    const validate = addFormats(new Ajv()).compile(JSON.parse(readFileSync('docs/case.schema.json', 'utf8')) as object);
    expect(validate(saved) || validate.errors).toBe(true);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(await cli('diagnose', '--case', path)).toEqual({ code: 0, stdout: live.stdout, stderr: '' });
    // The event made from the record is the one that AWS sent, but for what only the sender knows.
    const sent = aws.sandbox.events.all.find(
      (event) => event.detail['copyJobId'] === jobId && event.detail['state'] === 'FAILED',
    );
    expect((saved as { event: { detail: object } }).event.detail).toMatchObject({
      copyJobId: jobId,
      state: 'FAILED',
      statusMessage: sent?.detail['statusMessage'],
      sourceBackupVaultArn: sent?.detail['sourceBackupVaultArn'],
    });
    chmodSync(path, 0o644);
    expect((await cli(...argv)).code).toBe(0);
    expect(statSync(path).mode & 0o077).toBe(0);
    const onFolder = await cli(...argv.slice(0, -1), dirname(path), '--json');
    expect([onFolder.code, onFolder.stdout]).toEqual([2, '']);
    expect(onFolder.stderr).toMatch(/\ncopy-doctor: the case could not be saved \((Error: )?EISDIR[^\n]+\n$/);
    const broken = fileOf(readFileSync(path, 'utf8').slice(0, 900));
    const ran = await cli('diagnose', '--case', broken);
    expect(ran.code).toBe(2);
    expectOneLine(ran, 'truncated');
  });
});

describe('diagnose --last', () => {
  test('a table first, then each diagnosis; shared reads are made once', async () => {
    const second = await aws.copyTo(aws.dr.arn);
    await aws.copyTo(aws.local.arn);
    aws.sandbox.clearCalls();
    const { code, stdout } = await cli('diagnose', '--last', '24h', ...asProd, '--destination-profile', 'dr');
    expect(code).toBe(0);
    const [heading, ...rows] = stdout.split('\n').slice(0, 4);
    expect(heading).toMatch(/^COPY JOB +RESOURCE +DESTINATION +FIRST CAUSE +CONFIDENCE$/);
    expect(
      rows
        .slice(0, 2)
        .map((row) => row.split(' ')[0])
        .sort(),
    ).toEqual([jobId, second.id].sort());
    expect(rows[0]).toMatch(/EBS .*dr 222222222222\/eu-west-1 +vault-policy-lacks-source.* confirmed$/);
    expect(rows[2]).toBe('');
    expect(stdout.match(/^WHAT HAPPENED$/gm)).toHaveLength(2);
    const policies = callsTo(DESTINATION).filter(({ operation }) => operation === 'GetBackupVaultAccessPolicy');
    expect(policies).toHaveLength(1);
    const json = await cli('diagnose', '--last', '24h', ...asProd, '--destination-profile', 'dr', '--json');
    const { results } = JSON.parse(json.stdout) as { results: { scenario: string; causes: object[] }[] };
    expect(results.map(({ scenario }) => scenario).sort()).toEqual([jobId, second.id].sort());
  });

  test('says when no copy failed', async () => {
    const asDr = ['--region', REGION, '--profile', 'dr'];
    const { code, stdout } = await cli('diagnose', '--last', '7d', ...asDr);
    expect([code, stdout]).toEqual([0, `No copy failed in the last 7d in account ${DESTINATION}, Region ${REGION}.\n`]);
    expect(JSON.parse((await cli('diagnose', '--last', '7d', ...asDr, '--json')).stdout)).toEqual({ results: [] });
  });
});

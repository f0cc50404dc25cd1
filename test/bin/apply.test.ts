import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tellNotApplied, type Told } from '../../bin/cli/apply-result';
import type { Io } from '../../bin/cli/run';
import { DESTINATION, DESTINATION_VAULT, REGION, SOURCE, SOURCE_KEY } from '../core/evidence-fixture';
import { keyWith, ownerOnly, vaultWith } from '../core/plan/fixture';
import { cli } from './cli-harness';
import {
  apply,
  AT,
  BEFORE,
  close,
  file,
  happens,
  nextIncident,
  open,
  OWNER,
  propose,
  puts,
  renew,
  t,
  typing,
  writes,
  yes,
} from './apply-fixture';

beforeAll(open);
afterAll(close);
beforeEach(renew);

describe('a vault policy', () => {
  test('is shown, asked for, saved, changed and read back; nothing is written in the hub', async () => {
    const plan = await propose();
    t.hub.sandbox.clearCalls();
    const argv = ['apply', t.id.toLowerCase(), ...OWNER, '--out', t.folder];
    const { code, stdout, stderr } = await typing(plan.hash.slice(0, 12), argv, () => {
      expect(readdirSync(t.folder)).toEqual([]);
      expect(puts()).toEqual([]);
    });
    expect([code, stderr.includes('unexpected')]).toEqual([0, false]);
    const screen = stdout.slice(0, stdout.indexOf('Changed:'));
    expect(screen).toMatch(/THE EXACT CHANGE {3}access policy of vault dr, account 2{12}\n/);
    expect(screen).toContain(`+      "Sid": "CopyDoctorAllowCopyFrom${SOURCE}"`);
    expect(`${screen}${stderr}`).not.toContain(plan.hash.slice(0, 12));
    expect(t.hub.dr.policy).toBe(JSON.stringify(plan.after));
    expect(readFileSync(file(), 'utf8')).toBe(BEFORE);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const undo = `aws backup put-backup-vault-access-policy --region ${REGION} --backup-vault-name dr --policy file://${file()} --profile dr`;
    expect(stdout).toContain(`  As it was   ${file()}\n  To undo     ${undo}\n`);
    // Known before the change, too.
    expect(stderr.indexOf(undo)).toBeLessThan(stderr.indexOf('Changing the policy'));
    expect(stdout).toContain('The deployment sees the change by itself within about 10 minutes');
    expect(stdout).toMatch(
      /To start that copy yourself in a minute, with credentials of account 1{12}:\n {2}aws backup start-copy-job --recovery-point-arn/,
    );
    expect(writes().map(({ operation, account }) => [operation, account])).toEqual([
      ['PutBackupVaultAccessPolicy', DESTINATION],
    ]);
    expect(await t.hub.decisions()).toEqual([]);
  });

  test('is made where there is none, and the command that deletes it is told', async () => {
    t.hub.dr.policy = undefined;
    const plan = await propose(vaultWith([]));
    const { code, stdout } = await apply(plan);
    expect(code).toBe(0);
    expect(t.hub.dr.policy).toBe(JSON.stringify(plan.after));
    expect(stdout).toContain(
      `To undo     aws backup delete-backup-vault-access-policy --region ${REGION} --backup-vault-name dr --profile dr\n`,
    );
    const note = JSON.parse(readFileSync(file(), 'utf8')) as object;
    expect(note).toEqual({ resource: DESTINATION_VAULT, policy: null, readAt: expect.stringMatching(/Z$/) });
  });

  test('that is there already is left, and that is told', async () => {
    const plan = await propose();
    t.hub.dr.policy = JSON.stringify(plan.after);
    const { code, stdout } = await apply(plan);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing to change: the change is in place already\.\n/);
    expect(puts()).toEqual([]);
    expect(readdirSync(t.folder)).toEqual([]);
  });

  test('with --json only JSON is on stdout', async () => {
    const plan = await propose();
    const { code, stdout } = await cli('apply', t.id, ...OWNER, ...yes(plan), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      incident: t.id,
      outcome: 'applied',
      changed: true,
      resource: DESTINATION_VAULT,
      owner: DESTINATION,
      planHash: plan.hash,
      requestId: expect.any(String),
      before: file(),
      undo: expect.stringMatching(/^aws backup put-/),
      copyAtOnce: expect.stringMatching(/^aws backup start-copy-job /),
    });
  });

  test('whose answer was lost is read back', async () => {
    const plan = await propose();
    t.hub.sandbox.faults.add({ service: 'backup', operation: 'PutBackupVaultAccessPolicy', lostAnswer: true });
    const { code, stdout } = await apply(plan);
    expect(code).toBe(0);
    expect(stdout).toContain('Read back   it is as planned\n');
    expect(puts()).toHaveLength(1);
  });
});

test('a key policy is changed by its owner, without bypassing the check of KMS', async () => {
  const plan = await propose(keyWith(ownerOnly));
  const { code, stdout } = await apply(plan, ...AT, '--profile', 'prod');
  expect(code).toBe(0);
  expect(t.key.policy).toBe(JSON.stringify(plan.after));
  expect(puts().map(({ operation, input }) => [operation, 'BypassPolicyLockoutSafetyCheck' in input])).toEqual([
    ['PutKeyPolicy', false],
  ]);
  expect(stdout).toContain(
    `To undo     aws kms put-key-policy --region ${REGION} --key-id ${SOURCE_KEY} --policy-name default --policy file://${file()} --profile prod\n`,
  );
  expect(stdout).toContain('To start that copy yourself in 5 minutes, with credentials of account');
});

test('an approved incident may be applied, and a reported one that has a plan', async () => {
  let plan = await propose();
  const decision = {
    incident: t.id,
    revision: 1,
    planHash: plan.hash,
    by: 'arn:aws:iam::1:user/x',
    at: t.hub.hoursAgo(1),
  };
  await happens({ kind: 'decided', at: t.hub.hoursAgo(1), decision: { ...decision, decision: 'approved' } });
  expect((await apply(plan)).code).toBe(0);
  nextIncident();
  plan = await propose(undefined, { ask: false });
  const { code, stdout } = await apply(plan);
  expect(code).toBe(0);
  expect(stdout).toContain('The deployment says by mail when the copies have succeeded.');
});

test('what the deployment could not change, its owner may; where copies are started again, nobody has to', async () => {
  const plan = await propose();
  await t.hub.become(t.id, { state: 'refused', because: 'An SCP says no.', retry: 'auto' });
  const { code, stdout } = await apply(plan);
  expect(code).toBe(0);
  expect(stdout).toContain(
    'Once it has settled, Copy Doctor starts the failed copies again: one first, then the others.',
  );
  expect(stdout).not.toContain('start-copy-job');
});

describe('what a template owns', () => {
  const owned = async () => {
    const plan = await propose();
    const template = { stack: 'vaults', logicalId: 'Dr' };
    await happens({ kind: 'told', at: t.hub.hoursAgo(1), telling: 'opened', template });
    return plan;
  };

  test('is not changed; the template is', async () => {
    const { code, stdout, stderr } = await apply(await owned());
    expect([code, puts().length, t.hub.dr.policy]).toEqual([1, 0, BEFORE]);
    expect(stdout).toMatch(
      /^The CloudFormation stack vaults owns arn:\S+:dr, there called Dr\. A change made directly is lost when/,
    );
    expect(stdout).toContain('Properties:\n  AccessPolicy:\n');
    expect(stderr).toMatch(/not changed: the CloudFormation stack vaults owns /);
    // Whoever typed this can go on with it.
    const again = `apply ${t.id} ${AT.join(' ')} --profile dr --hub-profile prod --even-though-a-template-owns-it`;
    expect(stderr).toContain(` Or change it all the same: npx --no-install copy-doctor ${again}\n`);
  });

  test('is changed when the person says so', async () => {
    const plan = await owned();
    const { code } = await cli('apply', t.id, ...OWNER, ...yes(plan), '--even-though-a-template-owns-it');
    expect([code, t.hub.dr.policy]).toEqual([0, JSON.stringify(plan.after)]);
  });
});

describe('the file of the policy as it was', () => {
  test('is never written over', async () => {
    const plan = await propose();
    writeFileSync(file(), 'another policy');
    mkdirSync(file('-2'));
    expect((await apply(plan)).code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toBe('another policy');
    expect(readFileSync(file('-3'), 'utf8')).toBe(BEFORE);
    t.hub.dr.policy = BEFORE;
    expect((await apply(plan)).code).toBe(0);
    expect(readdirSync(t.folder)).toHaveLength(3);
  });
});

test('what is not known is not called unchanged', () => {
  const told = { shown: { incident: { id: 'A' } }, plan: {}, hub: {}, json: false, kept: {} } as unknown as Told;
  const io: Io = { stdout: { write: () => true }, stderr: { write: () => true } };
  const tell = () => tellNotApplied(io, told, { outcome: 'not-seen', reason: 'It is not known yet.' });
  expect(tell).toThrow(expect.objectContaining({ message: 'It is not known yet.', exitCode: 1 }));
});

test('the help says what it does', async () => {
  const { code, stdout } = await cli('apply', '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/--even-though-a-template-owns-it/);
});

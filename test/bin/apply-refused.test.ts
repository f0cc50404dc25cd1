import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncidentState } from '../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../lambda/core/incident/incident-event';
import type { Statement } from '../../lambda/core/policy/policy';
import { policyText } from '../core/evidence-fixture';
import { AUDIT, KEEP } from '../core/plan/fixture';
import { cli } from './cli-harness';
import {
  apply,
  AT,
  BEFORE,
  close,
  expectNotChanged,
  file,
  happens,
  open,
  OWNER,
  propose,
  puts,
  renew,
  t,
  typing,
  yes,
} from './apply-fixture';

beforeAll(open);
afterAll(close);
beforeEach(renew);

describe('nothing is changed', () => {
  test('when the policy is another one; what would be changed now is shown', async () => {
    const plan = await propose();
    t.hub.dr.policy = policyText(KEEP);
    const { code, stdout, stderr } = await apply(plan);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^What would be changed in the policy of now:\n\n--- policy as read\n/);
    expect(stderr).toMatch(
      /copy-doctor: not changed: The policy is no longer the one that was shown.* mails a new plan, or why there is none\. Next: npx --no-install copy-doctor show \w+ --region eu-west-1 --account 1{12} --profile prod\n$/,
    );
    expect(t.hub.dr.policy).toBe(policyText(KEEP));
    expect(puts()).toEqual([]);
  });

  test('when it is changed while it is shown', async () => {
    const plan = await propose();
    const other = policyText(KEEP, AUDIT);
    const argv = ['apply', t.id, ...OWNER, '--out', t.folder];
    const { code, stderr } = await typing(plan.hash, argv, () => (t.hub.dr.policy = other));
    expect(code).toBe(1);
    expect(stderr).toMatch(/copy-doctor: not changed: The policy is no longer the one that was shown/);
    expect([t.hub.dr.policy, readdirSync(t.folder)]).toEqual([other, []]);
  });

  test('when a Deny has come', async () => {
    const plan = await propose();
    const deny = { ...AUDIT, Sid: 'Nobody', Effect: 'Deny', Principal: '*' };
    t.hub.dr.policy = policyText(AUDIT, KEEP, deny);
    const { code, stderr } = await apply(plan);
    expect([code, puts().length]).toEqual([1, 0]);
    expect(stderr).toMatch(/not changed: In the policy of .*"Nobody" .*denies the copy/);
  });

  test('with credentials of another account: both are named', async () => {
    const plan = await propose();
    const { code, stdout, stderr } = await apply(plan, ...AT, '--profile', 'prod');
    expect([code, stdout, puts().length]).toEqual([2, '', 0]);
    expect(stderr).toMatch(
      /copy-doctor: not changed: your credentials \(profile prod\) are of account 1{12}, and account 2{12} owns arn:\S+:dr: give a profile of account 2{12}/,
    );
  });

  test('with another hash, or none that counts', async () => {
    const plan = await propose();
    const other = await cli('apply', t.id, ...OWNER, '--plan', 'abcdefabcdef', '--yes');
    expectNotChanged(other, /another plan than --plan abcdefabcdef/);
    const typed = await typing('abcdefabcdef', ['apply', t.id, ...OWNER, '--out', t.folder]).catch(() => undefined);
    expect(typed?.code).toBe(2);
    expect(typed?.stderr).toMatch(/nothing was done\n$/);
    for (const argv of [['--yes'], ['--plan', plan.hash], ['--plan', 'short', '--yes'], []]) {
      const ran = await cli('apply', t.id, ...OWNER, ...argv);
      expect([ran.code, ran.stdout]).toEqual([2, '']);
    }
    expect([t.hub.dr.policy, puts().length]).toEqual([BEFORE, 0]);
  });

  let hash = '';
  test.each<[string, () => IncidentEvent, RegExp]>([
    [
      'rejected',
      () => ({
        kind: 'decided',
        at: t.hub.hoursAgo(1),
        decision: { incident: t.id, revision: 1, planHash: hash, decision: 'rejected', by: 'x', at: t.hub.hoursAgo(1) },
      }),
      /was rejected; the next failure/,
    ],
    ['stale', () => ({ kind: 'looked', at: t.hub.hoursAgo(1), policy: 'changed', listed: false }), /is stale/],
    [
      'settling',
      () => ({ kind: 'looked', at: t.hub.hoursAgo(1), policy: 'in-place', listed: false }),
      /in place already/,
    ],
    [
      'resolved',
      () => ({ kind: 'looked', at: t.hub.hoursAgo(1), policy: 'unknown', listed: true, open: 0 }),
      /is over/,
    ],
  ])('in the state %s', async (_, event, why) => {
    const plan = await propose();
    hash = plan.hash;
    await happens(event());
    expectNotChanged(await apply(plan), why, /Next: npx --no-install copy-doctor show /);
  });

  test.each<[IncidentState, RegExp]>([
    ['applying', /is being made by the deployment now/],
    ['canary', /in place already, and one copy is tried now/],
    ['retrying', /in place already, and the copies are tried again/],
    ['applied', /in place already\. Next/],
    ['reopened', /fail for another cause/],
    ['not-cured', /did not help/],
    ['rollback-proposed', /taking it back waits for a decision/],
    ['rollback-approved', /is being taken back/],
    ['rolled-back', /was taken back; the next failure/],
    ['expired', /expired without a decision/],
    ['waiting', /passes by itself/],
  ])('in the state %s, too', async (state, why) => {
    const plan = await propose();
    await t.hub.become(t.id, { state });
    expectNotChanged(await apply(plan), why);
  });

  test('where there is no plan', async () => {
    const plan = await propose(undefined, { planHash: undefined, refused: 'A Deny\u001b[31m has come.', ask: false });
    expectNotChanged(await apply(plan), /has no plan: A Deny\[31m has come\. Next/);
  });

  test('where the plan in the table is not the one of its hash', async () => {
    const wide = { ...AUDIT, Principal: '*' } as unknown as Statement;
    const plan = await propose(undefined, {}, (one) => ({ ...one, after: { ...one.after, Statement: [wide] } }));
    expectNotChanged(await apply(plan), /not the one that its hash names/);
    expect(puts()).toEqual([]);
  });

  test('where the policy as it was cannot be saved', async () => {
    const plan = await propose();
    const ran = await cli('apply', t.id, ...OWNER, '--plan', plan.hash, '--yes', '--out', join(t.folder, 'none'));
    expectNotChanged(ran, /cannot be kept in .*ENOENT.*--out/);
    expect(puts()).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ['the caller may not', 'AccessDeniedException', 'not authorized', /The caller may not call backup:Put/],
    ['an SCP says no', 'AccessDeniedException', 'with an explicit deny in a service control policy', /\(SCP\)/],
    ['an RCP says no', 'AccessDeniedException', 'with an explicit deny in a resource control policy', /\(RCP\)/],
    ['a principal is gone', 'InvalidParameterValueException', 'one or more invalid principals', /does not exist/],
    ['it is too long', 'LimitExceededException', 'too long', /larger than AWS takes/],
  ])('when AWS refuses: %s', async (_, code, message, why) => {
    const plan = await propose();
    t.hub.sandbox.faults.add({
      service: 'backup',
      operation: 'PutBackupVaultAccessPolicy',
      error: { code, message, status: 400 },
    });
    expectNotChanged(await apply(plan), why);
    expect(readFileSync(file(), 'utf8')).toBe(BEFORE);
  });

  test('when AWS refuses, with --json', async () => {
    const plan = await propose();
    t.hub.sandbox.faults.add({
      service: 'backup',
      operation: 'GetBackupVaultAccessPolicy',
      error: { code: 'AccessDeniedException', message: 'no', status: 403 },
    });
    const { code, stdout } = await cli('apply', t.id, ...OWNER, ...yes(plan), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'refused',
      changed: false,
      reason: expect.stringContaining('cannot be read'),
    });
  });
});

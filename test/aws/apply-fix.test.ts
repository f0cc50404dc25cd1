import { applyFix, type ApplyRequest, type ApplyResult } from '../../lambda/aws/apply-fix';
import { sameDocument } from '../../lambda/core/plan/normal-form';
import type { Plan, PlanKind } from '../../lambda/core/plan/plan';
import { planAgain, withLivePolicy } from '../../lambda/core/plan/plan-again';
import type { PolicyDocument } from '../../lambda/core/policy/policy';
import { DESTINATION, DESTINATION_VAULT, policyText, REGION, SOURCE, SOURCE_KEY } from '../core/evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, planFor, THIRD, vaultWith } from '../core/plan/fixture';
import { startSandbox, type Sandbox } from '../sandbox';

const SETTINGS = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' as const };
const BEFORE: Readonly<Record<PlanKind, string>> = {
  'vault-policy': policyText(AUDIT),
  'key-policy': policyText(...ownerOnly),
};
const EVIDENCE = { 'vault-policy': vaultWith([AUDIT]), 'key-policy': keyWith(ownerOnly) };
const PUT = { 'vault-policy': 'PutBackupVaultAccessPolicy', 'key-policy': 'PutKeyPolicy' };
const GET = { 'vault-policy': 'GetBackupVaultAccessPolicy', 'key-policy': 'GetKeyPolicy' };
const SERVICE = { 'vault-policy': 'backup', 'key-policy': 'kms' };

let sandbox: Sandbox;
let restore: () => void;
/** The policy that is there. */
let policy: Record<PlanKind, { get(): string | undefined; set(text: string | undefined): void }>;
let slept: number;

beforeEach(async () => {
  sandbox = await startSandbox({ now: '2026-06-01T10:00:00Z' });
  for (const id of [SOURCE, DESTINATION, THIRD]) sandbox.addAccount({ id });
  const vault = sandbox.addVault({
    account: DESTINATION,
    region: REGION,
    name: 'dr',
    key: sandbox.addKey({ account: DESTINATION, region: REGION }),
    policy: BEFORE['vault-policy'],
  });
  const id = SOURCE_KEY.split('/').at(-1) ?? '';
  const key = sandbox.addKey({ account: SOURCE, region: REGION, id, policy: BEFORE['key-policy'] });
  policy = {
    'vault-policy': { get: () => vault.policy, set: (text) => (vault.policy = text) },
    'key-policy': { get: () => key.policy, set: (text) => (key.policy = text ?? '') },
  };
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  process.env['AWS_ENDPOINT_URL'] = sandbox.endpoint;
  restore = () => {
    if (endpoint === undefined) Reflect.deleteProperty(process.env, 'AWS_ENDPOINT_URL');
    else process.env['AWS_ENDPOINT_URL'] = endpoint;
  };
  slept = 0;
});
afterEach(async () => {
  restore();
  await sandbox.close();
});

/** Applies what was planned; what is written can only be the plan of this moment. */
function apply(kind: PlanKind, more: Partial<ApplyRequest> = {}): Promise<ApplyResult> {
  const plan = planFor(EVIDENCE[kind], SETTINGS);
  return applyFix({
    plan,
    expectedHash: plan.hash,
    replan: (live) => planAgain(withLivePolicy(EVIDENCE[kind], kind, plan.resource, live), plan, SETTINGS),
    credentials: sandbox.credentials(plan.owner),
    sleep: (milliseconds) => Promise.resolve((slept += milliseconds)),
    ...more,
  });
}
const planned = (kind: PlanKind): Plan => planFor(EVIDENCE[kind], SETTINGS);
const puts = () => sandbox.calls.filter(({ operation }) => operation.startsWith('Put'));
const refuse = (kind: PlanKind, code: string, message: string, more: { status?: number; times?: number } = {}) =>
  sandbox.faults.add({
    service: SERVICE[kind],
    operation: PUT[kind],
    error: { code, message, ...(more.status ? { status: more.status } : {}) },
    ...(more.times ? { times: more.times } : {}),
  });
function expectUnchanged(kind: PlanKind, result: ApplyResult, outcome: ApplyResult['outcome'], ...words: RegExp[]) {
  expect(result.outcome).toBe(outcome);
  const told = [result.reason, result.next].filter(Boolean).join(' ');
  for (const word of words) expect(told).toMatch(word);
  expect(policy[kind].get()).toBe(BEFORE[kind]);
}

describe.each<PlanKind>(['vault-policy', 'key-policy'])('a %s', (kind) => {
  it('is written as planned: what was read, with our statements behind it', async () => {
    const kept: (string | null)[] = [];
    const keep = async (before: string | null) => {
      expect(puts()).toEqual([]);
      kept.push(before);
    };
    const result = await apply(kind, { keep });
    expect(result).toEqual({ outcome: 'applied', before: BEFORE[kind], requestId: expect.any(String) });
    expect(kept).toEqual([BEFORE[kind]]);
    expect(policy[kind].get()).toBe(JSON.stringify(planned(kind).after));
    expect(puts()).toHaveLength(1);
    expect(puts()[0]?.input).not.toHaveProperty('BypassPolicyLockoutSafetyCheck');
    expect(slept).toBe(0);
  });

  it('is left when the change is there already', async () => {
    const { after } = planned(kind);
    policy[kind].set(JSON.stringify({ ...after, Statement: [...after.Statement].reverse() }));
    expect(await apply(kind)).toMatchObject({ outcome: 'already-there' });
    expect(puts()).toEqual([]);
  });

  it('is left when it is no longer the one that was shown', async () => {
    const changed = policyText(...(JSON.parse(BEFORE[kind]) as PolicyDocument).Statement, {
      ...ownerOnly[0],
      Sid: 'New',
    });
    policy[kind].set(kind === 'vault-policy' ? policyText(AUDIT, KEEP) : changed);
    const result = await apply(kind);
    expect(result).toMatchObject({ outcome: 'stale', before: policy[kind].get() });
    expect(puts()).toEqual([]);
  });

  it('is left when another hash was decided on', async () => {
    expectUnchanged(kind, await apply(kind, { expectedHash: planned(kind).hash.replace(/^./, 'x') }), 'stale');
    expect(puts()).toEqual([]);
  });

  it('is left when it changes between the first look and the call', async () => {
    const other = policyText(...ownerOnly, KEEP);
    const result = await apply(kind, { keep: async () => policy[kind].set(other) });
    expect(result).toMatchObject({ outcome: 'stale', before: BEFORE[kind], reason: expect.stringMatching(/moment/) });
    expect(policy[kind].get()).toBe(other);
    expect(puts()).toEqual([]);
  });

  it('is left when what it was cannot be kept', async () => {
    const keep = () => Promise.reject(new Error('the disk is full'));
    await expect(apply(kind, { keep })).rejects.toThrow('the disk is full');
    expect(policy[kind].get()).toBe(BEFORE[kind]);
  });

  it('is left when it cannot be read', async () => {
    sandbox.faults.add({
      service: SERVICE[kind],
      operation: GET[kind],
      error: { code: 'AccessDeniedException', message: 'no', status: 403 },
    });
    expectUnchanged(kind, await apply(kind), 'refused', /cannot be read/, /Use a role of account \d{12} that may call/);
  });

  it('is not written with credentials of another account', async () => {
    // A vault is named without its account: this one would be another account's.
    sandbox.addVault({ account: THIRD, region: REGION, name: 'dr', policy: BEFORE['vault-policy'] });
    const result = await apply(kind, { credentials: sandbox.credentials(THIRD) });
    expectUnchanged(kind, result, 'refused', /credentials are of account 3{12}, and account \d{12} owns/);
    expect(puts()).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'the caller may not',
      'AccessDeniedException',
      'User: arn:aws:iam::222222222222:user/x is not authorized to perform: a:B on resource: c because no identity-based policy allows the a:B action',
      /^The caller may not call .*Put/,
    ],
    [
      'the caller may not, and AWS says no more',
      'AccessDeniedException',
      'Insufficient privileges',
      /^The caller may not/,
    ],
    ['an SCP', 'AccessDeniedException', 'with an explicit deny in a service control policy', /\(SCP\)/],
    ['an RCP', 'AccessDeniedException', 'with an explicit deny in a resource control policy', /\(RCP\)/],
    ['itself', 'AccessDeniedException', 'with an explicit deny in a resource-based policy', /itself denies/],
    ['a boundary', 'AccessDeniedException', 'with an explicit deny in a permissions boundary', /permissions boundary/],
    ['a session policy', 'AccessDeniedException', 'because no session policy allows the action', /session policy/],
    [
      'another policy',
      'AccessDeniedException',
      'with an explicit deny in an identity-based policy',
      /policy of the caller/,
    ],
    [
      'a principal that is gone',
      'MalformedPolicyDocumentException',
      'Policy contains a statement with one or more invalid principals.',
      /principal in the policy does not exist.*create-service-linked-role/,
    ],
    ['the size', 'LimitExceededException', 'The policy is too long.', /larger than AWS takes/],
    ['expired credentials', 'ExpiredTokenException', 'The security token is expired', /credentials cannot be used/],
    ['something new', 'BrandNewException', 'Something else.', /AWS refused .*BrandNewException: Something else\./],
  ])('is left when AWS refuses: %s', async (_, code, message, reason) => {
    refuse(kind, code, message, { status: 400 });
    expectUnchanged(kind, await apply(kind), 'refused', reason, new RegExp(code));
    expect(puts()).toHaveLength(1);
    expect(slept).toBe(0);
  });

  it('is tried again while AWS throttles, and left when that does not end', async () => {
    refuse(kind, 'ThrottlingException', 'Rate exceeded', { status: 400, times: 2 });
    expect(await apply(kind)).toMatchObject({ outcome: 'applied' });
    expect([puts().length, slept]).toEqual([3, 3_000]);
    policy[kind].set(BEFORE[kind]);
    sandbox.clearCalls();
    refuse(kind, 'ThrottlingException', 'Rate exceeded', { status: 400 });
    expectUnchanged(kind, await apply(kind), 'refused', /no more calls for now/);
    expect(puts()).toHaveLength(5);
  });

  it('is seen by reading back when the answer was lost', async () => {
    sandbox.faults.add({ service: SERVICE[kind], operation: PUT[kind], lostAnswer: true });
    const result = await apply(kind);
    expect(result).toMatchObject({ outcome: 'applied', before: BEFORE[kind] });
    expect(result.requestId).toBeUndefined();
    // Not a second time: it could write over what somebody else wrote in between.
    expect(puts()).toHaveLength(1);
    expect(sameDocument(JSON.parse(policy[kind].get() ?? ''), planned(kind).after, 'aws')).toBe(true);
  });

  it('is not known to be changed when AWS failed half-way and nothing is seen', async () => {
    refuse(kind, 'InternalFailure', 'oops', { status: 500 });
    const result = await apply(kind);
    expect(result).toMatchObject({ outcome: 'not-seen', before: BEFORE[kind] });
    expect(result.reason).toMatch(/not known yet .* still as it was\. Look in a few minutes: aws (backup|kms) get-/);
    expect([puts().length, slept]).toEqual([1, 60_000]);
  });

  it('is waited for when it is seen after 40 s', async () => {
    refuse(kind, 'InternalFailure', 'oops', { status: 500 });
    const sleep = async (milliseconds: number) => {
      slept += milliseconds;
      if (slept >= 40_000) policy[kind].set(JSON.stringify(planned(kind).after));
    };
    expect(await apply(kind, { sleep })).toMatchObject({ outcome: 'applied', before: BEFORE[kind] });
    expect(slept).toBeGreaterThanOrEqual(40_000);
    expect(slept).toBeLessThan(60_000);
  });

  it('is not known to be there when somebody else changes it too, or it cannot be read back', async () => {
    const other = policyText(...ownerOnly, KEEP);
    const sleep = async (milliseconds: number) => {
      slept += milliseconds;
      policy[kind].set(other);
    };
    refuse(kind, 'InternalFailure', 'oops', { status: 500 });
    expect(await apply(kind, { sleep })).toMatchObject({
      outcome: 'not-seen',
      reason: expect.stringMatching(/neither as it was nor as planned/),
    });
  });
});

it('makes a vault policy where there is none, and says that there was none', async () => {
  policy['vault-policy'].set(undefined);
  const evidence = vaultWith([]);
  const plan = planFor(evidence, SETTINGS);
  const replan: ApplyRequest['replan'] = (live) =>
    planAgain(withLivePolicy(evidence, plan.kind, plan.resource, live), plan, SETTINGS);
  const result = await apply('vault-policy', { plan, expectedHash: plan.hash, replan });
  expect(result).toMatchObject({ outcome: 'applied', before: null });
  expect(policy['vault-policy'].get()).toBe(JSON.stringify(plan.after));
});

it('never bypasses the lockout check of KMS, and says what it means', async () => {
  const locking = policyText(...ownerOnly);
  refuse(
    'key-policy',
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
    { status: 400 },
  );
  const result = await apply('key-policy');
  expectUnchanged('key-policy', result, 'refused', /could not change the policy .* again.*never bypassed/);
  expect(policy['key-policy'].get()).toBe(locking);
});

it('says that a vault is gone', async () => {
  refuse('vault-policy', 'ResourceNotFoundException', 'Backup vault dr does not exist', { status: 400 });
  expectUnchanged('vault-policy', await apply('vault-policy'), 'refused', /There is no vault dr in account 2{12}/);
});

it('says what AWS Backup means by sharing restrictions', async () => {
  refuse(
    'vault-policy',
    'AccessDeniedException',
    'The specified policy cannot be added to the vault due to cross-account sharing restrictions.',
    { status: 403 },
  );
  expectUnchanged(
    'vault-policy',
    await apply('vault-policy'),
    'refused',
    /old statement of vault dr gives other accounts/,
  );
});

it('does nothing when the plan of now is refused', async () => {
  const replan = () => ({ outcome: 'refused', reason: 'A Deny has come.' }) as const;
  expectUnchanged('vault-policy', await apply('vault-policy', { replan }), 'refused', /^A Deny has come\.$/);
  expect(puts()).toEqual([]);
});

it('does nothing when the plan of now is about something else', async () => {
  const plan = planned('vault-policy');
  const replan = () => ({ outcome: 'planned', plan: { ...plan, resource: `${DESTINATION_VAULT}-2` } }) as const;
  expectUnchanged('vault-policy', await apply('vault-policy', { replan }), 'stale');
});

import { KEYS } from '../../lambda/aws/incident-items';
import { planRollbackNow } from '../../lambda/aws/rollback';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { applyHub, AUDIT, JANE, THIRD } from './apply-change-fixture';
import { allowFrom, HOUR, MINUTE, policyOf } from './remediate-fixture';
import { ADDED, BOTH, rollbackSteps } from './rollback-fixture';

const on = applyHub();
const { head, putDecision, forge, refuse, puts, taken } = on;
const { changed, ask, decide, decided, back } = rollbackSteps(on);

it('is planned, shown, decided, done once, by a session that names who decided', async () => {
  const asked = await ask(await changed());
  expect(asked).toMatchObject({
    state: 'rollback-proposed',
    tell: 'rollback-proposed',
    rollback: { from: 'applied', requestedBy: JANE, planHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect([on.vault.policy, puts()]).toEqual([BOTH, []]);
  const { planHash = '' } = asked.rollback ?? {};
  const shown = await on.deployed.incidents.plan(asked.id, 1, planHash);
  expect(shown).toMatchObject({ hash: planHash, removed: [ADDED], added: [] });
  expect(shown?.warnings).toEqual([expect.stringMatching(/^No copy of account 1{12}/)]);

  const after = await back(await decide(asked));
  expect(after).toMatchObject({
    state: 'rolled-back',
    tell: 'rolled-back',
    rollback: { requestId: expect.any(String) },
  });
  expect(after.change).toBeUndefined();
  expect(on.vault.policy).toBe(policyOf(AUDIT));
  expect(puts()).toHaveLength(1);
  expect(taken()).toMatchObject([
    { input: { RoleSessionName: `${asked.id}-1`, SourceIdentity: expect.stringMatching(/jane@example\.com$/) } },
  ]);
  expect(await back(after)).toEqual(after);
  expect(puts()).toHaveLength(1);
});

it('says how many copies since may rely on it', async () => {
  const incident = await changed();
  await on.deployed.copy(on.vault);
  await on.deployed.copy(on.vault);
  const asked = await ask(incident);
  const shown = await on.deployed.incidents.plan(asked.id, 1, asked.rollback?.planHash ?? '');
  expect(shown?.warnings).toEqual([expect.stringMatching(/^2 copies of account 1{12} into .* may rely on this/)]);
});

it('says so when those copies cannot be listed', async () => {
  const incident = await changed();
  const none = { ...on.services(), completed: () => Promise.resolve(undefined) };
  await putDecision(incident, { about: 'rollback-request', planHash: '' });
  const request = await on.deployed.incidents.rollbackRequest(incident.id, 1);
  await planRollbackNow(incident, request as Decision, none);
  const { rollback } = await head(incident.id);
  const shown = await on.deployed.incidents.plan(incident.id, 1, rollback?.planHash ?? '');
  expect(shown?.warnings).toEqual([expect.stringMatching(/cannot be told/)]);
});

describe('is not planned', () => {
  it.each<[string, string | undefined, RegExp]>([
    [
      'ours was changed',
      policyOf(AUDIT, { ...ADDED, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      /was changed/,
    ],
    ['ours was renamed', policyOf(AUDIT, { ...ADDED, Sid: 'Theirs' }), /was renamed/],
    ['ours was removed', policyOf(AUDIT), /no longer in the policy/],
    ['the policy was deleted', undefined, /no longer in the policy/],
    ['ours is the only one left', policyOf(ADDED), /delete-backup-vault-access-policy/],
  ])('where %s', async (_, policy, because) => {
    const incident = await changed();
    on.vault.policy = policy;
    const after = await ask(incident);
    expect(after).toMatchObject({
      state: 'applied',
      tell: 'rollback-refused',
      because: expect.stringMatching(because),
    });
    expect(after.rollback?.planHash).toBeUndefined();
    expect([on.vault.policy, puts()]).toEqual([policy, []]);
  });

  it('where the policy cannot be read; what passes by itself comes again', async () => {
    const incident = await changed();
    refuse('GetBackupVaultAccessPolicy', 'AccessDeniedException', 'no', 403);
    expect(await ask(incident)).toMatchObject({
      tell: 'rollback-refused',
      because: expect.stringMatching(/cannot be read/),
    });
    on.hub.sandbox.faults.clear();
    refuse('GetBackupVaultAccessPolicy', 'ThrottlingException', 'slow');
    await on.hub.sandbox.clock.advance(MINUTE);
    const before = await head(incident.id);
    await expect(ask(before)).rejects.toThrow(/Throttling/);
    expect(await head(incident.id)).toEqual(before);
  });

  it.each<[string, (incident: Incident) => Promise<unknown>, RegExp]>([
    [
      'altered',
      async ({ id, planHash = '' }) => alter(id, planHash),
      /not the one that was decided on|not a change that/,
    ],
    [
      'replaced, with HEAD',
      async (incident) => {
        const { id, planHash = '' } = incident;
        const plan = await on.deployed.incidents.plan(id, 1, planHash);
        const hash = 'e'.repeat(64);
        await on.deployed.forge(KEYS.plan(id, 1, hash), { plan: JSON.stringify({ ...plan, hash }) });
        await forge(incident, { planHash: hash });
      },
      /not the one that was decided on/,
    ],
  ])('where the kept plan was %s', async (_, change, because) => {
    const incident = await changed();
    await change(incident);
    const after = await ask(await head(incident.id));
    expect(after).toMatchObject({
      state: 'applied',
      tell: 'rollback-refused',
      because: expect.stringMatching(because),
    });
    expect(puts()).toEqual([]);
  });
  const alter = async (id: string, planHash: string) => {
    const plan = await on.deployed.incidents.plan(id, 1, planHash);
    const after = { Version: '2012-10-17', Statement: [ADDED, AUDIT] };
    await on.deployed.forge(KEYS.plan(id, 1, planHash), { plan: JSON.stringify({ ...plan, after }) });
  };
});

describe('what the table says is never authority', () => {
  const expectKept = async (incident: Incident, because: RegExp) => {
    on.hub.sandbox.clearCalls();
    const after = await back(incident);
    expect(after).toMatchObject({
      state: 'applied',
      tell: 'rollback-refused',
      because: expect.stringMatching(because),
    });
    expect([on.vault.policy, puts(), taken()]).toEqual([BOTH, [], []]);
  };
  const due = () => ({ rollback: on.deployed.now().toISOString() });

  it('HEAD says that it is approved, and nobody decided', async () => {
    const asked = await ask(await changed());
    await forge(asked, { state: 'rollback-approved', agenda: due() });
    await expectKept(asked, /No decision of a person/);
  });

  it.each<[string, Partial<Decision>]>([
    ['was rejected', { decision: 'rejected' }],
    ['is of another revision', { revision: 2 }],
    ['is on the change', { about: 'change' }],
  ])('the decision %s', async (_, more) => {
    const asked = await ask(await changed());
    const { planHash = '' } = asked.rollback ?? {};
    const decision = { incident: asked.id, revision: 1, planHash, decision: 'approved', about: 'rollback', by: JANE };
    await on.deployed.forge(KEYS.decision(asked.id, 1, 'rollback', planHash), { ...decision, at: 'x', ...more });
    await forge(asked, { state: 'rollback-approved', agenda: due() });
    await expectKept(asked, /No decision of a person/);
  });

  it('the decision is more than a day old', async () => {
    const incident = await decided();
    await on.hub.sandbox.clock.advance(24 * HOUR + MINUTE);
    await expectKept(incident, /more than a day old/);
  });

  it('the decision on the change is none on its rollback', async () => {
    const asked = await ask(await changed());
    const { planHash = '' } = asked;
    await forge(asked, {
      state: 'rollback-approved',
      rollback: { from: 'applied', requestedBy: JANE, requestedAt: 'x', planHash },
      agenda: due(),
    });
    await expectKept(asked, /No decision of a person/);
  });
});

describe('is left, once decided,', () => {
  it.each<[string, string, RegExp]>([
    [
      'when others have added a statement',
      policyOf(AUDIT, ADDED, allowFrom(THIRD, { Sid: 'Third' })),
      /no longer the one/,
    ],
    ['when another statement is gone', policyOf(ADDED, allowFrom(THIRD, { Sid: 'Third' })), /no longer the one/],
    ['when ours moved', policyOf(ADDED, AUDIT), /no longer the one/],
    [
      'when ours was changed',
      policyOf(AUDIT, { ...ADDED, Action: ['backup:CopyIntoBackupVault', 'backup:StartCopyJob'] }),
      /was changed/,
    ],
    ['when ours was renamed', policyOf(AUDIT, { ...ADDED, Sid: 'Theirs' }), /was renamed/],
  ])('%s', async (_, policy, because) => {
    const incident = await decided();
    on.vault.policy = policy;
    const after = await back(incident);
    expect(after).toMatchObject({
      state: 'applied',
      tell: 'rollback-refused',
      because: expect.stringMatching(because),
    });
    expect(after.change).toBeDefined();
    expect([on.vault.policy, puts(), taken()]).toEqual([policy, [], []]);
  });

  it('when AWS refuses, with what to do', async () => {
    const incident = await decided();
    refuse('PutBackupVaultAccessPolicy', 'AccessDeniedException', 'because no identity-based policy allows it', 403);
    expect(await back(incident)).toMatchObject({
      state: 'applied',
      because: expect.stringMatching(/^The role .* VaultNames/),
    });
    expect(on.vault.policy).toBe(BOTH);
  });

  it('when the role does not let this service in', async () => {
    const incident = await decided();
    on.hub.vaultWriter.trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    expect(await back(incident)).toMatchObject({
      state: 'applied',
      because: expect.stringMatching(/^The role .* VaultNames/),
    });
  });

  it('due, while AWS throttles or another one holds the vault; for an hour', async () => {
    const incident = await decided();
    await on.deployed.incidents.lease(on.vault.arn, 'another', MINUTE);
    expect(await back(incident)).toEqual(incident);
    await on.hub.sandbox.clock.advance(MINUTE);
    refuse('GetBackupVaultAccessPolicy', 'ThrottlingException', 'slow');
    expect(await back(incident)).toEqual(incident);
    await on.hub.sandbox.clock.advance(HOUR);
    expect(await back(incident)).toMatchObject({ state: 'applied', tell: 'rollback-refused' });
    expect(on.vault.policy).toBe(BOTH);
  });
});

it('is done when somebody has removed it meanwhile', async () => {
  const incident = await decided();
  on.vault.policy = policyOf(AUDIT);
  expect((await back(incident)).state).toBe('rolled-back');
  expect(puts()).toEqual([]);
});

import { KEYS } from '../../lambda/aws/incident-items';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { applyHub, THIRD, JANE } from './apply-change-fixture';
import { allowFrom, policyOf } from './remediate-fixture';

const on = applyHub();
const { approved, apply, putDecision, failed, ours, forge, taken, expectUntouched } = on;

describe('what the table says is never authority', () => {
  const expectRefused = async (incident: Incident, because: RegExp) => {
    on.hub.sandbox.clearCalls();
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'refused', tell: 'refused', because: expect.stringMatching(because) });
    expectUntouched();
    expect(taken()).toEqual([]);
  };
  const due = () => ({ apply: on.deployed.now().toISOString() });

  it('HEAD says approved, and nobody decided', async () => {
    const incident = await failed();
    const decision = { incident: incident.id, revision: 1, planHash: incident.planHash ?? '', by: JANE, at: 'x' };
    await forge(incident, { state: 'approved', decision: { ...decision, decision: 'approved' }, agenda: due() });
    await expectRefused(incident, /no decision of a person is recorded/);
  });

  it('HEAD says that the settings allow it, and they do not', async () => {
    const incident = await failed();
    await forge(incident, { state: 'approved', auto: true, agenda: due() });
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'proposed', auto: false, because: expect.stringMatching(/does not name/) });
    expectUntouched();
  });

  it.each<[string, Partial<Decision>, RegExp]>([
    ['was rejected', { decision: 'rejected' }, /not an approval of this plan/],
    ['is for another plan', { planHash: 'f'.repeat(64) }, /not an approval of this plan/],
    ['is for another revision, by its content', { about: 'rollback' }, /no decision of a person is recorded/],
  ])('the decision %s', async (_, more, because) => {
    const incident = await failed();
    await putDecision(incident, more);
    await forge(incident, { state: 'approved', agenda: due() });
    await expectRefused(incident, because);
  });

  it.each([
    ['a day and a minute ago', 24 * 3_600_000 + 60_000],
    ['at no time', NaN],
  ])('the decision was made %s', async (_, age) => {
    const incident = await failed();
    const made = on.deployed.now().getTime() - age;
    await putDecision(incident, { at: Number.isNaN(age) ? 'no time' : new Date(made).toISOString() });
    await forge(incident, { state: 'approved', agenda: due() });
    await expectRefused(incident, /more than a day old/);
  });

  it('the decision is for this plan, and HEAD names another', async () => {
    const incident = await approved();
    await forge(incident, { planHash: 'f'.repeat(64) });
    await expectRefused(incident, /not an approval of this plan/);
  });

  it('the decision is for another incident', async () => {
    const incident = await failed();
    await on.deployed.forge(KEYS.decision(incident.id, 1), {
      incident: 'ABCDEFGHIJKLMNOP',
      revision: 1,
      planHash: incident.planHash,
      decision: 'approved',
      by: JANE,
      at: on.deployed.now().toISOString(),
    });
    await forge(incident, { state: 'approved', agenda: due() });
    await expectRefused(incident, /not an approval of this plan/);
  });

  it('HEAD names another vault: the plan of now is not about it', async () => {
    const incident = await approved();
    await forge(incident, { resource: on.deployed.vaults[1].arn });
    await expectRefused(incident, /The evidence is about .* and not about/);
  });

  it('a key policy is never written, whatever was decided', async () => {
    const incident = await approved();
    await forge(incident, { kind: 'key-policy' });
    await expectRefused(incident, /changes vault policies alone/);
  });

  it('what was taken back, or was asked to be, is not made once more', async () => {
    const incident = await approved();
    await putDecision(incident, { about: 'rollback-request', planHash: '' });
    await expectRefused(incident, /carried out before/);
  });

  it('a kept plan that was altered changes nothing: it is never read', async () => {
    const incident = await approved();
    const wide = policyOf(allowFrom(THIRD));
    const { planHash = '' } = incident;
    await on.deployed.forge(KEYS.plan(incident.id, 1, planHash), {
      plan: JSON.stringify({ hash: planHash, after: JSON.parse(wide), resource: on.deployed.vaults[1].arn }),
    });
    expect((await apply(incident)).state).toBe('settling');
    expect(ours()).toHaveLength(1);
    expect(on.vault.policy).not.toContain(THIRD);
  });

  it('a kept failure that was altered gives no plan', async () => {
    const incident = await approved();
    const [kept] = await on.deployed.incidents.evidence(incident.id);
    const failure = { ...kept?.evidence.failure, copyJobId: '11111111-2222-4333-8444-555555555555' };
    await on.deployed.forge(KEYS.evidence(incident.id, 1), { evidence: JSON.stringify({ failure, responses: {} }) });
    await expectRefused(incident, /record of copy job .* cannot be read or is gone/);
  });

  it('the settings say by now that it is only told', async () => {
    const incident = await approved();
    const { settings } = on.deployed.config;
    const after = await apply(incident, { settings: { ...settings, vaultPolicy: 'notify' } });
    expect(after).toMatchObject({ state: 'refused', because: expect.stringMatching(/told about and not changed/) });
    expectUntouched();
  });

  it('the vault is no destination any more', async () => {
    const incident = await approved();
    const settings = { ...on.deployed.config.settings, destinations: [on.deployed.vaults[1].arn] };
    const after = await apply(incident, { settings });
    expect(after).toMatchObject({ state: 'refused', because: expect.stringMatching(/not on the list/) });
    expectUntouched();
  });
});

import { KEYS } from '../../lambda/aws/incident-items';
import type { Incident } from '../../lambda/core/incident/incident';
import { DESTINATION } from '../sandbox/fixture';
import { applyHub, THIRD, AUDIT } from './apply-change-fixture';
import { allowFrom, HOUR, policyOf, type SettingsOf } from './remediate-fixture';

const auto: SettingsOf = (vaults) => ({ autoApply: vaults.map(({ arn }) => arn) });
const on = applyHub(auto);
const { apply, begin, failed, puts, policyNow, ours, own, taken, expectUntouched } = on;

describe('the setting autoApply', () => {
  const expectAsked = (incident: Incident, because: RegExp) => {
    expect(incident).toMatchObject({
      state: 'proposed',
      auto: false,
      tell: 'opened',
      because: expect.stringMatching(because),
    });
    expectUntouched();
  };

  it('makes the change without a decision, as nobody, and tells it', async () => {
    const incident = await failed();
    expect(incident).toMatchObject({ state: 'approved', auto: true });
    expect(incident.tell).toBeUndefined();
    on.hub.sandbox.clearCalls();
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'settling', tell: 'applied', change: { at: expect.any(String) } });
    expect(ours()).toHaveLength(1);
    expect(taken()).toMatchObject([{ input: { SourceIdentity: 'autoApply' } }]);
  });

  it('asks when the settings do not name the vault any more', async () => {
    const incident = await failed();
    const settings = { ...on.deployed.config.settings, autoApply: [] };
    expectAsked(await apply(incident, { settings }), /does not name/);
  });

  it('asks when an account left the organization, or nobody can say', async () => {
    const incident = await failed();
    on.hub.sandbox.faults.add({
      service: 'organizations',
      operation: 'DescribeOrganization',
      account: DESTINATION,
      error: { code: 'AccessDeniedException', message: 'no', status: 400 },
    });
    expectAsked(await apply(incident), /not both read as members of one organization/);
  });

  it('goes stale when the plan is another one by now, and makes the new one: nobody was asked about either', async () => {
    const incident = await failed();
    on.vault.policy = policyOf(AUDIT, allowFrom(THIRD, { Sid: 'Third' }));
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'approved', auto: true, revision: 2 });
    expect(puts()).toEqual([]);
    expect((await apply(after)).state).toBe('settling');
    expect(policyNow()?.Statement).toHaveLength(3);
  });

  it('leaves what a template owns to a person', async () => {
    const incident = await failed();
    own();
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'proposed', auto: false, template: { stack: `stack-${on.vault.name}` } });
    expectUntouched();
  });

  it('does not carry out for one incident what another one is about', async () => {
    const incident = await failed();
    const [, vault] = on.deployed.vaults;
    const { incident: other } = await on.deployed.fail(vault);
    const [kept] = await on.deployed.incidents.evidence(other.id);
    await on.deployed.forge(KEYS.evidence(incident.id, 1), { evidence: JSON.stringify(kept?.evidence) });
    const { resource, planHash } = other;
    await on.forge(incident, { resource, planHash });
    on.hub.sandbox.clearCalls();
    const after = await apply(await on.head(incident.id));
    expect(after).toMatchObject({
      state: 'refused',
      because: expect.stringMatching(/another account than the incident/),
    });
    expect([puts(), taken()]).toEqual([[], []]);
  });

  it('asks for the sixth change of a vault on one day, and again makes it on the next', async () => {
    const day = on.deployed.now().toISOString().slice(0, 10);
    for (let other = 1; other <= 4; other += 1)
      await on.deployed.incidents.claimAuto(on.vault.arn, day, 'OTHER', other);
    const incident = await failed();
    expect((await apply(incident)).state).toBe('settling');
    await begin();
    for (let other = 1; other <= 5; other += 1)
      await on.deployed.incidents.claimAuto(on.vault.arn, day, 'OTHER', other);
    expectAsked(await apply(await failed()), /5 times today/);

    await on.hub.sandbox.clock.advance(24 * HOUR);
    await begin();
    expect((await apply(await failed())).state).toBe('settling');
  });
});

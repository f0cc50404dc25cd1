import type { Decision, Incident } from '../lambda/core/incident/incident';
import { allowFrom, HOUR, MINUTE, policyOf } from './aws/remediate-fixture';
import { startRemediate, type Deployed, type Remediate } from './remediate-fixture';
import { DESTINATION } from './sandbox/fixture';

let remediate: Remediate;
beforeAll(async () => {
  remediate = await startRemediate();
});
afterAll(() => remediate.close());

let on: Deployed;
beforeEach(async () => {
  on = await remediate.deploy();
});

describe('taking a change back', () => {
  const THEIRS = allowFrom(DESTINATION, { Sid: 'Local', Action: 'backup:StartRestoreJob' });
  const changed = async () => {
    on.vaults[0].policy = policyOf(THEIRS);
    const { incident } = await on.opened();
    await on.decide(incident, 'approved');
    await on.work(incident);
    await on.pass(MINUTE);
    await on.work(incident);
    return on.head(incident);
  };
  const ask = (incident: Incident) =>
    on.decide({ ...incident, planHash: '' }, 'approved', { about: 'rollback-request' });
  const decideBack = ({ rollback, ...incident }: Incident, decision: Decision['decision']) =>
    on.decide({ ...incident, planHash: rollback?.planHash }, decision, { about: 'rollback' });

  it('is planned as soon as somebody asks, done when somebody has decided, each told once', async () => {
    const incident = await changed();
    await ask(incident);
    expect(await on.work(incident)).toEqual([]);
    const asked = await on.head(incident);
    expect(asked).toMatchObject({ state: 'rollback-proposed', rollback: { from: 'applied' } });
    expect(await on.work(incident)).toEqual([]);
    expect(await on.head(incident)).toEqual(asked);
    await decideBack(asked, 'approved');
    expect(await on.work(incident)).toEqual([]);
    expect((await on.head(incident)).state).toBe('rolled-back');
    expect(on.vaults[0].policy).toBe(policyOf(THEIRS));
    expect(on.published()).toHaveLength(4);
    expect(await on.work(incident)).toEqual([]);
    expect(on.calls('PutBackupVaultAccessPolicy')).toHaveLength(2);
  });

  it('rejected, it is not planned again by itself, and is when it is asked for once more', async () => {
    const incident = await changed();
    await ask(incident);
    await on.work(incident);
    await decideBack(await on.head(incident), 'rejected');
    await on.pass(1_000);
    for (let hours = 0; hours < 3; hours += 1) {
      expect(await on.work(incident)).toEqual([]);
      expect((await on.head(incident)).state).toBe('applied');
      await on.pass(HOUR);
    }
    const told = on.published().length;
    await ask(incident);
    expect(await on.work(incident)).toEqual([]);
    expect((await on.head(incident)).state).toBe('rollback-proposed');
    expect(on.published()).toHaveLength(told + 1);
  });

  it('expires undecided', async () => {
    const incident = await changed();
    await ask(incident);
    await on.work(incident);
    await on.pass(72 * HOUR);
    expect(await on.work(incident)).toEqual([]);
    expect(await on.head(incident)).toMatchObject({ state: 'applied', change: { at: expect.any(String) } });
    expect(on.vaults[0].policy).toContain('CopyDoctorAllowCopyFrom');
  });

  it('is told when it cannot be planned, once for each time it is asked for', async () => {
    const incident = await changed();
    const told = on.published().length;
    on.vaults[0].policy = policyOf(THEIRS);
    await ask(incident);
    for (let times = 0; times < 3; times += 1) {
      expect(await on.work(incident)).toEqual([]);
      await on.pass(HOUR);
    }
    expect((await on.head(incident)).because).toMatch(/no longer in the policy/);
    expect(on.published()).toHaveLength(told + 1);
  });
});

import { HOUR, MINUTE } from './aws/remediate-fixture';
import { SOMEONE, startRemediate, type Deployed, type Remediate } from './remediate-fixture';
import { DESTINATION, REGION } from './sandbox/fixture';

let remediate: Remediate;
beforeAll(async () => {
  remediate = await startRemediate();
});
afterAll(() => remediate.close());

let on: Deployed;
beforeEach(async () => {
  on = await remediate.deploy();
});

it('absorbs that somebody has rejected it, and tells so', async () => {
  const { incident } = await on.opened();
  await on.decide(incident, 'rejected');
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ state: 'rejected', decision: { by: SOMEONE } });
  expect(on.published()).toHaveLength(2);
  const log = await on.incidents.log(incident.id);
  expect(log.map(({ what }) => what)).toEqual(expect.arrayContaining(['rejected', 'told rejected']));
});

it('makes what somebody has approved with the same message, and tells so once', async () => {
  const { incident } = await on.opened();
  await on.decide(incident, 'approved');
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ state: 'settling', decision: { by: SOMEONE } });
  expect(on.vaults[0].policy).toContain('CopyDoctorAllowCopyFrom');
  expect(on.published()).toHaveLength(2);
  const log = await on.incidents.log(incident.id);
  expect(log.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['approved', 'applying', 'applied', 'told applied']),
  );
  expect(log.find(({ what }) => what === 'applied')?.requestId).toEqual(expect.any(String));
  await on.pass(MINUTE);
  expect(await on.work(incident)).toEqual([]);
  expect((await on.head(incident)).state).toBe('applied');
  expect(on.published()).toHaveLength(2);
});

it('counts a decision that was made in time, though it is absorbed when the time is over', async () => {
  const { incident } = await on.opened();
  await on.pass(72 * HOUR - MINUTE);
  await on.decide(incident, 'approved');
  await on.pass(2 * MINUTE);
  expect(await on.work(incident)).toEqual([]);
  expect((await on.head(incident)).state).toBe('settling');
});

it('does not count a decision that was made too late, or on another plan', async () => {
  const { incident } = await on.opened();
  await on.pass(72 * HOUR);
  await on.decide(incident, 'approved');
  expect(await on.work(incident)).toEqual([]);
  expect((await on.head(incident)).state).toBe('expired');

  on = await remediate.deploy();
  const { incident: other } = await on.opened();
  await on.decide({ ...other, planHash: 'f'.repeat(64) }, 'approved');
  expect(await on.work(other)).toEqual([]);
  expect((await on.head(other)).state).toBe('proposed');
});

it('leaves to its owner what a template owns, and tells that it is approved', async () => {
  const [vault] = on.vaults;
  const resources = [{ logicalId: 'Vault', physicalId: vault.name, type: 'AWS::Backup::BackupVault' }];
  on.sandbox.addStack({ account: DESTINATION, region: REGION, name: `owner-${vault.name}`, resources });
  const { incident } = await on.opened();
  await on.decide(incident, 'approved');
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ state: 'approved', template: { stack: `owner-${vault.name}` } });
  expect(vault.policy).toBeUndefined();
  expect(on.published()).toHaveLength(2);
});

it('changes without asking where the settings say so', async () => {
  on = await remediate.deploy(true, (vaults) => ({ autoApply: vaults.slice(1).map(({ arn }) => arn) }));
  const [named, other] = [await on.fail(on.vaults[1]), await on.fail(on.vaults[0])];
  expect(await on.work(named.incident)).toEqual([]);
  expect(await on.work(other.incident)).toEqual([]);
  expect(await on.head(named.incident)).toMatchObject({ state: 'settling', change: { at: expect.any(String) } });
  expect((await on.head(named.incident)).decision).toBeUndefined();
  expect((await on.head(other.incident)).state).toBe('proposed');
  expect(on.vaults[0].policy).toBeUndefined();
});

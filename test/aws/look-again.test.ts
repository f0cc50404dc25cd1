import { SOURCE } from '../sandbox/fixture';
import { deployLooks, type Looks } from './look-fixture';
import { allowFrom, MINUTE, policyOf, startHub } from './remediate-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(() => jest.restoreAllMocks());

let on: Looks;
beforeEach(async () => {
  on = await deployLooks(hub);
});
const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const refuse = (service: string, operation: string) =>
  hub.sandbox.faults.add({ service, operation, error: { code: 'AccessDeniedException', message: 'no', status: 403 } });

/** From where AWS Backup calls, nobody knows. */
const UNDECIDED = allowFrom(SOURCE, { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } });

describe('the policy', () => {
  it('is read alone while nothing has changed', async () => {
    const { incident } = await on.fail(on.vaults[0]);
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'proposed', revision: 1, listedAt: on.now().toISOString() });
    expect(after.agenda['look-again']).toBe(new Date(on.now().getTime() + 10 * MINUTE).toISOString());
    const reads = hub.sandbox.calls.filter(({ service }) => service === 'backup').map(({ operation }) => operation);
    expect(reads.sort()).toEqual(['GetBackupVaultAccessPolicy', 'ListCopyJobs']);

    await on.look(incident);
    expect(hub.sandbox.calls.filter(({ service }) => service === 'backup')).toHaveLength(1);
  });

  it.each<[string, object[]]>([
    ['as planned', [allowFrom(SOURCE)]],
    ['in another shape', [allowFrom(SOURCE, { Sid: 'ByHand', Principal: { AWS: '*' } })]],
  ])('is in place %s, whoever changed it', async (_, statements) => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    vault.policy = policyOf(...statements);
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'settling', tell: 'in-place', revision: 1 });
    expect(after.agenda['expire']).toBeUndefined();
    // No other incident comes out of a failure that is cured.
    const items = await on.table.items();
    expect(items.filter(({ sk }) => sk === 'HEAD')).toHaveLength(1);

    // What has to be waited for is told by the clock, not by another look.
    expect(after.agenda.settle).toBe(new Date(on.now().getTime() + MINUTE).toISOString());
  });

  it('is in place of what is approved, and of what is stale', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    await on.decide(incident, 'approved');
    expect((await on.look(incident, 5)).state).toBe('approved');
    vault.policy = policyOf(allowFrom(SOURCE));
    expect((await on.look(incident, 5)).state).toBe('settling');

    const [, other] = on.vaults;
    const { incident: second } = await on.fail(other);
    other.policy = policyOf(UNDECIDED);
    expect((await on.look(second)).state).toBe('stale');
    other.policy = policyOf(allowFrom(SOURCE));
    expect((await on.look(second)).state).toBe('settling');
  });

  it('is in place of what AWS refused to the service, once somebody else has made it', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    await on.forge({ pk: `INCIDENT#${incident.id}`, sk: 'HEAD' }, { state: 'refused' });
    expect((await on.look(incident)).state).toBe('refused');
    vault.policy = policyOf(allowFrom(SOURCE));
    expect((await on.look(incident)).state).toBe('settling');
  });

  it('that somebody else changed gives a new plan, told as stale', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    await on.tell(incident.id, 'opened');
    await pass(2 * MINUTE);
    await on.tell(incident.id, 'opened');
    vault.policy = policyOf(allowFrom('333333333333', { Sid: 'Theirs' }));
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'proposed', revision: 2, tell: 'stale', openedBy: incident.openedBy });
    expect(after.planHash).not.toBe(incident.planHash);
    const plan = await on.incidents.plan(after.id, 2, after.planHash ?? '');
    expect(plan?.before?.Statement[0]).toMatchObject({ Sid: 'Theirs' });
    expect((await on.look(incident)).revision).toBe(2);
  });

  it('that ends an approval is told as stale, and the new plan has to be decided anew', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    await pass(2 * MINUTE);
    await on.tell(incident.id, 'opened');
    await on.decide(incident, 'approved');
    vault.policy = policyOf(allowFrom('333333333333'));
    const after = await on.look(incident, 5);
    expect(after).toMatchObject({ state: 'proposed', revision: 2, tell: 'stale' });
    expect(after.decision).toBeUndefined();
  });

  it('that denies is no change in place: the plan is stale and the Deny is told', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    vault.policy = policyOf(allowFrom(SOURCE), allowFrom(SOURCE, { Effect: 'Deny' }));
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'stale', tell: 'stale', revision: 1 });
    const heads = (await on.table.items()).filter(({ sk }) => sk === 'HEAD');
    expect(heads.map(({ causes }) => causes)).toEqual(expect.arrayContaining([['vault-policy-denies']]));
  });

  it('that cannot be judged makes the plan stale; back as it was, the plan is proposed again', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    vault.policy = policyOf(UNDECIDED);
    expect(await on.look(incident)).toMatchObject({ state: 'stale', tell: 'stale' });
    vault.policy = undefined;
    const again = await on.look(incident);
    expect(again).toMatchObject({ state: 'proposed', revision: 2, planHash: incident.planHash });
  });

  it.each([
    ['the policy is refused', 'backup', 'GetBackupVaultAccessPolicy'],
    ['the role cannot be assumed', 'sts', 'AssumeRole'],
  ])('changes nothing when %s, and is looked at later again', async (_, service, operation) => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    vault.policy = policyOf(allowFrom(SOURCE));
    refuse(service, operation);
    const after = await on.look(incident);
    expect(after).toEqual({ ...incident, ...after, state: 'proposed', tell: 'opened', revision: 1 });
    expect(after.agenda['look-again']).toBe(new Date(on.now().getTime() + 10 * MINUTE).toISOString());
  });

  it.each([
    ['throttled', 'kms', 'GetKeyPolicy', { throttle: true }],
    [
      'refused the job',
      'backup',
      'DescribeCopyJob',
      { error: { code: 'AccessDeniedException', message: 'no', status: 403 } },
    ],
  ])('changes nothing when the new diagnosis was %s', async (_, service, operation, fault) => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    vault.policy = policyOf(allowFrom('333333333333'));
    hub.sandbox.faults.add({ service, operation, ...fault });
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'proposed', revision: 1, planHash: incident.planHash });
    expect((await on.table.items()).filter(({ sk }) => sk === 'HEAD')).toHaveLength(1);
  });
});

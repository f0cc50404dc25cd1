import { DESTINATION, REGION, SOURCE } from '../sandbox/fixture';
import { applyHub, AUDIT, OURS, OURS_SID, THIRD } from './apply-change-fixture';
import { allowFrom, MINUTE, policyOf } from './remediate-fixture';

const on = applyHub();
const { approved, apply, begin, puts, policyNow, ours, own, taken, expectUntouched } = on;

describe('what a person has approved', () => {
  it('is made once, by a session that names who decided, and told', async () => {
    const incident = await approved();
    expect(incident).toMatchObject({ state: 'approved', applies: 'service', agenda: { apply: expect.any(String) } });
    const after = await apply(incident);
    expect(after).toMatchObject({
      state: 'settling',
      change: { at: on.deployed.now().toISOString(), requestId: expect.any(String) },
      tell: 'applied',
    });
    expect(policyNow()?.Statement).toEqual([AUDIT, { Sid: OURS_SID, ...OURS }]);
    const [put, ...others] = puts();
    expect(others).toEqual([]);
    expect(put?.principal).toBe(
      `arn:aws:sts::${DESTINATION}:assumed-role/copy-doctor-${REGION}-vault-writer/${incident.id}-1`,
    );
    const [session, ...more] = taken();
    expect(more).toEqual([]);
    expect(session?.input).toMatchObject({ SourceIdentity: `${SOURCE}+copy-doctor-approver+jane@example.com` });
    expect(await on.deployed.incidents.before(incident.id, 1)).toMatchObject({ policy: policyOf(AUDIT) });
    const log = await on.deployed.incidents.log(incident.id);
    expect(log.at(-1)).toMatchObject({ what: 'applied', requestId: after.change?.requestId });
  });

  it('is made where there was no policy', async () => {
    on.vault.policy = undefined;
    const after = await apply(await approved());
    expect(after.state).toBe('settling');
    expect(policyNow()?.Statement).toHaveLength(1);
    expect(await on.deployed.incidents.before(after.id, 1)).toMatchObject({ policy: null });
  });

  it('is not made again: not by another message, not after it was taken away', async () => {
    const incident = await approved();
    await apply(incident);
    on.vault.policy = policyOf(AUDIT);
    expect((await apply(incident)).state).toBe('settling');
    expect(on.vault.policy).toBe(policyOf(AUDIT));
    expect(puts()).toHaveLength(1);
  });

  it('is left due while another incident changes the same vault', async () => {
    const incident = await approved();
    await on.deployed.incidents.lease(on.vault.arn, 'another', MINUTE);
    expect(await apply(incident)).toEqual(incident);
    expectUntouched();
    await on.hub.sandbox.clock.advance(MINUTE);
    expect((await apply(incident)).state).toBe('settling');
    expect(await on.deployed.incidents.lease(on.vault.arn, 'another', MINUTE)).toBe(true);
  });

  it('is seen in place, and not made, when its owner was faster', async () => {
    const incident = await approved();
    on.vault.policy = policyOf(AUDIT, allowFrom(SOURCE, { Sid: 'ByHand' }));
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'settling', tell: 'in-place' });
    expect(after.change).toBeUndefined();
    expect(puts()).toEqual([]);
  });

  it('goes stale when the policy is another one, and is proposed again at once, in one mail', async () => {
    const incident = await approved();
    const theirs = policyOf(AUDIT, allowFrom(THIRD, { Sid: 'Third' }));
    on.vault.policy = theirs;
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'proposed', revision: 2, tell: 'stale' });
    expect(after.planHash).not.toBe(incident.planHash);
    expectUntouched(theirs);
    expect(await apply(after)).toEqual(after);
    expectUntouched(theirs);
  });
});

describe('a template that owns the vault', () => {
  it('is looked for anew: what it owns is left to its owner', async () => {
    const incident = await approved();
    own();
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'approved', tell: 'approved', template: { stack: `stack-${on.vault.name}` } });
    expect(after.agenda.apply).toBeUndefined();
    expectUntouched();
  });

  it('does not hold up whoever said that it is changed all the same', async () => {
    own();
    expect((await apply(await approved({ evenThoughATemplateOwnsIt: true }))).state).toBe('settling');
  });
});

describe('a crash at each effect', () => {
  const run = async (n: number, when: 'before' | 'after') => {
    const incident = await approved();
    on.hub.sandbox.faults.killAt(n, when, { principal: new RegExp(`remediate|${incident.id}`) });
    const died = await apply(incident).then(
      () => false,
      () => true,
    );
    const killed = on.hub.sandbox.faults.killed || died;
    on.hub.sandbox.faults.clear();
    // The lease that it left behind has ended, and the change is due again.
    await on.hub.sandbox.clock.advance(5 * MINUTE);
    return { killed, after: await apply(incident) };
  };

  it.each(['before', 'after'] as const)('%s it was carried out: in the end one change, known as ours', async (when) => {
    for (let n = 1; ; n += 1) {
      await begin();
      const { killed, after } = await run(n, when);
      expect([n, after.state]).toEqual([n, 'settling']);
      expect([n, after.change]).toEqual([
        n,
        { at: expect.any(String), ...(after.change?.requestId ? { requestId: expect.any(String) } : {}) },
      ]);
      expect(ours()).toHaveLength(1);
      expect(puts().filter(({ error, lost }) => !error && lost !== 'before')).toHaveLength(1);
      if (!killed) break;
      expect(n).toBeLessThan(20);
    }
  });
});

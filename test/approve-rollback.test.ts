import type { Incident } from '../lambda/core/incident/incident';
import { ALICE, APPROVE, BOB, HASH, startApprove, type Approve, type Deployed, type Sent } from './approve-fixture';
import { at, ID, planOf, T0 } from './aws/incidents-fixture';

let approve: Approve;
beforeAll(async () => {
  approve = await startApprove();
});
afterAll(() => approve.close());

let on: Deployed;
beforeEach(async () => {
  on = await approve.deploy();
});

describe('a rollback', () => {
  const BACK = 'c'.repeat(64);
  const change = { at: T0 };
  const rollback = { from: 'resolved', requestedBy: BOB, requestedAt: T0, planHash: BACK } as const;
  const ask = (sent: Sent = {}) => on.send({ path: `/incidents/${ID}/rollback`, body: { revision: 1 }, ...sent });
  const DECIDE = { ...APPROVE, planHash: BACK, about: 'rollback' };
  const proposed = async () => {
    const expire = at(60);
    await on.become({ state: 'rollback-proposed', change, rollback, agenda: { expire } });
    await on.incidents.putPlan(ID, 1, { ...planOf(BACK), removed: [] });
  };

  test('is asked for by an item of its own, passed on, and may be asked for again', async () => {
    await on.become({ state: 'resolved', change });
    const { status, json } = await ask({ body: { revision: 1, reason: 'CHG-2' } });
    const request = { incident: ID, revision: 1, decision: 'approved', planHash: '', by: ALICE, reason: 'CHG-2' };
    expect([status, json]).toEqual([201, { ...request, about: 'rollback-request', at: at(5) }]);
    expect(await on.decisions()).toEqual([{ pk: `DECISION#${ID}#1#rollback-request`, sk: 'DECISION', ...json }]);
    expect(on.passedOn()).toEqual([{ incident: ID }]);
    on.setMinutes(9);
    expect([200, 201]).toContain((await ask({ by: BOB })).status);
    expect(on.passedOn()).toHaveLength(2);
    expect(await on.decisions()).toHaveLength(1);
  });

  test.each<[string, Partial<Incident>, object, number, string]>([
    ['what waits for a decision', {}, { revision: 1 }, 409, 'no-rollback'],
    ['what the owner changed', { state: 'resolved' }, { revision: 1 }, 409, 'no-rollback'],
    ['what is under way', { state: 'retrying', change }, { revision: 1 }, 409, 'no-rollback'],
    ['what is proposed', { state: 'rollback-proposed', change, rollback }, { revision: 1 }, 409, 'no-rollback'],
    ['another revision', { state: 'resolved', change }, { revision: 2 }, 409, 'another-plan'],
    ['a body that says more', { state: 'resolved', change }, { revision: 1, planHash: HASH }, 400, 'bad-request'],
  ])('is not asked for: %s', async (_, there, body, code, error) => {
    await on.become(there);
    const { status, json } = await ask({ body });
    expect([status, json['error']]).toEqual([code, error]);
    expect([await on.decisions(), on.passedOn()]).toEqual([[], []]);
  });

  test('is asked for by POST alone, and by whom IAM let in', async () => {
    await on.become({ state: 'resolved', change });
    const get = await ask({ method: 'GET' });
    expect([get.status, get.headers?.['allow']]).toEqual([405, 'POST']);
    expect((await ask({ by: undefined })).status).toBe(403);
    expect(await on.decisions()).toEqual([]);
  });

  test('is shown with its plan, and with a decision that was recorded a moment ago', async () => {
    await proposed();
    expect((await on.get()).json).toMatchObject({ rollback: { hash: BACK, removed: [] }, plan: { hash: HASH } });
    await on.send({ body: DECIDE });
    expect((await on.get()).json).toMatchObject({
      incident: { state: 'rollback-proposed', rollback: { decision: { by: ALICE, about: 'rollback' } } },
    });
  });

  test('is decided beside the decision on the change, by the hash of what is removed', async () => {
    await on.send({ body: APPROVE });
    await proposed();
    const { status, json } = await on.send({ body: DECIDE });
    expect([status, json['about'], json['planHash']]).toEqual([201, 'rollback', BACK]);
    expect((await on.decisions()).map(({ pk }) => pk)).toEqual(
      expect.arrayContaining([`DECISION#${ID}#1`, `DECISION#${ID}#1#rollback#${BACK.slice(0, 12)}`]),
    );
    expect((await on.send({ body: DECIDE })).status).toBe(200);
    expect((await on.send({ body: { ...DECIDE, decision: 'rejected' } })).json['error']).toBe('decided-otherwise');
  });

  test.each<[string, object, string]>([
    ["the change's hash", { planHash: HASH }, 'another-plan'],
    ['no word that it is about the rollback', { about: undefined }, 'not-proposed'],
  ])('is not decided by %s', async (_, more, error) => {
    await proposed();
    const { status, json } = await on.send({ body: { ...DECIDE, ...more } });
    expect([status, json['error']]).toEqual([409, error]);
    expect(await on.decisions()).toEqual([]);
  });
});

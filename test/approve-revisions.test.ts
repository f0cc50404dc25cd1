import { APPROVE, BOB, HASH, startApprove, type Approve } from './approve-fixture';

// A decision is for one revision, and the first one stands.

let approve: Approve;
beforeAll(async () => {
  approve = await startApprove();
});
afterAll(() => approve.close());

test('who decided on an earlier revision is not told that it counts', async () => {
  const { send, become, decisions, passedOn } = await approve.deploy();
  expect((await send({ body: APPROVE })).status).toBe(201);
  await become({ revision: 2, state: 'reported', planHash: undefined });
  const { status, json } = await send({ body: APPROVE });
  expect([status, json['error']]).toEqual([409, 'not-proposed']);
  expect([await decisions(), passedOn()]).toMatchObject([[{ revision: 1 }], [{}]]);
});

test.each([undefined, BOB])('who rejects after an approval is told that the approval stands: %s', async (by) => {
  const { send, become, decisions } = await approve.deploy();
  await send({ body: APPROVE });
  // Whether the service has begun by then or not.
  for (const state of ['proposed', 'applying', 'settling'] as const) {
    await become({ state });
    const { status, json } = await send({ body: { ...APPROVE, decision: 'rejected' }, ...(by ? { by } : {}) });
    expect([status, json['error']]).toEqual([409, 'decided-otherwise']);
    expect(json['message']).toMatch(/was approved by .*alice.* That stands\.$/);
  }
  expect(await decisions()).toMatchObject([{ decision: 'approved', planHash: HASH }]);
});

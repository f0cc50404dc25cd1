import { allowFrom, HOUR, MINUTE, policyOf } from './aws/remediate-fixture';
import { startRemediate, type Deployed, type Remediate } from './remediate-fixture';
import { SOURCE } from './sandbox/fixture';

let remediate: Remediate;
beforeAll(async () => {
  remediate = await startRemediate();
});
afterAll(() => remediate.close());

let on: Deployed;
beforeEach(async () => {
  on = await remediate.deploy();
});

it('reminds twice, then expires, each told at once', async () => {
  const { incident } = await on.opened();
  for (const hours of [24, 24]) {
    await on.pass(hours * HOUR);
    expect(await on.work(incident)).toEqual([]);
  }
  expect(await on.head(incident)).toMatchObject({ state: 'proposed', reminders: 2 });
  expect(on.published()).toHaveLength(3);
  await on.pass(24 * HOUR);
  expect(await on.work(incident)).toEqual([]);
  const after = await on.head(incident);
  expect(after).toMatchObject({ state: 'expired' });
  expect(after.tell).toBeUndefined();
  expect(Object.keys(after.agenda)).toEqual(['look-again']);
  expect(on.published()).toHaveLength(4);
});

it('changes, settles, copies again and resolves, and tells of the end', async () => {
  on = await remediate.deploy(true, () => ({ retry: 'ask' }));
  const { incident } = await on.opened();
  await on.decide(incident, 'approved', { retry: true });
  const states: string[] = [];
  for (let minute = 0; minute < 90 && states.at(-1) !== 'resolved'; minute += 1) {
    expect(await on.work(incident)).toEqual([]);
    const { state } = await on.head(incident);
    if (state !== states.at(-1)) states.push(state);
    await on.pass(MINUTE);
  }
  expect(states).toEqual(['settling', 'canary', 'resolved']);
  expect(on.subjects()).toEqual([expect.stringMatching(/^\[Approve/), expect.stringMatching(/^\[Info\] Resolved/)]);
  expect(on.calls('StartCopyJob')).toHaveLength(1);
});

it('sees a change in place, lets it settle, and resolves by a later copy, each told once', async () => {
  const [vault] = on.vaults;
  const { incident, point } = await on.opened();
  vault.policy = policyOf(allowFrom(SOURCE));
  await on.pass(10 * MINUTE);
  await on.work(incident);
  expect((await on.head(incident)).state).toBe('settling');
  await on.pass(MINUTE);
  await on.work(incident);
  expect((await on.head(incident)).state).toBe('applied');
  await on.copy(vault, on.newPoint(point.resourceArn));
  await on.pass(HOUR);
  await on.work(incident);
  expect((await on.head(incident)).state).toBe('resolved');
  await on.pass(HOUR);
  await on.work(incident);
  expect((await on.head(incident)).agenda).toEqual({});
  expect(on.published()).toHaveLength(3);
});

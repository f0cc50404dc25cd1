import type { ShownIncident } from '../lambda/core/incident/shown';
import { ALICE, APPROVE, HASH, startApprove, type Approve, type Deployed } from './approve-fixture';
import { failedEvent, ID, planOf, T0 } from './aws/incidents-fixture';

let approve: Approve;
beforeAll(async () => {
  approve = await startApprove();
});
afterAll(() => approve.close());

let on: Deployed;
beforeEach(async () => {
  on = await approve.deploy();
});

describe('GET /incidents/<id>', () => {
  test('shows everything that a person needs to decide, and writes nothing', async () => {
    const before = await on.items();
    const { status, json, headers } = await on.get();
    const shown = json as unknown as ShownIncident;
    expect(status).toBe(200);
    expect(headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(shown.incident).toMatchObject({ id: ID, state: 'proposed', revision: 1, planHash: HASH });
    expect(shown.plan).toEqual(planOf(HASH));
    expect(shown.evidence).toMatchObject({ readAt: T0, evidence: { failure: { copyJobId: 'job-1' } } });
    expect(shown.counted).toEqual({ copies: 1, resources: 1, bytes: 2048, withoutSize: 0 });
    expect(shown.settings).toMatchObject({ keyGrantee: 'role', vaultPolicy: 'approve', keyPolicy: 'approve' });
    expect(await on.items()).toEqual(before);
    expect(on.passedOn()).toEqual([]);
  });

  test('with a body that decides, it decides nothing', async () => {
    expect((await on.get({ body: APPROVE })).status).toBe(200);
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'post']) {
      const { status, headers } = await on.send({ method, body: APPROVE });
      expect([method, status, headers?.['allow']]).toEqual([method, 405, 'POST']);
    }
    expect((await on.get({ method: 'HEAD', body: APPROVE })).status).toBe(405);
    expect((await on.get({ method: 'POST', body: APPROVE })).status).toBe(405);
    expect(await on.decisions()).toEqual([]);
    expect(on.passedOn()).toEqual([]);
  });

  test('a decision that was recorded a moment ago is shown', async () => {
    await on.send({ body: APPROVE });
    const { json } = await on.get();
    expect(json['incident']).toMatchObject({ state: 'proposed', decision: { decision: 'approved', by: ALICE } });
  });

  test('evidence of an older revision is not shown as the current one', async () => {
    await on.incidents.change(
      ID,
      failedEvent({ minutes: 1, copyJobId: 'job-2', proposal: { planHash: 'b'.repeat(64) } }),
    );
    const { json } = await on.get();
    expect(json['incident']).toMatchObject({ revision: 2 });
    expect(json).not.toHaveProperty('evidence');
    expect(json).not.toHaveProperty('plan');
  });

  test.each([
    ['/incidents/BBBBBBBBBBBBBBBB', 'not-found'],
    ['/incidents/abcdefghijklmnop', 'no-such-path'],
    [`/incidents/${ID}/`, 'no-such-path'],
    [`/incidents/${ID}%2Fdecision`, 'no-such-path'],
    [`//incidents/${ID}`, 'no-such-path'],
    [`/incidents/${ID}/HEAD`, 'no-such-path'],
    ['/', 'no-such-path'],
  ])('%s: 404', async (path, error) => {
    const { status, json } = await on.get({ path });
    expect([status, json['error']]).toEqual([404, error]);
  });
});

test('GET tells what came of copying again, and reads the failed copies once', async () => {
  await on.incidents.setRetry(ID, 'job-1', { copyJobId: 'retry-1', attempt: 1, at: T0 });
  on.clearCalls();
  const { json } = await on.get();
  expect(json['retried']).toMatchObject({ running: 1, copied: 0, failed: 0 });
  expect(json['counted']).toMatchObject({ copies: 1 });
  expect(on.queries().filter((input) => JSON.stringify(input).includes('JOB#'))).toHaveLength(1);
});

test('GET tells how old the newest good copies were when that was last looked at', async () => {
  expect((await on.get()).json).not.toHaveProperty('newest');
  const newest = { readAt: T0, resources: 2, without: 1, unread: 1, worst: [] };
  await on.incidents.putNewest(ID, newest);
  expect((await on.get()).json['newest']).toEqual(newest);
});

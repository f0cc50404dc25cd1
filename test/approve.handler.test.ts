import type { Decision } from '../lambda/core/incident/incident';
import { ENVIRONMENT } from '../lambda/environment';
import { ALICE, APPROVE, BOB, HASH, startApprove, type Approve, type Deployed } from './approve-fixture';
import { at, failedEvent, ID, T0 } from './aws/incidents-fixture';

let approve: Approve;
beforeAll(async () => {
  approve = await startApprove();
});
afterAll(() => approve.close());

let on: Deployed;
beforeEach(async () => {
  on = await approve.deploy();
});

describe('POST /incidents/<id>/decision', () => {
  test('records who decided what on which plan, and passes it on', async () => {
    const { status, json } = await on.send({ body: { ...APPROVE, reason: 'CHG-4711' } });
    const decision: Decision = {
      incident: ID,
      revision: 1,
      planHash: HASH,
      decision: 'approved',
      by: ALICE,
      at: at(5),
      reason: 'CHG-4711',
    };
    expect([status, json]).toEqual([201, decision]);
    expect(await on.decisions()).toEqual([{ pk: `DECISION#${ID}#1`, sk: 'DECISION', ...decision }]);
    expect(on.passedOn()).toEqual([{ incident: ID }]);
    // The incident itself is left to `remediate`.
    expect((await on.incidents.head(ID))?.state).toBe('proposed');
  });

  test('takes a body in base64', async () => {
    const body = Buffer.from(JSON.stringify(APPROVE)).toString('base64');
    expect((await on.send({ body, isBase64Encoded: true })).status).toBe(201);
  });

  test('the same request again: the same answer, one item', async () => {
    const first = await on.send({ body: APPROVE });
    on.setMinutes(9);
    const again = await on.send({ body: APPROVE });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.json).toEqual(first.json);
    expect(await on.decisions()).toHaveLength(1);
  });

  test('the same request again after it was taken up, and after it would have expired', async () => {
    const { json } = await on.send({ body: APPROVE });
    await on.incidents.change(ID, { kind: 'decided', at: T0, decision: json as unknown as Decision });
    expect((await on.incidents.head(ID))?.state).toBe('approved');
    on.setMinutes(100 * 60);
    const again = await on.send({ body: APPROVE });
    expect([again.status, again.json]).toEqual([200, json]);
    const other = await on.send({ body: { ...APPROVE, decision: 'rejected' } });
    expect([other.status, other.json['error']]).toEqual([409, 'decided-otherwise']);
  });

  test('two at once: one wins, the other hears who decided', async () => {
    const answers = await Promise.all([
      on.send({ body: APPROVE }),
      on.send({ body: { ...APPROVE, decision: 'rejected' }, by: BOB }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [item] = await on.decisions();
    const lost = answers.find(({ status }) => status === 409)?.json;
    expect(lost).toMatchObject({ error: 'decided-otherwise', decision: { by: item?.['by'] } });
    expect(String(lost?.['message'])).toContain(String(item?.['by']));
  });

  test('many at once by one person: one item, and every answer tells it', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => on.send({ body: APPROVE })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect(await on.decisions()).toHaveLength(1);
  });

  test('the same decision by another person does not take its place', async () => {
    await on.send({ body: APPROVE });
    const { status, json } = await on.send({ body: APPROVE, by: BOB });
    expect([status, json['error']]).toEqual([409, 'decided-otherwise']);
    expect((await on.decisions()).map(({ by }) => by)).toEqual([ALICE]);
  });

  test('after its time it is refused', async () => {
    await on.incidents.change(ID, { kind: 'told', at: at(1), telling: 'opened' });
    on.setMinutes(1 + 72 * 60);
    const { status, json } = await on.send({ body: APPROVE });
    expect([status, json['error']]).toEqual([409, 'expired']);
    expect(await on.decisions()).toEqual([]);
    on.setMinutes(72 * 60);
    expect((await on.send({ body: APPROVE })).status).toBe(201);
  });

  test.each([
    ['another hash', { planHash: 'b'.repeat(64) }],
    ['another revision', { revision: 2 }],
  ])('%s is refused', async (_, change) => {
    const { status, json } = await on.send({ body: { ...APPROVE, ...change } });
    expect([status, json['error']]).toEqual([409, 'another-plan']);
    expect(await on.decisions()).toEqual([]);
    expect(on.passedOn()).toEqual([]);
  });

  test('a decision on an older revision does not count for the next, and is not answered as if it did', async () => {
    await on.send({ body: APPROVE });
    await on.incidents.change(
      ID,
      failedEvent({ minutes: 1, copyJobId: 'job-2', proposal: { planHash: 'b'.repeat(64) } }),
    );
    const { status, json } = await on.send({ body: APPROVE });
    expect([status, json['error']]).toEqual([409, 'another-plan']);
  });

  test('only what is proposed can be decided', async () => {
    await on.incidents.change('BBBBBBBBBBBBBBBB', failedEvent({ proposal: { id: 'BBBBBBBBBBBBBBBB', ask: false } }));
    const { status, json } = await on.send({ path: '/incidents/BBBBBBBBBBBBBBBB/decision', body: APPROVE });
    expect([status, json['error']]).toEqual([409, 'not-proposed']);
    const none = await on.send({ path: '/incidents/CCCCCCCCCCCCCCCC/decision', body: APPROVE });
    expect([none.status, none.json['error']]).toEqual([404, 'not-found']);
    expect(await on.decisions()).toEqual([]);
  });

  test.each([[undefined], [''], ['alice']])('caller %j, whom IAM did not verify: 403', async (by) => {
    const sent = [await on.send({ body: APPROVE, by }), await on.get({ by })];
    expect(sent.map(({ status }) => status)).toEqual([403, 403]);
    expect(await on.decisions()).toEqual([]);
  });

  test('another authorizer counts for nothing', async () => {
    const authorizer = { lambda: { userArn: ALICE }, jwt: { claims: { sub: ALICE } } } as object;
    const { status } = await on.send({ body: APPROVE, requestContext: { http: { method: 'POST' }, authorizer } });
    expect(status).toBe(403);
  });

  test.each<[string, unknown]>([
    ['another `by`', { ...APPROVE, by: BOB }],
    ['no JSON', '{"decision":"approved"'],
    ['nothing', ''],
    ['too much', { ...APPROVE, reason: 'x', padding: 'x'.repeat(11_000) }],
    ['much whitespace', `${JSON.stringify(APPROVE)}${' '.repeat(11_000)}`],
  ])('a body with %s is refused', async (_, body) => {
    const { status, json } = await on.send({ body });
    expect([status, json['error']]).toEqual([400, 'bad-request']);
    expect(json['message']).toMatch(/Nothing was decided\.$/);
    expect(await on.decisions()).toEqual([]);
  });

  test('a reason is kept as one line of text', async () => {
    await on.send({ body: { ...APPROVE, reason: '<b>ok</b>\u001b[2J\u202e\nreally' } });
    expect((await on.decisions())[0]?.['reason']).toBe('<b>ok</b>[2J really');
  });
});

describe('what goes with an approval', () => {
  test('copying again is kept with the decision, and another wish is another decision', async () => {
    await on.become({ retry: 'ask', applies: 'service' });
    const body = { ...APPROVE, retry: true, evenThoughATemplateOwnsIt: true };
    const { status, json } = await on.send({ body });
    expect([status, json['retry'], json['evenThoughATemplateOwnsIt']]).toEqual([201, true, true]);
    expect(await on.decisions()).toMatchObject([{ retry: true, evenThoughATemplateOwnsIt: true }]);
    expect((await on.send({ body })).status).toBe(200);
    for (const other of [APPROVE, { ...body, retry: false }, { ...APPROVE, retry: true }]) {
      const answer = await on.send({ body: other });
      expect([answer.status, answer.json['error']]).toEqual([409, 'decided-otherwise']);
      expect(answer.json['message']).toMatch(/, in another way\. That stands\.$/);
    }
    expect(await on.decisions()).toHaveLength(1);
  });

  test('copying again is not asked for where it is not asked', async () => {
    await on.become({ retry: 'never' });
    const { status, json } = await on.send({ body: { ...APPROVE, retry: true } });
    expect([status, json['error']]).toEqual([400, 'bad-request']);
    expect(await on.decisions()).toEqual([]);
  });
});

describe('when AWS does not answer', () => {
  const error = { code: 'AccessDeniedException', message: 'no', status: 403 };

  test('a decision that could not be passed on is told as recorded, and the same request mends it', async () => {
    on.faults.add({ service: 'sqs', operation: 'SendMessage', error });
    const { status, json } = await on.send({ body: APPROVE });
    expect([status, json['error']]).toEqual([500, 'recorded']);
    expect(json['message']).toMatch(/is recorded.*same command again/);
    expect(await on.decisions()).toHaveLength(1);
    on.faults.clear();
    expect((await on.send({ body: APPROVE })).status).toBe(200);
    expect(on.passedOn()).toEqual([{ incident: ID }]);
  });

  test.each([
    ['GetItem', 'internal', /^Nothing was decided/],
    ['PutItem', 'not-known', /not known whether.*same command again/],
  ])('%s refused', async (operation, code, words) => {
    on.faults.add({ service: 'dynamodb', operation, error });
    const { status, json, headers } = await on.send({ body: APPROVE });
    expect([status, json['error']]).toEqual([500, code]);
    expect(json['message']).toMatch(words);
    expect(headers?.['cache-control']).toBe('no-store');
    on.faults.clear();
    expect(await on.decisions()).toEqual([]);
  });

  test('a write whose answer was lost is found again as the own one', async () => {
    on.faults.add({ service: 'dynamodb', operation: 'PutItem', times: 1, lostAnswer: true });
    const { status, json } = await on.send({ body: APPROVE });
    expect([status, json['by']]).toEqual([200, ALICE]);
    expect(await on.decisions()).toHaveLength(1);
  });

  test('a deployment without its settings decides nothing', async () => {
    Reflect.deleteProperty(process.env, ENVIRONMENT.tableName);
    const { status, json } = await on.send({ body: APPROVE });
    expect([status, json['error']]).toEqual([500, 'internal']);
  });
});

import { randomUUID } from 'node:crypto';
import { handlerWith, type UrlRequest } from '../lambda/approve.handler';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { headItem } from '../lambda/aws/incident-items';
import { Incidents } from '../lambda/aws/incidents';
import type { Decision, Incident } from '../lambda/core/incident/incident';
import type { ShownIncident } from '../lambda/core/incident/shown';
import { ENVIRONMENT } from '../lambda/environment';
import { startSandbox, type Queue, type Sandbox } from './sandbox';
import { failedEvent, ID, jobOf, evidenceOf as evidence, planOf } from './aws/incidents-fixture';

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const HASH = 'a'.repeat(64);
const ALICE = `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/alice`;
const BOB = `arn:aws:sts::${ACCOUNT}:assumed-role/copy-doctor-eu-west-1-approver/333333333333+bob`;
const T0 = '2026-06-01T00:00:00.000Z';
const minutes = (count: number) => new Date(Date.parse(T0) + count * 60_000);

jest.mock('@aws-lambda-powertools/logger', () => ({
  Logger: class {
    info = () => undefined;
    error = () => undefined;
  },
}));

let sandbox: Sandbox;
let queue: Queue;
let table: Awaited<ReturnType<Sandbox['addTable']>>;
let incidents: Incidents;
let now: Date;
let handle: ReturnType<typeof handlerWith>;
const environment = { ...process.env };

beforeAll(async () => {
  sandbox = await startSandbox({ now: T0 });
  sandbox.addAccount({ id: ACCOUNT });
  queue = sandbox.addQueue({ account: ACCOUNT, region: REGION, name: 'work' });
  const { accessKeyId, secretAccessKey } = sandbox.credentials(ACCOUNT);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    [ENVIRONMENT.deployment]: REGION,
    [ENVIRONMENT.stackName]: `copy-doctor-${REGION}`,
    [ENVIRONMENT.hubAccount]: ACCOUNT,
    [ENVIRONMENT.workQueueUrl]: queue.url,
    [ENVIRONMENT.destinations]: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
  });
});
afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  await sandbox.close();
});

beforeEach(async () => {
  const name = `incidents-${randomUUID()}`;
  const index = { name: 'due', partitionKey: 'duePartition', sortKey: 'due', projection: 'KEYS_ONLY' } as const;
  const keys = { partitionKey: 'pk', sortKey: 'sk', indexes: [index] };
  table = await sandbox.addTable({ account: ACCOUNT, region: REGION, name, ...keys });
  process.env[ENVIRONMENT.tableName] = name;
  now = minutes(5);
  queue.messages.length = 0;
  sandbox.faults.clear();
  handle = handlerWith(() => now);
  incidents = new Incidents(name, REGION, () => now);
  await incidents.change(ID, failedEvent(), async ({ revision }) => {
    await incidents.putPlan(ID, revision, planOf(HASH));
    await incidents.putEvidence(ID, 1, { evidence: evidence(), readAt: T0, copyJobId: 'job-1', revision });
  });
  await incidents.putJob(ID, jobOf('job-1', { bytes: 2048 }));
});

interface Sent extends Partial<Omit<UrlRequest, 'body'>> {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly by?: string | undefined;
}

async function send(sent: Sent = {}) {
  const { method = 'POST', path = `/incidents/${ID}/decision`, body, by, ...rest } = { by: ALICE, ...sent };
  const iam = by === undefined ? undefined : { userArn: by };
  const answer = await handle({
    rawPath: path,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: { http: { method }, ...(iam ? { authorizer: { iam } } : {}) },
    ...rest,
  });
  const json = JSON.parse(answer.body ?? 'null') as Record<string, unknown>;
  return { status: answer.statusCode, json, headers: answer.headers };
}

const APPROVE = { decision: 'approved', planHash: HASH, revision: 1 };
const get = (sent: Sent = {}) => send({ method: 'GET', path: `/incidents/${ID}`, ...sent });
const decisions = async () => (await table.items()).filter(({ pk }) => String(pk).startsWith('DECISION#'));
const passedOn = () => queue.messages.map(({ body }) => JSON.parse(body) as unknown);

describe('GET /incidents/<id>', () => {
  test('shows everything that a person needs to decide, and writes nothing', async () => {
    const before = await table.items();
    const { status, json, headers } = await get();
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
    expect(await table.items()).toEqual(before);
    expect(passedOn()).toEqual([]);
  });

  test('with a body that decides, it decides nothing', async () => {
    expect((await get({ body: APPROVE })).status).toBe(200);
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'post']) {
      const { status, headers } = await send({ method, body: APPROVE });
      expect([method, status, headers?.['allow']]).toEqual([method, 405, 'POST']);
    }
    expect((await get({ method: 'HEAD', body: APPROVE })).status).toBe(405);
    expect((await get({ method: 'POST', body: APPROVE })).status).toBe(405);
    expect(await decisions()).toEqual([]);
    expect(passedOn()).toEqual([]);
  });

  test('a decision that was recorded a moment ago is shown', async () => {
    await send({ body: APPROVE });
    const { json } = await get();
    expect(json['incident']).toMatchObject({ state: 'proposed', decision: { decision: 'approved', by: ALICE } });
  });

  test('evidence of an older revision is not shown as the current one', async () => {
    await incidents.change(ID, failedEvent({ minutes: 1, copyJobId: 'job-2', proposal: { planHash: 'b'.repeat(64) } }));
    const { json } = await get();
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
    const { status, json } = await get({ path });
    expect([status, json['error']]).toEqual([404, error]);
  });
});

describe('POST /incidents/<id>/decision', () => {
  test('records who decided what on which plan, and passes it on', async () => {
    const { status, json } = await send({ body: { ...APPROVE, reason: 'CHG-4711' } });
    const decision: Decision = {
      incident: ID,
      revision: 1,
      planHash: HASH,
      decision: 'approved',
      by: ALICE,
      at: minutes(5).toISOString(),
      reason: 'CHG-4711',
    };
    expect([status, json]).toEqual([201, decision]);
    expect(await decisions()).toEqual([{ pk: `DECISION#${ID}#1`, sk: 'DECISION', ...decision }]);
    expect(passedOn()).toEqual([{ incident: ID }]);
    // The incident itself is left to `remediate`.
    expect((await incidents.head(ID))?.state).toBe('proposed');
  });

  test('takes a body in base64', async () => {
    const body = Buffer.from(JSON.stringify(APPROVE)).toString('base64');
    expect((await send({ body, isBase64Encoded: true })).status).toBe(201);
  });

  test('the same request again: the same answer, one item', async () => {
    const first = await send({ body: APPROVE });
    now = minutes(9);
    const again = await send({ body: APPROVE });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.json).toEqual(first.json);
    expect(await decisions()).toHaveLength(1);
  });

  test('the same request again after it was taken up, and after it would have expired', async () => {
    const { json } = await send({ body: APPROVE });
    await incidents.change(ID, { kind: 'decided', at: T0, decision: json as unknown as Decision });
    expect((await incidents.head(ID))?.state).toBe('approved');
    now = minutes(100 * 60);
    const again = await send({ body: APPROVE });
    expect([again.status, again.json]).toEqual([200, json]);
    const other = await send({ body: { ...APPROVE, decision: 'rejected' } });
    expect([other.status, other.json['error']]).toEqual([409, 'decided-otherwise']);
  });

  test('two at once: one wins, the other hears who decided', async () => {
    const answers = await Promise.all([
      send({ body: APPROVE }),
      send({ body: { ...APPROVE, decision: 'rejected' }, by: BOB }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [item] = await decisions();
    const lost = answers.find(({ status }) => status === 409)?.json;
    expect(lost).toMatchObject({ error: 'decided-otherwise', decision: { by: item?.['by'] } });
    expect(String(lost?.['message'])).toContain(String(item?.['by']));
  });

  test('many at once by one person: one item, and every answer tells it', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send({ body: APPROVE })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect(await decisions()).toHaveLength(1);
  });

  test('the same decision by another person does not take its place', async () => {
    await send({ body: APPROVE });
    const { status, json } = await send({ body: APPROVE, by: BOB });
    expect([status, json['error']]).toEqual([409, 'decided-otherwise']);
    expect((await decisions()).map(({ by }) => by)).toEqual([ALICE]);
  });

  test('after its time it is refused', async () => {
    await incidents.change(ID, { kind: 'told', at: minutes(1).toISOString(), telling: 'opened' });
    now = minutes(1 + 72 * 60);
    const { status, json } = await send({ body: APPROVE });
    expect([status, json['error']]).toEqual([409, 'expired']);
    expect(await decisions()).toEqual([]);
    now = minutes(72 * 60);
    expect((await send({ body: APPROVE })).status).toBe(201);
  });

  test.each([
    ['another hash', { planHash: 'b'.repeat(64) }],
    ['another revision', { revision: 2 }],
  ])('%s is refused', async (_, change) => {
    const { status, json } = await send({ body: { ...APPROVE, ...change } });
    expect([status, json['error']]).toEqual([409, 'another-plan']);
    expect(await decisions()).toEqual([]);
    expect(passedOn()).toEqual([]);
  });

  test('a decision on an older revision does not count for the next, and is not answered as if it did', async () => {
    await send({ body: APPROVE });
    await incidents.change(ID, failedEvent({ minutes: 1, copyJobId: 'job-2', proposal: { planHash: 'b'.repeat(64) } }));
    const { status, json } = await send({ body: APPROVE });
    expect([status, json['error']]).toEqual([409, 'another-plan']);
  });

  test('only what is proposed can be decided', async () => {
    await incidents.change('BBBBBBBBBBBBBBBB', failedEvent({ proposal: { id: 'BBBBBBBBBBBBBBBB', ask: false } }));
    const { status, json } = await send({ path: '/incidents/BBBBBBBBBBBBBBBB/decision', body: APPROVE });
    expect([status, json['error']]).toEqual([409, 'not-proposed']);
    const none = await send({ path: '/incidents/CCCCCCCCCCCCCCCC/decision', body: APPROVE });
    expect([none.status, none.json['error']]).toEqual([404, 'not-found']);
    expect(await decisions()).toEqual([]);
  });

  test.each([[undefined], [''], ['alice']])('caller %j, whom IAM did not verify: 403', async (by) => {
    const sent = [await send({ body: APPROVE, by }), await get({ by })];
    expect(sent.map(({ status }) => status)).toEqual([403, 403]);
    expect(await decisions()).toEqual([]);
  });

  test('another authorizer counts for nothing', async () => {
    const authorizer = { lambda: { userArn: ALICE }, jwt: { claims: { sub: ALICE } } } as object;
    const { status } = await send({ body: APPROVE, requestContext: { http: { method: 'POST' }, authorizer } });
    expect(status).toBe(403);
  });

  test.each<[string, unknown]>([
    ['another `by`', { ...APPROVE, by: BOB }],
    ['no JSON', '{"decision":"approved"'],
    ['nothing', ''],
    ['too much', { ...APPROVE, reason: 'x', padding: 'x'.repeat(11_000) }],
    ['much whitespace', `${JSON.stringify(APPROVE)}${' '.repeat(11_000)}`],
  ])('a body with %s is refused', async (_, body) => {
    const { status, json } = await send({ body });
    expect([status, json['error']]).toEqual([400, 'bad-request']);
    expect(json['message']).toMatch(/Nothing was decided\.$/);
    expect(await decisions()).toEqual([]);
  });

  test('a reason is kept as one line of text', async () => {
    await send({ body: { ...APPROVE, reason: '<b>ok</b>\u001b[2J\u202e\nreally' } });
    expect((await decisions())[0]?.['reason']).toBe('<b>ok</b>[2J really');
  });
});

/** Whatever brought it there, the incident is like this now. */
async function become(change: Partial<Incident>): Promise<void> {
  const incident = await incidents.head(ID);
  if (!incident) throw new Error('no incident');
  const item = headItem({ incident: { ...incident, ...change }, version: 1000 });
  const client = new DynamoDBClient({ region: REGION });
  await client.send(
    new PutItemCommand({ TableName: table.name, Item: marshall(item, { removeUndefinedValues: true }) }),
  );
  client.destroy();
}

describe('what goes with an approval', () => {
  test('copying again is kept with the decision, and another wish is another decision', async () => {
    await become({ retry: 'ask', applies: 'service' });
    const body = { ...APPROVE, retry: true, evenThoughATemplateOwnsIt: true };
    const { status, json } = await send({ body });
    expect([status, json['retry'], json['evenThoughATemplateOwnsIt']]).toEqual([201, true, true]);
    expect(await decisions()).toMatchObject([{ retry: true, evenThoughATemplateOwnsIt: true }]);
    expect((await send({ body })).status).toBe(200);
    for (const other of [APPROVE, { ...body, retry: false }, { ...APPROVE, retry: true }]) {
      const answer = await send({ body: other });
      expect([answer.status, answer.json['error']]).toEqual([409, 'decided-otherwise']);
      expect(answer.json['message']).toMatch(/, in another way\. That stands\.$/);
    }
    expect(await decisions()).toHaveLength(1);
  });

  test('copying again is not asked for where it is not asked', async () => {
    await become({ retry: 'never' });
    const { status, json } = await send({ body: { ...APPROVE, retry: true } });
    expect([status, json['error']]).toEqual([400, 'bad-request']);
    expect(await decisions()).toEqual([]);
  });
});

describe('a rollback', () => {
  const BACK = 'c'.repeat(64);
  const change = { at: T0 };
  const rollback = { from: 'resolved', requestedBy: BOB, requestedAt: T0, planHash: BACK } as const;
  const ask = (sent: Sent = {}) => send({ path: `/incidents/${ID}/rollback`, body: { revision: 1 }, ...sent });
  const DECIDE = { ...APPROVE, planHash: BACK, about: 'rollback' };
  const proposed = async () => {
    const expire = minutes(60).toISOString();
    await become({ state: 'rollback-proposed', change, rollback, agenda: { expire } });
    await incidents.putPlan(ID, 1, { ...planOf(BACK), removed: [] });
  };

  test('is asked for by an item of its own, passed on, and may be asked for again', async () => {
    await become({ state: 'resolved', change });
    const { status, json } = await ask({ body: { revision: 1, reason: 'CHG-2' } });
    const request = { incident: ID, revision: 1, decision: 'approved', planHash: '', by: ALICE, reason: 'CHG-2' };
    expect([status, json]).toEqual([201, { ...request, about: 'rollback-request', at: minutes(5).toISOString() }]);
    expect(await decisions()).toEqual([{ pk: `DECISION#${ID}#1#rollback-request`, sk: 'DECISION', ...json }]);
    expect(passedOn()).toEqual([{ incident: ID }]);
    now = minutes(9);
    expect([200, 201]).toContain((await ask({ by: BOB })).status);
    expect(passedOn()).toHaveLength(2);
    expect(await decisions()).toHaveLength(1);
  });

  test.each<[string, Partial<Incident>, object, number, string]>([
    ['what waits for a decision', {}, { revision: 1 }, 409, 'no-rollback'],
    ['what the owner changed', { state: 'resolved' }, { revision: 1 }, 409, 'no-rollback'],
    ['what is under way', { state: 'retrying', change }, { revision: 1 }, 409, 'no-rollback'],
    ['what is proposed', { state: 'rollback-proposed', change, rollback }, { revision: 1 }, 409, 'no-rollback'],
    ['another revision', { state: 'resolved', change }, { revision: 2 }, 409, 'another-plan'],
    ['a body that says more', { state: 'resolved', change }, { revision: 1, planHash: HASH }, 400, 'bad-request'],
  ])('is not asked for: %s', async (_, there, body, code, error) => {
    await become(there);
    const { status, json } = await ask({ body });
    expect([status, json['error']]).toEqual([code, error]);
    expect([await decisions(), passedOn()]).toEqual([[], []]);
  });

  test('is asked for by POST alone, and by whom IAM let in', async () => {
    await become({ state: 'resolved', change });
    const get = await ask({ method: 'GET' });
    expect([get.status, get.headers?.['allow']]).toEqual([405, 'POST']);
    expect((await ask({ by: undefined })).status).toBe(403);
    expect(await decisions()).toEqual([]);
  });

  test('is shown with its plan, and with a decision that was recorded a moment ago', async () => {
    await proposed();
    expect((await get()).json).toMatchObject({ rollback: { hash: BACK, removed: [] }, plan: { hash: HASH } });
    await send({ body: DECIDE });
    expect((await get()).json).toMatchObject({
      incident: { state: 'rollback-proposed', rollback: { decision: { by: ALICE, about: 'rollback' } } },
    });
  });

  test('is decided beside the decision on the change, by the hash of what is removed', async () => {
    await send({ body: APPROVE });
    await proposed();
    const { status, json } = await send({ body: DECIDE });
    expect([status, json['about'], json['planHash']]).toEqual([201, 'rollback', BACK]);
    expect((await decisions()).map(({ pk }) => pk)).toEqual(
      expect.arrayContaining([`DECISION#${ID}#1`, `DECISION#${ID}#1#rollback#${BACK.slice(0, 12)}`]),
    );
    expect((await send({ body: DECIDE })).status).toBe(200);
    expect((await send({ body: { ...DECIDE, decision: 'rejected' } })).json['error']).toBe('decided-otherwise');
  });

  test.each<[string, object, string]>([
    ["the change's hash", { planHash: HASH }, 'another-plan'],
    ['no word that it is about the rollback', { about: undefined }, 'not-proposed'],
  ])('is not decided by %s', async (_, more, error) => {
    await proposed();
    const { status, json } = await send({ body: { ...DECIDE, ...more } });
    expect([status, json['error']]).toEqual([409, error]);
    expect(await decisions()).toEqual([]);
  });
});

test('GET tells what came of copying again', async () => {
  await incidents.setRetry(ID, 'job-1', { copyJobId: 'retry-1', attempt: 1, at: T0 });
  expect((await get()).json['retried']).toMatchObject({ running: 1, copied: 0, failed: 0 });
});

describe('when AWS does not answer', () => {
  const error = { code: 'AccessDeniedException', message: 'no', status: 403 };

  test('a decision that could not be passed on is told as recorded, and the same request mends it', async () => {
    sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', error });
    const { status, json } = await send({ body: APPROVE });
    expect([status, json['error']]).toEqual([500, 'recorded']);
    expect(json['message']).toMatch(/is recorded.*same command again/);
    expect(await decisions()).toHaveLength(1);
    sandbox.faults.clear();
    expect((await send({ body: APPROVE })).status).toBe(200);
    expect(passedOn()).toEqual([{ incident: ID }]);
  });

  test.each([
    ['GetItem', 'internal', /^Nothing was decided/],
    ['PutItem', 'not-known', /not known whether.*same command again/],
  ])('%s refused', async (operation, code, words) => {
    sandbox.faults.add({ service: 'dynamodb', operation, error });
    const { status, json, headers } = await send({ body: APPROVE });
    expect([status, json['error']]).toEqual([500, code]);
    expect(json['message']).toMatch(words);
    expect(headers?.['cache-control']).toBe('no-store');
    sandbox.faults.clear();
    expect(await decisions()).toEqual([]);
  });

  test('a write whose answer was lost is found again as the own one', async () => {
    sandbox.faults.add({ service: 'dynamodb', operation: 'PutItem', times: 1, lostAnswer: true });
    const { status, json } = await send({ body: APPROVE });
    expect([status, json['by']]).toEqual([200, ALICE]);
    expect(await decisions()).toHaveLength(1);
  });

  test('a deployment without its settings decides nothing', async () => {
    Reflect.deleteProperty(process.env, ENVIRONMENT.tableName);
    const { status, json } = await send({ body: APPROVE });
    expect([status, json['error']]).toEqual([500, 'internal']);
  });
});

test('GET tells how old the newest good copies were when that was last looked at', async () => {
  expect((await get()).json).not.toHaveProperty('newest');
  const newest = { readAt: T0, resources: 2, without: 1, unread: 1, worst: [] };
  await incidents.putNewest(ID, newest);
  expect((await get()).json['newest']).toEqual(newest);
});

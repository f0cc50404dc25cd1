import { marshall } from '@aws-sdk/util-dynamodb';
import { headItem, KEYS } from '../../lambda/aws/incident-items';
import { Incidents } from '../../lambda/aws/incidents';
import type { Fold } from '../../lambda/core/incident/fold';
import type { Decision } from '../../lambda/core/incident/incident';
import { reduce } from '../../lambda/core/incident/reduce';
import { answering, at, failedEvent, ID, T0, TestDynamo } from './incidents-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await TestDynamo.start();
});
afterAll(() => dynamo.close());

let counter = 0;
const tableName = () => `table-${(counter += 1)}`;

describe('copy jobs', () => {
  test('known ones are found, others not', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    await incidents.putCopyJob('job-1', ['A', 'A', 'B']);
    expect(await incidents.knownCopyJobs(['job-1', 'job-2', 'job-1'])).toEqual(
      new Map([['job-1', { incidents: ['A', 'B'], attempt: 0 }]]),
    );
    expect((await dynamo.items(table)).get('COPYJOB#job-1 COPYJOB')).toMatchObject({ at: T0, attempt: 0 });
  });

  test('incidents are added, never taken away, and never twice', async () => {
    const incidents = await dynamo.incidents(tableName());
    await incidents.putCopyJob('job-1', ['A']);
    await incidents.putCopyJob('job-1', []);
    await Promise.all([['A', 'B'], ['C'], ['B'], ['C', 'B']].map((list) => incidents.putCopyJob('job-1', list)));
    const known = (await incidents.knownCopyJobs(['job-1'])).get('job-1');
    expect([...(known?.incidents ?? [])].sort()).toEqual(['A', 'B', 'C']);
  });

  test('a retry is on record before it fails, with its place, and keeps it when it is diagnosed', async () => {
    const incidents = await dynamo.incidents(tableName());
    await incidents.putRetryOf('retry-1', { root: 'job-1', attempt: 1 });
    const place = { root: 'job-1', attempt: 1 };
    expect((await incidents.knownCopyJobs(['retry-1'])).get('retry-1')).toEqual({ incidents: [], ...place });
    await incidents.putCopyJob('retry-1', ['A']);
    expect((await incidents.knownCopyJobs(['retry-1'])).get('retry-1')).toEqual({ incidents: ['A'], ...place });
  });

  test('a retry that failed before it was on record gets its place, and keeps its incidents', async () => {
    const incidents = await dynamo.incidents(tableName());
    await incidents.putCopyJob('retry-1', ['A']);
    await incidents.putRetryOf('retry-1', { root: 'job-1', attempt: 2 });
    const known = (await incidents.knownCopyJobs(['retry-1'])).get('retry-1');
    expect(known).toEqual({ incidents: ['A'], root: 'job-1', attempt: 2 });
  });
});

test('folds are found by their hash', async () => {
  const incidents = await dynamo.incidents(tableName());
  const fold: Fold = { diagnosed: 1, until: at(60), incidents: ['A'], shared: true };
  await incidents.putFold('f', { ...fold, diagnosed: 0 });
  await incidents.putFold('f', fold);
  expect(await incidents.folds(['f', 'g', 'f'])).toEqual(new Map([['f', fold]]));
  expect(await incidents.folds([])).toEqual(new Map());
});

describe('decisions', () => {
  const decision: Decision = {
    incident: ID,
    revision: 1,
    planHash: 'a'.repeat(64),
    decision: 'approved',
    by: 'arn:aws:sts::222222222222:assumed-role/owner/jane',
    at: T0,
  };

  test('the first one stands', async () => {
    const incidents = await dynamo.incidents(tableName());
    expect(await incidents.decision(ID, 1)).toBeUndefined();
    expect(await incidents.putDecision(decision)).toBe('put');
    expect(await incidents.putDecision({ ...decision, at: at(1), reason: 'again' })).toBe('same');
    expect(await incidents.putDecision({ ...decision, decision: 'rejected' })).toBe('other');
    expect(await incidents.putDecision({ ...decision, planHash: 'b'.repeat(64) })).toBe('other');
    expect(await incidents.putDecision({ ...decision, by: `${decision.by}t` })).toBe('other');
    expect(await incidents.decision(ID, 1)).toEqual(decision);
    expect(await incidents.putDecision({ ...decision, revision: 2 })).toBe('put');
  });

  test('of many at once exactly one', async () => {
    const incidents = await dynamo.incidents(tableName());
    const people = Array.from({ length: 20 }, (_, index) => ({ ...decision, by: `${decision.by}${index}` }));
    const answers = await Promise.all(people.map((one) => incidents.putDecision(one)));
    expect(answers.filter((answer) => answer === 'put')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'other')).toHaveLength(19);
  });
});

describe('rollbacks', () => {
  const rollback: Decision = {
    incident: ID,
    revision: 1,
    planHash: 'a'.repeat(64),
    decision: 'rejected',
    by: 'arn:aws:sts::222222222222:assumed-role/owner/jane',
    at: T0,
    about: 'rollback',
  };
  const request: Decision = { ...rollback, planHash: '', decision: 'approved', about: 'rollback-request' };

  test('a decision stands for its plan alone, and beside the one on the change', async () => {
    const incidents = await dynamo.incidents(tableName());
    const change = { ...rollback, about: 'change' } as const;
    const other = { ...rollback, planHash: 'b'.repeat(64), decision: 'approved' } as const;
    expect(await incidents.putDecision(change)).toBe('put');
    expect(await incidents.putDecision(rollback)).toBe('put');
    expect(await incidents.putDecision({ ...rollback, decision: 'approved' })).toBe('other');
    expect(await incidents.putDecision(rollback)).toBe('same');
    expect(await incidents.putDecision(other)).toBe('put');
    expect(await incidents.decision(ID, 1)).toEqual(change);
    expect(await incidents.decision(ID, 1, 'rollback', rollback.planHash)).toEqual(rollback);
    expect(await incidents.decision(ID, 1, 'rollback', other.planHash)).toEqual(other);
    expect(await incidents.rollbackRequest(ID, 1)).toBeUndefined();
  });

  test('the newest request stands', async () => {
    const incidents = await dynamo.incidents(tableName());
    expect(await incidents.putDecision(request)).toBe('put');
    expect(await incidents.putDecision(request)).toBe('same');
    expect(await incidents.putDecision({ ...request, at: at(5), by: 'arn:joe' })).toBe('put');
    expect(await incidents.putDecision({ ...request, at: at(4) })).toBe('same');
    expect(await incidents.rollbackRequest(ID, 1)).toEqual({ ...request, at: at(5), by: 'arn:joe' });
    expect(await incidents.rollbackRequest(ID, 2)).toBeUndefined();
    expect(await incidents.decision(ID, 1)).toBeUndefined();
  });
});

test('changes without asking: so many a vault and day, and one that is counted already stays allowed', async () => {
  const incidents = await dynamo.incidents(tableName());
  const claim = (id: string, day = '2026-06-01', vault = 'arn:v') => incidents.claimAuto(vault, day, id, 1);
  const answers = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((id) => claim(id)));
  expect(answers.filter(Boolean)).toHaveLength(5);
  const again = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((id) => claim(id)));
  expect(again).toEqual(answers);
  const [first] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].filter((_, index) => answers[index]);
  // The next revision is a change of its own.
  expect(await incidents.claimAuto('arn:v', '2026-06-01', String(first), 2)).toBe(false);
  expect(await claim('Z', '2026-06-02')).toBe(true);
  expect(await claim('Z', '2026-06-01', 'arn:other')).toBe(true);
  expect(await incidents.claimAuto('arn:one', '2026-06-01', 'A', 1, 1)).toBe(true);
  expect(await incidents.claimAuto('arn:one', '2026-06-01', 'B', 1, 1)).toBe(false);
});

test('a lease is taken, refused, taken again by its owner, over when its time is, and released only by its owner', async () => {
  let now = T0;
  const incidents = await dynamo.incidents(tableName(), () => new Date(now));
  expect(await incidents.lease('notify', 'one', 60_000)).toBe(true);
  expect(await incidents.lease('notify', 'two', 60_000)).toBe(false);
  expect(await incidents.lease('other', 'two', 60_000)).toBe(true);
  expect(await incidents.lease('notify', 'one', 120_000)).toBe(true);
  now = at(1.5);
  expect(await incidents.lease('notify', 'two', 60_000)).toBe(false);
  now = at(2);
  expect(await incidents.lease('notify', 'two', 60_000)).toBe(true);
  await incidents.release('notify', 'one');
  expect(await incidents.lease('notify', 'one', 60_000)).toBe(false);
  await incidents.release('notify', 'two');
  await incidents.release('notify', 'two');
  expect(await incidents.lease('notify', 'one', 60_000)).toBe(true);
});

test('keys that DynamoDB leaves unprocessed are asked for again', async () => {
  const { incident } = reduce(undefined, failedEvent());
  if (!incident) throw new Error('not opened');
  const ids = ['A', 'B', 'C', 'D', 'E'];
  const asked: number[] = [];
  const server = await answering((operation, input) => {
    expect(operation).toBe('BatchGetItem');
    const { Keys } = (input['RequestItems'] as Record<string, { Keys: { pk: { S: string } }[] }>)['t'] ?? { Keys: [] };
    asked.push(Keys.length);
    const [first, ...rest] = Keys.map(({ pk }) => pk.S.slice('INCIDENT#'.length));
    return {
      Responses: {
        t: [
          marshall(headItem({ incident: { ...incident, id: String(first) }, version: 1 }), {
            removeUndefinedValues: true,
          }),
        ],
      },
      UnprocessedKeys: rest.length > 0 ? { t: { Keys: rest.map((id) => marshall(KEYS.head(id))) } } : {},
    };
  });
  const incidents = new Incidents('t', 'eu-west-1', () => new Date(T0), server.client);
  expect((await incidents.heads(ids)).map(({ id }) => id)).toEqual(ids);
  expect(asked).toEqual([5, 4, 3, 2, 1]);
  await server.close();
});

test("DynamoDB's errors are thrown as the SDK throws them", async () => {
  const incidents = new Incidents('no-such-table', 'eu-west-1', () => new Date(T0), dynamo.client);
  await expect(incidents.head(ID)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(incidents.putDecision({} as Decision)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

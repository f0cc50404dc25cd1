import { IncidentBusyError, Incidents, TABLE_SHAPE, type OnChange } from '../../lambda/aws/incidents';
import { KEYS } from '../../lambda/aws/incident-items';
import { at, evidenceOf, failedEvent, ID, jobOf, listOf, planOf, T0, TestDynamo } from './incidents-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await TestDynamo.start();
});
afterAll(() => dynamo.close());

let counter = 0;
const tableName = () => `table-${(counter += 1)}`;

const looked = (minutes: number) => ({ kind: 'looked', at: at(minutes), policy: 'unknown', listed: false }) as const;

describe('change', () => {
  test('opens an incident: HEAD with version and due, and a LOG item', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    const { before, after, changed } = await incidents.change(ID, failedEvent());
    expect({ before, changed }).toEqual({ before: undefined, changed: true });
    expect(after).toMatchObject({ id: ID, state: 'proposed', revision: 1, tell: 'opened' });
    expect(await incidents.head(ID)).toEqual(after);
    expect(await incidents.log(ID)).toEqual([{ at: T0, what: 'proposed', to: 'proposed' }]);
    const items = await dynamo.items(table);
    expect([...items.keys()]).toEqual([`INCIDENT#${ID} HEAD`, `INCIDENT#${ID} LOG#${T0}#00000001`]);
    expect(items.get(`INCIDENT#${ID} HEAD`)).toMatchObject({
      version: 1,
      [TABLE_SHAPE.index.partitionKey]: 'DUE',
      [TABLE_SHAPE.index.sortKey]: at(1),
    });
  });

  test('writes nothing where the event changes nothing', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    expect(await incidents.change(ID, looked(1))).toEqual({ changed: false });
    await incidents.change(ID, failedEvent());
    const before = await dynamo.items(table);
    const prepare = jest.fn();
    const again = await incidents.change(ID, failedEvent(), prepare);
    expect(again.changed).toBe(false);
    expect(again.after).toEqual(again.before);
    expect(prepare).not.toHaveBeenCalled();
    expect(await dynamo.items(table)).toEqual(before);
  });

  test('tells of each change that was written, and of no other', async () => {
    const table = tableName();
    const told: unknown[] = [];
    await dynamo.addTable(table);
    const onChange: OnChange = (before, after, at) => void told.push([before?.revision, after, at]);
    const incidents = new Incidents(table, 'eu-west-1', () => new Date(T0), dynamo.client, onChange);
    const items = incidents['table'];
    const put = items.put.bind(items);
    let lost = 0;
    // Another was faster: the first try to write HEAD is refused.
    items.put = (...args) => (args[1] && (lost += 1) === 1 ? Promise.resolve(false) : put(...args));
    const { after } = await incidents.change(ID, failedEvent());
    await incidents.change(ID, failedEvent());
    expect(told).toEqual([[undefined, after, T0]]);
    await incidents.change(ID, looked(1));
    expect(told).toEqual([expect.anything(), [1, await incidents.head(ID), at(1)]]);
  });

  test('with nothing due any more, HEAD leaves the index', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    await incidents.change(ID, failedEvent({ proposal: { kind: 'drill', ask: false, planHash: undefined } }));
    expect(await incidents.due(at(5), 10)).toEqual([ID]);
    const { after } = await incidents.change(ID, { kind: 'told', at: at(1), telling: 'drill' });
    expect(after).toMatchObject({ state: 'resolved', agenda: {} });
    expect(await incidents.due(at(99_999), 10)).toEqual([]);
    const head = (await dynamo.items(table)).get(`INCIDENT#${ID} HEAD`);
    expect(head).not.toHaveProperty('due');
    expect(head).not.toHaveProperty('duePartition');
  });

  test('who loses the race prepares again, for what will be written then', async () => {
    const incidents = await dynamo.incidents(tableName());
    await incidents.change(ID, failedEvent());
    const prepared: number[] = [];
    const { before, after } = await incidents.change(
      ID,
      failedEvent({ minutes: 20, copyJobId: 'slow', proposal: { planHash: 'b'.repeat(64) } }),
      async (next) => {
        prepared.push(next.revision);
        if (prepared.length > 1) return;
        const faster = failedEvent({ minutes: 10, copyJobId: 'fast', proposal: { planHash: 'c'.repeat(64) } });
        await incidents.change(ID, faster);
      },
    );
    expect(prepared).toEqual([2, 3]);
    expect(before).toMatchObject({ revision: 2, openedBy: 'fast' });
    expect(after).toMatchObject({ revision: 3, openedBy: 'slow' });
    expect((await incidents.log(ID)).map(({ at }) => at)).toEqual([T0, at(10), at(20)]);
  });

  test('50 at once lose nothing', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    await incidents.change(ID, failedEvent());
    const untilWritten = async (minutes: number): Promise<void> => {
      try {
        expect((await incidents.change(ID, looked(minutes))).changed).toBe(true);
      } catch (error) {
        // The queue brings it again.
        if (!(error instanceof IncidentBusyError)) throw error;
        await untilWritten(minutes);
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, index) => untilWritten(index + 1)));
    const head = (await dynamo.items(table)).get(`INCIDENT#${ID} HEAD`);
    expect(head).toMatchObject({ version: 51, revision: 1, state: 'proposed' });
  });

  test('50 at once open one incident', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    const changes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => incidents.change(ID, failedEvent({ copyJobId: `job-${index}` }))),
    );
    expect(changes.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await incidents.log(ID)).toHaveLength(1);
    expect(new Set(changes.map(({ after }) => after?.openedBy)).size).toBe(1);
  });

  test('gives up after 8 tries, with the incident named', async () => {
    const incidents = await dynamo.incidents(tableName());
    await incidents.change(ID, failedEvent());
    let minutes = 0;
    const disturb = async (): Promise<void> => {
      await incidents.change(ID, looked((minutes += 1)));
    };
    const refused = incidents.change(ID, looked(1000), disturb);
    await expect(refused).rejects.toThrow(IncidentBusyError);
    await expect(refused).rejects.toThrow(ID);
    expect(minutes).toBe(8);
  });
});

describe('a crash between two writes', () => {
  /** What a diagnosis does to join, in its order; writes after the first `allowed` never happen. */
  async function join(table: string, allowed: number): Promise<number> {
    const incidents = dynamo.incidentsIn(table);
    let writes = 0;
    const items = incidents['table'];
    const put = items.put.bind(items);
    items.put = (...args) => {
      if (writes === allowed) throw new Error('crash');
      writes += 1;
      return put(...args);
    };
    try {
      await incidents.putCopyJob('job-1', [ID]);
      await incidents.putJob(ID, jobOf('job-1'));
      await incidents.change(ID, failedEvent(), async ({ revision }) => {
        await incidents.putPlan(ID, revision, planOf('a'.repeat(64)));
        await incidents.putEvidence(ID, 1, { evidence: evidenceOf(), readAt: T0, copyJobId: 'job-1', revision });
      });
    } catch (error) {
      if ((error as Error).message !== 'crash') throw error;
    }
    return writes;
  }

  test('is mended when the failure is told again, wherever it was', async () => {
    const whole = tableName();
    await dynamo.addTable(whole);
    const writes = await join(whole, 99);
    expect(writes).toBe(6);
    const log = await dynamo.incidentsIn(whole).log(ID);
    await dynamo.incidentsIn(whole).change(ID, looked(5));
    const expected = await dynamo.items(whole);
    for (let allowed = 0; allowed < writes; allowed += 1) {
      const table = tableName();
      await dynamo.addTable(table);
      expect(await join(table, allowed)).toBe(allowed);
      await join(table, 99);
      expect(await dynamo.incidentsIn(table).log(ID)).toEqual(log);
      await dynamo.incidentsIn(table).change(ID, looked(5));
      expect(await dynamo.items(table)).toEqual(expected);
    }
  });
});

describe('what an incident holds', () => {
  test('plans and evidence come back as they were', async () => {
    const incidents = await dynamo.incidents(tableName());
    const plan = planOf('0123456789abcdef');
    await incidents.putPlan(ID, 1, plan);
    expect(await incidents.plan(ID, 1, plan.hash)).toEqual(plan);
    expect(await incidents.plan(ID, 2, plan.hash)).toBeUndefined();
    const stored = { evidence: evidenceOf({ 'backup:ListTags': { Tags: {} } }), readAt: T0, copyJobId: 'job-1' };
    await incidents.putEvidence(ID, 2, { ...stored, revision: 1, copyJobId: 'job-2' });
    await incidents.putEvidence(ID, 1, { ...stored, revision: 1 });
    expect(await incidents.evidence(ID)).toEqual(
      ['job-1', 'job-2'].map((copyJobId) => JSON.parse(JSON.stringify({ ...stored, revision: 1, copyJobId }))),
    );
  });

  test('slot 1 takes what was read last, slots 2 and 3 are filled once a revision', async () => {
    const incidents = await dynamo.incidents(tableName());
    const put = (slot: 1 | 2, minutes: number, revision: number) =>
      incidents.putEvidence(ID, slot, { evidence: evidenceOf(), readAt: at(minutes), copyJobId: 'job-1', revision });
    expect(await put(1, 5, 1)).toBe(true);
    expect(await put(1, 4, 1)).toBe(false);
    expect(await put(1, 6, 1)).toBe(true);
    expect(await put(1, 3, 2)).toBe(true);
    expect(await put(1, 9, 1)).toBe(false);
    expect(await put(2, 5, 1)).toBe(true);
    expect(await put(2, 6, 1)).toBe(false);
    expect(await put(2, 6, 2)).toBe(true);
    expect((await incidents.evidence(ID)).map(({ readAt, revision }) => ({ readAt, revision }))).toEqual([
      { readAt: at(3), revision: 2 },
      { readAt: at(6), revision: 2 },
    ]);
  });

  test('evidence beyond what an item takes is kept in part', async () => {
    const incidents = await dynamo.incidents(tableName());
    const evidence = evidenceOf({
      'kms:ListGrants': { Grants: ['x'.repeat(500_000)] },
      'backup:ListTags': { Tags: {} },
    });
    await incidents.putEvidence(ID, 1, { evidence, readAt: T0, copyJobId: 'job-1', revision: 1 });
    const [kept] = await incidents.evidence(ID);
    expect(kept?.evidence.responses).toEqual({
      'kms:ListGrants': { error: 'LeftOut', message: 'too large to keep' },
      'backup:ListTags': { Tags: {} },
    });
  });
});

describe('lists of incidents', () => {
  const idOf = (index: number) => `INCIDENT${String(index).padStart(8, 'X')}`;
  const open = async (incidents: Awaited<ReturnType<TestDynamo['incidents']>>, index: number, minutes: number) =>
    incidents.change(idOf(index), failedEvent({ minutes, proposal: { id: idOf(index) } }));

  test('due: earliest first, up to now, up to the limit, across pages', async () => {
    const incidents = await dynamo.incidents(tableName());
    for (const [index, minutes] of [30, 10, 20, 40].entries()) await open(incidents, index, minutes);
    expect(await incidents.due(at(10), 10)).toEqual([]);
    expect(await incidents.due(at(11), 10)).toEqual([idOf(1)]);
    expect(await incidents.due(at(35), 10)).toEqual([idOf(1), idOf(2), idOf(0)]);
    expect(await incidents.due(at(99), 2)).toEqual([idOf(1), idOf(2)]);
    await incidents.change(idOf(1), { kind: 'told', at: at(12), telling: 'opened' });
    expect(await incidents.due(at(11), 10)).toEqual([]);
  });

  test('open: what is not over, the next due first; all: everything', async () => {
    const incidents = await dynamo.incidents(tableName());
    for (const [index, minutes] of [30, 10, 20].entries()) await open(incidents, index, minutes);
    await incidents.change(idOf(2), { kind: 'looked', at: at(40), policy: 'unknown', open: 0, listed: true });
    expect((await listOf(incidents.open())).map(({ id }) => id)).toEqual([idOf(1), idOf(0)]);
    expect((await listOf(incidents.all())).map(({ id }) => id).sort()).toEqual([idOf(0), idOf(1), idOf(2)]);
  });

  test('heads of more than 100, in the order asked for', async () => {
    const incidents = await dynamo.incidents(tableName());
    await Promise.all(Array.from({ length: 130 }, (_, index) => open(incidents, index, index)));
    const ids = Array.from({ length: 130 }, (_, index) => idOf(129 - index));
    const heads = await incidents.heads([...ids, idOf(3), idOf(9999)]);
    expect(heads.map(({ id }) => id)).toEqual(ids);
    expect(await incidents.heads([])).toEqual([]);
  });

  test('keys are those of the table in ARCHITECTURE.md', () => {
    expect(KEYS.head(ID)).toEqual({ pk: `INCIDENT#${ID}`, sk: 'HEAD' });
    expect(KEYS.job(ID, 'j')).toEqual({ pk: `INCIDENT#${ID}`, sk: 'JOB#j' });
    expect(KEYS.evidence(ID, 1)).toEqual({ pk: `INCIDENT#${ID}`, sk: 'EVIDENCE#1' });
    expect(KEYS.plan(ID, 2, '0123456789abcdef')).toEqual({ pk: `INCIDENT#${ID}`, sk: 'PLAN#2#0123456789ab' });
    expect(KEYS.log(ID, T0, 3)).toEqual({ pk: `INCIDENT#${ID}`, sk: `LOG#${T0}#00000003` });
    expect(KEYS.batch(ID, 2, 3)).toEqual({ pk: `INCIDENT#${ID}`, sk: 'BATCH#2#0003' });
    expect(KEYS.before(ID, 2)).toEqual({ pk: `INCIDENT#${ID}`, sk: 'BEFORE#2' });
    expect(KEYS.decision(ID, 2)).toEqual({ pk: `DECISION#${ID}#2`, sk: 'DECISION' });
    expect(KEYS.decision(ID, 2, 'change', '0123456789abcdef')).toEqual(KEYS.decision(ID, 2));
    expect(KEYS.decision(ID, 2, 'rollback-request').pk).toBe(`DECISION#${ID}#2#rollback-request`);
    expect(KEYS.decision(ID, 2, 'rollback', '0123456789abcdef').pk).toBe(`DECISION#${ID}#2#rollback#0123456789ab`);
    expect(KEYS.copyJob('j')).toEqual({ pk: 'COPYJOB#j', sk: 'COPYJOB' });
    expect(KEYS.fold('f')).toEqual({ pk: 'FOLD#f', sk: 'FOLD' });
    expect(KEYS.lease('notify')).toEqual({ pk: 'LEASE#notify', sk: 'LEASE' });
    expect(KEYS.auto('arn:v', '2026-06-01')).toEqual({ pk: 'AUTO#arn:v#2026-06-01', sk: 'AUTO' });
  });
});

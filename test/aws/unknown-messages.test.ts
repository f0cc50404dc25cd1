import { UnknownTexts } from '../../lambda/aws/unknown-messages';
import { MOST_KINDS, unknownKind } from '../../lambda/core/messages/unknown';
import { metricLines } from '../metric-lines';
import { T0, TestDynamo } from './incidents-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await TestDynamo.start();
});
afterAll(() => dynamo.close());

let counter = 0;
const tableName = () => `unknown-${(counter += 1)}`;

const FLUX = 'The flux exceeded its envelope.';
const LATER = '2026-06-02T00:00:00.000Z';
const example = { copyJobId: 'job-1', resourceType: 'EBS', incident: 'A'.repeat(16), causes: ['uncatalogued'] };
const metOf = (text: string, more: object = {}) => {
  const kind = unknownKind(text);
  if (!kind) throw new Error(`known: ${text}`);
  return { kind, example, count: 1, at: T0, ...more };
};

describe('in the table', () => {
  test('a kind is one item: count, first, last, and its first example', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    expect(await incidents.unknownMessages()).toEqual({ kinds: [], other: undefined });
    await incidents.countUnknown(metOf(FLUX, { count: 2 }));
    await incidents.countUnknown(metOf(FLUX, { count: 3, at: LATER, example: { copyJobId: 'job-2', causes: [] } }));
    await incidents.countUnknown(metOf('The flow is upside down.', { at: LATER }));
    const { kinds, other } = await incidents.unknownMessages();
    expect(kinds).toMatchObject([
      { text: FLUX, count: 5, first: T0, last: LATER, example },
      { text: 'The flow is upside down.', count: 1, first: LATER, last: LATER },
    ]);
    expect(other).toBeUndefined();
    expect([...(await dynamo.items(table)).keys()].every((key) => key.startsWith('UNKNOWN#'))).toBe(true);
  });

  test('those who meet a kind first at the same time count together', async () => {
    const incidents = await dynamo.incidents(tableName());
    await Promise.all(Array.from({ length: 8 }, () => incidents.countUnknown(metOf(FLUX))));
    expect((await incidents.unknownMessages()).kinds.map(({ count }) => count)).toEqual([8]);
  });

  test('beyond so many kinds all others are one', async () => {
    const table = tableName();
    const incidents = await dynamo.incidents(table);
    const text = (index: number) => `flux ${'x'.repeat(index + 1)}`;
    for (let index = 0; index < MOST_KINDS + 5; index += 1) await incidents.countUnknown(metOf(text(index)));
    await incidents.countUnknown(metOf(text(0), { at: LATER }));
    await incidents.countUnknown(metOf(text(MOST_KINDS + 1), { at: LATER, count: 4 }));
    const { kinds, other } = await incidents.unknownMessages();
    expect(kinds).toHaveLength(MOST_KINDS);
    expect(kinds[0]).toMatchObject({ text: text(0), count: 2 });
    expect(other).toMatchObject({ count: 9, first: T0, last: LATER });
    expect(other).not.toHaveProperty('example');
    // The list of kinds, the others, and one item a kind.
    expect((await dynamo.items(table)).size).toBe(MOST_KINDS + 2);
  });
});

describe('a batch', () => {
  const counted = async (texts: UnknownTexts) => {
    const written: { text: string; count: number; copyJobId: string }[] = [];
    const countUnknown = (met: { kind: { text: string }; count: number; example: { copyJobId: string } }) => {
      written.push({ text: met.kind.text, count: met.count, copyJobId: met.example.copyJobId });
      return Promise.resolve();
    };
    const metrics = metricLines();
    await texts.write({ countUnknown }, 'eu-west-1', new Date(T0));
    const lines = [...metrics.lines];
    metrics.restore();
    return { written, lines };
  };

  test('writes each kind once, with its first example, and a metric without any text', async () => {
    const texts = new UnknownTexts();
    for (const copyJobId of ['a', 'b', 'c']) texts.add(FLUX, { ...example, copyJobId });
    texts.add('The flow is upside down.', { ...example, copyJobId: 'd' });
    texts.add('Access Denied trying to call AWS Backup service', example);
    texts.add(undefined, example);
    const { written, lines } = await counted(texts);
    expect(written).toEqual([
      { text: FLUX, count: 3, copyJobId: 'a' },
      { text: 'The flow is upside down.', count: 1, copyJobId: 'd' },
    ]);
    expect(lines).toMatchObject([{ UnknownMessages: 4, deployment: 'eu-west-1' }]);
    expect(JSON.stringify(lines)).not.toContain('flux');
  });

  test('writes nothing where all is known', async () => {
    const texts = new UnknownTexts();
    texts.add('Access Denied trying to call AWS Backup service', example);
    expect(await counted(texts)).toEqual({ written: [], lines: [] });
  });
});

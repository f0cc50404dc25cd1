import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Incidents } from '../../lambda/aws/incidents';
import { MOST_A_TICK, tick } from '../../lambda/aws/tick';
import { T0 } from './incidents-fixture';

const MINUTE = 60_000;
const before = { ...process.env };
let sent: string[] = [];
let server: Server;

/** A queue that writes down what it is sent. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: { MessageBody: string }[] };
      sent.push(...Entries.map(({ MessageBody }) => (JSON.parse(MessageBody) as { incident: string }).incident));
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify({ Successful: [], Failed: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  process.env['AWS_ENDPOINT_URL_SQS'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
});
afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  sent = [];
});

const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `I${index}`);

/** A tick while so many are due, and stay so: their mails are held back. */
const tickWith = (all: readonly string[], minute: number) =>
  tick({
    incidents: { due: (_: string, limit: number) => Promise.resolve(all.slice(0, limit)) } as unknown as Incidents,
    config: { workQueueUrl: `${process.env['AWS_ENDPOINT_URL_SQS']}/111111111111/work`, region: 'eu-west-1' },
    now: () => new Date(Date.parse(T0) + minute * MINUTE),
  });

test('sends all that is due, every minute', async () => {
  const ids = idsOf(MOST_A_TICK);
  for (const minute of [0, 1, 2]) expect(await tickWith(ids, minute)).toBe(MOST_A_TICK);
  expect(sent).toEqual([...ids, ...ids, ...ids]);
});

test('what stays due keeps nothing else waiting for ever', async () => {
  const ids = idsOf(2 * MOST_A_TICK + 1);
  const counts = [await tickWith(ids, 0), await tickWith(ids, 1), await tickWith(ids, 2)];
  expect([...counts].sort((a, b) => a - b)).toEqual([1, MOST_A_TICK, MOST_A_TICK]);
  expect([...sent].sort()).toEqual([...ids].sort());
});

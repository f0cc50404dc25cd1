import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hint, sendAll } from '../../lambda/aws/outbox';
import { at, T0 } from './incidents-fixture';

interface Sent {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

let sent: Sent[] = [];
let refuse: (id: string) => boolean = () => false;
let server: Server;
const before = { ...process.env };

/** A queue that writes down what it is sent. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      sent.push({ operation, input });
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answerTo(input)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  process.env['AWS_ENDPOINT_URL_SQS'] = endpoint();
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
  refuse = () => false;
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const queueUrl = () => `${endpoint()}/111111111111/work`;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function answerTo(input: Record<string, unknown>): object {
  const entries = input['Entries'] as { Id: string; MessageBody: string }[] | undefined;
  if (!entries) return { MessageId: 'm', MD5OfMessageBody: md5(String(input['MessageBody'])) };
  const Failed = entries.filter(({ MessageBody }) => refuse(MessageBody));
  const Successful = entries.filter(({ MessageBody }) => !refuse(MessageBody));
  return {
    Successful: Successful.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
    Failed: Failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
  };
}

describe('hint', () => {
  test.each([
    { due: at(-5), delay: 0 },
    { due: T0, delay: 0 },
    { due: '2026-06-01T00:00:00.001Z', delay: 1 },
    { due: at(1), delay: 60 },
    { due: at(15), delay: 900 },
  ])('of what is due at $due comes after $delay seconds', async ({ due, delay }) => {
    await hint(queueUrl(), 'eu-west-1', 'ABC', due, new Date(T0));
    expect(sent).toEqual([
      {
        operation: 'SendMessage',
        input: { QueueUrl: queueUrl(), MessageBody: '{"incident":"ABC"}', DelaySeconds: delay },
      },
    ]);
  });

  test('of what is farther away than SQS delays is left to the tick', async () => {
    await hint(queueUrl(), 'eu-west-1', 'ABC', '2026-06-01T00:15:00.001Z', new Date(T0));
    expect(sent).toEqual([]);
  });
});

describe('sendAll', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `I${index}`);
  const bodies = () =>
    sent.map(({ input }) => (input['Entries'] as { MessageBody: string }[]).map(({ MessageBody }) => MessageBody));

  test('sends 10 at a time', async () => {
    await sendAll(queueUrl(), 'eu-west-1', ids(23));
    expect(bodies().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(bodies().flat()).toEqual(ids(23).map((incident) => JSON.stringify({ incident })));
  });

  test('sends nothing for nothing', async () => {
    await sendAll(queueUrl(), 'eu-west-1', []);
    expect(sent).toEqual([]);
  });

  test('names those that were not taken, after all others were sent', async () => {
    refuse = (body) => body.includes('"I3"') || body.includes('"I12"');
    await expect(sendAll(queueUrl(), 'eu-west-1', ids(23))).rejects.toThrow(
      '2 of 23 messages were not taken: I3: InternalError, I12: InternalError',
    );
    expect(bodies().flat()).toHaveLength(23);
  });
});

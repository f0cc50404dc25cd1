import type { SQSEvent } from 'aws-lambda';
import { FunctionQueue, Queue } from '.';
import { REGION, SOURCE, openWorld } from './fixture';

test('batches, partial failures, redrive, dead letters', async () => {
  const batches: string[][] = [];
  const queue = new FunctionQueue({
    batchSize: 3,
    maxReceiveCount: 2,
    handler: ({ Records }: SQSEvent) => {
      batches.push(Records.map(({ body, attributes }) => `${body}#${attributes.ApproximateReceiveCount}`));
      return {
        batchItemFailures: Records.filter(({ body }) => body === '"bad"').map((r) => ({ itemIdentifier: r.messageId })),
      };
    },
  });
  for (const body of ['a', 'bad', 'b', 'c']) queue.send(JSON.stringify(body));
  expect(await queue.deliver()).toBe(3);
  expect(queue.messages).toHaveLength(2);
  await queue.drain();
  expect(batches).toEqual([
    ['"a"#1', '"bad"#1', '"b"#1'],
    ['"bad"#2', '"c"#1'],
  ]);
  expect(queue.messages).toEqual([]);
  expect(queue.deadLetters.map(({ body }) => body)).toEqual(['"bad"']);
});

test('a throw, and an id that is not in the batch, fail the whole batch', async () => {
  const errors: unknown[] = [];
  const answers: (() => unknown)[] = [
    () => {
      throw new Error('x');
    },
    () => ({ batchItemFailures: [{ itemIdentifier: 'unknown' }] }),
    () => undefined,
  ];
  const queue = new FunctionQueue({ handler: () => answers.shift()?.(), onError: (error) => errors.push(error) });
  queue.send({ n: 1 });
  queue.send({ n: 2 });
  expect(await queue.drain()).toBe(6);
  expect(errors).toHaveLength(1);
  expect(queue.messages).toEqual([]);
});

test('a wire queue feeds a function', async () => {
  const { sandbox } = await openWorld();
  const deadLetter = new Queue();
  const wire = sandbox.addQueue({ account: SOURCE, region: REGION, name: 'work', maxReceiveCount: 1, deadLetter });
  const seen: SQSEvent[] = [];
  const queue = new FunctionQueue({ queue: wire, handler: (event) => void seen.push(event) });
  queue.send('later', { delaySeconds: 60 });
  queue.send('now', { attributes: { kind: { DataType: 'String', StringValue: 'x' } } });
  await queue.drain();
  await sandbox.clock.advance(60_000);
  await queue.drain();
  expect(seen.map(({ Records }) => Records[0]?.body)).toEqual(['now', 'later']);
  expect(seen[0]?.Records[0]).toMatchObject({
    eventSourceARN: wire.arn,
    awsRegion: REGION,
    messageAttributes: { kind: { dataType: 'String', stringValue: 'x' } },
  });
  await sandbox.close();
});

import { MINUTE, startHub } from './aws/remediate-fixture';
import { deployRetries, type Retries } from './aws/retry-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

let on: Retries;
beforeEach(async () => {
  on = await deployRetries(hub);
  Object.assign(process.env, on.environment());
});

/** One message, on a clock that goes on by so much whenever it is asked. */
async function work(id: string, milliseconds: number): Promise<void> {
  const { handlerWith } = await import('../lambda/remediate.handler');
  const began = on.now().getTime();
  let asked = 0;
  const handle = handlerWith(() => new Date(began + (asked += 1) * milliseconds));
  const Records = [{ messageId: 'm', body: JSON.stringify({ incident: id }) }];
  expect(await handle({ Records } as never)).toEqual({ batchItemFailures: [] });
}

const started = async (id: string) => (await on.head(id)).batches?.started;

it('starts one batch after the other while there is time, and leaves the rest to the next message', async () => {
  const { id, batches } = await on.retrying(on.points(60));
  expect(batches?.count).toBe(3);
  // So that one batch takes half a minute and more.
  await work(id, 1_000);
  expect([await started(id), on.starts().length]).toEqual([1, 25]);
  await on.pass(5 * MINUTE);
  await work(id, 1);
  expect([await started(id), on.starts().length]).toEqual([3, 60]);
});

import type { Incidents } from '../../lambda/aws/incidents';
import { at, ID, jobOf, listOf, TestDynamo } from './incidents-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

let dynamo: TestDynamo;
let incidents: Incidents;
let tables = 0;
beforeAll(async () => {
  dynamo = await TestDynamo.start();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  incidents = await dynamo.incidents(`jobs-${(tables += 1)}`);
});

const all = () => listOf(incidents.jobs(ID));
const open = async () => (await listOf(incidents.jobs(ID, { openOnly: true }))).map(({ copyJobId }) => copyJobId);

test('a job is put once', async () => {
  await incidents.putJob(ID, jobOf('job-1'));
  await incidents.putJob(ID, jobOf('job-1', { way: 'assumed' }));
  expect(await listOf(incidents.jobs(ID))).toEqual([JSON.parse(JSON.stringify(jobOf('job-1')))]);
});

test('a copied job is off the list, and stays named after the first copy', async () => {
  await incidents.putJob(ID, jobOf('job-1'));
  await incidents.putJob(ID, jobOf('job-2'));
  await incidents.markCopied(ID, 'job-1', 'copy-1');
  await incidents.markCopied(ID, 'job-1', 'copy-2');
  await incidents.markCopied(ID, 'job-unknown', 'copy-1');
  expect((await listOf(incidents.jobs(ID))).map(({ copiedBy }) => copiedBy)).toEqual(['copy-1', undefined]);
  expect((await listOf(incidents.jobs(ID, { openOnly: true }))).map(({ copyJobId }) => copyJobId)).toEqual(['job-2']);
});

test('a job whose retry was copied is off the list, and its retry has ended', async () => {
  for (const id of ['job-1', 'job-2']) await incidents.putJob(ID, jobOf(id));
  await incidents.setRetry(ID, 'job-1', { copyJobId: 'retry-1', attempt: 1, at: at(1) });
  for (const id of ['job-1', 'job-2', 'job-unknown']) await incidents.endCopied(ID, id, 'copy-1');
  await incidents.endCopied(ID, 'job-1', 'copy-2');
  expect((await all()).map(({ copiedBy, retry }) => [copiedBy, retry?.ended])).toEqual([
    ['copy-1', 'copied'],
    [undefined, undefined],
  ]);
});

test('counts open failures, and bytes of the newest of each resource', async () => {
  expect(await incidents.count(ID)).toEqual({ copies: 0, resources: 0, bytes: 0, withoutSize: 0 });
  const jobs = [
    jobOf('a1', { resourceArn: 'a', failedAt: at(1), bytes: 10 }),
    jobOf('a2', { resourceArn: 'a', failedAt: at(3), bytes: 30 }),
    jobOf('a3', { resourceArn: 'a', failedAt: at(2), bytes: 20 }),
    jobOf('b1', { resourceArn: 'b', failedAt: at(1), bytes: 5 }),
    jobOf('b2', { resourceArn: 'b', failedAt: at(2) }),
    jobOf('c1', { resourceArn: 'c', bytes: 7 }),
    jobOf('d1', { resourceArn: undefined, bytes: 100 }),
  ];
  for (const job of jobs) await incidents.putJob(ID, job);
  await incidents.markCopied(ID, 'c1', 'copy-1');
  expect(await incidents.count(ID)).toEqual({ copies: 6, resources: 3, bytes: 130, withoutSize: 1 });
});

test('pages through jobs of more than 1 MB', async () => {
  const ids = Array.from({ length: 700 }, (_, index) => `job-${String(index).padStart(4, '0')}`);
  const statusMessage = 'm'.repeat(2_000);
  const put = (id: string) => {
    const job = jobOf(id, { resourceArn: id, bytes: 1 });
    return incidents.putJob(ID, { ...job, failure: { ...job.failure, statusMessage } });
  };
  for (let start = 0; start < ids.length; start += 25) await Promise.all(ids.slice(start, start + 25).map(put));
  expect((await listOf(incidents.jobs(ID))).map(({ copyJobId }) => copyJobId)).toEqual(ids);
  expect(await incidents.count(ID)).toEqual({ copies: 700, resources: 700, bytes: 700, withoutSize: 0 });
});

test('a job that is left out is off the list, by the first reason', async () => {
  for (const id of ['job-1', 'job-2']) await incidents.putJob(ID, jobOf(id, { resourceArn: id, bytes: 1 }));
  await incidents.leaveOut(ID, 'job-1', 'continuous');
  await incidents.leaveOut(ID, 'job-1', 'attempts');
  await incidents.leaveOut(ID, 'job-unknown', 'attempts');
  expect((await all()).map(({ leftOut }) => leftOut)).toEqual(['continuous', undefined]);
  expect(await open()).toEqual(['job-2']);
  expect(await incidents.count(ID)).toEqual({ copies: 1, resources: 1, bytes: 1, withoutSize: 0 });
});

test('a retry is kept with how it ended, until another one takes its place', async () => {
  const retry = { copyJobId: 'retry-1', attempt: 1, at: at(1), ended: undefined };
  const kept = async () => (await all()).map((job) => job.retry);
  await incidents.putJob(ID, jobOf('job-1'));
  await incidents.endRetry(ID, 'job-1', 'same');
  expect(await kept()).toEqual([undefined]);
  await incidents.setRetry(ID, 'job-1', retry);
  expect(await kept()).toEqual([{ copyJobId: 'retry-1', attempt: 1, at: at(1) }]);
  await incidents.endRetry(ID, 'job-1', 'same');
  await incidents.setRetry(ID, 'job-1', { ...retry, at: at(2) });
  expect(await kept()).toEqual([{ copyJobId: 'retry-1', attempt: 1, at: at(1), ended: 'same' }]);
  await incidents.setRetry(ID, 'job-1', { copyJobId: 'retry-2', attempt: 2, at: at(3) });
  expect(await kept()).toEqual([{ copyJobId: 'retry-2', attempt: 2, at: at(3) }]);
  await incidents.setRetry(ID, 'job-unknown', retry);
  expect(await all()).toHaveLength(1);
  // Until it is copied it stays on the list.
  expect(await open()).toEqual(['job-1']);
});

test('counts what became of the retries', async () => {
  await incidents.putJob(ID, jobOf('a', { resourceArn: 'a', bytes: 10 }));
  await incidents.putJob(ID, jobOf('b', { resourceArn: 'b', bytes: 20 }));
  await incidents.putJob(ID, jobOf('c', { resourceArn: 'c' }));
  await incidents.setRetry(ID, 'a', { copyJobId: 'retry-a', attempt: 1, at: at(1) });
  await incidents.setRetry(ID, 'b', { copyJobId: 'retry-b', attempt: 1, at: at(1) });
  await incidents.leaveOut(ID, 'c', 'role-not-listed');
  expect((await incidents.countBoth(ID)).retried).toEqual({
    ...{ copied: 0, bytes: 0, running: 2, failed: 0 },
    leftOut: { 'role-not-listed': 1 },
  });
  await incidents.endRetry(ID, 'a', 'copied');
  expect((await incidents.countBoth(ID)).retried).toMatchObject({ copied: 1, bytes: 10, running: 1 });
});

test('batches are kept by revision and number, and written anew', async () => {
  await incidents.putBatch(ID, 1, 1, ['a', 'b']);
  await incidents.putBatch(ID, 1, 12, ['c']);
  await incidents.putBatch(ID, 2, 1, ['d']);
  expect(await incidents.batch(ID, 1, 1)).toEqual(['a', 'b']);
  await incidents.putBatch(ID, 1, 1, ['e']);
  expect(await incidents.batch(ID, 1, 1)).toEqual(['e']);
  expect(await incidents.batch(ID, 1, 12)).toEqual(['c']);
  expect(await incidents.batch(ID, 2, 1)).toEqual(['d']);
  expect(await incidents.batch(ID, 1, 2)).toBeUndefined();
  expect(await incidents.batches(ID, 1, [12, 2, 1])).toEqual([['e'], ['c']]);
});

test('the policy as it was before stays what it was', async () => {
  expect(await incidents.before(ID, 1)).toBeUndefined();
  await incidents.putBefore(ID, 1, { policy: null, at: at(1), requestId: undefined });
  await incidents.putBefore(ID, 1, { policy: '{}', at: at(2), requestId: 'r' });
  await incidents.putBefore(ID, 2, { policy: '{}', at: at(3), requestId: 'r' });
  expect(await incidents.before(ID, 1)).toEqual({ policy: null, at: at(1) });
  expect(await incidents.before(ID, 2)).toEqual({ policy: '{}', at: at(3), requestId: 'r' });
});

import { lookAgain } from '../../lambda/aws/look-again';
import { retryCopies } from '../../lambda/aws/retry-copy';
import type { Job } from '../../lambda/core/incident/shown';
import { SOURCE } from '../sandbox/fixture';
import { HOUR, MINUTE, startHub } from './remediate-fixture';
import { deployRetries, type Retries } from './retry-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

let on: Retries;
beforeEach(async () => {
  on = await deployRetries(hub);
});

const fault = (error: { code: string; message: string; status?: number }, times = Infinity) =>
  hub.sandbox.faults.add({ service: 'backup', operation: 'StartCopyJob', times, error });
const reads = () =>
  hub.sandbox.calls.filter(
    ({ operation, service }) => /^(Describe|List|Get|Simulate)/.test(operation) && service !== 'dynamodb',
  );

describe('the first copy', () => {
  it('is the smallest, alone, by the role for that, in the name of who decided', async () => {
    const { id, jobs } = await on.settled([300, 100, 200].map((bytes) => on.point({ bytes })));
    const after = await on.start(id);
    expect(after).toMatchObject({ state: 'canary', canary: { copyJobId: jobs[1]?.copyJobId }, startedAt: on.at(0) });
    const [call, ...others] = on.starts();
    expect(others).toEqual([]);
    expect(call?.principal).toMatch(new RegExp(`assumed-role/copy-doctor-[^/]+-retrier/${id}-1$`));
    const [session] = hub.sandbox.calls.filter(
      ({ operation, input }) => operation === 'AssumeRole' && String(input['RoleArn']).endsWith('-retrier'),
    );
    expect(session?.input).toMatchObject({ SourceIdentity: `${SOURCE}+someone` });
    const retryId = after.canary?.retryId ?? '';
    expect((await on.job(id, jobs[1]?.copyJobId ?? ''))?.retry).toEqual({
      copyJobId: retryId,
      attempt: 1,
      at: on.at(0),
    });
    expect((await on.incidents.knownCopyJobs([retryId])).get(retryId)).toEqual({
      incidents: [],
      root: jobs[1]?.copyJobId,
      attempt: 1,
    });
  });

  it('is the one that runs where the function died after it had started it', async () => {
    const { id, jobs } = await on.settled([on.point()]);
    const services = on.services();
    const dying = jest.spyOn(services.incidents, 'change').mockRejectedValueOnce(new Error('died'));
    await expect(retryCopies(await on.head(id), services)).rejects.toThrow('died');
    dying.mockRestore();
    const retryId = (await on.job(id, jobs[0]?.copyJobId ?? ''))?.retry?.copyJobId;
    expect(retryId).toBeDefined();
    expect(await on.start(id)).toMatchObject({ state: 'canary', canary: { retryId } });
    expect(on.starts()).toHaveLength(1);
  });

  it('is the next smallest where that one cannot be tried', async () => {
    const points = [1, 2, 3].map((bytes) => on.point({ bytes }));
    const { id, jobs } = await on.settled(points);
    hub.sourceVault.recoveryPoints.splice(hub.sourceVault.recoveryPoints.indexOf(points[0] as never), 1);
    (points[1] as { continuous: boolean }).continuous = true;
    expect((await on.start(id)).canary?.copyJobId).toBe(jobs[2]?.copyJobId);
    expect(await on.left(id, jobs[0] as Job)).toBe('recovery-point-gone');
    expect(await on.left(id, jobs[1] as Job)).toBe('continuous');
  });

  it('has nothing to try where all are left out, and nothing to do where all are copied', async () => {
    const { id, opening } = await on.settled();
    await on.incidents.leaveOut(id, opening, 'refused');
    expect(await on.start(id)).toMatchObject({ state: 'applied', tell: 'left-out' });

    on = await deployRetries(hub);
    const other = await on.settled();
    await on.incidents.markCopied(other.id, other.opening, 'somebody');
    expect(await on.start(other.id)).toMatchObject({ state: 'resolved' });
    expect(on.starts()).toEqual([]);
  });

  it('does not hold up the others for more than 30 minutes', async () => {
    const { id } = await on.settled(on.points(3));
    await on.start(id);
    await on.pass(10 * MINUTE);
    expect((await on.start(id)).agenda.retry).toBe(on.at(20 * MINUTE));
    await on.pass(20 * MINUTE);
    expect(await on.start(id)).toMatchObject({ state: 'retrying', batches: { count: 1, started: 0 } });
    expect(on.starts()).toHaveLength(1);
  });
});

describe('authority', () => {
  it.each(['never', undefined] as const)('is not there where the setting is %s', async (retry) => {
    const { id } = await on.settled();
    const services = on.services();
    await retryCopies(await on.head(id), { ...services, settings: { ...services.settings, retry } });
    const after = await on.head(id);
    expect(after).toMatchObject({ state: 'applied', tell: 'left-out' });
    expect(after.because).toContain('`retry`');
    expect(on.starts()).toEqual([]);
  });

  it('is the DECISION item, whatever HEAD says', async () => {
    const { incident } = await on.fail(on.vault);
    await on.settle(incident, false);
    const forged = { state: 'canary', decision: { decision: 'approved', retry: true }, agenda: { retry: on.at(0) } };
    await on.forge({ pk: `INCIDENT#${incident.id}`, sk: 'HEAD' }, forged);
    hub.sandbox.clearCalls();
    expect(await on.start(incident.id)).toMatchObject({ state: 'applied', tell: 'left-out' });
    expect(on.starts()).toEqual([]);
  });

  it('ends where the role cannot be taken on, and says what to do', async () => {
    const { id } = await on.settled();
    const { trust } = hub.retrier;
    hub.retrier.trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const after = await on.start(id);
    hub.retrier.trust = trust;
    expect(after).toMatchObject({ state: 'applied', tell: 'left-out' });
    expect(after.because).toMatch(/AssumeRole of .*-retrier failed.* Deploy again/s);
  });

  it('is only late where taking on the role is throttled', async () => {
    const { id } = await on.settled();
    const account = SOURCE;
    const services = on.services();
    await services.readers.enter({ account, region: 'eu-west-1' });
    hub.sandbox.faults.add({ service: 'sts', operation: 'AssumeRole', throttle: true });
    await retryCopies(await on.head(id), services);
    expect(await on.head(id)).toMatchObject({ state: 'canary', agenda: { retry: on.at(MINUTE) } });
  });
});

describe('batches', () => {
  it('of 25 follow one another, each failure in one', async () => {
    const { id, jobs, batches } = await on.retrying(on.points(60));
    expect(batches).toEqual({ count: 3, started: 0, at: on.at(0) });
    const counts = [];
    for (let batch = 1; batch <= 3; batch += 1) {
      expect((await on.start(id)).batches?.started).toBe(batch);
      counts.push(on.starts().length);
    }
    // One of 61 was the first copy.
    expect(counts).toEqual([25, 50, 60]);
    const after = await on.head(id);
    expect(after.agenda.retry).toBeUndefined();
    expect(after.agenda.follow).toBe(on.at(5 * MINUTE));
    const retries = (await on.jobs(id)).map(({ retry }) => retry?.copyJobId);
    expect(retries).toHaveLength(jobs.length + 1);
    expect(new Set(retries).size).toBe(jobs.length + 1);
  });

  it('list what has completed since all failures were last looked at, and a while before', async () => {
    const since = () =>
      hub.sandbox.calls.flatMap(({ operation, input }) =>
        operation === 'ListCopyJobs' && input['ByState'] === 'COMPLETED' ? [input['ByCompleteAfter']] : [],
      );
    const { id } = await on.retrying(on.points(60));
    const { revision } = await on.head(id);
    const inFirst = await on.incidents.jobsOf(id, (await on.incidents.batch(id, revision, 1)) ?? []);
    const [earliest = ''] = inFirst.map(({ failedAt }) => failedAt).sort();
    // A look before the batches were written says nothing about all that is in them.
    const at = on.at(HOUR);
    await on.forge({ pk: `INCIDENT#${id}`, sk: 'HEAD' }, { listedAt: at, batches: { count: 3, started: 0, at } });
    await on.start(id);
    expect(since()).toEqual([new Date(earliest)]);

    await on.pass(2 * HOUR);
    const listedAt = on.at(0);
    await lookAgain(await on.head(id), on.services());
    expect(await on.head(id)).toMatchObject({ state: 'retrying', listedAt });
    hub.sandbox.clearCalls();
    await on.start(id);
    expect(since()).toEqual([new Date(Date.parse(listedAt) - 15 * MINUTE)]);
  });

  it('stop where AWS takes no more, longer each time, and go on where they stopped', async () => {
    const { id } = await on.retrying(on.points(8));
    fault({ code: 'ThrottlingException', message: 'Rate exceeded' });
    const waits = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const { agenda } = await on.start(id);
      const wait = Date.parse(agenda.retry ?? '') - on.now().getTime();
      waits.push(wait / MINUTE);
      await on.pass(wait);
    }
    // Counted from the first copy, which was started a while ago.
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(15);
    expect(waits[0]).toBeLessThan(8);
    hub.sandbox.faults.clear();
    hub.sandbox.clearCalls();

    hub.sandbox.maxRunningCopies = 3;
    const limited = await on.start(id);
    expect(limited).toMatchObject({ batches: { started: 0 }, agenda: { retry: on.at(MINUTE) } });
    hub.sandbox.maxRunningCopies = Infinity;
    expect(await on.start(id)).toMatchObject({ batches: { started: 1 } });
    expect(on.starts().filter(({ error }) => error === undefined)).toHaveLength(8);
  });

  it('keep within what AWS copies of a type at a time', async () => {
    const { id } = await on.retrying([...on.points(8, { type: 'FSx' }), ...on.points(4, { bytes: 5000 })]);
    const full = await on.start(id);
    expect(full).toMatchObject({ batches: { started: 0 }, agenda: { retry: on.at(2 * MINUTE) } });
    const running = () =>
      hub.sandbox.copyJobs.filter(({ state, type }) => type === 'FSx' && state === 'CREATED').length;
    expect(running()).toBe(5);
    // Nothing of another type waits for them.
    expect(on.starts()).toHaveLength(5 + 5);
    await hub.sandbox.finishCopies();
    expect(await on.start(id)).toMatchObject({ batches: { started: 1 } });
    expect(on.starts()).toHaveLength(12);
  });

  it('are started once by two who do it at the same time', async () => {
    const { id, jobs } = await on.retrying(on.points(10));
    const before = hub.sandbox.copyJobs.length;
    const head = await on.head(id);
    await Promise.all([retryCopies(head, on.services()), retryCopies(head, on.services())]);
    expect(hub.sandbox.copyJobs.length - before).toBe(jobs.length);
    expect(await on.head(id)).toMatchObject({ batches: { started: 1 } });
  });

  it('are started once where answers were lost', async () => {
    const { id, jobs } = await on.retrying(on.points(3));
    const before = hub.sandbox.copyJobs.length;
    hub.sandbox.faults.add({ service: 'backup', operation: 'StartCopyJob', times: 1, lostAnswer: true });
    expect(await on.start(id)).toMatchObject({ batches: { started: 0 }, agenda: { retry: on.at(MINUTE) } });
    expect((await on.jobs(id)).filter(({ retry }) => retry)).toHaveLength(1);
    await on.pass(MINUTE);
    // It runs, and is found running.
    expect(await on.start(id)).toMatchObject({ batches: { started: 1 } });
    expect(hub.sandbox.copyJobs.length - before).toBe(jobs.length);
    const ids = hub.sandbox.copyJobs.slice(before).map((job) => job.id);
    const retries = (await on.jobs(id)).flatMap(({ retry }) => retry?.copyJobId ?? []);
    expect(retries).toEqual(expect.arrayContaining(ids));
  });

  it('are started once where a lost one has ended by then', async () => {
    const { id } = await on.retrying(on.points(1));
    const before = hub.sandbox.copyJobs.length;
    on.vault.policy = undefined;
    hub.sandbox.faults.add({ service: 'backup', operation: 'StartCopyJob', times: 1, lostAnswer: true });
    await on.start(id);
    await hub.sandbox.finishCopies();
    await on.start(id);
    expect(hub.sandbox.copyJobs.length - before).toBe(1);
    expect((await on.jobs(id)).flatMap(({ retry }) => retry?.copyJobId ?? [])).toContain(
      hub.sandbox.copyJobs[before]?.id,
    );
  });

  it('are started once where the function dies in between', async () => {
    const { id, jobs } = await on.retrying(on.points(3));
    const before = hub.sandbox.copyJobs.length;
    const services = on.services();
    const dying = jest.spyOn(services.incidents, 'setRetry').mockRejectedValueOnce(new Error('died'));
    await expect(retryCopies(await on.head(id), services)).rejects.toThrow('died');
    dying.mockRestore();
    await on.start(id);
    expect(hub.sandbox.copyJobs.length - before).toBe(jobs.length);
  });

  it('cost less than 5 reads a copy', async () => {
    const { id } = await on.retrying(on.points(200, { type: 'S3' }));
    while ((await on.head(id)).agenda.retry) {
      await on.start(id);
      // What AWS copies at a time is copied.
      if (on.starts().length % 100 === 0) await hub.sandbox.finishCopies();
    }
    expect(on.starts()).toHaveLength(200);
    expect(reads().length / 200).toBeLessThan(2);
  });
});

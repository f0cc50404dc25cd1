import { lookAgain } from '../../lambda/aws/look-again';
import { SOURCE } from '../sandbox/fixture';
import type { RecoveryPoint } from '../sandbox/model';
import { deployLooks, type Looks } from './look-fixture';
import { allowFrom, HOUR, MINUTE, policyOf, startHub } from './remediate-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(() => jest.restoreAllMocks());

let on: Looks;
beforeEach(async () => {
  on = await deployLooks(hub);
});
const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const calls = (operation: string) => hub.sandbox.calls.filter((call) => call.operation === operation);
const jobs = async (id: string) => {
  const found = [];
  for await (const job of on.incidents.jobs(id)) found.push(job);
  return found;
};

describe('newer copies', () => {
  const succeed = async (vault: Looks['vaults'][number], point: RecoveryPoint) => {
    const before = vault.policy;
    vault.policy = policyOf(allowFrom(SOURCE));
    const { job } = await on.copy(vault, on.newPoint(point.resourceArn));
    vault.policy = before;
    return job;
  };

  it('of every resource resolve an incident, in whatever state', async () => {
    const [vault] = on.vaults;
    const { incident, point } = await on.fail(vault);
    await on.decide(incident, 'rejected');
    await pass(MINUTE);
    const job = await succeed(vault, point);
    expect(job.state).toBe('COMPLETED');
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'resolved', tell: 'resolved' });
    expect((await jobs(incident.id)).map(({ copiedBy }) => copiedBy)).toEqual([job.id]);
    // The last look finds nothing open.
    expect((await on.look(incident)).agenda['look-again']).toBeUndefined();
    expect(calls('ListCopyJobs')).toEqual([]);
  });

  it('also mend what was left out; without one it is not resolved', async () => {
    const [vault] = on.vaults;
    const { incident, point, failure } = await on.fail(vault);
    await on.incidents.leaveOut(incident.id, failure.copyJobId, 'next-run');
    await on.forge({ pk: `INCIDENT#${incident.id}`, sk: 'HEAD' }, { state: 'applied' });
    expect((await on.look(incident)).state).toBe('applied');
    await succeed(vault, point);
    expect((await on.look(incident, 60)).state).toBe('resolved');
  });

  it('that are more than a list shows are known to be more', async () => {
    const { incident } = await on.fail(on.vaults[0]);
    await pass(10 * MINUTE);
    const completed = () => Promise.resolve({ copies: [], complete: false });
    await lookAgain(await on.head(incident.id), { ...on.services(), completed });
    expect(await on.head(incident.id)).toMatchObject({ listedAt: on.now().toISOString(), listCut: true });
    expect((await on.look(incident, 60)).listCut).toBeUndefined();
  });

  it('end the retries that they are', async () => {
    const [vault] = on.vaults;
    const { incident, point, failure } = await on.fail(vault);
    await pass(MINUTE);
    const job = await succeed(vault, point);
    const retry = { copyJobId: job.id, attempt: 1, at: on.now().toISOString() };
    await on.incidents.setRetry(incident.id, failure.copyJobId, retry);
    await on.look(incident);
    expect(await jobs(incident.id)).toMatchObject([{ copiedBy: job.id, retry: { ended: 'copied' } }]);
  });

  it('of some resources take those off', async () => {
    const [vault, other] = on.vaults;
    const { incident, point } = await on.fail(vault);
    await on.fail(vault);
    const elsewhere = await on.fail(other, on.newPoint(point.resourceArn));
    await pass(MINUTE);
    await succeed(vault, point);
    expect(await on.look(incident)).toMatchObject({ state: 'proposed', tell: 'opened' });
    expect(await on.incidents.count(incident.id)).toMatchObject({ copies: 1, resources: 1 });
    // The same resource in another vault is still not copied.
    expect(await on.look(elsewhere.incident)).toMatchObject({ state: 'proposed' });
    expect(await on.incidents.count(elsewhere.incident.id)).toMatchObject({ copies: 1 });
  });

  it('are listed at most once an hour, and once for incidents of one vault', async () => {
    const [vault] = on.vaults;
    const { incident } = await on.fail(vault);
    await on.look(incident);
    expect(calls('ListCopyJobs')).toHaveLength(1);
    await on.look(incident);
    await on.look(incident);
    expect(calls('ListCopyJobs')).toHaveLength(0);
    await on.look(incident, 40);
    expect(calls('ListCopyJobs')).toHaveLength(1);

    await pass(HOUR);
    hub.sandbox.clearCalls();
    const services = on.services();
    await Promise.all([1, 2, 3].map(async () => lookAgain(await on.head(incident.id), services)));
    expect(calls('ListCopyJobs')).toHaveLength(1);
    expect(calls('GetBackupVaultAccessPolicy')).toHaveLength(1);
  });

  it('that cannot be listed are not counted, and listed the next time', async () => {
    const [vault] = on.vaults;
    const { incident, point } = await on.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', throttle: true });
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'proposed' });
    expect(after.listedAt).toBeUndefined();
    hub.sandbox.faults.clear();
    expect((await on.look(incident)).state).toBe('resolved');
  });

  it('are found again after a look that died when all were marked', async () => {
    const [vault] = on.vaults;
    const { incident, point } = await on.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    const services = on.services();
    const dying = jest.spyOn(services.incidents, 'change').mockRejectedValueOnce(new Error('died'));
    await expect(lookAgain(await on.head(incident.id), services)).rejects.toThrow('died');
    dying.mockRestore();
    expect((await on.look(incident)).state).toBe('resolved');
  });

  it('leave a failure that came in while it was being resolved to the last look', async () => {
    const [vault] = on.vaults;
    const { incident, point, failure } = await on.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    expect((await on.look(incident)).state).toBe('resolved');
    // Assumed by another function, which read the incident a moment before.
    const late = { ...failure, copyJobId: 'late', resourceArn: `${failure.resourceArn ?? ''}0` };
    await on.incidents.putJob(incident.id, {
      copyJobId: 'late',
      way: 'assumed',
      failedAt: new Date(failure.time).toISOString(),
      failure: late,
      revision: 1,
    });
    const after = await on.look(incident);
    expect(after).toMatchObject({ state: 'reported', tell: 'opened', revision: 2 });
  });

  it('take off at most 500 in one look', async () => {
    const [vault] = on.vaults;
    const { incident, point } = await on.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    await pass(HOUR);
    const services = on.services();
    const [job] = await jobs(incident.id);
    if (!job) throw new Error('no job');
    const many = Array.from({ length: 521 }, (_, index) => ({ ...job, copyJobId: `many-${index}` }));
    const marked: string[] = [];
    jest.spyOn(services.incidents, 'jobs').mockImplementation(async function* () {
      yield* many.filter(({ copyJobId }) => !marked.includes(copyJobId));
    });
    jest.spyOn(services.incidents, 'markCopied').mockImplementation((_, copyJobId) => {
      return Promise.resolve(void marked.push(copyJobId));
    });
    await lookAgain(incident, services);
    expect(marked).toHaveLength(500);
    // What is left does not wait for an hour.
    expect(await on.head(incident.id)).toMatchObject({ state: 'proposed' });
    expect((await on.head(incident.id)).listedAt).toBeUndefined();
    await lookAgain(await on.head(incident.id), services);
    expect(marked).toHaveLength(521);
    expect((await on.head(incident.id)).state).toBe('resolved');
  });
});

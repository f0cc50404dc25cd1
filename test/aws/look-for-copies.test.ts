import { lookAgain } from '../../lambda/aws/look-again';
import type { Incident } from '../../lambda/core/incident/incident';
import { SOURCE } from '../sandbox/fixture';
import type { RecoveryPoint } from '../sandbox/model';
import { allowFrom, HOUR, MINUTE, policyOf, startHub, type Deployment } from './remediate-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(() => jest.restoreAllMocks());

let deployed: Deployment;
beforeEach(async () => {
  hub.sandbox.faults.clear();
  deployed = await hub.deploy();
});
const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const head = async (id: string) => {
  const incident = await deployed.incidents.head(id);
  if (!incident) throw new Error(`no incident ${id}`);
  return incident;
};
/** The incident after one look some minutes later. */
const look = async ({ id }: Pick<Incident, 'id'>, minutes = 10) => {
  await pass(minutes * MINUTE);
  hub.sandbox.clearCalls();
  await lookAgain(await head(id), deployed.services());
  return head(id);
};
const calls = (operation: string) => hub.sandbox.calls.filter((call) => call.operation === operation);
const decide = (incident: Incident, decision: 'approved' | 'rejected') =>
  deployed.incidents.change(incident.id, {
    kind: 'decided',
    at: deployed.now().toISOString(),
    decision: {
      incident: incident.id,
      revision: incident.revision,
      planHash: incident.planHash ?? '',
      decision,
      by: 'arn:aws:iam::111111111111:user/someone',
      at: deployed.now().toISOString(),
    },
  });
const jobs = async (id: string) => {
  const found = [];
  for await (const job of deployed.incidents.jobs(id)) found.push(job);
  return found;
};

describe('newer copies', () => {
  const succeed = async (vault: Deployment['vaults'][number], point: RecoveryPoint) => {
    const before = vault.policy;
    vault.policy = policyOf(allowFrom(SOURCE));
    const { job } = await deployed.copy(vault, deployed.newPoint(point.resourceArn));
    vault.policy = before;
    return job;
  };

  it('of every resource resolve an incident, in whatever state', async () => {
    const [vault] = deployed.vaults;
    const { incident, point } = await deployed.fail(vault);
    await decide(incident, 'rejected');
    await pass(MINUTE);
    const job = await succeed(vault, point);
    expect(job.state).toBe('COMPLETED');
    const after = await look(incident);
    expect(after).toMatchObject({ state: 'resolved', tell: 'resolved' });
    expect((await jobs(incident.id)).map(({ copiedBy }) => copiedBy)).toEqual([job.id]);
    // The last look finds nothing open.
    expect((await look(incident)).agenda['look-again']).toBeUndefined();
    expect(calls('ListCopyJobs')).toEqual([]);
  });

  it('also mend what was left out; without one it is not resolved', async () => {
    const [vault] = deployed.vaults;
    const { incident, point, failure } = await deployed.fail(vault);
    await deployed.incidents.leaveOut(incident.id, failure.copyJobId, 'next-run');
    await deployed.forge({ pk: `INCIDENT#${incident.id}`, sk: 'HEAD' }, { state: 'applied' });
    expect((await look(incident)).state).toBe('applied');
    await succeed(vault, point);
    expect((await look(incident, 60)).state).toBe('resolved');
  });

  it('end the retries that they are', async () => {
    const [vault] = deployed.vaults;
    const { incident, point, failure } = await deployed.fail(vault);
    await pass(MINUTE);
    const job = await succeed(vault, point);
    const retry = { copyJobId: job.id, attempt: 1, at: deployed.now().toISOString() };
    await deployed.incidents.setRetry(incident.id, failure.copyJobId, retry);
    await look(incident);
    expect(await jobs(incident.id)).toMatchObject([{ copiedBy: job.id, retry: { ended: 'copied' } }]);
  });

  it('of some resources take those off', async () => {
    const [vault, other] = deployed.vaults;
    const { incident, point } = await deployed.fail(vault);
    await deployed.fail(vault);
    const elsewhere = await deployed.fail(other, deployed.newPoint(point.resourceArn));
    await pass(MINUTE);
    await succeed(vault, point);
    expect(await look(incident)).toMatchObject({ state: 'proposed', tell: 'opened' });
    expect(await deployed.incidents.count(incident.id)).toMatchObject({ copies: 1, resources: 1 });
    // The same resource in another vault is still not copied.
    expect(await look(elsewhere.incident)).toMatchObject({ state: 'proposed' });
    expect(await deployed.incidents.count(elsewhere.incident.id)).toMatchObject({ copies: 1 });
  });

  it('are listed at most once an hour, and once for incidents of one vault', async () => {
    const [vault] = deployed.vaults;
    const { incident } = await deployed.fail(vault);
    await look(incident);
    expect(calls('ListCopyJobs')).toHaveLength(1);
    await look(incident);
    await look(incident);
    expect(calls('ListCopyJobs')).toHaveLength(0);
    await look(incident, 40);
    expect(calls('ListCopyJobs')).toHaveLength(1);

    await pass(HOUR);
    hub.sandbox.clearCalls();
    const services = deployed.services();
    await Promise.all([1, 2, 3].map(async () => lookAgain(await head(incident.id), services)));
    expect(calls('ListCopyJobs')).toHaveLength(1);
    expect(calls('GetBackupVaultAccessPolicy')).toHaveLength(1);
  });

  it('that cannot be listed are not counted, and listed the next time', async () => {
    const [vault] = deployed.vaults;
    const { incident, point } = await deployed.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', throttle: true });
    const after = await look(incident);
    expect(after).toMatchObject({ state: 'proposed' });
    expect(after.listedAt).toBeUndefined();
    hub.sandbox.faults.clear();
    expect((await look(incident)).state).toBe('resolved');
  });

  it('are found again after a look that died when all were marked', async () => {
    const [vault] = deployed.vaults;
    const { incident, point } = await deployed.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    const services = deployed.services();
    const dying = jest.spyOn(services.incidents, 'change').mockRejectedValueOnce(new Error('died'));
    await expect(lookAgain(await head(incident.id), services)).rejects.toThrow('died');
    dying.mockRestore();
    expect((await look(incident)).state).toBe('resolved');
  });

  it('leave a failure that came in while it was being resolved to the last look', async () => {
    const [vault] = deployed.vaults;
    const { incident, point, failure } = await deployed.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    expect((await look(incident)).state).toBe('resolved');
    // Assumed by another function, which read the incident a moment before.
    const late = { ...failure, copyJobId: 'late', resourceArn: `${failure.resourceArn ?? ''}0` };
    await deployed.incidents.putJob(incident.id, {
      copyJobId: 'late',
      way: 'assumed',
      failedAt: new Date(failure.time).toISOString(),
      failure: late,
      revision: 1,
    });
    const after = await look(incident);
    expect(after).toMatchObject({ state: 'reported', tell: 'opened', revision: 2 });
  });

  it('take off at most 500 in one look', async () => {
    const [vault] = deployed.vaults;
    const { incident, point } = await deployed.fail(vault);
    await pass(MINUTE);
    await succeed(vault, point);
    await pass(HOUR);
    const services = deployed.services();
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
    expect(await head(incident.id)).toMatchObject({ state: 'proposed' });
    expect((await head(incident.id)).listedAt).toBeUndefined();
    await lookAgain(await head(incident.id), services);
    expect(marked).toHaveLength(521);
    expect((await head(incident.id)).state).toBe('resolved');
  });
});

import type { Job } from '../../lambda/core/incident/shown';
import type { CopyJob } from '../sandbox/model';
import { startHub } from './remediate-fixture';
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

/** A cluster with two volumes: its copy, and those of its members. */
async function failComposite(): Promise<{ parent: CopyJob; children: readonly CopyJob[] }> {
  const members = on.points(2);
  const cluster = hub.sandbox.addRecoveryPoint({ vault: hub.sourceVault, type: 'EKS', key: hub.sourceKey, members });
  const parent = await hub.sandbox.runCopy({
    recoveryPoint: cluster,
    destinationVaultArn: on.vault.arn,
    role: hub.role.arn,
  });
  await hub.sandbox.finishCopies();
  return { parent, children: hub.sandbox.copyJobs.filter(({ parentId }) => parentId === parent.id) };
}

const jobOf = (job: CopyJob): Job => {
  const failure = on.failureOf(job);
  return { copyJobId: job.id, way: 'diagnosed', failedAt: new Date(failure.time).toISOString(), failure, revision: 1 };
};

const startedPoints = () =>
  hub.sandbox.calls
    .filter(({ operation }) => operation === 'StartCopyJob')
    .map(({ input }) => input['RecoveryPointArn']);

it('a composite that its own cause stopped is started again, and each member is copied once', async () => {
  const { incident } = await on.fail(on.vault, on.point({ bytes: 1_000_000 }));
  const { parent, children } = await failComposite();
  expect([parent, ...children].map(({ state }) => state)).toEqual(['FAILED', 'FAILED', 'FAILED']);
  for (const job of [...children, parent]) {
    await on.incidents.putCopyJob(job.id, [incident.id]);
    // Of the parent nobody has read more than its event: that its members failed is no cause of its own.
    await on.incidents.putJob(incident.id, { ...jobOf(job), way: job === parent ? 'assumed' : 'diagnosed' });
  }
  await on.settle(incident);
  hub.sandbox.clearCalls();
  await on.start(incident.id);
  await hub.sandbox.finishCopies();
  await on.follow(incident.id);
  const head = await on.goOn(incident.id);
  expect(head.state).toBe('resolved');
  expect(await Promise.all(children.map((job) => on.left(incident.id, { copyJobId: job.id })))).toEqual([
    'with-composite',
    'with-composite',
  ]);
  // The parent, and the copy that opened the incident; the members came with their parent.
  expect(startedPoints()).toHaveLength(2);
  expect(startedPoints()).toContain(parent.sourceRecoveryPointArn);
  const copied = hub.sandbox.copyJobs.filter(({ state, parentId }) => state === 'COMPLETED' && parentId !== undefined);
  expect(copied.map(({ sourceRecoveryPointArn }) => sourceRecoveryPointArn).sort()).toEqual(
    children.map(({ sourceRecoveryPointArn }) => sourceRecoveryPointArn).sort(),
  );
});

it('a member whose composite is not started is started by itself', async () => {
  const { incident } = await on.fail(on.vault, on.point({ bytes: 1_000_000 }));
  const { parent, children } = await failComposite();
  const [child] = children as [CopyJob];
  await on.incidents.putCopyJob(child.id, [incident.id]);
  await on.incidents.putJob(incident.id, { ...jobOf(child), bytes: 1 });
  // Its own incident lists what failed, and starts nothing.
  await on.incidents.putCopyJob(parent.id, ['LISTLISTLISTLIST']);
  await on.forge(
    { pk: 'INCIDENT#LISTLISTLISTLIST', sk: 'HEAD' },
    { ...incident, id: 'LISTLISTLISTLIST', state: 'reported', causes: ['nested-copy-failed'], retry: undefined },
  );
  await on.settle(incident);
  hub.sandbox.clearCalls();
  expect((await on.start(incident.id)).canary?.copyJobId).toBe(child.id);
  expect(startedPoints()).toEqual([child.sourceRecoveryPointArn]);
});

import type { Incident } from '../lambda/core/incident/incident';
import { diagnose } from '../lambda/core/diagnose';
import { startHub, type Event, type Hub } from './diagnose-fixture';
import { REGION, SOURCE } from './sandbox/fixture';
import type { CopyJob } from './sandbox/model';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

/** A cluster of which one volume is under a key that no other account can use. */
function cluster() {
  const { sandbox, sourceVault: vault, sourceKey: key } = hub;
  const managed = sandbox.addKey({ account: SOURCE, region: REGION, manager: 'AWS', alias: 'aws/ebs' });
  const members = [key, managed].map((one) => sandbox.addRecoveryPoint({ vault, type: 'EBS', key: one }));
  return sandbox.addRecoveryPoint({ vault, type: 'EKS', key, members });
}

/** Copies it: the events of all jobs that did not succeed, the composite job's last. */
async function fail(recoveryPoint: ReturnType<typeof cluster>): Promise<{ parent: CopyJob; events: Event[] }> {
  const { sandbox } = hub;
  const before = sandbox.events.all.length;
  const parent = await sandbox.runCopy({ ...hub.copy, recoveryPoint });
  await sandbox.finishCopies();
  sandbox.clearCalls();
  const events = sandbox.events.all.slice(before).filter(({ detail }) => /FAILED|PARTIAL/.test(detail.state));
  return { parent, events: events as unknown as Event[] };
}

const byCause = async (cause: string): Promise<Incident> => {
  const found = (await hub.all()).filter(({ causes }) => causes.includes(cause));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} incidents of ${cause}`);
  return found[0];
};
const jobsOf = async (incident: Incident) => (await hub.jobs(incident)).map(({ copyJobId }) => copyJobId);

it('a composite job lists its nested jobs; each of them is a failure of its own, and is held once', async () => {
  const { parent, events } = await fail(cluster());
  const [child] = events.map(({ detail }) => String(detail['copyJobId'])).filter((id) => id !== parent.id);
  expect(parent.state).toBe('PARTIAL');
  expect(events).toHaveLength(2);
  expect(await hub.failed(events)).toEqual([]);

  const own = await byCause('source-key-aws-managed');
  const list = await byCause('nested-copy-failed');
  expect(await hub.all()).toHaveLength(2);
  expect([await jobsOf(own), await jobsOf(list)]).toEqual([[child], [parent.id]]);
  expect(list).toMatchObject({ kind: 'manual', state: 'reported' });
  expect(list).not.toHaveProperty('retry');

  // The list was asked for once, for the composite job alone, and is kept so that the diagnosis can be made again.
  const lists = hub.calls('backup', 'ListCopyJobs');
  expect(lists.map(({ input }) => input['ByParentJobId'])).toEqual([parent.id]);
  const [kept] = await hub.incidents.evidence(list.id);
  const again = kept && diagnose(kept.evidence);
  expect(again?.causes[0]?.because.join()).toContain(`copy job ${child}: FAILED`);
  const [ofChild] = await hub.incidents.evidence(own.id);
  expect(ofChild && diagnose(ofChild.evidence).copy.parentJobId).toBe(parent.id);
});

it('night after night it is one incident, and so are its nested jobs', async () => {
  const point = cluster();
  for (let night = 0; night < 5; night += 1) {
    const { events } = await fail(point);
    expect(await hub.failed(events)).toEqual([]);
    await hub.sandbox.clock.advance(24 * 60 * 60_000);
  }
  expect(await jobsOf(await byCause('nested-copy-failed'))).toHaveLength(5);
  expect(await jobsOf(await byCause('source-key-aws-managed'))).toHaveLength(5);
});

it('a refused list is told as not read, and the count of the record stands', async () => {
  const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
  const { parent, events } = await fail(cluster());
  hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', error });
  expect(await hub.failed(events.filter(({ detail }) => detail['copyJobId'] === parent.id))).toEqual([]);
  const { id } = await byCause('nested-copy-failed');
  const [kept] = await hub.incidents.evidence(id);
  const because = (kept && diagnose(kept.evidence).causes[0]?.because.join('\n')) ?? '';
  expect(because).toContain('Of the 2 nested copies');
  expect(because).toContain('Not read: backup:ListCopyJobs in account 111111111111 (AccessDeniedException)');
});

it('takes at most 4 serial steps', async () => {
  const { parent, events } = await fail(cluster());
  hub.sandbox.latencyMs = 800;
  expect(await hub.failed(events.filter(({ detail }) => detail['copyJobId'] === parent.id))).toEqual([]);
  expect(hub.calls('backup', 'ListCopyJobs')).toHaveLength(1);
  expect(hub.serialSteps()).toBeLessThanOrEqual(4);
});

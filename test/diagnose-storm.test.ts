import { startHub, type Hub } from './diagnose-fixture';
import { longestSerialChain } from './sandbox';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

describe('a storm', () => {
  it('of one cause reads three failures; the others join from their events alone', async () => {
    hub.closeVault();
    const events = await hub.fail(25);
    expect(await hub.failed(events.slice(0, 10))).toEqual([]);
    expect(hub.calls('backup', 'DescribeCopyJob')).toHaveLength(3);
    expect(hub.calls('sts', 'AssumeRole')).toHaveLength(2);
    // Of the source key, and of the key of the destination vault.
    expect(hub.calls('kms', 'GetKeyPolicy')).toHaveLength(2);
    expect(hub.calls('organizations', 'DescribeOrganization')).toHaveLength(2);

    hub.sandbox.clearCalls();
    expect(await hub.failed(events.slice(10, 20))).toEqual([]);
    expect(await hub.failed(events.slice(20))).toEqual([]);
    expect(hub.reads()).toEqual([]);
    const incident = await hub.only();
    const ways = (await hub.jobs(incident)).map(({ way }) => way);
    expect([ways.length, ways.filter((way) => way === 'diagnosed').length]).toEqual([25, 3]);
    expect(await hub.incidents.evidence(incident.id)).toHaveLength(3);
    expect(incident.revision).toBe(1);
    expect(hub.hints()).toHaveLength(1);
  });

  it('of a cause that depends on the resource reads two answers a failure, and the rest once in 60 s', async () => {
    hub.closeKey();
    const events = await hub.fail(30);
    for (let start = 0; start < events.length; start += 10) {
      expect(await hub.failed(events.slice(start, start + 10))).toEqual([]);
    }
    const shared = hub.reads().filter(({ operation }) => !/^Describe(CopyJob|RecoveryPoint)$/.test(operation));
    expect(hub.calls('backup', 'DescribeCopyJob')).toHaveLength(30);
    expect(hub.calls('backup', 'DescribeRecoveryPoint')).toHaveLength(30);
    expect(hub.calls('iam', 'SimulatePrincipalPolicy')).toHaveLength(2);
    expect(shared.length).toBeLessThan(25);
    expect((await hub.jobs(await hub.only())).map(({ way }) => way)).toEqual(Array(30).fill('diagnosed'));

    hub.sandbox.clearCalls();
    await hub.passMinutes(2);
    const [next] = await hub.fail();
    expect(await hub.failed([next])).toEqual([]);
    expect(hub.calls('kms', 'GetKeyPolicy')).toHaveLength(2);
  });

  it('that cannot be read for the moment is tried in two rounds, not one by one', async () => {
    hub.closeVault();
    const events = await hub.fail(10);
    const error = { code: 'ServiceUnavailableException', message: 'no', status: 503 };
    // Longer than it takes to get ready for the next: what waits for another begins after its end.
    hub.sandbox.faults.add({ service: 'backup', operation: 'DescribeCopyJob', latencyMs: 300, error });
    expect(await hub.failed(events)).toHaveLength(10);
    const asked = hub.calls('backup', 'DescribeCopyJob');
    expect(asked).toHaveLength(30);
    // Each is 3 attempts of the SDK.
    expect(longestSerialChain(asked)).toHaveLength(6);
    expect(await hub.all()).toEqual([]);
  });

  it('whose first failure teaches nothing is learned from those after it', async () => {
    hub.closeVault();
    const events = await hub.fail(20);
    const error = { code: 'ServiceUnavailableException', message: 'no', status: 503 };
    hub.sandbox.faults.add({ service: 'backup', operation: 'DescribeCopyJob', times: 3, error });
    expect(await hub.failed(events.slice(0, 10))).toEqual(['message-0']);
    hub.sandbox.clearCalls();
    expect(await hub.failed(events.slice(10))).toEqual([]);
    expect(hub.reads()).toEqual([]);
  });

  it('never keeps a refused answer beyond its batch', async () => {
    hub.closeKey();
    const [first, second] = await hub.fail(2);
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    hub.sandbox.faults.add({ service: 'kms', operation: 'GetKeyPolicy', times: 1, error });
    expect(await hub.failed([first])).toEqual([]);
    expect(await hub.failed([second])).toEqual([]);
    // The one that was refused once more, that of the destination vault's key not.
    expect(hub.calls('kms', 'GetKeyPolicy')).toHaveLength(3);
    expect((await hub.all()).map(({ kind }) => kind)).toContain('key-policy');
  });

  it('of two causes opens two incidents that both hold each failure', async () => {
    hub.closeVault();
    hub.closeKey();
    const events = await hub.fail(5);
    expect(await hub.failed(events)).toEqual([]);
    const incidents = await hub.all();
    expect(incidents.map(({ kind }) => kind).sort()).toEqual(['key-policy', 'vault-policy']);
    for (const incident of incidents) expect(await hub.jobs(incident)).toHaveLength(5);
    expect(new Set(incidents.map(({ openedBy }) => openedBy)).size).toBe(1);
    const known = await hub.incidents.knownCopyJobs([String(events[4]?.detail['copyJobId'])]);
    expect([...known.values()][0]?.incidents).toHaveLength(2);
  });
});

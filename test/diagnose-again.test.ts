import { startHub, type Event, type Hub } from './diagnose-fixture';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

describe('a failure that comes twice', () => {
  it('changes nothing and reads nothing', async () => {
    hub.closeVault();
    const event = await hub.failOne();
    expect(await hub.failed([event, event])).toEqual([]);
    const before = await hub.only();
    hub.sandbox.clearCalls();
    await hub.passMinutes(5);
    expect(await hub.failed([event])).toEqual([]);
    expect(hub.reads()).toEqual([]);
    expect(await hub.only()).toEqual(before);
    expect(await hub.jobs(before)).toHaveLength(1);
  });

  it('ends as if nothing had happened, wherever the function died the first time', async () => {
    hub.closeVault();
    hub.closeKey();
    const shape = async () => {
      const incidents = (await hub.all()).sort((a, b) => (a.id < b.id ? -1 : 1));
      return Promise.all(
        incidents.map(async (one) => ({
          head: [one.id, one.state, one.revision, one.planHash, one.openedBy, one.tell],
          jobs: (await hub.jobs(one)).map(({ copyJobId }) => copyJobId),
          plan: (await hub.incidents.plan(one.id, one.revision, one.planHash ?? ''))?.hash,
          evidence: (await hub.incidents.evidence(one.id)).map(({ copyJobId }) => copyJobId),
        })),
      );
    };
    const principal = /diagnose/;
    // Before the next effect is after this one, but for what is under way.
    for (let effect = 1; ; effect += 2) {
      const event = await hub.failOne();
      hub.sandbox.faults.killAt(effect, 'after', { principal });
      await hub.failed([event]).catch(() => undefined);
      const died = hub.sandbox.faults.killed;
      hub.sandbox.faults.revive();
      await hub.restart();
      await hub.passMinutes(1);
      expect(await hub.failed([event])).toEqual([]);
      const found = await shape();
      expect(found).toHaveLength(2);
      for (const { head, jobs: held, plan, evidence } of found) {
        expect(held).toContain(event.detail['copyJobId']);
        expect(plan).toBe(head[3]);
        expect(evidence.length).toBeGreaterThan(0);
      }
      if (!died) break;
      expect(effect).toBeLessThan(30);
      await hub.close();
      hub = await startHub();
      hub.closeVault();
      hub.closeKey();
    }
  }, 180_000);
});

describe('a copy that the service started again', () => {
  const retryOf = async (event: Event, root: Event) => {
    const [retryId, rootId] = [event, root].map(({ detail }) => String(detail['copyJobId'])) as [string, string];
    await hub.incidents.putRetryOf(retryId, { root: rootId, attempt: 1 });
    return retryId;
  };

  it('is diagnosed in full although others of its kind are assumed, and teaches nothing', async () => {
    hub.closeVault();
    const [root, ...events] = (await hub.fail(6)) as [Event, ...Event[]];
    expect(await hub.failed([root, ...events.slice(0, 3)])).toEqual([]);
    const before = await hub.foldOf(root);
    expect(before).toMatchObject({ diagnosed: 3, shared: true });
    hub.sandbox.clearCalls();
    const [retry, other] = events.slice(3) as [Event, Event];
    const retryId = await retryOf(retry, root);
    expect(await hub.failed([other, retry])).toEqual([]);
    const read = hub.calls('backup', 'DescribeCopyJob').map(({ input }) => (input as { CopyJobId: string }).CopyJobId);
    expect(read).toEqual([retryId]);
    expect(await hub.foldOf(root)).toEqual(before);
    const held = await hub.jobs(await hub.only());
    expect(held).toHaveLength(6);
    expect(held.find(({ copyJobId }) => copyJobId === retryId)?.way).toBe('diagnosed');
    const known = (await hub.incidents.knownCopyJobs([retryId])).get(retryId);
    expect(known).toEqual({ incidents: [(await hub.only()).id], root: root.detail['copyJobId'], attempt: 1 });

    hub.sandbox.clearCalls();
    expect(await hub.failed([retry])).toEqual([]);
    expect(hub.reads()).toEqual([]);
    expect(await hub.jobs(await hub.only())).toHaveLength(6);
  });

  it('begins no fold, and is told by a catch-up too', async () => {
    hub.closeVault();
    const [root, retry] = (await hub.fail(2)) as [Event, Event];
    await retryOf(retry, root);
    expect(await hub.failed([retry])).toEqual([]);
    expect(await hub.foldOf(retry)).toBeUndefined();
    expect(await hub.jobs(await hub.only())).toHaveLength(1);

    const untold = await hub.failOne();
    await retryOf(untold, root);
    expect(await hub.failed([root])).toEqual([]);
    await hub.handle({ copyDoctor: 'catch-up' });
    const sent = hub.failures.messages.map(({ body }) => (JSON.parse(body) as Event).detail['copyJobId']);
    expect(sent).toEqual([untold.detail['copyJobId']]);
  });

  it('lets the incident that waits for it look soon', async () => {
    hub.closeVault();
    const root = await hub.failOne();
    expect(await hub.failed([root])).toEqual([]);
    const { id, revision, planHash = '' } = await hub.only();
    const at = () => hub.sandbox.clock.now().toISOString();
    const decision = { incident: id, revision, planHash, decision: 'approved' as const, by: 'arn:jane', retry: true };
    await hub.passMinutes(1);
    await hub.incidents.change(id, { kind: 'told', at: at(), telling: 'opened' });
    await hub.incidents.change(id, { kind: 'decided', at: at(), decision: { ...decision, at: at() } });
    await hub.incidents.change(id, { kind: 'looked', at: at(), policy: 'in-place', listed: true });
    await hub.passMinutes(2);
    await hub.incidents.change(id, { kind: 'settle', at: at() });
    const retry = await hub.failOne();
    const retryId = await retryOf(retry, root);
    const copyJobId = String(root.detail['copyJobId']);
    await hub.incidents.change(id, { kind: 'canary-started', at: at(), copyJobId, retryId });
    hub.work.messages.length = 0;
    expect(await hub.failed([retry])).toEqual([]);
    const { state, revision: same, agenda } = await hub.only();
    expect([state, same, agenda.follow]).toEqual([
      'canary',
      1,
      new Date(hub.sandbox.clock.now().getTime() + 60_000).toISOString(),
    ]);
    expect(hub.hints()).toEqual([[{ incident: id }, 60]]);
  });
});

describe('an incident that is not open any more', () => {
  it('opens again for a copy that failed after that, by what is read then', async () => {
    hub.closeVault();
    const [late, ...events] = await hub.fail(6);
    expect(await hub.failed(events)).toEqual([]);
    const { id, revision, planHash = '' } = await hub.only();
    await hub.passMinutes(1);
    const at = hub.sandbox.clock.now().toISOString();
    const decision = { incident: id, revision, planHash, decision: 'rejected' as const, by: 'arn:somebody', at };
    await hub.incidents.change(id, { kind: 'decided', at, decision });
    expect((await hub.only()).state).toBe('rejected');

    expect(await hub.failed([late])).toEqual([]);
    expect((await hub.only()).state).toBe('rejected');

    const [next] = await hub.fail();
    hub.sandbox.clearCalls();
    expect(await hub.failed([next])).toEqual([]);
    expect(hub.calls('backup', 'DescribeCopyJob')).toHaveLength(1);
    expect(await hub.only()).toMatchObject({ state: 'proposed', revision: 2, openedBy: next?.detail['copyJobId'] });
  });

  it('opens again also where the answers that are kept are older than its end', async () => {
    hub.closeKey();
    const [first, second] = await hub.fail(2);
    await hub.passMinutes(1);
    expect(await hub.failed([first])).toEqual([]);
    const { id, revision, planHash = '' } = await hub.only();
    await hub.sandbox.clock.advance(1_000);
    const at = hub.sandbox.clock.now().toISOString();
    const decision = { incident: id, revision, planHash, decision: 'rejected' as const, by: 'arn:somebody', at };
    await hub.incidents.change(id, { kind: 'decided', at, decision });
    await hub.sandbox.clock.advance(10_000);
    const time = hub.sandbox.clock.now().toISOString();
    expect(await hub.failed([{ ...second, time }])).toEqual([]);
    expect(await hub.only()).toMatchObject({ state: 'proposed', revision: 2 });
  });
});

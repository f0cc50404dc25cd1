import type { Job } from '../../lambda/core/incident/shown';
import { SOURCE } from '../sandbox/fixture';
import { allowFrom, HOUR, MINUTE, policyOf, startHub } from './remediate-fixture';
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

const DAY = 24 * HOUR;
const OPEN = policyOf(allowFrom(SOURCE));
const settled = async (count = 0) => {
  const { incident } = await on.fail(on.vault, on.point({ bytes: 1_000_000 }));
  const points = Array.from({ length: count }, (_, index) => on.point({ bytes: 1 + index }));
  const jobs = await on.join(incident, points);
  return { id: (await on.settle(incident)).id, jobs, points };
};
/** All copies are started, the first one went well. */
const started = async (count = 3) => {
  const made = await settled(count);
  await on.start(made.id);
  await hub.sandbox.finishCopies();
  await on.follow(made.id);
  await on.start(made.id);
  await on.start(made.id);
  expect(await on.head(made.id)).toMatchObject({ state: 'retrying', agenda: { follow: on.at(5 * MINUTE) } });
  hub.sandbox.clearCalls();
  return made;
};
const ends = async (id: string) => (await on.jobs(id)).map(({ retry }) => retry?.ended).sort();
const running = () => hub.sandbox.copyJobs.filter(({ state }) => state === 'CREATED' || state === 'RUNNING');
const described = () => hub.sandbox.calls.filter(({ operation }) => operation === 'DescribeCopyJob');

describe('the first copy', () => {
  it('is waited for, and lets the others go when it is there', async () => {
    const { id } = await settled(2);
    const { canary } = await on.start(id);
    await on.pass(MINUTE);
    expect(await on.follow(id)).toMatchObject({ state: 'canary', canary, agenda: { follow: on.at(5 * MINUTE) } });
    await hub.sandbox.finishCopies();
    expect(await on.follow(id)).toMatchObject({ state: 'retrying', agenda: { retry: on.at(0) } });
    const tried = await on.job(id, canary?.copyJobId ?? '');
    expect(tried).toMatchObject({ copiedBy: canary?.retryId, retry: { ended: 'copied' } });
  });

  it('that fails for the same cause is tried once more, and then nothing is cured', async () => {
    const { id, jobs } = await settled(1);
    const { canary } = await on.start(id);
    on.vault.policy = undefined;
    await hub.sandbox.finishCopies();
    expect(await on.follow(id)).toMatchObject({
      state: 'canary',
      failedRounds: 1,
      agenda: { retry: on.at(15 * MINUTE) },
    });
    // Its failure is one of this incident's now, and is what is tried again.
    expect(await on.job(id, canary?.retryId ?? '')).toMatchObject({ way: 'diagnosed' });
    await on.pass(15 * MINUTE);
    const second = await on.start(id);
    expect(second.canary?.copyJobId).toBe(canary?.retryId);
    expect(
      (await on.incidents.knownCopyJobs([second.canary?.retryId ?? ''])).get(second.canary?.retryId ?? ''),
    ).toEqual({
      incidents: [],
      root: jobs[0]?.copyJobId,
      attempt: 2,
    });
    await hub.sandbox.finishCopies();
    expect(await on.follow(id)).toMatchObject({ state: 'not-cured', tell: 'not-cured', failedRounds: 2 });
  });

  it('that fails for another cause lets the others go', async () => {
    const { id, points } = await settled(1);
    await on.start(id);
    (points[0] as { storageClass: string }).storageClass = 'COLD';
    await hub.sandbox.finishCopies();
    expect(await on.follow(id)).toMatchObject({ state: 'retrying', agenda: { retry: on.at(0) } });
  });

  it('whose record is gone lets the others go, and is tried again', async () => {
    const { id } = await settled();
    const { canary } = await on.start(id);
    await hub.sandbox.finishCopies();
    const record = hub.sandbox.copyJobs.find((one) => one.id === canary?.retryId) as { completedAt: Date };
    record.completedAt = new Date(0);
    expect(await on.follow(id)).toMatchObject({ state: 'retrying' });
    expect(await ends(id)).toEqual(['unknown']);
    expect(await on.start(id)).toMatchObject({ batches: { count: 1 } });
    await on.start(id);
    expect((await on.job(id, canary?.copyJobId ?? ''))?.retry).toMatchObject({ attempt: 2 });
  });
});

describe('the rest', () => {
  it('is followed to the end, and resolves the incident', async () => {
    const { id } = await started();
    await on.pass(3 * MINUTE);
    expect((await on.follow(id)).state).toBe('retrying');
    await hub.sandbox.finishCopies();
    expect(await on.follow(id)).toMatchObject({ state: 'resolved', tell: 'resolved' });
    expect(await ends(id)).toEqual(['copied', 'copied', 'copied', 'copied']);
    expect((await on.incidents.countBoth(id)).retried).toMatchObject({ copied: 4, running: 0, failed: 0, leftOut: {} });
    // The list of what is there told it: no job was asked for.
    expect(described().filter(({ startedAt }) => startedAt >= on.now().getTime())).toEqual([]);
  });

  it('goes by itself from the change to the end', async () => {
    const { id } = await settled(60);
    expect(await on.goOn(id)).toMatchObject({
      state: 'resolved',
      agenda: { 'look-again': expect.any(String) as string },
    });
    expect((await on.incidents.countBoth(id)).retried).toMatchObject({ copied: 61, failed: 0 });
  });

  it('that fails for the same cause is not cured, and counts once', async () => {
    const { id } = await started(2);
    on.vault.policy = undefined;
    await hub.sandbox.finishCopies();
    const after = await on.follow(id);
    expect(after).toMatchObject({ state: 'not-cured', tell: 'not-cured' });
    expect(await ends(id)).toEqual(['copied', 'same', 'same', undefined, undefined]);
    expect((await on.incidents.countBoth(id)).retried).toMatchObject({ copied: 1, failed: 2 });
  });

  it('that fails for another cause opens the incident of that, and names it', async () => {
    const { id, points } = await started(2);
    (points[1] as { storageClass: string }).storageClass = 'COLD';
    await hub.sandbox.finishCopies();
    const after = await on.follow(id);
    expect(after).toMatchObject({ state: 'reopened', tell: 'reopened' });
    const [other, ...more] = after.others ?? [];
    expect(more).toEqual([]);
    expect(await on.head(other ?? '')).toMatchObject({ causes: ['recovery-point-in-cold-storage'] });
  });

  it.each([
    ['this incident', true, 'same'],
    ['another one', false, 'other'],
  ])('that was diagnosed by its event as %s is asked for no more', async (_, own, ended) => {
    const { id } = await started(1);
    const tries = (await on.jobs(id)).filter(({ retry }) => retry && !retry.ended) as (Job & { retry: object })[];
    on.vault.policy = undefined;
    await hub.sandbox.finishCopies();
    for (const { retry } of tries) await on.incidents.putCopyJob(retry?.copyJobId ?? '', [own ? id : 'OTHER']);
    await on.follow(id);
    expect(described()).toEqual([]);
    expect(await ends(id)).toEqual(['copied', ended]);
  });

  it('that ends PARTIAL has failed', async () => {
    const { id } = await started(1);
    const [copy] = running() as [(typeof hub.sandbox.copyJobs)[number]];
    await hub.sandbox.finishCopies();
    copy.state = 'PARTIAL';
    await on.follow(id);
    expect(await ends(id)).toEqual(['copied', 'other']);
    expect((await on.incidents.knownCopyJobs([copy.id])).get(copy.id)?.incidents).toHaveLength(1);
  });

  it('is asked for 25 at a time, the oldest first, and for nothing that is not known yet', async () => {
    const { id } = await settled(40);
    await on.start(id);
    await hub.sandbox.finishCopies();
    await on.follow(id);
    for (let effects = 0; effects < 3; effects += 1) await on.start(id);
    hub.sandbox.clearCalls();
    await on.pass(MINUTE);
    await on.follow(id);
    expect(described()).toHaveLength(25);

    hub.sandbox.faults.add({ service: 'backup', operation: 'DescribeCopyJob', throttle: true });
    hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', throttle: true });
    await hub.sandbox.finishCopies();
    expect((await on.follow(id)).state).toBe('retrying');
    hub.sandbox.faults.clear();
    expect((await on.follow(id)).state).toBe('resolved');
  });

  it('is looked at by batches while some are to be started, up to the first in which something runs', async () => {
    const { id } = await settled(80);
    await on.start(id);
    await hub.sandbox.finishCopies();
    await on.follow(id);
    for (let effects = 0; effects < 2; effects += 1) await on.start(id);
    const [slow] = running() as [(typeof hub.sandbox.copyJobs)[number]];
    await hub.sandbox.finishCopies();
    slow.state = 'RUNNING';
    await on.start(id);
    hub.sandbox.clearCalls();
    expect((await on.follow(id)).batches).toMatchObject({ count: 4, started: 2, ended: 0 });
    const read = (operation: string) => hub.sandbox.calls.filter((call) => call.operation === operation);
    expect(read('Query')).toEqual([]);
    expect((await on.incidents.countBoth(id)).retried).toMatchObject({ copied: 25, running: 26 });

    slow.state = 'COMPLETED';
    expect((await on.follow(id)).batches).toMatchObject({ ended: 1 });
    await hub.sandbox.finishCopies();
    expect((await on.follow(id)).batches).toMatchObject({ started: 2, ended: 2 });
    expect(await on.goOn(id)).toMatchObject({ state: 'resolved' });
    expect((await on.incidents.countBoth(id)).retried).toMatchObject({ copied: 81, running: 0 });
  });

  it('that runs for more than 7 days is not cured', async () => {
    const { id } = await started(1);
    const [copy] = running() as [(typeof hub.sandbox.copyJobs)[number]];
    await on.pass(2 * MINUTE);
    await hub.sandbox.finishCopies();
    copy.state = 'RUNNING';
    await on.pass(6 * DAY);
    expect(await on.follow(id)).toMatchObject({ state: 'retrying', agenda: { follow: on.at(HOUR) } });
    await on.pass(DAY);
    const after = await on.follow(id);
    expect(after).toMatchObject({ state: 'not-cured', tell: 'not-cured' });
    expect(after.because).toContain('7 days');
    expect(await ends(id)).toEqual(['copied', 'unknown']);
    copy.state = 'COMPLETED';
  });

  it('takes in a failure that was reported late', async () => {
    const { id } = await started(1);
    const incident = await on.head(id);
    const [late] = (await on.jobs(id)) as [Job];
    const copyJobId = (
      await hub.sandbox.runCopy({
        recoveryPoint: on.point(),
        destinationVaultArn: on.vault.arn,
        role: hub.role.arn,
        injectFailure: { statusMessage: 'Access denied', messageCategory: 'ACCESS_DENIED' },
      })
    ).id;
    await hub.sandbox.finishCopies();
    const failure = {
      ...on.failureOf(hub.sandbox.copyJobs.find((one) => one.id === copyJobId) as never),
      time: late.failedAt,
    };
    await on.incidents.putCopyJob(copyJobId, [id]);
    await on.incidents.putJob(id, {
      copyJobId,
      way: 'diagnosed',
      failedAt: late.failedAt,
      failure,
      revision: incident.revision,
    });
    expect(await on.follow(id)).toMatchObject({ state: 'retrying', agenda: { retry: on.at(0) } });
    expect(await on.goOn(id)).toMatchObject({ state: 'resolved' });
  });

  it('is not resolved where all of it was left out', async () => {
    const { id, opening } = await (async () => {
      const made = await on.fail(on.vault);
      return { id: (await on.settle(made.incident)).id, opening: made.failure.copyJobId };
    })();
    await on.start(id);
    const { canary } = await on.head(id);
    const record = hub.sandbox.copyJobs.find((one) => one.id === canary?.retryId) as { completedAt: Date };
    await hub.sandbox.finishCopies();
    record.completedAt = new Date(0);
    (hub.sandbox.copyJobs.find((one) => one.id === opening) as { completedAt: Date }).completedAt = new Date(0);
    await on.follow(id);
    const after = await on.goOn(id);
    expect(await on.job(id, opening)).toMatchObject({ leftOut: 'record-gone' });
    expect(after).toMatchObject({ state: 'applied', tell: 'left-out' });
  });
});

it('what passes by itself is tried 5 times, each later, and then told', async () => {
  const { incident } = await on.fail(on.vault);
  const { id } = incident;
  const due = { agenda: { retry: on.at(15 * MINUTE) } };
  await on.forge({ pk: `INCIDENT#${id}`, sk: 'HEAD' }, { state: 'waiting', kind: 'retry-later', retry: 'ask', ...due });
  const before = hub.sandbox.copyJobs.length;
  const after = await on.goOn(id, 48);
  expect(after).toMatchObject({ state: 'not-cured', tell: 'not-cured', failedRounds: 5 });
  expect(hub.sandbox.copyJobs.length - before).toBe(5);
  const pauses = hub.sandbox.copyJobs.slice(before).map(({ createdAt }) => createdAt.getTime());
  const waits = pauses.slice(1).map((time, index) => time - (pauses[index] ?? 0));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  on.vault.policy = OPEN;
});

import type { CompletedCopies } from '../../lambda/aws/completed-copies';
import { retryCopies } from '../../lambda/aws/retry-copy';
import type { Incident } from '../../lambda/core/incident/incident';
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

const reads = () =>
  hub.sandbox.calls.filter(
    ({ operation, service }) => /^(Describe|List|Get|Simulate)/.test(operation) && service !== 'dynamodb',
  );

describe('a failure', () => {
  it('whose resource was copied since is not started', async () => {
    const { id, jobs } = await on.retrying(on.points(2));
    // The smaller one was the first copy.
    const [, second] = jobs as [Job, Job];
    const { job } = await on.copy(on.vault, on.point({ resourceArn: second.failure.resourceArn ?? '' }));
    hub.sandbox.clearCalls();
    await on.start(id);
    expect(await on.job(id, second.copyJobId)).toMatchObject({ copiedBy: job.id });
    expect(on.starts()).toHaveLength(1);
  });

  it('is looked for by itself where the vault has more copies than a list shows', async () => {
    const { id, jobs } = await on.retrying(on.points(2));
    const [, second] = jobs as [Job, Job];
    const { job } = await on.copy(on.vault, on.point({ resourceArn: second.failure.resourceArn ?? '' }));
    const services = on.services();
    const completed: CompletedCopies = (source, vaultArn, since, resourceArn) =>
      resourceArn === undefined
        ? Promise.resolve({ copies: [], complete: false })
        : services.completed(source, vaultArn, since, resourceArn);
    hub.sandbox.clearCalls();
    await retryCopies(await on.head(id), { ...services, completed });
    expect(await on.job(id, second.copyJobId)).toMatchObject({ copiedBy: job.id });
    expect(on.starts()).toHaveLength(1);
  });

  it('that somebody copies again already is followed, not started', async () => {
    const points = on.points(2);
    const { id, jobs } = await on.retrying(points);
    const running = await hub.sandbox.runCopy({
      recoveryPoint: points[1] as never,
      destinationVaultArn: on.vault.arn,
      role: hub.role.arn,
    });
    hub.sandbox.clearCalls();
    await on.start(id);
    // One of the two was the first copy.
    expect(on.starts()).toHaveLength(1);
    const [, second] = jobs as [Job, Job];
    expect(await on.job(id, second.copyJobId)).toMatchObject({ retry: { copyJobId: running.id, attempt: 1 } });
    expect((await on.incidents.knownCopyJobs([running.id])).get(running.id)).toMatchObject({ root: second.copyJobId });
  });

  it('is left out where it cannot be started, each with its reason', async () => {
    const points = on.points(5);
    const { id, jobs } = await on.retrying(points);
    const [, role, destination, pass, gone] = jobs as [Job, Job, Job, Job, Job];
    const record = (job: Job) =>
      hub.sandbox.copyJobs.find((one) => one.id === job.copyJobId) as {
        role: string;
        destinationVaultArn: string;
        completedAt: Date;
      };
    record(role).role = hub.sandbox.addCopyRole(SOURCE, `other-${id}`).arn;
    record(destination).destinationVaultArn = hub.destinationVault.arn;
    record(gone).completedAt = new Date(0);
    const path = pass.failure.recoveryPointArn ?? '';
    const { policies } = hub.retrier;
    hub.retrier.policies = [
      ...(policies ?? []),
      { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'backup:StartCopyJob', Resource: path }] },
    ];
    await on.start(id);
    hub.retrier.policies = policies;
    expect(await Promise.all([role, destination, pass, gone].map((job) => on.left(id, job)))).toEqual([
      'role-not-listed',
      'not-listed',
      'refused',
      'record-gone',
    ]);
    expect((await on.head(id)).batches?.started).toBe(1);
  });

  it('into a vault that is off the list is left out, and its next one is started once the vault is back', async () => {
    const resourceArn = `arn:aws:ec2:eu-west-1:${SOURCE}:volume/vol-off-the-list`;
    const { incident } = await on.fail(on.vault, on.point({ bytes: 9 }));
    const [off] = await on.join(incident, [on.point({ resourceArn, bytes: 1 })]);
    const { id } = await on.settle(incident);
    const services = on.services();
    const destinations = services.settings.destinations.filter((arn) => arn !== on.vault.arn);
    await retryCopies(await on.head(id), { ...services, settings: { ...services.settings, destinations } });
    expect(await on.left(id, off as Job)).toBe('not-listed');
    expect((await on.incidents.countBoth(id)).retried).toMatchObject({ leftOut: { 'not-listed': 2 } });
    expect(await on.head(id)).toMatchObject({ state: 'applied', tell: 'left-out' });

    on.vault.policy = undefined;
    const again = await on.fail(on.vault, on.point({ resourceArn, bytes: 1 }));
    expect(again.incident).toMatchObject({ id, revision: 2, state: 'proposed' });
    await on.settle(again.incident);
    expect((await on.start(id)).canary?.copyJobId).toBe(again.failure.copyJobId);
  });

  it('keeps its lifecycle, and has none where it had none', async () => {
    const kept = await on.settled([on.point({ bytes: 1 })], {
      copy: { lifecycle: { deleteAfterDays: 35, moveToColdStorageAfterDays: -1 } },
    });
    await on.start(kept.id);
    expect(on.starts()[0]?.input['Lifecycle']).toEqual({ DeleteAfterDays: 35, MoveToColdStorageAfterDays: -1 });

    on = await deployRetries(hub);
    const none = await on.settled([on.point({ bytes: 1 })]);
    await on.start(none.id);
    expect(on.starts()[0]?.input).not.toHaveProperty('Lifecycle');
  });

  it('of a resource that has a newer one is left out', async () => {
    const resourceArn = `arn:aws:ec2:eu-west-1:${SOURCE}:volume/vol-twice`;
    const { incident } = await on.fail(on.vault, on.point({ bytes: 9 }));
    const [older] = await on.join(incident, [on.point({ resourceArn, bytes: 1 })]);
    const [newer] = await on.join(incident, [on.point({ resourceArn, bytes: 2 })]);
    const { id } = await on.settle(incident);
    expect((await on.start(id)).canary?.copyJobId).toBe(newer?.copyJobId);
    expect(await on.left(id, older as Job)).toBe('older-point');
  });

  it('that waits for another incident is started once that is mended, and left out where it never will be', async () => {
    const { id, opening } = await on.settled();
    const proposal = { ...(await on.head(id)), id: 'OTHEROTHEROTHERO', planHash: undefined, ask: false };
    const event = {
      kind: 'failed',
      at: on.at(0),
      failedAt: on.at(0),
      copyJobId: opening,
      readAt: on.at(0),
      proposal,
    } as const;
    await on.incidents.change(proposal.id, event);
    await on.incidents.putCopyJob(opening, [proposal.id]);
    const force = (state: Incident['state']) => on.forge({ pk: `INCIDENT#${proposal.id}`, sk: 'HEAD' }, { state });

    await force('proposed');
    expect(await on.start(id)).toMatchObject({ state: 'canary', agenda: { retry: on.at(10 * MINUTE) } });
    await on.pass(25 * HOUR);
    expect((await on.start(id)).agenda.retry).toBe(on.at(HOUR));
    expect(on.starts()).toEqual([]);
    await force('applied');
    expect((await on.start(id)).canary?.copyJobId).toBe(opening);

    await force('rejected');
    await on.forge({ pk: `INCIDENT#${id}`, sk: `JOB#${opening}` }, { retry: undefined });
    await on.forge({ pk: `INCIDENT#${id}`, sk: 'HEAD' }, { canary: undefined });
    expect(await on.start(id)).toMatchObject({ state: 'applied', tell: 'left-out' });
    expect(await on.left(id, { copyJobId: opening })).toBe('other-incident');
  });
});

describe('what was only assumed', () => {
  it('is read first, and started where nothing else is wrong', async () => {
    const { id, jobs } = await on.settled([on.point({ bytes: 1 })], { way: 'assumed' });
    expect((await on.start(id)).canary?.copyJobId).toBe(jobs[0]?.copyJobId);
    const read = reads().map(({ operation }) => operation);
    expect(read).toEqual(expect.arrayContaining(['DescribeRecoveryPoint', 'SimulatePrincipalPolicy', 'GetKeyPolicy']));
  });

  it('belongs to another incident where it has another cause, and is not started', async () => {
    const key = hub.sandbox.addKey({ account: SOURCE, region: 'eu-west-1' });
    const { id, jobs } = await on.settled([on.point({ bytes: 1, key })], { way: 'assumed' });
    const after = await on.start(id);
    expect(after.canary?.copyJobId).not.toBe(jobs[0]?.copyJobId);
    const { copyJobId } = jobs[0] as Job;
    const { incidents } = (await on.incidents.knownCopyJobs([copyJobId])).get(copyJobId) ?? { incidents: [] };
    const [other, ...more] = await on.incidents.heads(incidents.filter((one) => one !== id));
    expect(more).toEqual([]);
    expect(other).toMatchObject({ state: 'proposed', kind: 'key-policy', resource: key.arn });
    expect(await on.job(other?.id ?? '', copyJobId)).toMatchObject({ way: 'diagnosed' });
    // It waits: the others of this incident go on.
    expect((await on.job(id, copyJobId))?.leftOut).toBeUndefined();
  });

  it('fails without being started where this cause is still there', async () => {
    const { id, jobs } = await on.settled([on.point({ bytes: 1 })], { way: 'assumed' });
    on.vault.policy = undefined;
    const { canary } = await on.start(id);
    expect(canary).toMatchObject({ copyJobId: jobs[0]?.copyJobId, retryId: jobs[0]?.copyJobId });
    expect(on.starts()).toEqual([]);
    await on.pass(5 * MINUTE);
    expect(await on.follow(id)).toMatchObject({ state: 'canary', failedRounds: 1 });
    await on.pass(15 * MINUTE);
    await on.start(id);
    await on.pass(5 * MINUTE);
    expect(await on.follow(id)).toMatchObject({ state: 'not-cured', tell: 'not-cured' });
  });

  it('waits where it cannot be read for the moment', async () => {
    const { id } = await on.settled([on.point({ bytes: 1 })], { way: 'assumed' });
    hub.sandbox.faults.add({ service: 'kms', operation: 'GetKeyPolicy', throttle: true });
    const after = await on.start(id);
    expect(after.canary).toBeUndefined();
    expect(after.agenda.retry).toBe(on.at(MINUTE));
    expect(on.starts()).toEqual([]);
  });
});

describe('what is not known starts nothing:', () => {
  it.each([
    ['which copies run', 'ListCopyJobs'],
    ['the job', 'DescribeCopyJob'],
  ])('%s', async (_, operation) => {
    const { id } = await on.settled();
    hub.sandbox.faults.add({ service: 'backup', operation, throttle: true });
    expect((await on.start(id)).agenda.retry).toBe(on.at(MINUTE));
    expect(on.starts()).toEqual([]);
  });

  it('and after 7 days a person is told', async () => {
    const { id } = await on.settled();
    hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', throttle: true });
    // Whatever it waited for before.
    await hub.sandbox.clock.advance(8 * 24 * HOUR);
    expect(await on.start(id)).toMatchObject({ state: 'canary', idleFrom: on.at(0), agenda: { retry: on.at(MINUTE) } });
    await hub.sandbox.clock.advance(7 * 24 * HOUR - MINUTE);
    expect(await on.start(id)).toMatchObject({ state: 'canary', agenda: { retry: on.at(15 * MINUTE) } });
    await hub.sandbox.clock.advance(MINUTE);
    const after = await on.start(id);
    expect(after).toMatchObject({ state: 'applied', tell: 'left-out' });
    expect(after.because).toMatch(/^For 7 days no copy could be started/);
    expect(on.starts()).toEqual([]);
  });
});

it('what passes by itself is left to the next run of its plan', async () => {
  const { incident } = await on.fail(on.vault, on.point({ bytes: 9 }));
  const rule = { planId: 'p', planArn: 'a', planVersion: 'v', ruleId: 'r', ruleTimezone: 'Etc/UTC' };
  const hour = (hours: number) => `cron(0 ${new Date(on.now().getTime() + hours * HOUR).getUTCHours()} ? * * *)`;
  // The copies take some minutes of the sandbox's clock.
  const [soon] = await on.join(incident, [on.point()], { copy: { createdBy: { ...rule, ruleCron: hour(2) } } });
  const [late] = await on.join(incident, [on.point()], { copy: { createdBy: { ...rule, ruleCron: hour(5) } } });
  const { id } = incident;
  on.vault.policy = policyOf(allowFrom(SOURCE));
  await on.forge(
    { pk: `INCIDENT#${id}`, sk: 'HEAD' },
    { state: 'waiting', kind: 'retry-later', retry: 'ask', agenda: { retry: on.at(0) } },
  );
  hub.sandbox.clearCalls();
  expect(await on.start(id)).toMatchObject({ state: 'retrying', batches: { count: 1 } });
  await on.start(id);
  expect(await on.left(id, soon as Job)).toBe('next-run');
  expect((await on.job(id, late?.copyJobId ?? ''))?.retry).toBeDefined();
  expect(on.starts()).toHaveLength(2);
});

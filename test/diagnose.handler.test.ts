import { readerSessions } from '../lambda/aws/reader-sessions';
import { readCopyFailure } from '../lambda/core/copy-failure';
import { foldKey } from '../lambda/core/incident/fold';
import { nextDue, type Incident } from '../lambda/core/incident/incident';
import { batch, listOf, startHub, withDetail, type Event, type Hub } from './diagnose-fixture';
import { longestSerialChain } from './sandbox';
import { DESTINATION, SOURCE } from './sandbox/fixture';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

/** The vault takes nothing from the source account: a cause that no resource makes a difference to. */
const closeVault = () => void (hub.destinationVault.policy = undefined);
/** The key is the resource's, so each failure is looked at. */
const closeKey = () =>
  void (hub.sourceKey.policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${SOURCE}:root` }, Action: 'kms:*', Resource: '*' }],
  }));
const failOne = async () => (await hub.fail())[0] as Event;
const all = () => listOf(hub.incidents.all());
const only = async (): Promise<Incident> => {
  const [incident, ...others] = await all();
  if (!incident || others.length > 0) throw new Error(`${others.length + (incident ? 1 : 0)} incidents`);
  return incident;
};
const jobs = async ({ id }: Incident) =>
  (await listOf(hub.incidents.jobs(id))).sort((a, b) => (a.failedAt < b.failedAt ? -1 : 1));
const later = (iso: string, milliseconds: number) => new Date(Date.parse(iso) + milliseconds).toISOString();
const minutes = (count: number) => hub.sandbox.clock.advance(count * 60_000);
const foldOf = async (event: Event) => {
  const failure = readCopyFailure(event);
  if (!failure.ok) throw new Error(failure.reason);
  const key = foldKey(failure.value);
  return (await hub.incidents.folds([key])).get(key);
};
const hints = () =>
  hub.work.messages.map(({ body, visibleAt, sentAt }) => [JSON.parse(body) as unknown, (visibleAt - sentAt) / 1000]);

it('opens an incident with its plan, evidence and failure, and says when there is something to do', async () => {
  closeVault();
  const event = await failOne();
  expect(await hub.failed([event])).toEqual([]);

  const incident = await only();
  expect(incident).toMatchObject({
    kind: 'vault-policy',
    state: 'proposed',
    causes: ['vault-policy-lacks-source'],
    resource: hub.destinationVault.arn,
    owner: DESTINATION,
    account: SOURCE,
    revision: 1,
    ask: true,
    openedBy: event.detail['copyJobId'],
    tell: 'opened',
  });
  const plan = await hub.incidents.plan(incident.id, 1, incident.planHash ?? '');
  expect(plan?.added).toHaveLength(1);
  const [evidence, ...others] = await hub.incidents.evidence(incident.id);
  expect(others).toEqual([]);
  expect(evidence).toMatchObject({ copyJobId: event.detail['copyJobId'], revision: 1, readAt: incident.readAt });
  const [job] = await jobs(incident);
  expect(job).toMatchObject({ way: 'diagnosed', revision: 1, bytes: event.detail['backupSizeInBytes'] });
  expect(job?.failedAt).toMatch(/^\d{4}-.*\.\d{3}Z$/);
  expect(hints()).toEqual([[{ incident: incident.id }, 60]]);
  expect(hub.sandbox.published).toEqual([]);
});

it('takes at most 4 serial steps from the event to the verdict', async () => {
  closeVault();
  closeKey();
  const event = await failOne();
  // Longer than it takes to load the clients, of which each is new here.
  hub.sandbox.latencyMs = 300;
  expect(await hub.failed([event])).toEqual([]);
  const steps = hub.sandbox.calls.filter(({ service }) => service !== 'dynamodb' && service !== 'sqs');
  expect(longestSerialChain(steps).length).toBeLessThanOrEqual(4);
});

it('sends what cannot be read to the dead letters with its reason, and never lets it block its batch', async () => {
  closeVault();
  const event = await failOne();
  const unreadable = [
    '{"half":',
    [],
    withDetail(event, { state: 'COMPLETED' }),
    { ...event, account: '333333333333' },
    { copyDoctor: 'dance' },
    { copyDoctor: 'catch-up', account: '333333333333', region: 'eu-west-1' },
    { copyDoctor: 'catch-up', account: SOURCE, region: 'eu-west-1', since: 'yesterday' },
    { copyDoctor: 'catch-up', account: SOURCE, region: 'eu-west-1', apply: true },
  ];
  expect(await hub.failed([...unreadable, event])).toEqual([]);
  expect(hub.deadLetters.messages).toHaveLength(unreadable.length);
  const reasons = hub.deadLetters.messages.map(({ attributes }) => attributes['reason']?.StringValue ?? '').join('\n');
  for (const reason of ['not JSON', 'COMPLETED', 'belongs to account', 'dance', 'not a source account', 'yesterday']) {
    expect(reasons).toContain(reason);
  }
  expect(reasons).toContain('"apply" is nothing that a catch-up has');
  expect((await only()).causes).toEqual(['vault-policy-lacks-source']);
});

it('refuses a source account that the deployment does not have', async () => {
  closeVault();
  const sourceBackupVaultArn = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:prod';
  const event = { ...withDetail(await failOne(), { sourceBackupVaultArn }), account: '333333333333' };
  expect(await hub.failed([event])).toEqual([]);
  expect(hub.calls('sts', 'AssumeRole')).toEqual([]);
  expect(await all()).toEqual([]);
  expect(hub.deadLetters.messages).toHaveLength(1);
});

it('brings a message again, and only that one, when it cannot be set aside or written', async () => {
  closeVault();
  const event = await failOne();
  const refused = { error: { code: 'AccessDenied', message: 'no', status: 403 } };
  hub.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', ...refused });
  // The hint is lost too, and nothing with it: the tick sends what is due.
  expect(await hub.failed(['nonsense', event])).toEqual(['message-0']);
  expect((await only()).state).toBe('proposed');

  hub.sandbox.faults.clear();
  const [second] = await hub.fail();
  hub.sandbox.faults.add({ service: 'dynamodb', operation: 'PutItem', times: 1, ...refused });
  expect(await hub.failed([second])).toEqual(['message-0']);
  hub.sandbox.faults.clear();
  hub.sandbox.faults.add({ service: 'dynamodb', operation: 'BatchGetItem', ...refused });
  expect(await hub.failed(['nonsense', second])).toEqual(['message-1']);
  hub.sandbox.faults.clear();
  expect(await hub.failed([second])).toEqual([]);
  expect(await jobs(await only())).toHaveLength(2);
});

it('waits once for trouble that passes by itself, then opens with what could be read, and learns nothing from it', async () => {
  closeVault();
  const event = await failOne();
  hub.sandbox.faults.add({ service: 'kms', operation: 'GetKeyPolicy', throttle: true });
  expect(await hub.failed([event])).toEqual(['message-0']);
  expect(await all()).toEqual([]);

  expect(await hub.failed([event], 2)).toEqual([]);
  expect((await only()).causes).toEqual(['vault-policy-lacks-source']);
  const [stored] = await hub.incidents.evidence((await only()).id);
  expect(JSON.stringify(stored?.evidence.responses)).toContain('Throttling');
  expect(await foldOf(event)).toBeUndefined();
});

it('does not tell a person to deploy a role because AssumeRole was throttled', async () => {
  closeVault();
  const event = await failOne();
  hub.sandbox.faults.add({ service: 'sts', operation: 'AssumeRole', throttle: true });
  expect(await hub.failed([event])).toEqual(['message-0']);
  expect(await all()).toEqual([]);
});

it('takes a refused read for unknown: nobody is asked to decide', async () => {
  closeVault();
  const event = await failOne();
  const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
  hub.sandbox.faults.add({ service: 'backup', operation: 'GetBackupVaultAccessPolicy', error });
  expect(await hub.failed([event])).toEqual([]);
  expect(await only()).toMatchObject({ state: 'reported', kind: 'manual', ask: false });
});

it('enters no account that the settings do not name, whatever an event says, and offers nothing there', async () => {
  closeVault();
  const destinationBackupVaultArn = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:prey';
  const event = withDetail(await failOne(), { copyJobId: 'not-on-record', destinationBackupVaultArn });
  expect(await hub.failed([event])).toEqual([]);
  const roles = hub.calls('sts', 'AssumeRole').map(({ input }) => (input as { RoleArn: string }).RoleArn);
  expect(roles).toEqual(['arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-reader']);
  const incidents = await all();
  expect(incidents.length).toBeGreaterThan(0);
  for (const { state, ask, planHash } of incidents)
    expect([state, ask, planHash]).toEqual(['reported', false, undefined]);
});

it('reports a proven cause in a vault that is not listed, without a plan', async () => {
  closeVault();
  const { sandbox, destinationKey, copy } = hub;
  const other = sandbox.addVault({ account: DESTINATION, region: 'eu-west-1', name: 'other', key: destinationKey });
  await sandbox.runCopy({ ...copy, destinationVaultArn: other.arn });
  await sandbox.finishCopies();
  const event = sandbox.events.all.find(({ detail }) => detail.state === 'FAILED');
  expect(await hub.failed([event])).toEqual([]);
  const incident = await only();
  expect(incident).toMatchObject({ state: 'reported', kind: 'vault-policy', resource: other.arn, ask: false });
  expect(incident.refused).toContain(other.arn);
});

it("believes the job's record more than the event, and reads again what the record names", async () => {
  closeVault();
  const other = `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:other`;
  expect(await hub.failed([withDetail(await failOne(), { destinationBackupVaultArn: other })])).toEqual([]);
  expect(await only()).toMatchObject({ state: 'proposed', resource: hub.destinationVault.arn });
});

it('proposes nothing when the job is not on record', async () => {
  closeVault();
  const event = withDetail(await failOne(), { copyJobId: 'gone' });
  expect(await hub.failed([event])).toEqual([]);
  expect(await only()).toMatchObject({ causes: ['vault-policy-lacks-source'], kind: 'manual', state: 'reported' });
  expect(await foldOf(event)).toBeUndefined();
});

it('asks for a role that is missing once a batch', async () => {
  closeVault();
  const role = hub.readerRole(DESTINATION);
  if (!role) throw new Error('no role');
  role.trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  expect(await hub.failed([await failOne()])).toEqual([]);
  expect((await only()).state).toBe('reported');
  expect(hub.calls('sts', 'AssumeRole')).toHaveLength(2);
});

describe('a storm', () => {
  it('of one cause reads three failures; the others join from their events alone', async () => {
    closeVault();
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
    const incident = await only();
    const ways = (await jobs(incident)).map(({ way }) => way);
    expect([ways.length, ways.filter((way) => way === 'diagnosed').length]).toEqual([25, 3]);
    expect(await hub.incidents.evidence(incident.id)).toHaveLength(3);
    expect(incident.revision).toBe(1);
    expect(hints()).toHaveLength(1);
  });

  it('of a cause that depends on the resource reads two answers a failure, and the rest once in 60 s', async () => {
    closeKey();
    const events = await hub.fail(30);
    for (let start = 0; start < events.length; start += 10) {
      expect(await hub.failed(events.slice(start, start + 10))).toEqual([]);
    }
    const shared = hub.reads().filter(({ operation }) => !/^Describe(CopyJob|RecoveryPoint)$/.test(operation));
    expect(hub.calls('backup', 'DescribeCopyJob')).toHaveLength(30);
    expect(hub.calls('backup', 'DescribeRecoveryPoint')).toHaveLength(30);
    expect(hub.calls('iam', 'SimulatePrincipalPolicy')).toHaveLength(2);
    expect(shared.length).toBeLessThan(25);
    expect((await jobs(await only())).every(({ way }) => way === 'diagnosed')).toBe(true);

    hub.sandbox.clearCalls();
    await minutes(2);
    const [next] = await hub.fail();
    expect(await hub.failed([next])).toEqual([]);
    expect(hub.calls('kms', 'GetKeyPolicy')).toHaveLength(2);
  });

  it('never keeps a refused answer beyond its batch', async () => {
    closeKey();
    const [first, second] = await hub.fail(2);
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    hub.sandbox.faults.add({ service: 'kms', operation: 'GetKeyPolicy', times: 1, error });
    expect(await hub.failed([first])).toEqual([]);
    expect(await hub.failed([second])).toEqual([]);
    // The one that was refused once more, that of the destination vault's key not.
    expect(hub.calls('kms', 'GetKeyPolicy')).toHaveLength(3);
    expect((await all()).map(({ kind }) => kind)).toContain('key-policy');
  });

  it('of two causes opens two incidents that both hold each failure', async () => {
    closeVault();
    closeKey();
    const events = await hub.fail(5);
    expect(await hub.failed(events)).toEqual([]);
    const incidents = await all();
    expect(incidents.map(({ kind }) => kind).sort()).toEqual(['key-policy', 'vault-policy']);
    for (const incident of incidents) expect(await jobs(incident)).toHaveLength(5);
    expect(new Set(incidents.map(({ openedBy }) => openedBy)).size).toBe(1);
    const known = await hub.incidents.knownCopyJobs([String(events[4]?.detail['copyJobId'])]);
    expect([...known.values()][0]?.incidents).toHaveLength(2);
  });
});

describe('a failure that comes twice', () => {
  it('changes nothing and reads nothing', async () => {
    closeVault();
    const event = await failOne();
    expect(await hub.failed([event, event])).toEqual([]);
    const before = await only();
    hub.sandbox.clearCalls();
    await minutes(5);
    expect(await hub.failed([event])).toEqual([]);
    expect(hub.reads()).toEqual([]);
    expect(await only()).toEqual(before);
    expect(await jobs(before)).toHaveLength(1);
  });

  it('ends as if nothing had happened, wherever the function died the first time', async () => {
    closeVault();
    closeKey();
    const shape = async () => {
      const incidents = (await all()).sort((a, b) => (a.id < b.id ? -1 : 1));
      return Promise.all(
        incidents.map(async (one) => ({
          head: [one.id, one.state, one.revision, one.planHash, one.openedBy, one.tell],
          jobs: (await jobs(one)).map(({ copyJobId }) => copyJobId),
          plan: (await hub.incidents.plan(one.id, one.revision, one.planHash ?? ''))?.hash,
          evidence: (await hub.incidents.evidence(one.id)).map(({ copyJobId }) => copyJobId),
        })),
      );
    };
    const principal = /diagnose/;
    // Before the next effect is after this one, but for what is under way.
    for (let effect = 1; ; effect += 2) {
      const event = await failOne();
      hub.sandbox.faults.killAt(effect, 'after', { principal });
      await hub.failed([event]).catch(() => undefined);
      const died = hub.sandbox.faults.killed;
      hub.sandbox.faults.revive();
      await hub.restart();
      await minutes(1);
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
      closeVault();
      closeKey();
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
    closeVault();
    const [root, ...events] = (await hub.fail(6)) as [Event, ...Event[]];
    expect(await hub.failed([root, ...events.slice(0, 3)])).toEqual([]);
    const before = await foldOf(root);
    expect(before).toMatchObject({ diagnosed: 3, shared: true });
    hub.sandbox.clearCalls();
    const [retry, other] = events.slice(3) as [Event, Event];
    const retryId = await retryOf(retry, root);
    expect(await hub.failed([other, retry])).toEqual([]);
    const read = hub.calls('backup', 'DescribeCopyJob').map(({ input }) => (input as { CopyJobId: string }).CopyJobId);
    expect(read).toEqual([retryId]);
    expect(await foldOf(root)).toEqual(before);
    const held = await jobs(await only());
    expect(held).toHaveLength(6);
    expect(held.find(({ copyJobId }) => copyJobId === retryId)?.way).toBe('diagnosed');
    const known = (await hub.incidents.knownCopyJobs([retryId])).get(retryId);
    expect(known).toEqual({ incidents: [(await only()).id], root: root.detail['copyJobId'], attempt: 1 });

    hub.sandbox.clearCalls();
    expect(await hub.failed([retry])).toEqual([]);
    expect(hub.reads()).toEqual([]);
    expect(await jobs(await only())).toHaveLength(6);
  });

  it('begins no fold, and is told by a catch-up too', async () => {
    closeVault();
    const [root, retry] = (await hub.fail(2)) as [Event, Event];
    await retryOf(retry, root);
    expect(await hub.failed([retry])).toEqual([]);
    expect(await foldOf(retry)).toBeUndefined();
    expect(await jobs(await only())).toHaveLength(1);

    const untold = await failOne();
    await retryOf(untold, root);
    expect(await hub.failed([root])).toEqual([]);
    await hub.handle({ copyDoctor: 'catch-up' });
    const sent = hub.failures.messages.map(({ body }) => (JSON.parse(body) as Event).detail['copyJobId']);
    expect(sent).toEqual([untold.detail['copyJobId']]);
  });

  it('lets the incident that waits for it look soon', async () => {
    closeVault();
    const root = await failOne();
    expect(await hub.failed([root])).toEqual([]);
    const { id, revision, planHash = '' } = await only();
    const at = () => hub.sandbox.clock.now().toISOString();
    const decision = { incident: id, revision, planHash, decision: 'approved' as const, by: 'arn:jane', retry: true };
    await minutes(1);
    await hub.incidents.change(id, { kind: 'told', at: at(), telling: 'opened' });
    await hub.incidents.change(id, { kind: 'decided', at: at(), decision: { ...decision, at: at() } });
    await hub.incidents.change(id, { kind: 'looked', at: at(), policy: 'in-place', listed: true });
    await minutes(2);
    await hub.incidents.change(id, { kind: 'settle', at: at() });
    const retry = await failOne();
    const retryId = await retryOf(retry, root);
    const copyJobId = String(root.detail['copyJobId']);
    await hub.incidents.change(id, { kind: 'canary-started', at: at(), copyJobId, retryId });
    hub.work.messages.length = 0;
    expect(await hub.failed([retry])).toEqual([]);
    const { state, revision: same, agenda } = await only();
    expect([state, same, agenda.follow]).toEqual(['canary', 1, later(at(), 60_000)]);
    expect(hints()).toEqual([[{ incident: id }, 60]]);
  });
});

describe('metrics', () => {
  const named = (name: string) => hub.metrics.filter((line) => name in line);

  it('tell of an incident when it opens, and not of failures that join', async () => {
    closeVault();
    expect(await hub.failed(await hub.fail(3))).toEqual([]);
    expect(named('IncidentsOpened').map(({ deployment, cause }) => [deployment, cause])).toEqual([
      ['eu-west-1', undefined],
      ['eu-west-1', 'vault-policy-lacks-source'],
    ]);
    expect(named('TimeToVerdict')).toHaveLength(1);
  });

  it('tell how long the oldest failure waits with each catch-up, which does not depend on it', async () => {
    closeVault();
    const event = await failOne();
    expect(await hub.failed([event])).toEqual([]);
    await minutes(60);
    await hub.handle({ copyDoctor: 'catch-up' });
    const failedAt = Date.parse((await jobs(await only()))[0]?.failedAt ?? '');
    const seconds = (hub.sandbox.clock.now().getTime() - failedAt) / 1000;
    expect(named('OldestUnhealedCopy').map(({ OldestUnhealedCopy }) => OldestUnhealedCopy)).toEqual([seconds]);
    expect(seconds).toBeGreaterThanOrEqual(3600);

    hub.sandbox.faults.add({ service: 'dynamodb', operation: 'Query', throttle: true });
    const message = { copyDoctor: 'catch-up', account: SOURCE, region: 'eu-west-1' };
    expect(await hub.failed([message])).toEqual([]);
    expect(named('OldestUnhealedCopy')).toHaveLength(1);
  });
});

describe('an incident that is not open any more', () => {
  it('opens again for a copy that failed after that, by what is read then', async () => {
    closeVault();
    const [late, ...events] = await hub.fail(6);
    expect(await hub.failed(events)).toEqual([]);
    const { id, revision, planHash = '' } = await only();
    await minutes(1);
    const at = hub.sandbox.clock.now().toISOString();
    const decision = { incident: id, revision, planHash, decision: 'rejected' as const, by: 'arn:somebody', at };
    await hub.incidents.change(id, { kind: 'decided', at, decision });
    expect((await only()).state).toBe('rejected');

    expect(await hub.failed([late])).toEqual([]);
    expect((await only()).state).toBe('rejected');

    const [next] = await hub.fail();
    hub.sandbox.clearCalls();
    expect(await hub.failed([next])).toEqual([]);
    expect(hub.calls('backup', 'DescribeCopyJob')).toHaveLength(1);
    expect(await only()).toMatchObject({ state: 'proposed', revision: 2, openedBy: next?.detail['copyJobId'] });
  });

  it('opens again also where the answers that are kept are older than its end', async () => {
    closeKey();
    const [first, second] = await hub.fail(2);
    await minutes(1);
    expect(await hub.failed([first])).toEqual([]);
    const { id, revision, planHash = '' } = await only();
    await hub.sandbox.clock.advance(1_000);
    const at = hub.sandbox.clock.now().toISOString();
    const decision = { incident: id, revision, planHash, decision: 'rejected' as const, by: 'arn:somebody', at };
    await hub.incidents.change(id, { kind: 'decided', at, decision });
    await hub.sandbox.clock.advance(10_000);
    const time = hub.sandbox.clock.now().toISOString();
    expect(await hub.failed([{ ...second, time }])).toEqual([]);
    expect(await only()).toMatchObject({ state: 'proposed', revision: 2 });
  });
});

it('keeps drills apart: never folded, told at once', async () => {
  closeVault();
  const [event] = await hub.fail();
  const drill = withDetail(event as Event, { copyJobId: 'drill-1', copyDoctorDrill: true });
  expect(await hub.failed([drill])).toEqual([]);
  const incident = await only();
  expect(incident).toMatchObject({ kind: 'drill', state: 'reported', tell: 'drill', ask: false });
  expect(nextDue(incident)?.effect).toBe('notify');
  expect(hints()).toEqual([[{ incident: incident.id }, 0]]);
  expect(await foldOf(drill)).toBeUndefined();
});

it('marks what is told as a summary', async () => {
  closeVault();
  const event = withDetail(await failOne(), { copyDoctorSummary: true });
  expect(await hub.failed([event])).toEqual([]);
  expect((await only()).summary).toBe(true);
});

describe('the rules with a schedule', () => {
  it('tick: sends every incident that is due to the queue of work, and no other', async () => {
    closeVault();
    expect(await hub.failed([await failOne()])).toEqual([]);
    hub.work.messages.length = 0;
    expect(await hub.handle({ copyDoctor: 'tick' })).toEqual({ batchItemFailures: [] });
    expect(hints()).toEqual([]);
    await minutes(1);
    await hub.handle({ copyDoctor: 'tick' });
    expect(hints()).toEqual([[{ incident: (await only()).id }, 0]]);
  });

  it('catch-up: sends failures that no event has told of, once they are known never again', async () => {
    closeVault();
    const [told, untold] = await hub.fail(2);
    expect(await hub.failed([told])).toEqual([]);
    await hub.handle({ copyDoctor: 'catch-up' });
    const bodies = hub.failures.messages.map(({ body }) => body);
    expect(bodies.map((body) => (JSON.parse(body) as Event).detail['copyJobId'])).toEqual([
      untold?.detail['copyJobId'],
    ]);
    expect(await hub.failed(bodies)).toEqual([]);
    expect(await jobs(await only())).toHaveLength(2);
    hub.failures.messages.length = 0;
    await hub.handle({ copyDoctor: 'catch-up' });
    expect(hub.failures.messages).toEqual([]);
  });

  it('catch-up by message: since a time, as a summary', async () => {
    closeVault();
    await hub.fail();
    await minutes(5 * 60);
    const message = { copyDoctor: 'catch-up', account: SOURCE, region: 'eu-west-1' };
    expect(await hub.failed([message])).toEqual([]);
    expect(hub.failures.messages).toEqual([]);
    expect(await hub.failed([{ ...message, since: '2026-06-01T00:00:00Z', summary: true }])).toEqual([]);
    const [event] = hub.failures.messages.map(({ body }) => JSON.parse(body) as Event);
    expect(event?.detail['copyDoctorSummary']).toBe(true);
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', error });
    expect(await hub.failed([message])).toEqual(['message-0']);
    await expect(hub.handle({ copyDoctor: 'catch-up' })).rejects.toThrow(/ListCopyJobs in account 1{12}/);
  });

  it('anything else is an error that names it', async () => {
    await expect(hub.handle({ copyDoctor: 'dance' } as never)).rejects.toThrow(/dance/);
    expect(await hub.handle(batch([]))).toEqual({ batchItemFailures: [] });
  });
});

it('keeps a session until 5 minutes before it ends', async () => {
  let now = Date.now();
  const credentialsOf = readerSessions({
    partition: 'aws',
    region: 'eu-west-1',
    readerRoleName: 'copy-doctor-eu-west-1-reader',
    accounts: new Set(['222222222222']),
    now: () => now,
  });
  const place = { account: '222222222222', region: 'eu-west-1' };
  const first = await credentialsOf(place);
  const expiration = Math.max(Date.now(), hub.sandbox.clock.now().getTime()) + 3_600_000;
  now = expiration - 6 * 60_000;
  expect(await credentialsOf(place)).toBe(first);
  now = expiration - 4 * 60_000;
  expect(await credentialsOf(place)).not.toBe(first);
  expect(hub.calls('sts', 'AssumeRole')).toHaveLength(2);
});

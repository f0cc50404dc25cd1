import { nextDue } from '../lambda/core/incident/incident';
import { startHub, withDetail, type Event, type Hub } from './diagnose-fixture';
import { DESTINATION, SOURCE } from './sandbox/fixture';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

it('opens an incident with its plan, evidence and failure, and says when there is something to do', async () => {
  hub.closeVault();
  const event = await hub.failOne();
  expect(await hub.failed([event])).toEqual([]);

  const incident = await hub.only();
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
  const [job] = await hub.jobs(incident);
  expect(job).toMatchObject({ way: 'diagnosed', revision: 1, bytes: event.detail['backupSizeInBytes'] });
  expect(job?.failedAt).toMatch(/^\d{4}-.*\.\d{3}Z$/);
  expect(hub.hints()).toEqual([[{ incident: incident.id }, 60]]);
  expect(hub.sandbox.published).toEqual([]);
});

it('sends what cannot be read to the dead letters with its reason, and never lets it block its batch', async () => {
  hub.closeVault();
  const event = await hub.failOne();
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
  expect((await hub.only()).causes).toEqual(['vault-policy-lacks-source']);
});

it('brings a message again, and only that one, when it cannot be set aside or written', async () => {
  hub.closeVault();
  const event = await hub.failOne();
  const refused = { error: { code: 'AccessDenied', message: 'no', status: 403 } };
  hub.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', ...refused });
  // The hint is lost too, and nothing with it: the tick sends what is due.
  expect(await hub.failed(['nonsense', event])).toEqual(['message-0']);
  expect((await hub.only()).state).toBe('proposed');

  hub.sandbox.faults.clear();
  const [second] = await hub.fail();
  hub.sandbox.faults.add({ service: 'dynamodb', operation: 'PutItem', times: 1, ...refused });
  expect(await hub.failed([second])).toEqual(['message-0']);
  hub.sandbox.faults.clear();
  hub.sandbox.faults.add({ service: 'dynamodb', operation: 'BatchGetItem', ...refused });
  expect(await hub.failed(['nonsense', second])).toEqual(['message-1']);
  hub.sandbox.faults.clear();
  expect(await hub.failed([second])).toEqual([]);
  expect(await hub.jobs(await hub.only())).toHaveLength(2);
});

it("believes the job's record more than the event, and reads again what the record names", async () => {
  hub.closeVault();
  const other = `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:other`;
  expect(await hub.failed([withDetail(await hub.failOne(), { destinationBackupVaultArn: other })])).toEqual([]);
  expect(await hub.only()).toMatchObject({ state: 'proposed', resource: hub.destinationVault.arn });
});

it('proposes nothing when the job is not on record', async () => {
  hub.closeVault();
  const event = withDetail(await hub.failOne(), { copyJobId: 'gone' });
  expect(await hub.failed([event])).toEqual([]);
  expect(await hub.only()).toMatchObject({ causes: ['vault-policy-lacks-source'], kind: 'manual', state: 'reported' });
  expect(await hub.foldOf(event)).toBeUndefined();
});

it('reports a proven cause in a vault that is not listed, without a plan', async () => {
  hub.closeVault();
  const { sandbox, destinationKey, copy } = hub;
  const other = sandbox.addVault({ account: DESTINATION, region: 'eu-west-1', name: 'other', key: destinationKey });
  await sandbox.runCopy({ ...copy, destinationVaultArn: other.arn });
  await sandbox.finishCopies();
  const event = sandbox.events.all.find(({ detail }) => detail.state === 'FAILED');
  expect(await hub.failed([event])).toEqual([]);
  const incident = await hub.only();
  expect(incident).toMatchObject({ state: 'reported', kind: 'vault-policy', resource: other.arn, ask: false });
  expect(incident.refused).toContain(other.arn);
});

it('keeps drills apart: never folded, told at once', async () => {
  hub.closeVault();
  const [event] = await hub.fail();
  const drill = withDetail(event as Event, { copyJobId: 'drill-1', copyDoctorDrill: true });
  expect(await hub.failed([drill])).toEqual([]);
  const incident = await hub.only();
  expect(incident).toMatchObject({ kind: 'drill', state: 'reported', tell: 'drill', ask: false });
  expect(nextDue(incident)?.effect).toBe('notify');
  expect(hub.hints()).toEqual([[{ incident: incident.id }, 0]]);
  expect(await hub.foldOf(drill)).toBeUndefined();
});

it('marks what is told as a summary', async () => {
  hub.closeVault();
  const event = withDetail(await hub.failOne(), { copyDoctorSummary: true });
  expect(await hub.failed([event])).toEqual([]);
  expect((await hub.only()).summary).toBe(true);
});

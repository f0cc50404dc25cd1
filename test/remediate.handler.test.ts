import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Decision, Incident } from '../lambda/core/incident/incident';
import { allowFrom, HOUR, MINUTE, policyOf, startHub, type Deployment, type SettingsOf } from './aws/remediate-fixture';
import { DESTINATION, REGION, SOURCE } from './sandbox/fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
let handlerWith: (now: () => Date) => (event: SQSEvent) => Promise<SQSBatchResponse>;
beforeAll(async () => {
  hub = await startHub();
  // Its logger reads the environment when it is loaded.
  ({ handlerWith } = await import('../lambda/remediate.handler'));
});
afterAll(() => hub.close());

let deployed: Deployment;
let handler: ReturnType<typeof handlerWith>;
beforeEach(async () => {
  hub.sandbox.faults.clear();
  await begin();
});
const begin = async (confirmed = true, settings?: SettingsOf) => {
  deployed = await hub.deploy(confirmed, settings);
  Object.assign(process.env, deployed.environment());
  handler = handlerWith(() => hub.sandbox.clock.now());
  hub.sandbox.clearCalls();
};

const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const head = async ({ id }: Pick<Incident, 'id'>) => {
  const incident = await deployed.incidents.head(id);
  if (!incident) throw new Error(`no incident ${id}`);
  return incident;
};
const eventWith = (bodies: readonly string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body })) }) as SQSEvent;
const give = async (...bodies: readonly unknown[]) => {
  const texts = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
  return (await handler(eventWith(texts))).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};
const work = (incident: Pick<Incident, 'id'>) => give({ incident: incident.id });
const deadLetters = () =>
  hub.sandbox.calls
    .filter(({ service, operation }) => service === 'sqs' && operation === 'SendMessage')
    .map(({ input }) => input as { MessageBody: string; MessageAttributes: { reason: { StringValue: string } } });

const operations = (name: string) => hub.sandbox.calls.filter(({ operation }) => operation === name);

/** A failure that a person was told about. */
const opened = async () => {
  const { incident, ...rest } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  expect(await work(incident)).toEqual([]);
  return { incident: await head(incident), ...rest };
};
const SOMEONE = 'arn:aws:iam::111111111111:user/someone';
const decide = (
  incident: Incident,
  decision: Decision['decision'],
  at = deployed.now(),
  more: Partial<Decision> = {},
) =>
  deployed.incidents.putDecision({
    incident: incident.id,
    revision: incident.revision,
    planHash: incident.planHash ?? '',
    decision,
    by: SOMEONE,
    at: at.toISOString(),
    ...more,
  });

it('sends what it cannot read to the dead letters with its reason, and never lets it block its batch', async () => {
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const bad = ['{"half":', [], null, {}, { incident: 'x' }, { incident: 1 }, { incident: incident.id, more: true }];
  expect(await give(...bad, { incident: incident.id })).toEqual([]);
  expect(deadLetters()).toHaveLength(bad.length);
  const reasonOf = (body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const letter = deadLetters().find(({ MessageBody }) => MessageBody === text);
    return letter?.MessageAttributes.reason.StringValue;
  };
  expect(bad.map(reasonOf)).toEqual([
    'the message is not JSON',
    ...Array<string>(3).fill('the message is not {"incident": "<id>"}'),
    ...Array<string>(2).fill('"incident" is not the id of an incident'),
    'the message is not {"incident": "<id>"}',
  ]);
  expect(deployed.published()).toHaveLength(1);
});

it('brings a message again, and only that one, when it cannot be set aside', async () => {
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const no = { code: 'AccessDenied', message: 'no', status: 403 };
  hub.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', error: no });
  expect(await give('nonsense', { incident: incident.id })).toEqual(['message-0']);
  expect(deployed.published()).toHaveLength(1);
});

it('is done with an incident that is not there, and with one that has nothing to do', async () => {
  expect(await give({ incident: 'ABCDEFGHIJKLMNOP' })).toEqual([]);
  const { incident } = await deployed.fail(deployed.vaults[0]);
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toEqual(incident);
  expect(deadLetters()).toEqual([]);
  expect(deployed.published()).toEqual([]);
});

it('tells all that is due with the first message, and nothing twice', async () => {
  const [first, second] = [await deployed.fail(deployed.vaults[0]), await deployed.fail(deployed.vaults[1])];
  await pass(MINUTE);
  expect(await give({ incident: first.incident.id }, { incident: second.incident.id })).toEqual([]);
  expect(await work(second.incident)).toEqual([]);
  expect(deployed.published()).toHaveLength(2);
});

it('brings back a message whose mail could not be published, and tells it once in the end', async () => {
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const no = { code: 'AuthorizationError', message: 'no', status: 403 };
  hub.sandbox.faults.add({ service: 'sns', operation: 'Publish', error: no });
  expect(await work(incident)).toEqual(['message-0']);
  hub.sandbox.faults.clear();
  expect(await work(incident)).toEqual([]);
  expect(await work(incident)).toEqual([]);
  expect(deployed.published()).toHaveLength(1);
});

it('reminds twice, then expires, each told at once', async () => {
  const { incident } = await opened();
  for (const hours of [24, 24]) {
    await pass(hours * HOUR);
    expect(await work(incident)).toEqual([]);
  }
  expect(await head(incident)).toMatchObject({ state: 'proposed', reminders: 2 });
  expect(deployed.published()).toHaveLength(3);
  await pass(24 * HOUR);
  expect(await work(incident)).toEqual([]);
  const after = await head(incident);
  expect(after).toMatchObject({ state: 'expired' });
  expect(after.tell).toBeUndefined();
  expect(Object.keys(after.agenda)).toEqual(['look-again']);
  expect(deployed.published()).toHaveLength(4);
});

it('absorbs that somebody has rejected it, and tells so', async () => {
  const { incident } = await opened();
  await decide(incident, 'rejected');
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ state: 'rejected', decision: { by: SOMEONE } });
  expect(deployed.published()).toHaveLength(2);
  const log = await deployed.incidents.log(incident.id);
  expect(log.map(({ what }) => what)).toEqual(expect.arrayContaining(['rejected', 'told rejected']));
});

it('makes what somebody has approved with the same message, and tells so once', async () => {
  const { incident } = await opened();
  await decide(incident, 'approved');
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ state: 'settling', decision: { by: SOMEONE } });
  expect(deployed.vaults[0].policy).toContain('CopyDoctorAllowCopyFrom');
  expect(deployed.published()).toHaveLength(2);
  const log = await deployed.incidents.log(incident.id);
  expect(log.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['approved', 'applying', 'applied', 'told applied']),
  );
  expect(log.find(({ what }) => what === 'applied')?.requestId).toEqual(expect.any(String));
  await pass(MINUTE);
  expect(await work(incident)).toEqual([]);
  expect((await head(incident)).state).toBe('applied');
  expect(deployed.published()).toHaveLength(2);
});

it('leaves to its owner what a template owns, and tells that it is approved', async () => {
  const [vault] = deployed.vaults;
  const resources = [{ logicalId: 'Vault', physicalId: vault.name, type: 'AWS::Backup::BackupVault' }];
  hub.sandbox.addStack({ account: DESTINATION, region: REGION, name: `owner-${vault.name}`, resources });
  const { incident } = await opened();
  await decide(incident, 'approved');
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ state: 'approved', template: { stack: `owner-${vault.name}` } });
  expect(vault.policy).toBeUndefined();
  expect(deployed.published()).toHaveLength(2);
});

it('changes, settles, copies again and resolves, and tells of the end', async () => {
  await begin(true, () => ({ retry: 'ask' }));
  const { incident } = await opened();
  await decide(incident, 'approved', undefined, { retry: true });
  const states: string[] = [];
  for (let minute = 0; minute < 90 && states.at(-1) !== 'resolved'; minute += 1) {
    expect(await work(incident)).toEqual([]);
    const { state } = await head(incident);
    if (state !== states.at(-1)) states.push(state);
    await pass(MINUTE);
  }
  expect(states).toEqual(['settling', 'canary', 'resolved']);
  expect(deployed.subjects()).toEqual([
    expect.stringMatching(/^\[Approve/),
    expect.stringMatching(/^\[Info\] Resolved/),
  ]);
  expect(operations('StartCopyJob')).toHaveLength(1);
});

it('changes without asking where the settings say so', async () => {
  await begin(true, (vaults) => ({ autoApply: vaults.slice(1).map(({ arn }) => arn) }));
  const [named, other] = [await deployed.fail(deployed.vaults[1]), await deployed.fail(deployed.vaults[0])];
  expect(await work(named.incident)).toEqual([]);
  expect(await work(other.incident)).toEqual([]);
  expect(await head(named.incident)).toMatchObject({ state: 'settling', change: { at: expect.any(String) } });
  expect((await head(named.incident)).decision).toBeUndefined();
  expect((await head(other.incident)).state).toBe('proposed');
  expect(deployed.vaults[0].policy).toBeUndefined();
});

it('does one thing at a time for an incident: what another one is at stays due', async () => {
  const { incident } = await opened();
  await decide(incident, 'approved');
  const lease = `INCIDENT#${incident.id}`;
  await deployed.incidents.lease(lease, 'another', MINUTE);
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ state: 'approved', agenda: { apply: expect.any(String) } });
  expect(operations('PutBackupVaultAccessPolicy')).toEqual([]);
  await deployed.incidents.release(lease, 'another');
  expect(await work(incident)).toEqual([]);
  expect((await head(incident)).state).toBe('settling');
  expect(await deployed.incidents.lease(lease, 'another', MINUTE)).toBe(true);
});

it('makes one change when the same message comes many times at once', async () => {
  const { incident } = await opened();
  await decide(incident, 'approved');
  const body = { incident: incident.id };
  await Promise.all([give(body, body), give(body), give(body)]);
  await work(incident);
  expect((await head(incident)).state).toBe('settling');
  expect(operations('PutBackupVaultAccessPolicy')).toHaveLength(1);
});

describe('taking a change back', () => {
  const THEIRS = allowFrom(DESTINATION, { Sid: 'Local', Action: 'backup:StartRestoreJob' });
  const changed = async () => {
    deployed.vaults[0].policy = policyOf(THEIRS);
    const { incident } = await opened();
    await decide(incident, 'approved');
    await work(incident);
    await pass(MINUTE);
    await work(incident);
    return head(incident);
  };
  const ask = (incident: Incident) =>
    decide({ ...incident, planHash: '' }, 'approved', undefined, { about: 'rollback-request' });
  const decideBack = ({ rollback, ...incident }: Incident, decision: Decision['decision']) =>
    decide({ ...incident, planHash: rollback?.planHash }, decision, undefined, { about: 'rollback' });

  it('is planned as soon as somebody asks, done when somebody has decided, each told once', async () => {
    const incident = await changed();
    await ask(incident);
    expect(await work(incident)).toEqual([]);
    const asked = await head(incident);
    expect(asked).toMatchObject({ state: 'rollback-proposed', rollback: { from: 'applied' } });
    expect(await work(incident)).toEqual([]);
    expect(await head(incident)).toEqual(asked);
    await decideBack(asked, 'approved');
    expect(await work(incident)).toEqual([]);
    expect((await head(incident)).state).toBe('rolled-back');
    expect(deployed.vaults[0].policy).toBe(policyOf(THEIRS));
    expect(deployed.published()).toHaveLength(4);
    expect(await work(incident)).toEqual([]);
    expect(operations('PutBackupVaultAccessPolicy')).toHaveLength(2);
  });

  it('rejected, it is not planned again by itself, and is when it is asked for once more', async () => {
    const incident = await changed();
    await ask(incident);
    await work(incident);
    await decideBack(await head(incident), 'rejected');
    await pass(1_000);
    for (let hours = 0; hours < 3; hours += 1) {
      expect(await work(incident)).toEqual([]);
      expect((await head(incident)).state).toBe('applied');
      await pass(HOUR);
    }
    const told = deployed.published().length;
    await ask(incident);
    expect(await work(incident)).toEqual([]);
    expect((await head(incident)).state).toBe('rollback-proposed');
    expect(deployed.published()).toHaveLength(told + 1);
  });

  it('expires undecided', async () => {
    const incident = await changed();
    await ask(incident);
    await work(incident);
    await pass(72 * HOUR);
    expect(await work(incident)).toEqual([]);
    expect(await head(incident)).toMatchObject({ state: 'applied', change: { at: expect.any(String) } });
    expect(deployed.vaults[0].policy).toContain('CopyDoctorAllowCopyFrom');
  });

  it('is told when it cannot be planned, once for each time it is asked for', async () => {
    const incident = await changed();
    const told = deployed.published().length;
    deployed.vaults[0].policy = policyOf(THEIRS);
    await ask(incident);
    for (let times = 0; times < 3; times += 1) {
      expect(await work(incident)).toEqual([]);
      await pass(HOUR);
    }
    expect((await head(incident)).because).toMatch(/no longer in the policy/);
    expect(deployed.published()).toHaveLength(told + 1);
  });
});

it('counts a decision that was made in time, though it is absorbed when the time is over', async () => {
  const { incident } = await opened();
  await pass(72 * HOUR - MINUTE);
  await decide(incident, 'approved');
  await pass(2 * MINUTE);
  expect(await work(incident)).toEqual([]);
  expect((await head(incident)).state).toBe('settling');
});

it('does not count a decision that was made too late, or on another plan', async () => {
  const { incident } = await opened();
  await pass(72 * HOUR);
  await decide(incident, 'approved');
  expect(await work(incident)).toEqual([]);
  expect((await head(incident)).state).toBe('expired');

  await begin();
  const { incident: other } = await opened();
  await decide({ ...other, planHash: 'f'.repeat(64) }, 'approved');
  expect(await work(other)).toEqual([]);
  expect((await head(other)).state).toBe('proposed');
});

it('goes on looking while mails are held back', async () => {
  await begin(false);
  const [vault] = deployed.vaults;
  const { incident } = await deployed.fail(vault);
  await pass(10 * MINUTE);
  vault.policy = policyOf(allowFrom(SOURCE));
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ state: 'settling', tell: 'in-place' });
  await pass(MINUTE);
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ state: 'applied', tell: 'in-place' });
  expect(deployed.published()).toEqual([]);

  deployed.topic.subscriptions.forEach((subscription) => (subscription.confirmed = true));
  expect(await work(incident)).toEqual([]);
  expect(deployed.published()).toHaveLength(1);
});

it('sees a change in place, lets it settle, and resolves by a later copy, each told once', async () => {
  const [vault] = deployed.vaults;
  const { incident, point } = await opened();
  vault.policy = policyOf(allowFrom(SOURCE));
  await pass(10 * MINUTE);
  await work(incident);
  expect((await head(incident)).state).toBe('settling');
  await pass(MINUTE);
  await work(incident);
  expect((await head(incident)).state).toBe('applied');
  await deployed.copy(vault, deployed.newPoint(point.resourceArn));
  await pass(HOUR);
  await work(incident);
  expect((await head(incident)).state).toBe('resolved');
  await pass(HOUR);
  await work(incident);
  expect((await head(incident)).agenda).toEqual({});
  expect(deployed.published()).toHaveLength(3);
});

it('brings a message again when the table cannot be written', async () => {
  const { incident } = await opened();
  await pass(24 * HOUR);
  const no = { code: 'ProvisionedThroughputExceededException', message: 'no', status: 400 };
  hub.sandbox.faults.add({ service: 'dynamodb', operation: 'PutItem', error: no });
  expect(await work(incident)).toEqual(['message-0']);
  hub.sandbox.faults.clear();
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({ reminders: 1 });
});

it('reads the environment once, and names what is missing', async () => {
  delete process.env['TOPIC_ARN'];
  await expect(give({ incident: 'ABCDEFGHIJKLMNOP' })).rejects.toThrow('TOPIC_ARN');
});

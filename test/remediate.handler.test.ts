import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Decision, Incident } from '../lambda/core/incident/incident';
import { allowFrom, HOUR, MINUTE, policyOf, startHub, type Deployment } from './aws/remediate-fixture';
import { SOURCE } from './sandbox/fixture';

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
const begin = async (confirmed = true) => {
  deployed = await hub.deploy(confirmed);
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

/** A failure that a person was told about. */
const opened = async () => {
  const { incident, ...rest } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  expect(await work(incident)).toEqual([]);
  return { incident: await head(incident), ...rest };
};
const decide = (incident: Incident, decision: Decision['decision'], at = deployed.now()) =>
  deployed.incidents.putDecision({
    incident: incident.id,
    revision: incident.revision,
    planHash: incident.planHash ?? '',
    decision,
    by: 'arn:aws:iam::111111111111:user/someone',
    at: at.toISOString(),
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

it.each(['approved', 'rejected'] as const)('absorbs that somebody has %s it, and tells so', async (decision) => {
  const { incident } = await opened();
  await decide(incident, decision);
  expect(await work(incident)).toEqual([]);
  expect(await head(incident)).toMatchObject({
    state: decision,
    decision: { by: 'arn:aws:iam::111111111111:user/someone' },
  });
  expect(deployed.published()).toHaveLength(2);
  const log = await deployed.incidents.log(incident.id);
  expect(log.map(({ what }) => what)).toEqual(expect.arrayContaining([decision, `told ${decision}`]));
});

it('counts a decision that was made in time, though it is absorbed when the time is over', async () => {
  const { incident } = await opened();
  await pass(72 * HOUR - MINUTE);
  await decide(incident, 'approved');
  await pass(2 * MINUTE);
  expect(await work(incident)).toEqual([]);
  expect((await head(incident)).state).toBe('approved');
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
  await decide(incident, 'approved');
  await work(incident);
  vault.policy = policyOf(allowFrom(SOURCE));
  await pass(5 * MINUTE);
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
  expect(deployed.published()).toHaveLength(4);
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

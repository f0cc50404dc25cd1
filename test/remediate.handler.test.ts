import { allowFrom, HOUR, MINUTE, policyOf } from './aws/remediate-fixture';
import { startRemediate, type Deployed, type Remediate } from './remediate-fixture';
import { SOURCE } from './sandbox/fixture';

let remediate: Remediate;
beforeAll(async () => {
  remediate = await startRemediate();
});
afterAll(() => remediate.close());

let on: Deployed;
beforeEach(async () => {
  on = await remediate.deploy();
});

it('sends what it cannot read to the dead letters with its reason, and never lets it block its batch', async () => {
  const { incident } = await on.fail(on.vaults[0]);
  await on.pass(MINUTE);
  const bad = ['{"half":', [], null, {}, { incident: 'x' }, { incident: 1 }, { incident: incident.id, more: true }];
  expect(await on.give(...bad, { incident: incident.id })).toEqual([]);
  expect(on.setAside()).toHaveLength(bad.length);
  const reasonOf = (body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const letter = on.setAside().find(({ MessageBody }) => MessageBody === text);
    return letter?.MessageAttributes.reason.StringValue;
  };
  expect(bad.map(reasonOf)).toEqual([
    'the message is not JSON',
    ...Array<string>(3).fill('the message is not {"incident": "<id>"}'),
    ...Array<string>(2).fill('"incident" is not the id of an incident'),
    'the message is not {"incident": "<id>"}',
  ]);
  expect(on.published()).toHaveLength(1);
});

it('brings a message again, and only that one, when it cannot be set aside', async () => {
  const { incident } = await on.fail(on.vaults[0]);
  await on.pass(MINUTE);
  const no = { code: 'AccessDenied', message: 'no', status: 403 };
  on.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', error: no });
  expect(await on.give('nonsense', { incident: incident.id })).toEqual(['message-0']);
  expect(on.published()).toHaveLength(1);
});

it('is done with an incident that is not there, and with one that has nothing to do', async () => {
  expect(await on.give({ incident: 'ABCDEFGHIJKLMNOP' })).toEqual([]);
  const { incident } = await on.fail(on.vaults[0]);
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toEqual(incident);
  expect(on.setAside()).toEqual([]);
  expect(on.published()).toEqual([]);
});

it('tells all that is due with the first message, and nothing twice', async () => {
  const [first, second] = [await on.fail(on.vaults[0]), await on.fail(on.vaults[1])];
  await on.pass(MINUTE);
  expect(await on.give({ incident: first.incident.id }, { incident: second.incident.id })).toEqual([]);
  expect(await on.work(second.incident)).toEqual([]);
  expect(on.published()).toHaveLength(2);
});

it('brings back a message whose mail could not be published, and tells it once in the end', async () => {
  const { incident } = await on.fail(on.vaults[0]);
  await on.pass(MINUTE);
  const no = { code: 'AuthorizationError', message: 'no', status: 403 };
  on.sandbox.faults.add({ service: 'sns', operation: 'Publish', error: no });
  expect(await on.work(incident)).toEqual(['message-0']);
  on.sandbox.faults.clear();
  expect(await on.work(incident)).toEqual([]);
  expect(await on.work(incident)).toEqual([]);
  expect(on.published()).toHaveLength(1);
});

it('brings a message again when the table cannot be written', async () => {
  const { incident } = await on.opened();
  await on.pass(24 * HOUR);
  const no = { code: 'ProvisionedThroughputExceededException', message: 'no', status: 400 };
  on.sandbox.faults.add({ service: 'dynamodb', operation: 'PutItem', error: no });
  expect(await on.work(incident)).toEqual(['message-0']);
  on.sandbox.faults.clear();
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ reminders: 1 });
});

it('does one thing at a time for an incident: what another one is at stays due', async () => {
  const { incident } = await on.opened();
  await on.decide(incident, 'approved');
  const lease = `INCIDENT#${incident.id}`;
  await on.incidents.lease(lease, 'another', MINUTE);
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ state: 'approved', agenda: { apply: expect.any(String) } });
  expect(on.calls('PutBackupVaultAccessPolicy')).toEqual([]);
  await on.incidents.release(lease, 'another');
  expect(await on.work(incident)).toEqual([]);
  expect((await on.head(incident)).state).toBe('settling');
  expect(await on.incidents.lease(lease, 'another', MINUTE)).toBe(true);
});

it('makes one change when the same message comes many times at once', async () => {
  const { incident } = await on.opened();
  await on.decide(incident, 'approved');
  const body = { incident: incident.id };
  await Promise.all([on.give(body, body), on.give(body), on.give(body)]);
  await on.work(incident);
  expect((await on.head(incident)).state).toBe('settling');
  expect(on.calls('PutBackupVaultAccessPolicy')).toHaveLength(1);
});

it('goes on looking while mails are held back', async () => {
  on = await remediate.deploy(false);
  const [vault] = on.vaults;
  const { incident } = await on.fail(vault);
  await on.pass(10 * MINUTE);
  vault.policy = policyOf(allowFrom(SOURCE));
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ state: 'settling', tell: 'in-place' });
  await on.pass(MINUTE);
  expect(await on.work(incident)).toEqual([]);
  expect(await on.head(incident)).toMatchObject({ state: 'applied', tell: 'in-place' });
  expect(on.published()).toEqual([]);

  on.topic.subscriptions.forEach((subscription) => (subscription.confirmed = true));
  expect(await on.work(incident)).toEqual([]);
  expect(on.published()).toHaveLength(1);
});

it('reads the environment once, and names what is missing', async () => {
  delete process.env['TOPIC_ARN'];
  await expect(on.give({ incident: 'ABCDEFGHIJKLMNOP' })).rejects.toThrow('TOPIC_ARN');
});

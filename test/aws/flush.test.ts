import { flush } from '../../lambda/aws/flush';
import { DESTINATION, REGION } from '../sandbox/fixture';
import { HOUR, MINUTE, startHub, type Deployment } from './remediate-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

let deployed: Deployment;
const begin = async (confirmed = true) => {
  hub.sandbox.faults.clear();
  hub.sandbox.clearCalls();
  deployed = await hub.deploy(confirmed);
};
const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const confirm = () => deployed.topic.subscriptions.forEach((subscription) => (subscription.confirmed = true));
const head = async (id: string) => {
  const incident = await deployed.incidents.head(id);
  if (!incident) throw new Error(`no incident ${id}`);
  return incident;
};
const noPublish = (times?: number) =>
  hub.sandbox.faults.add({
    service: 'sns',
    operation: 'Publish',
    error: { code: 'AuthorizationError', message: 'no', status: 403 },
    ...(times ? { times } : {}),
  });

it('tells what is due, once, and starts the time to answer', async () => {
  await begin();
  const { incident } = await deployed.fail(deployed.vaults[0]);
  expect(await flush(deployed.services())).toEqual({ mails: 0, held: 0, left: 0 });
  await pass(MINUTE);
  expect(await flush(deployed.services())).toEqual({ mails: 1, held: 0, left: 0 });
  expect(await flush(deployed.services())).toEqual({ mails: 0, held: 0, left: 0 });

  const [told, ...more] = deployed.told();
  expect(more).toEqual([]);
  expect([...(told?.ids ?? [])]).toContain(incident.id);
  expect(told?.mail).toContain(incident.planHash?.slice(0, 12));
  const after = await head(incident.id);
  const now = deployed.now().getTime();
  expect(after).toMatchObject({ state: 'proposed', toldAt: deployed.now().toISOString() });
  expect(after.expiresAt).toBe(new Date(now + 72 * HOUR).toISOString());
  expect(Object.keys(after.agenda).sort()).toEqual(['expire', 'look-again', 'remind']);
  expect(deployed.published()[0]?.attributes).toMatchObject({
    kind: { StringValue: 'diagnosis' },
    account: { StringValue: '111111111111' },
  });
});

it('publishes and writes nothing until somebody has confirmed; then several are one mail', async () => {
  await begin(false);
  const [first, second] = [await deployed.fail(deployed.vaults[0]), await deployed.fail(deployed.vaults[1])];
  await pass(MINUTE);
  const before = await deployed.table.items();
  expect(await flush(deployed.services())).toEqual({ mails: 0, held: 2, left: 0 });
  expect(deployed.published()).toEqual([]);
  expect(await deployed.table.items()).toEqual(before);

  await pass(20 * MINUTE);
  confirm();
  expect(await flush(deployed.services())).toEqual({ mails: 1, held: 0, left: 0 });
  const ids = [...(deployed.told()[0]?.ids ?? [])];
  expect(ids).toEqual(expect.arrayContaining([first.incident.id, second.incident.id]));
  expect(deployed.published()[0]?.attributes['kind']).toMatchObject({ StringValue: 'digest' });
  for (const { incident } of [first, second]) expect((await head(incident.id)).toldAt).toBeDefined();
});

it('tells the number of held incidents to CloudWatch', async () => {
  await begin(false);
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
    await deployed.fail(deployed.vaults[0]);
    await pass(MINUTE);
    await jest.isolateModulesAsync(async () => {
      const cold = await import('../../lambda/aws/flush');
      expect(await cold.flush(deployed.services())).toEqual({ mails: 0, held: 1, left: 0 });
    });
  } finally {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
    write.mockRestore();
  }
  const metric = JSON.parse(lines.find((line) => line.includes('_aws')) ?? '{}') as Record<string, unknown>;
  expect(metric).toMatchObject({ NoConfirmedSubscriber: 1, HeldNotifications: 1, deployment: REGION });
  expect(metric['_aws']).toMatchObject({
    CloudWatchMetrics: [{ Namespace: 'CopyDoctor', Dimensions: [['deployment']] }],
  });
});

it.each([
  [3, 3],
  [4, 1],
])('tells %i failures of different causes in %i mails', async (failures, mails) => {
  await begin();
  const ids: string[] = [];
  for (const vault of deployed.vaults.slice(0, failures)) ids.push((await deployed.fail(vault)).incident.id);
  await pass(MINUTE);
  expect(await flush(deployed.services())).toEqual({ mails, held: 0, left: 0 });
  expect(deployed.published()).toHaveLength(mails);
  const told = deployed.told().flatMap((one) => [...one.ids]);
  expect(told).toEqual(expect.arrayContaining(ids));
  for (const id of ids) expect((await head(id)).tell).toBeUndefined();
});

it('tells two incidents of one failure in one mail', async () => {
  await begin();
  const { policy } = hub.sourceKey;
  hub.sourceKey.policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'kms:*', Resource: '*' },
    ],
  });
  try {
    const { opened } = await deployed.fail(deployed.vaults[0]);
    expect(opened.map(({ kind }) => kind)).toEqual(['vault-policy', 'key-policy']);
    await pass(MINUTE);
    expect((await flush(deployed.services())).mails).toBe(1);
    expect(deployed.published()).toHaveLength(1);
    const ids = [...(deployed.told()[0]?.ids ?? [])];
    expect(ids).toEqual(expect.arrayContaining(opened.map(({ id }) => id)));
    for (const { id } of opened) expect((await head(id)).expiresAt).toBeDefined();
  } finally {
    hub.sourceKey.policy = policy;
  }
});

it('sends one mail where two are at it at once', async () => {
  await begin();
  await deployed.fail(deployed.vaults[0]);
  await deployed.fail(deployed.vaults[1]);
  await pass(MINUTE);
  const both = await Promise.all([flush(deployed.services()), flush(deployed.services())]);
  expect(both.map(({ mails }) => mails).sort()).toEqual([0, 2]);
  expect(deployed.published()).toHaveLength(2);
  const leases = (await deployed.table.items()).filter(({ pk }) => String(pk).startsWith('LEASE#'));
  expect(leases).toEqual([]);
});

it('takes over a lease that somebody died with, after 3 minutes', async () => {
  await begin();
  await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  await deployed.incidents.lease('notify', 'a crashed one', 3 * MINUTE);
  expect((await flush(deployed.services())).mails).toBe(0);
  await pass(3 * MINUTE);
  expect((await flush(deployed.services())).mails).toBe(1);
});

it('has told nothing when publishing fails, and tells it once the next time', async () => {
  await begin();
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  noPublish();
  await expect(flush(deployed.services())).rejects.toThrow();
  expect(await head(incident.id)).toEqual(incident);
  hub.sandbox.faults.clear();
  expect((await flush(deployed.services())).mails).toBe(1);
  expect((await flush(deployed.services())).mails).toBe(0);
  expect(deployed.published()).toHaveLength(1);
});

it('tells the others when one mail cannot be published', async () => {
  await begin();
  await deployed.fail(deployed.vaults[0]);
  await deployed.fail(deployed.vaults[1]);
  await pass(MINUTE);
  noPublish(1);
  await expect(flush(deployed.services())).rejects.toThrow('no');
  expect(deployed.published()).toHaveLength(1);
  expect((await flush(deployed.services())).mails).toBe(1);
  expect(new Set(deployed.told().flatMap((one) => [...one.ids])).size).toBeGreaterThanOrEqual(2);
});

it('sends a mail twice rather than never when it dies before it is marked as told', async () => {
  await begin();
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const services = deployed.services();
  const dying = jest.spyOn(services.incidents, 'change').mockRejectedValueOnce(new Error('died'));
  await expect(flush(services)).rejects.toThrow('died');
  dying.mockRestore();
  expect((await flush(deployed.services())).mails).toBe(1);
  expect(deployed.published()).toHaveLength(2);
  expect((await head(incident.id)).tell).toBeUndefined();
});

it('does not take a revision that came while its mail was made for told, whatever the clocks say', async () => {
  await begin();
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const services = deployed.services();
  const evidence = services.incidents.evidence.bind(services.incidents);
  const meanwhile = jest.spyOn(services.incidents, 'evidence').mockImplementationOnce(async (given) => {
    // By a clock that is behind.
    const at = new Date(deployed.now().getTime() - 1_000).toISOString();
    const { id, kind, causes, title, resource, owner, region, account, ask } = incident;
    const proposal = { id, kind, causes, title, resource, owner, region, account, ask, planHash: 'b'.repeat(64) };
    await services.incidents.change(id, { kind: 'failed', at, failedAt: at, readAt: at, copyJobId: 'other', proposal });
    return evidence(given);
  });
  await flush(services);
  meanwhile.mockRestore();
  expect(await head(incident.id)).toMatchObject({ revision: 2, tell: 'opened' });
  expect((await head(incident.id)).toldAt).toBeUndefined();
});

it('leaves to the next tick what is more than one invocation does', async () => {
  await begin();
  const { failure } = await deployed.fail(deployed.vaults[0]);
  const ids = Array.from(
    { length: 42 },
    (_, index) => `DRILL${'ABCDEFG'[index % 7]}${'ABCDEFG'[Math.floor(index / 7)]}AAAAAAAAA`,
  );
  const at = deployed.now().toISOString();
  for (const id of ids) {
    const [vault] = deployed.vaults;
    await deployed.incidents.change(id, {
      kind: 'failed',
      at,
      failedAt: at,
      readAt: at,
      copyJobId: failure.copyJobId,
      proposal: {
        id,
        kind: 'drill',
        causes: ['vault-policy-lacks-source'],
        title: 'Practice',
        resource: vault.arn,
        owner: DESTINATION,
        region: REGION,
        account: '111111111111',
        ask: false,
      },
    });
  }
  const paces: number[] = [];
  const pause = (milliseconds: number) => Promise.resolve(void paces.push(milliseconds));
  expect(await flush({ ...deployed.services(), pause })).toEqual({ mails: 40, held: 0, left: 2 });
  // At most 5 a second.
  expect(paces).toEqual(Array(39).fill(200));
  expect(await flush({ ...deployed.services(), pause })).toEqual({ mails: 2, held: 0, left: 0 });
  expect(deployed.published()).toHaveLength(42);
  expect((await head(ids[0] ?? '')).state).toBe('resolved');
});

it('promises no later end of the time to answer than there is, however long its mails take', async () => {
  await begin();
  const { incident: first } = await deployed.fail(deployed.vaults[0]);
  const { incident: second } = await deployed.fail(deployed.vaults[1]);
  await pass(MINUTE);
  await flush({ ...deployed.services(), pause: () => pass(MINUTE) });
  for (const { id } of [first, second]) {
    const { expiresAt = '' } = await head(id);
    const { mail = '' } = deployed.told().find(({ ids }) => ids.has(id)) ?? {};
    expect(mail).toContain(`reject it by ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`);
  }
});

it('names the stack that owns the vault', async () => {
  await begin();
  const [vault] = deployed.vaults;
  hub.sandbox.addStack({
    account: DESTINATION,
    region: REGION,
    name: 'backup-vaults',
    resources: [{ logicalId: 'Central', physicalId: vault.name, type: 'AWS::Backup::BackupVault' }],
  });
  const { incident } = await deployed.fail(vault);
  await pass(MINUTE);
  await flush(deployed.services());
  expect((await head(incident.id)).template).toEqual({ stack: 'backup-vaults', logicalId: 'Central' });
  expect(deployed.told()[0]?.mail).toContain('backup-vaults');
});

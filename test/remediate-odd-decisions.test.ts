import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { KEYS } from '../lambda/aws/incident-items';
import type { Incident } from '../lambda/core/incident/incident';
import { MINUTE, startHub, type Deployment } from './aws/remediate-fixture';

// A DECISION item that `approve` never writes decides nothing in favour of a change, and holds nothing up.

let hub: Awaited<ReturnType<typeof startHub>>;
let handlerWith: (now: () => Date) => (event: SQSEvent) => Promise<SQSBatchResponse>;
let deployed: Deployment;
let handler: ReturnType<typeof handlerWith>;
beforeAll(async () => {
  hub = await startHub();
  // Its logger reads the environment when it is loaded.
  ({ handlerWith } = await import('../lambda/remediate.handler'));
});
afterAll(() => hub.close());
beforeEach(async () => {
  deployed = await hub.deploy();
  Object.assign(process.env, deployed.environment());
  handler = handlerWith(() => hub.sandbox.clock.now());
});

const work = async ({ id }: Pick<Incident, 'id'>) => {
  const event = { Records: [{ messageId: 'message', body: JSON.stringify({ incident: id }) }] } as SQSEvent;
  const { batchItemFailures } = await handler(event);
  return { failed: batchItemFailures.length, incident: (await deployed.incidents.head(id)) as Incident };
};

it.each<[string, object]>([
  ['neither approves nor rejects', { decision: 'maybe' }],
  ['says nothing', { decision: undefined }],
  ['is a list', { decision: ['approved'] }],
  ['is by nobody', { by: undefined }],
  ['is by a number', { by: 5 }],
  ['is by no ARN', { by: 'autoApply' }],
  ['was made at no time', { at: undefined }],
  ['was made at a number', { at: 5 }],
  ['was made at an odd time', { at: 'a moment ago' }],
  ['names no plan', { planHash: undefined }],
  ['names a part of the plan', { planHash: 'prefix' }],
  ['is for a revision in quotes', { revision: '1' }],
  ['is about something else', { about: 'anything' }],
])('a decision that %s', async (_, odd) => {
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await hub.sandbox.clock.advance(MINUTE);
  await work(incident);
  const { id, revision, planHash = '' } = incident;
  const { planHash: named = planHash, ...others } = odd as { planHash?: string };
  await deployed.forge(KEYS.decision(id, revision), {
    incident: id,
    revision,
    planHash: 'planHash' in odd ? named === 'prefix' && planHash.slice(0, 12) : planHash,
    decision: 'approved',
    by: 'arn:aws:iam::111111111111:user/someone',
    at: deployed.now().toISOString(),
    ...others,
  });
  hub.sandbox.clearCalls();
  for (let times = 0; times < 2; times += 1) {
    const after = await work(incident);
    expect(after.failed).toBe(0);
    expect(['proposed', 'rejected', 'refused']).toContain(after.incident.state);
  }
  expect(hub.sandbox.calls.filter(({ operation }) => operation.startsWith('PutBackup'))).toEqual([]);
});

it.each([['yes'], [1], [{}]])(
  'an approval with the odd extra %j does not start copies, nor what a stack owns',
  async (odd) => {
    const { incident } = await deployed.fail(deployed.vaults[0]);
    const { id, revision, planHash } = incident;
    hub.sandbox.addStack({
      account: deployed.vaults[0].account,
      region: deployed.vaults[0].region,
      name: `stack-${deployed.vaults[0].name}`,
      resources: [{ logicalId: 'Vault', physicalId: deployed.vaults[0].name, type: 'AWS::Backup::BackupVault' }],
    });
    const by = 'arn:aws:iam::111111111111:user/someone';
    const extras = { retry: odd, evenThoughATemplateOwnsIt: odd };
    await deployed.forge(KEYS.decision(id, revision), {
      ...{ incident: id, revision, planHash, decision: 'approved', by, at: deployed.now().toISOString() },
      ...extras,
    });
    const after = await work(incident);
    expect(after).toMatchObject({
      failed: 0,
      incident: { state: 'approved', template: { stack: expect.any(String) } },
    });
  },
);

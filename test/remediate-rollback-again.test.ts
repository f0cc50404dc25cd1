import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Decision, Incident } from '../lambda/core/incident/incident';
import { allowFrom, HOUR, MINUTE, policyOf, startHub, type Deployment } from './aws/remediate-fixture';
import { DESTINATION } from './sandbox/fixture';

// A rollback that is asked for again while the policy is the same would remove the same, and is decided anew.

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
  deployed = await hub.deploy();
  Object.assign(process.env, deployed.environment());
  handler = handlerWith(() => hub.sandbox.clock.now());
});

const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const work = async ({ id }: Pick<Incident, 'id'>) => {
  const event = { Records: [{ messageId: 'message', body: JSON.stringify({ incident: id }) }] } as SQSEvent;
  expect(await handler(event)).toEqual({ batchItemFailures: [] });
  return (await deployed.incidents.head(id)) as Incident;
};
const decide = ({ id, revision }: Incident, more: Pick<Decision, 'decision' | 'planHash'> & Partial<Decision>) =>
  deployed.incidents.putDecision({
    incident: id,
    revision,
    by: 'arn:aws:iam::111111111111:user/someone',
    at: deployed.now().toISOString(),
    ...more,
  });

const THEIRS = allowFrom(DESTINATION, { Sid: 'Local', Action: 'backup:StartRestoreJob' });
const changed = async () => {
  deployed.vaults[0].policy = policyOf(THEIRS);
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await decide(incident, { decision: 'approved', planHash: incident.planHash ?? '' });
  await work(incident);
  await pass(MINUTE);
  const after = await work(incident);
  expect(after).toMatchObject({ state: 'applied', change: { at: expect.any(String) } });
  return after;
};
const ask = async (incident: Incident) => {
  await pass(HOUR);
  await decide(incident, { decision: 'approved', planHash: '', about: 'rollback-request' });
  return work(incident);
};
const answer = async (incident: Incident, decision: Decision['decision']) => {
  await pass(1_000);
  const planHash = incident.rollback?.planHash ?? '';
  expect(await decide(incident, { decision, planHash, about: 'rollback' })).toBe('put');
  return work(incident);
};
const puts = () => hub.sandbox.calls.filter(({ operation }) => operation === 'PutBackupVaultAccessPolicy');

it('after a rejection: the same can be approved', async () => {
  const rejected = await answer(await ask(await changed()), 'rejected');
  expect(rejected.state).toBe('applied');
  const again = await ask(rejected);
  expect(again.state).toBe('rollback-proposed');
  // Looked at once more, an old answer is none.
  expect((await work(again)).state).toBe('rollback-proposed');
  expect((await answer(again, 'approved')).state).toBe('rolled-back');
  expect(deployed.vaults[0].policy).toBe(policyOf(THEIRS));
});

it('after an approval that came to nothing: nobody has approved it this time', async () => {
  const incident = await changed();
  const asked = await ask(incident);
  const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
  hub.sandbox.faults.add({ service: 'backup', operation: 'PutBackupVaultAccessPolicy', error });
  const kept = await answer(asked, 'approved');
  expect(kept).toMatchObject({ state: 'applied', because: expect.any(String) });
  hub.sandbox.faults.clear();
  hub.sandbox.clearCalls();
  const again = await ask(kept);
  expect(again.state).toBe('rollback-proposed');
  expect((await work(again)).state).toBe('rollback-proposed');
  expect(puts()).toEqual([]);
  expect((await answer(again, 'approved')).state).toBe('rolled-back');
  expect(puts()).toHaveLength(1);
});

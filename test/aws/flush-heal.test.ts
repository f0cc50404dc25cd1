import { diffOf, planHash as hashOfPlan } from '../../lambda/core/plan/plan-fix';
import { flush } from '../../lambda/aws/flush';
import type { IncidentEvent } from '../../lambda/core/incident/incident-event';
import { MINUTE, startHub, type Deployment } from './remediate-fixture';

// What came of a change is told with what belongs to it.

let hub: Awaited<ReturnType<typeof startHub>>;
let deployed: Deployment;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const JANE = 'arn:aws:iam::111111111111:user/jane';

/** Decided, made, tried twice: each step a minute later. */
async function notCured() {
  deployed = await hub.deploy(true, () => ({ retry: 'ask' }));
  const { incident, failure } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  await flush(deployed.services());
  const { id, planHash = '' } = incident;
  const { incidents } = deployed;
  const change = async (event: (at: string) => IncidentEvent) => {
    await pass(16 * MINUTE);
    await incidents.change(id, event(deployed.now().toISOString()));
  };
  await change((at) => ({
    kind: 'decided',
    at,
    decision: { incident: id, revision: 1, planHash, decision: 'approved', by: JANE, at, retry: true },
  }));
  await change((at) => ({ kind: 'applying', at }));
  await change((at) => ({ kind: 'apply-ended', at, outcome: 'applied', requestId: 'a-request' }));
  await change((at) => ({ kind: 'settle', at }));
  for (const retryId of ['first', 'second']) {
    await change((at) => ({ kind: 'canary-started', at, copyJobId: failure.copyJobId, retryId }));
    await change((at) => ({
      kind: 'followed',
      at,
      canary: 'same',
      running: 0,
      left: 0,
      same: 1,
      other: 0,
      others: [],
    }));
  }
  return { id, planHash, change };
}
const last = () => deployed.told().at(-1)?.mail ?? '';

it('is told with numbers, and nothing before that', async () => {
  const { id } = await notCured();
  expect(await deployed.incidents.head(id)).toMatchObject({ state: 'not-cured', tell: 'not-cured' });
  const services = deployed.services();
  const counted = await services.incidents.count(id);
  const retried = jest
    .spyOn(services.incidents, 'countBoth')
    .mockResolvedValue({ counted, retried: { copied: 0, bytes: 0, running: 0, failed: 1, leftOut: {} } });
  try {
    expect((await flush(services)).mails).toBe(1);
  } finally {
    retried.mockRestore();
  }
  expect(deployed.subjects()).toHaveLength(2);
  expect(deployed.subjects().at(-1)).toMatch(/^\[Action\] Not cured: /);
  expect(last()).toContain('Failed again: 1 copy.');
  expect(last()).toContain(`copy-doctor rollback ${id}`);
});

it('a rollback to decide is told with what it would remove, which is read only then', async () => {
  const { id, planHash, change } = await notCured();
  await flush(deployed.services());
  const plan = await deployed.incidents.plan(id, 1, planHash);
  if (!plan) throw new Error('no plan');
  const { resource, after: before, added: removed, partition } = plan;
  const after = { ...before, Statement: [] };
  const [hash, diff] = [hashOfPlan(resource, before, after, partition), diffOf(before, after)];
  const removal = { ...plan, before, after, added: [], removed, hash, diff, warnings: ['5 copies'] };
  await deployed.incidents.putPlan(id, 1, removal);
  await change((at) => ({
    kind: 'rollback-planned',
    at,
    planHash: removal.hash,
    request: {
      incident: id,
      revision: 1,
      planHash: '',
      decision: 'approved',
      about: 'rollback-request',
      by: JANE,
      at,
    },
  }));
  expect((await flush(deployed.services())).mails).toBe(1);
  expect(last()).toMatch(/^ +- +"Sid": "CopyDoctorAllowCopyFrom/m);
  expect(last()).toContain(hash.slice(0, 12));
  expect(last()).toContain('5 copies');
});

it('whether copies are started again is told as the settings are by then', async () => {
  deployed = await hub.deploy(true, () => ({ retry: 'ask' }));
  await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const services = deployed.services();
  const settings = { ...services.config.settings, retry: 'never' as const };
  await flush({ ...services, config: { ...services.config, settings } });
  expect(last()).toContain('Nothing is copied again');
  expect(last()).not.toContain('--retry');
});

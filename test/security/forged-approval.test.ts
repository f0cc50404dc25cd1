import { BatchWriteItemCommand, DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Incident } from '../../lambda/core/incident/incident';
import type { Plan } from '../../lambda/core/plan/plan';
import { DESTINATION, PARTNER, SOURCE, UNREAD } from '../sandbox/demo/scenario';
import { clients } from '../sandbox/fixture';
import {
  approved,
  as,
  broken,
  decide,
  decisionsOn,
  effects,
  forgeHead,
  forgePlan,
  headOf,
  instead,
  itemOf,
  mailsAbout,
  mayWriteTable,
  openTo,
  policyOf,
  put,
  refusedTo,
  told,
  worldOf,
  type World,
} from './fixture';

// The service makes changes by itself: nothing that stands in its table but a DECISION item lets it.

const NAMES = [
  'approved',
  'applying',
  'rejected',
  'plan',
  'swapped',
  'moved',
  'elsewhere',
  'account',
  'copies',
  'keys',
];
let world: World;
beforeAll(async () => (world = await worldOf(NAMES)));
afterAll(() => world.close());

const CEO = `arn:aws:iam::${SOURCE}:user/ceo`;
const decisionOn = ({ id, revision, planHash }: Incident, more: Record<string, unknown> = {}) => ({
  incident: id,
  revision,
  planHash,
  decision: 'approved',
  by: CEO,
  at: world.sandbox.clock.now().toISOString(),
  ...more,
});
const decisionKey = ({ id, revision }: Incident, about = '') => ({
  pk: `DECISION#${id}#${revision}${about}`,
  sk: 'DECISION',
});
const unchanged = (calls: number, name: string) => {
  expect(effects(world, calls)).toEqual([]);
  expect(policyOf(world, name)).toBeUndefined();
};

describe('An incident that says it is approved', () => {
  it.each(['approved', 'applying'])(
    '%s, with a decision in it and none beside it: nothing is changed',
    async (state) => {
      const { incident } = await told(world, broken(state));
      const [calls, mails] = [world.sandbox.calls.length, world.sandbox.published.length];
      await forgeHead(world, incident, 'apply', { state, decision: decisionOn(incident, { retry: true }) });
      await world.pass(120_000);
      const head = await headOf(world, incident.id);
      expect(head).toMatchObject({ state: 'refused', because: expect.stringContaining('no decision of a person') });
      expect(mailsAbout(world, incident, mails)).toMatchObject([{ json: { telling: 'refused' } }]);
      await world.pass(3 * 3_600_000, 600_000);
      unchanged(calls, state);
    },
  );

  it('with a decision beside it that is none on this change: nothing is changed', async () => {
    const { incident } = await told(world, broken('rejected'));
    const calls = world.sandbox.calls.length;
    const head = await itemOf(world, incident, 'HEAD');
    for (const wrong of [
      { decision: 'rejected' },
      { about: 'rollback' },
      { about: 'rollback-request' },
      { planHash: 'f'.repeat(64) },
      { planHash: '' },
      { revision: 2 },
      { incident: 'A'.repeat(16) },
    ]) {
      await put(world, mayWriteTable(world), { ...decisionKey(incident), ...decisionOn(incident, wrong) });
      await put(world, mayWriteTable(world), head);
      await forgeHead(world, incident, 'apply', { state: 'approved' });
      await world.pass(60_000);
      const { state, because } = await headOf(world, incident.id);
      expect({ wrong, state, because }).toEqual({
        wrong,
        state: 'refused',
        because: expect.stringContaining('is not an approval'),
      });
    }
    unchanged(calls, 'rejected');
  });
});

describe('A plan that was altered after a person had approved it', () => {
  it('in the table alone: what was shown is written, not what stands there', async () => {
    const { incident } = await told(world, broken('plan'));
    const shown = JSON.parse(String((await itemOf(world, incident, 'PLAN#'))['plan'])) as Plan;
    expect(await decide(world, 'approve', incident)).toMatchObject({ code: 0 });
    await forgePlan(world, incident, (plan) => ({ ...plan, after: openTo(PARTNER), grantee: PARTNER }));
    await world.pass(180_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'applied' });
    expect(JSON.parse(policyOf(world, 'plan') ?? '{}')).toEqual(shown.after);
    expect(policyOf(world, 'plan')).not.toContain(PARTNER);
  });

  it('with the hash in the incident: the decision is about another one, and nothing is changed', async () => {
    const { incident } = await told(world, broken('swapped'));
    const calls = world.sandbox.calls.length;
    expect(await decide(world, 'approve', incident)).toMatchObject({ code: 0 });
    await forgePlan(world, incident, instead({ after: openTo(PARTNER), grantee: PARTNER }));
    await forgeHead(world, incident, 'apply', { state: 'approved' });
    await world.pass(180_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'refused' });
    unchanged(calls, 'swapped');
  });

  it('with another vault in the incident: neither is changed', async () => {
    const { incident } = await told(world, broken('moved'));
    const calls = world.sandbox.calls.length;
    const resource = incident.resource.replace('dr-moved', 'dr-elsewhere');
    world.sandbox.addVault({ account: DESTINATION, region: world.region, name: 'dr-elsewhere' });
    expect(await decide(world, 'approve', incident)).toMatchObject({ code: 0 });
    await forgePlan(world, incident, (plan) => ({ ...plan, resource }), { resource });
    await forgeHead(world, incident, 'apply', { state: 'approved', resource });
    await world.pass(180_000);
    expect(['refused', 'stale', 'proposed']).toContain((await headOf(world, incident.id)).state);
    unchanged(calls, 'moved');
    unchanged(calls, 'elsewhere');
  });

  it('not even evidence, plan, incident and decision that fit each other let in an account that is no source', async () => {
    const { incident } = await told(world, broken('account'));
    const calls = world.sandbox.calls.length;
    const swap = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(SOURCE, UNREAD)) as T;
    const stored = await itemOf(world, incident, 'EVIDENCE#');
    await put(world, mayWriteTable(world), { ...stored, evidence: swap({ text: String(stored['evidence']) }).text });
    const plan = await forgePlan(world, incident, (one) => instead({})(swap(one)));
    expect(JSON.stringify(plan.after)).toContain(UNREAD);
    const planHash = plan.hash;
    await put(world, mayWriteTable(world), { ...decisionKey(incident), ...decisionOn(incident, { planHash }) });
    await forgeHead(world, incident, 'apply', { state: 'approved' });
    await world.pass(180_000);
    expect(['refused', 'stale', 'proposed']).toContain((await headOf(world, incident.id)).state);
    unchanged(calls, 'account');
  });
});

describe('Copies that nobody wanted', () => {
  it('are not started, whatever the incident says: the decision says no', async () => {
    const { incident } = await told(world, broken('copies'));
    const calls = world.sandbox.calls.length;
    const started = () => effects(world, calls).filter(({ operation }) => operation === 'StartCopyJob');
    expect(await approved(world, incident)).toMatchObject({ state: 'applied' });
    for (const state of ['canary', 'retrying', 'waiting']) {
      const mails = world.sandbox.published.length;
      await forgeHead(world, incident, 'retry', {
        state,
        retry: 'auto',
        decision: decisionOn(incident, { retry: true }),
      });
      await world.pass(120_000);
      const head = await headOf(world, incident.id);
      expect(head).toMatchObject({ state: 'applied', because: expect.stringContaining('Nobody has decided') });
      expect(mailsAbout(world, incident, mails)).toMatchObject([{ json: { telling: 'left-out' } }]);
    }
    await world.pass(3_600_000, 600_000);
    expect(started()).toEqual([]);
  });
});

describe('Putting a decision', () => {
  const ABOUT = ['', '#rollback-request', '#rollback#0123456789ab'];

  it('no function but the one that decides may, of a change or of a rollback', async () => {
    const { incident } = await told(world, broken('keys'));
    const TableName = world.table.name;
    for (const role of ['diagnose', 'remediate']) {
      const { dynamodb } = clients(world.sandbox, as(world, role));
      for (const about of ABOUT) {
        const key = decisionKey(incident, about);
        const [Key, Item] = [marshall(key), marshall({ ...key, ...decisionOn(incident) })];
        const change = { UpdateExpression: 'SET #d = :d', ExpressionAttributeNames: { '#d': 'decision' } };
        const values = { ExpressionAttributeValues: marshall({ ':d': 'approved' }) };
        const said = await Promise.all(
          [
            put(world, as(world, role), { ...key, ...decisionOn(incident) }),
            dynamodb.send(new UpdateItemCommand({ TableName, Key, ...change, ...values })),
            dynamodb.send(new DeleteItemCommand({ TableName, Key })),
            dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } })),
          ].map(refusedTo),
        );
        for (const one of said) expect(one).toContain('explicit deny');
      }
    }
  });

  it('nor may any role that the service takes, or that people take', async () => {
    const { incident } = await told(world, broken('keys-of-others'));
    const others = ['reader', 'retrier', 'vault-writer', 'approver'].map((role) => as(world, role));
    others.push(as(world, 'reader', DESTINATION), as(world, 'vault-writer', DESTINATION));
    for (const who of others) {
      for (const about of ABOUT) {
        const item = { ...decisionKey(incident, about), ...decisionOn(incident) };
        expect(await refusedTo(put(world, who, item))).toContain('AccessDenied');
      }
    }
    expect(await decisionsOn(world, incident)).toEqual([]);
  });
});

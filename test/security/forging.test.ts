import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Plan } from '../../lambda/core/plan/plan';
import { DESTINATION, PARTNER, SOURCE, UNREAD } from '../sandbox/demo/scenario';
import { clients } from '../sandbox/fixture';
import {
  apply,
  as,
  broken,
  decide,
  decisionsOn,
  effects,
  forgePlan,
  headOf,
  instead,
  itemOf,
  mailsAbout,
  mayWriteTable,
  openTo,
  put,
  refusedTo,
  told,
  vaultArn,
  worldOf,
  type Told,
  type World,
} from './fixture';

// What docs/threat-model.md says of this.

const NAMES = ['roles', 'decision', 'plan', 'head', 'evidence', 'elsewhere', 'listed', 'words'];
let world: World;
beforeAll(async () => (world = await worldOf(NAMES)));
afterAll(() => world.close());

const policyOf = (name: string) => world.sandbox.vault(vaultArn(name))?.policy;

const forge = ({ incident }: Told, change: (plan: Plan) => Plan, more: Record<string, unknown> = {}) =>
  forgePlan(world, incident, change, more);

describe('Forging an approval in the table', () => {
  it('the functions that work put no decision, and the one that puts it changes none', async () => {
    const { incident } = await told(world, broken('roles'));
    const { id, revision, planHash: hash } = incident;
    const decision = { pk: `DECISION#${id}#${revision}`, sk: 'DECISION', incident: id, revision, planHash: hash };
    for (const role of ['diagnose', 'remediate']) {
      const said = await refusedTo(
        put(world, as(world, role), { ...decision, decision: 'approved', by: 'me', at: '' }),
      );
      expect(said).toContain('explicit deny');
    }
    expect(await decide(world, 'reject', incident)).toMatchObject({ code: 0 });
    const { dynamodb } = clients(world.sandbox, as(world, 'approve'));
    const TableName = world.table.name;
    const Key = marshall({ pk: decision.pk, sk: 'DECISION' });
    const ofIncident = marshall({ pk: `INCIDENT#${id}`, sk: 'HEAD' });
    const change = { UpdateExpression: 'SET #d = :d', ExpressionAttributeNames: { '#d': 'decision' } };
    const values = { ExpressionAttributeValues: marshall({ ':d': 'approved' }) };
    const said = await Promise.all(
      [
        dynamodb.send(new DeleteItemCommand({ TableName, Key })),
        dynamodb.send(new UpdateItemCommand({ TableName, Key, ...change, ...values })),
        dynamodb.send(new UpdateItemCommand({ TableName, Key: ofIncident, ...change, ...values })),
        put(world, as(world, 'approve'), { pk: `INCIDENT#${id}`, sk: 'HEAD' }),
      ].map(refusedTo),
    );
    for (const one of said) expect(one).toContain('explicit deny');
    expect(await decisionsOn(world, incident)).toMatchObject([{ decision: 'rejected' }]);
  });

  it('what somebody with rights on the table puts as a decision makes the change that was shown, or none, and is told', async () => {
    const { incident } = await told(world, broken('decision'));
    const { id, revision, planHash: hash } = incident;
    const before = world.sandbox.published.length;
    const calls = world.sandbox.calls.length;
    const forged = {
      ...{ pk: `DECISION#${id}#${revision}`, sk: 'DECISION', incident: id, revision, planHash: hash },
      ...{
        decision: 'approved',
        by: 'arn:aws:iam::111111111111:user/ceo',
        at: world.sandbox.clock.now().toISOString(),
      },
    };
    const who = mayWriteTable(world);
    for (const wrong of [{ planHash: 'f'.repeat(64) }, { revision: 2 }, { incident: 'A'.repeat(16) }]) {
      await put(world, who, { ...forged, ...wrong });
      await world.pass(11 * 60_000);
      expect((await headOf(world, id)).state).toBe('proposed');
    }
    expect(effects(world, calls)).toEqual([]);
    expect(policyOf('decision')).toBeUndefined();
    // Outside of what IAM stops, since the table's owner owns it. It changes nothing but what was shown, and leaves a trace.
    const plan = JSON.parse(String((await itemOf(world, incident, 'PLAN#'))['plan'])) as Plan;
    await put(world, who, forged);
    await world.pass(15 * 60_000);
    expect((await headOf(world, id)).state).toBe('applied');
    expect(JSON.parse(policyOf('decision') ?? '{}')).toEqual(plan.after);
    expect(effects(world, calls)).toMatchObject([
      { operation: 'PutBackupVaultAccessPolicy', sourceIdentity: '111111111111+ceo' },
    ]);
    expect(mailsAbout(world, incident, before)).toMatchObject([{ email: expect.stringContaining('user/ceo') }]);
    await world.pass(3_600_000, 600_000);
    expect(effects(world, calls)).toHaveLength(1);
  });

  it('a plan that is not the one that its hash names is neither decided on nor applied', async () => {
    const one = await told(world, broken('plan'));
    const plan = JSON.parse(String((await itemOf(world, one.incident, 'PLAN#'))['plan'])) as Plan;
    for (const change of [
      { after: openTo(PARTNER) },
      { resource: vaultArn('elsewhere') },
      { before: openTo(SOURCE) },
    ]) {
      await forge(one, (plan) => ({ ...plan, ...change }));
      for (const refused of [await decide(world, 'approve', one.incident), await apply(world, one.incident)]) {
        expect(refused).toMatchObject({ code: 1, stdout: '' });
        expect(refused.stderr).toContain('is not the one that its hash names');
      }
      await forge(one, () => plan);
    }
    expect(policyOf('plan')).toBeUndefined();
    expect(await decisionsOn(world, one.incident)).toEqual([]);
  });

  it('a plan and an incident that fit each other are not applied: what is written is planned anew', async () => {
    const one = await told(world, broken('head'));
    const forged = await forge(one, instead({ after: openTo(PARTNER), grantee: PARTNER }), { state: 'approved' });
    const refused = await apply(world, one.incident, forged.hash);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('not changed: The policy is no longer the one that was shown');
    expect(policyOf('head')).toBeUndefined();
    // The plan of the mail is not the one in the table any more.
    expect(await apply(world, one.incident)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('another plan'),
    });

    const moved = await forge(one, instead({ resource: vaultArn('elsewhere') }), { resource: vaultArn('elsewhere') });
    expect(await apply(world, one.incident, moved.hash)).toMatchObject({ code: 1 });
    expect(policyOf('elsewhere')).toBeUndefined();
  });
});

describe('Granting too much', () => {
  const swap = <T>(value: T, account: string): T => JSON.parse(JSON.stringify(value).replaceAll(SOURCE, account)) as T;

  it('not even forged evidence, plan and incident together give an account access that is no source', async () => {
    const one = await told(world, broken('evidence'));
    const stored = await itemOf(world, one.incident, 'EVIDENCE#');
    // An account of the same organization: everything else about it is right.
    const evidence = swap({ text: String(stored['evidence']) }, UNREAD).text;
    await put(world, mayWriteTable(world), { ...stored, evidence });
    const forged = await forge(one, (plan) => instead({})(swap(plan, UNREAD)));
    expect(JSON.stringify(forged.after)).toContain(UNREAD);

    const refused = await apply(world, one.incident, forged.hash);
    expect(refused.stderr).toContain(`not changed: Account ${UNREAD} is no source account of this deployment`);
    expect(refused.code).toBe(1);
    expect(policyOf('evidence')).toBeUndefined();
  });

  it('nor do they open a vault that nobody named in the settings', async () => {
    const one = await told(world, broken('listed'));
    const other = vaultArn('never-listed');
    world.sandbox.addVault({ account: DESTINATION, region: world.region, name: 'dr-never-listed' });
    const swapped = (text: string) => text.replaceAll('dr-listed', 'dr-never-listed');
    const stored = await itemOf(world, one.incident, 'EVIDENCE#');
    await put(world, mayWriteTable(world), { ...stored, evidence: swapped(String(stored['evidence'])) });
    const forged = await forge(one, (plan) => instead({})(JSON.parse(swapped(JSON.stringify(plan))) as Plan), {
      resource: other,
    });

    const refused = await apply(world, one.incident, forged.hash);
    expect(refused.stderr).toContain('is not on the list of destinations');
    expect(refused.code).toBe(1);
    expect([policyOf('listed'), policyOf('never-listed')]).toEqual([undefined, undefined]);
  });
});

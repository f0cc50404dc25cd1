import type { Incident } from '../../lambda/core/incident/incident';
import type { Plan } from '../../lambda/core/plan/plan';
import { untilAtRest } from '../sandbox/demo/rest';
import { DESTINATION, SOURCE } from '../sandbox/demo/scenario';
import {
  approved,
  broken,
  effects,
  forgeHead,
  forgePlan,
  headOf,
  hubOf,
  instead,
  mailsAbout,
  operator,
  policyOf,
  request,
  statementsIn,
  THEIRS,
  told,
  worldOf,
  type World,
} from './fixture';

// A rollback removes nothing of others, and needs a decision of its own.

let world: World;
beforeAll(async () => (world = await worldOf(['own', 'decided', 'changed', 'claimed', 'again'])));
afterAll(() => world.close());

const LATER = { Sid: 'Later', Effect: 'Deny', Principal: '*', Action: 'backup:UpdateGlobalSettings', Resource: '*' };
const text = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

/** A change that the service has made to a vault with statements of its owner's, who has added one since. */
async function changed(name: string) {
  const arranged = broken(name, undefined, {
    arrange: ({ destinationVault }) => void (destinationVault.policy = text(...THEIRS)),
  });
  const { incident, stage } = await told(world, arranged);
  const end = await approved(world, incident);
  expect(end).toMatchObject({ state: 'applied', change: { at: expect.any(String) } });
  const [ours = {}] = statementsIn(policyOf(world, name)).slice(THEIRS.length);
  expect(ours).toMatchObject({ Action: 'backup:CopyIntoBackupVault' });
  stage.destinationVault.policy = text(LATER, ...THEIRS, ours);
  return { incident: end, vault: stage.destinationVault, ours, calls: world.sandbox.calls.length };
}

async function askBack(incident: Incident): Promise<Incident> {
  // Later than a request before it.
  await world.pass(60_000);
  const { revision } = incident;
  const { status } = await request(world, operator(world), incident, { revision }, '/rollback');
  expect(status).toBe(201);
  await world.drain();
  return headOf(world, incident.id);
}

const takeBack = (incident: Incident) =>
  world.cli(
    ...['rollback', incident.id, ...hubOf(world), '--profile', 'operator'],
    ...['--plan', (incident.rollback?.planHash ?? '').slice(0, 12), '--yes'],
  );

describe('A rollback', () => {
  it('removes what the service added, and keeps everything else equal and in order', async () => {
    const { incident, ours, calls } = await changed('own');
    const proposed = await askBack(incident);
    expect(proposed).toMatchObject({ state: 'rollback-proposed' });
    const before = statementsIn(policyOf(world, 'own'));
    expect(before).toEqual([LATER, ...THEIRS, ours]);
    expect(await takeBack(proposed)).toMatchObject({ code: 0 });
    await world.drain();
    await untilAtRest(world, [incident.id]);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'rolled-back' });
    expect(statementsIn(policyOf(world, 'own'))).toEqual([LATER, ...THEIRS]);
    expect(effects(world, calls)).toMatchObject([
      {
        ...{ operation: 'PutBackupVaultAccessPolicy', account: DESTINATION },
        ...{ sourceIdentity: `${SOURCE}+operator+operator` },
        principal: expect.stringContaining(`/${incident.id}-${incident.revision}`),
      },
    ]);
    // The decision on the change is used up with it.
    await forgeHead(world, incident, 'apply', { state: 'approved' });
    await world.pass(180_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'refused' });
    expect(statementsIn(policyOf(world, 'own'))).toEqual([LATER, ...THEIRS]);
    expect(effects(world, calls)).toHaveLength(1);
  });

  it('is not made by asking for it, nor by the decision on the change, nor by what the incident says', async () => {
    const { incident, vault, calls } = await changed('decided');
    const asBefore = vault.policy;
    const proposed = await askBack(incident);
    expect(proposed).toMatchObject({ state: 'rollback-proposed' });
    const { revision, planHash, rollback } = proposed;
    const body = { decision: 'approved', revision, planHash: rollback?.planHash };
    for (const wrong of [
      { ...body, planHash, about: 'rollback' },
      { ...body, planHash },
      // Not about the rollback.
      body,
      { ...body, about: 'rollback', revision: revision + 1 },
      { ...body, about: 'rollback', retry: true },
    ]) {
      const { status } = await request(world, operator(world), incident, wrong);
      expect({ wrong, refused: [400, 409].includes(status) }).toEqual({ wrong, refused: true });
    }
    await world.pass(3 * 3_600_000, 600_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'rollback-proposed' });

    const mails = world.sandbox.published.length;
    const by = `arn:aws:iam::${SOURCE}:user/ceo`;
    const at = world.sandbox.clock.now().toISOString();
    const decision = {
      incident: incident.id,
      revision,
      planHash: rollback?.planHash,
      about: 'rollback',
      decision: 'approved',
    };
    await forgeHead(world, incident, 'rollback', {
      state: 'rollback-approved',
      rollback: { ...rollback, decision: { ...decision, by, at } },
    });
    await world.pass(180_000);
    expect(await headOf(world, incident.id)).toMatchObject({
      state: 'applied',
      because: expect.stringContaining('No decision of a person'),
    });
    expect(mailsAbout(world, incident, mails)).toMatchObject([{ json: { telling: 'rollback-refused' } }]);
    expect(effects(world, calls)).toEqual([]);
    expect(vault.policy).toBe(asBefore);
  });

  it('leaves a statement alone that somebody has changed since', async () => {
    const { incident, vault, ours, calls } = await changed('changed');
    for (const theirs of [
      { ...ours, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-madeup00001' } } },
      { ...ours, Sid: 'OursNow' },
    ]) {
      vault.policy = text(...THEIRS, theirs);
      const asBefore = vault.policy;
      const head = await askBack(incident);
      expect(head).toMatchObject({ state: 'applied', because: expect.stringContaining('no longer exactly ours') });
      await world.pass(600_000);
      expect(vault.policy).toBe(asBefore);
    }
    expect(effects(world, calls)).toEqual([]);
  });

  it('leaves theirs alone if it was changed between showing and removing', async () => {
    const { incident, vault, ours, calls } = await changed('again');
    const proposed = await askBack(incident);
    vault.policy = text(...THEIRS, ours);
    expect(await takeBack(proposed)).toMatchObject({ code: 0 });
    const asBefore = vault.policy;
    await world.drain();
    await world.pass(180_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'applied', because: expect.any(String) });
    expect(effects(world, calls)).toEqual([]);
    expect(vault.policy).toBe(asBefore);
  });

  it('takes nothing of theirs for ours, whatever plan stands in the table', async () => {
    const { incident, vault, ours, calls } = await changed('claimed');
    const asBefore = vault.policy;
    const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement }) as unknown as Plan['after'];
    const theirs = instead({ before: document(LATER), after: document(LATER, ...THEIRS, ours) });
    // The hash of what was decided on, and one that fits what stands there.
    for (const forged of [(plan: Plan) => ({ ...theirs(plan), hash: plan.hash }), theirs]) {
      await forgePlan(world, incident, forged);
      const head = await askBack(incident);
      expect(head).toMatchObject({ state: 'applied', because: expect.stringContaining('Nothing is removed by it') });
      await world.pass(600_000);
      expect(effects(world, calls)).toEqual([]);
      expect(vault.policy).toBe(asBefore);
    }
  });
});

import type { Incident } from '../../lambda/core/incident/incident';
import { incidentsOf } from '../sandbox/demo/play';
import { DESTINATION, PARTNER } from '../sandbox/demo/scenario';
import {
  approved,
  broken,
  effects,
  failed,
  forgeHead,
  headOf,
  mailsAbout,
  policyOf,
  told,
  vaultArn,
  worldOf,
  type World,
} from './fixture';

// autoApply turned against its owner.

const NAMED = ['sixth', 'unread', 'gone', 'apart', 'alone', 'denied'];
const UNNAMED = ['unnamed', 'forged'];
const PARTNERS = vaultArn('partner', PARTNER);
let world: World;
beforeAll(async () => {
  const autoApply = [...NAMED.map((name) => vaultArn(name)), PARTNERS].join(',');
  const destinations = [...[...NAMED, ...UNNAMED].map((name) => vaultArn(name)), PARTNERS].join(',');
  world = await worldOf([], { destinations: destinations.split(','), settings: { autoApply, retry: 'never' } });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

/** A copy that failed, and is diagnosed; the change that needs nobody is due, and not begun. */
async function due(name: string): Promise<Incident> {
  const { event, job } = await failed(world, broken(name));
  world.failures.send(event);
  await world.failures.drain();
  const [incident] = await incidentsOf(world, job.id);
  expect(incident).toMatchObject({ state: 'approved', auto: true, agenda: { apply: expect.any(String) } });
  if (!incident) throw new Error('no incident');
  return incident;
}

const puts = (calls: number) => effects(world, calls).length;

describe('A vault whose policy is changed without asking', () => {
  it('five times a day, then a person is asked; and who decides is not held up by that', async () => {
    const calls = world.sandbox.calls.length;
    const { incident, stage, job } = await told(world, broken('sixth'));
    const told_ = (one: string) => mailsAbout(world, incident).filter(({ json }) => json['telling'] === one);
    for (let time = 1; time <= 6; time++) {
      if (time > 1) {
        stage.destinationVault.policy = undefined;
        const { recoveryPoint, destinationVault, role } = stage;
        await world.sandbox.runCopy({ recoveryPoint, destinationVaultArn: destinationVault.arn, role: role.arn });
        await world.sandbox.finishCopies();
      }
      await world.pass(240_000);
      const { state, revision, decision } = await headOf(world, incident.id);
      expect({ time, state, revision, decision, puts: puts(calls) }).toEqual({
        ...{ time, state: time <= 5 ? 'applied' : 'proposed', revision: time, decision: undefined },
        puts: Math.min(time, 5),
      });
    }
    expect(world.sandbox.clock.now().toISOString().slice(0, 10)).toBe(job.createdAt.toISOString().slice(0, 10));
    expect(await headOf(world, incident.id)).toMatchObject({ because: expect.stringContaining('5 times today') });
    expect(policyOf(world, 'sixth')).toBeUndefined();
    // Each is told, with the way back; the sixth asks.
    expect(told_('applied')).toHaveLength(5);
    for (const { email } of told_('applied'))
      expect(email).toMatch(/copy-doctor rollback|delete-backup-vault-access-policy/);
    expect(told_('opened')).toHaveLength(1);
    expect(effects(world, calls).map(({ sourceIdentity }) => sourceIdentity)).toEqual(Array(5).fill('autoApply'));

    expect(await approved(world, incident)).toMatchObject({ state: 'applied' });
    expect(puts(calls)).toBe(6);
  });
});

describe('A vault that the setting does not name', () => {
  it('is asked about, though it is one of the destinations', async () => {
    const calls = world.sandbox.calls.length;
    const { incident } = await told(world, broken('unnamed'));
    expect(incident).toMatchObject({ state: 'proposed' });
    expect(incident.auto).not.toBe(true);
    await world.pass(3_600_000, 600_000);
    expect(puts(calls)).toBe(0);
    expect(policyOf(world, 'unnamed')).toBeUndefined();
  });

  it('also where the incident says that nobody has to be asked', async () => {
    const { incident } = await told(world, broken('forged'));
    const [calls, mails] = [world.sandbox.calls.length, world.sandbox.published.length];
    await forgeHead(world, incident, 'apply', { state: 'approved', auto: true });
    await world.pass(180_000);
    const head = await headOf(world, incident.id);
    expect(head).toMatchObject({ state: 'proposed', because: expect.stringContaining('does not name') });
    expect(head.auto).not.toBe(true);
    expect(mailsAbout(world, incident, mails)).toMatchObject([{ json: { telling: 'opened' } }]);
    expect(puts(calls)).toBe(0);
    expect(policyOf(world, 'forged')).toBeUndefined();
  });
});

describe('What was sure when the failure was diagnosed, and is not sure any more', () => {
  const denied = { code: 'AccessDeniedException', message: 'no', status: 403 };

  it.each([
    [
      'unread',
      'the policy cannot be read',
      { service: 'backup', operation: 'GetBackupVaultAccessPolicy', error: denied },
    ],
    [
      'gone',
      'the record of the failed copy is gone',
      {
        service: 'backup',
        operation: 'DescribeCopyJob',
        error: { code: 'ResourceNotFoundException', message: 'gone', status: 400 },
      },
    ],
  ])('%s: %s, and nothing is changed', async (name, _, fault) => {
    const incident = await due(name);
    const calls = world.sandbox.calls.length;
    world.sandbox.faults.add(fault);
    await world.work.drain();
    await world.pass(120_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'refused', because: expect.any(String) });
    await world.pass(3_600_000, 600_000);
    expect(puts(calls)).toBe(0);
    expect(policyOf(world, name)).toBeUndefined();
  });

  it('nobody can say whether both accounts are in one organization: a person is asked', async () => {
    const incident = await due('denied');
    const calls = world.sandbox.calls.length;
    for (const operation of ['DescribeOrganization', 'DescribeAccount']) {
      world.sandbox.faults.add({ service: 'organizations', operation, error: denied });
    }
    await world.work.drain();
    await world.pass(120_000);
    expect(await headOf(world, incident.id)).toMatchObject({
      state: 'proposed',
      because: expect.stringContaining('one organization'),
    });
    expect(puts(calls)).toBe(0);
    expect(policyOf(world, 'denied')).toBeUndefined();
  });

  it.each([
    ['apart', 'belongs to another organization', () => world.sandbox.account(PARTNER).organization],
    ['alone', 'has left the organization', () => undefined],
  ])('%s: the account of the vault %s by now', async (name, _, other) => {
    const incident = await due(name);
    const calls = world.sandbox.calls.length;
    const destination = world.sandbox.account(DESTINATION);
    const { organization } = destination;
    destination.organization = other();
    try {
      await world.work.drain();
      await world.pass(120_000);
    } finally {
      destination.organization = organization;
    }
    expect(['refused', 'proposed', 'reported']).toContain((await headOf(world, incident.id)).state);
    expect(puts(calls)).toBe(0);
    expect(policyOf(world, name)).toBeUndefined();
  });
});

describe('A vault in another organization', () => {
  it('is not opened, though the setting names it', async () => {
    const calls = world.sandbox.calls.length;
    const { incident } = await told(world, broken('partner', undefined, { copy: { account: PARTNER } }));
    expect(incident.planHash).toBeUndefined();
    await world.pass(3_600_000, 600_000);
    expect(await headOf(world, incident.id)).toMatchObject({ state: 'reported' });
    expect(puts(calls)).toBe(0);
    expect(world.sandbox.vault(PARTNERS)?.policy).toBeUndefined();
  });
});

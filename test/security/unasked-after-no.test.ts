import {
  broken,
  headOf,
  hubOf,
  told,
  vaultArn,
  worldOf,
  operator,
  policyOf,
  request,
  effects,
  mailsAbout,
  statementsIn,
  THEIRS,
  type World,
} from './fixture';
import { untilAtRest } from '../sandbox/demo/rest';

let world: World;
beforeAll(async () => {
  world = await worldOf([], {
    destinations: [vaultArn('auto')],
    settings: { autoApply: vaultArn('auto'), retry: 'never' },
  });
});
afterAll(() => world.close());

it('a change that a person has taken back is not made again without asking', async () => {
  const { incident, stage } = await told(
    world,
    broken('auto', undefined, {
      arrange: ({ destinationVault }) =>
        void (destinationVault.policy = JSON.stringify({ Version: '2012-10-17', Statement: THEIRS })),
    }),
  );
  await world.pass(300_000);
  const head = await headOf(world, incident.id);
  expect(head).toMatchObject({ state: 'applied', auto: true });
  await world.pass(60_000);
  const { status } = await request(world, operator(world), head, { revision: head.revision }, '/rollback');
  expect(status).toBe(201);
  await world.drain();
  const proposed = await headOf(world, incident.id);
  expect(proposed).toMatchObject({ state: 'rollback-proposed' });
  const decided = await world.cli(
    'rollback',
    incident.id,
    ...hubOf(world),
    '--profile',
    'operator',
    '--plan',
    (proposed.rollback?.planHash ?? '').slice(0, 12),
    '--yes',
  );
  expect(decided.code).toBe(0);
  await world.drain();
  await untilAtRest(world, [incident.id]);
  expect(await headOf(world, incident.id)).toMatchObject({ state: 'rolled-back' });
  const calls = world.sandbox.calls.length;
  const mails = world.sandbox.published.length;
  expect(statementsIn(policyOf(world, 'auto'))).toHaveLength(2);
  // The next scheduled copy fails.
  await world.pass(3_600_000);
  const { recoveryPoint, destinationVault, role } = stage;
  await world.sandbox.runCopy({ recoveryPoint, destinationVaultArn: destinationVault.arn, role: role.arn });
  await world.sandbox.finishCopies();
  await world.pass(300_000);
  const after = await headOf(world, incident.id);
  expect(effects(world, calls)).toEqual([]);
  expect(after).toMatchObject({ state: 'proposed', revision: 2 });
  const [mail, ...others] = mailsAbout(world, incident, mails);
  expect(others).toEqual([]);
  expect(mail?.subject).toMatch(/^\[Approve\]/);
  expect(mail?.email.replace(/\s+/g, ' ')).toContain('A person has rejected this change before, or taken it back.');
});

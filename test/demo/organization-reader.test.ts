import { play } from '../sandbox/demo/play';
import { destinationVaultArn, MANAGEMENT, UNREAD, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World } from '../sandbox/demo/world';

const named = (name: string) => scenarios.find((one) => one.name === name) as Scenario;
/** A vault policy alone is wrong, in an account that has no reader role. */
const unreadable: Scenario = { ...named('vault-policy-lacks-source'), name: 'unreadable', copy: { account: UNREAD } };
const switchedOff = named('cross-account-backup-disabled');

const administrator = '333333333333';

async function inWorld(organizationAccount: string | undefined, test: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld({
    destinations: [unreadable, switchedOff].map(destinationVaultArn),
    ...(organizationAccount === undefined ? {} : { settings: { organizationAccount } }),
  });
  try {
    world.organization.delegatedAdministrators.push(administrator);
    await test(world);
  } finally {
    await world.close();
  }
}

it.each([
  ['nobody', undefined, 'likely'],
  ['the management account', MANAGEMENT, 'confirmed'],
  // Only the management account's answer on the switch counts.
  ["a delegated administrator's account", administrator, 'likely'],
])('asked of %s, that cross-account backup is off is %s', async (_, account, confidence) =>
  inWorld(account, async (world) => {
    const { causes } = await play(world, switchedOff);
    expect(causes).toEqual([expect.objectContaining({ id: 'cross-account-backup-disabled', confidence })]);
  }),
);

it.each([
  ['nobody', undefined, false],
  ['the management account', MANAGEMENT, true],
  ["a delegated administrator's account", administrator, true],
])('asked of %s, whether an account without a reader is in the organization is known: %s', async (_, account, known) =>
  inWorld(account, async (world) => {
    const { ruledOut, notCheckable } = await play(world, unreadable);
    const id = 'accounts-in-different-organizations';
    expect(ruledOut.includes(id)).toBe(known);
    expect(notCheckable.some((row) => row.id === id)).toBe(!known);
    expect(world.errors).toEqual([]);
  }),
);

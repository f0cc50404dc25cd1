import { broken, policyOf, told, worldOf, type World } from './fixture';

let world: World;
beforeAll(async () => (world = await worldOf(['members', 'condition', 'number'])));
afterAll(() => world.close());

const GUARD = '"Sid":"Guard","Effect":"Deny","Principal":"*","Action":"backup:DeleteRecoveryPoint","Resource":"*"';
const AUDIT =
  '"Sid":"Audit","Effect":"Deny","Principal":"*","Action":"backup:UpdateRecoveryPointLifecycle","Resource":"*"';

it.each([
  ['members', `{"Version":"2012-10-17","Statement":[{${GUARD}}],"Statement":[{${AUDIT}}]}`],
  [
    'condition',
    `{"Version":"2012-10-17","Statement":[{${GUARD},"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"},"StringNotEquals":{"aws:PrincipalAccount":"222222222222"}}}]}`,
  ],
  [
    'number',
    `{"Version":"2012-10-17","Statement":[{${GUARD},"Condition":{"StringNotEquals":{"aws:PrincipalTag/badge":12345678901234567891}}}]}`,
  ],
])('%s: what cannot be written as it was read gets no plan', async (name, text) => {
  const { incident } = await told(
    world,
    broken(name, undefined, { arrange: ({ destinationVault }) => void (destinationVault.policy = text) }),
  );
  expect(incident.planHash).toBeUndefined();
  expect(policyOf(world, name)).toBe(text);
});

import { PutBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { DESTINATION, REGION } from '../sandbox/demo/scenario';
import { policyText } from '../sandbox/demo/stage';
import { Audit } from '../sandbox/demo/week-audit';
import {
  addLanes,
  breakLane,
  copyLane,
  laneName,
  LANES,
  mendLane,
  vaultArnOf,
  type Lane,
} from '../sandbox/demo/week-lanes';
import { createWorld, type World } from '../sandbox/demo/world';
import { clients } from '../sandbox/fixture';

let world: World;
let lanes: readonly Lane[];
let audit: Audit;
beforeEach(async () => {
  world = await createWorld({ destinations: Array.from({ length: LANES }, (_, index) => vaultArnOf(laneName(index))) });
  lanes = addLanes(world);
  audit = new Audit(world, lanes);
});
afterEach(() => world.close());

const INCIDENT = 'AAAAAAAAAAAAAAAA';
const lane = (): Lane => lanes[0] as Lane;

/** What the service would do by its role. */
function put(Policy: string) {
  const writer = `arn:aws:iam::${DESTINATION}:role/copy-doctor-${REGION}-vault-writer`;
  const { backup } = clients(world.sandbox, world.sandbox.roleCredentials(writer, `${INCIDENT}-1`));
  const BackupVaultName = lane().stage.destinationVault.name;
  return backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName, Policy }));
}

const added = (policy: string | undefined, Sid: string) => {
  const { Statement } = JSON.parse(policy ?? '') as { Statement: object[] };
  const ours = { Sid, Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*' };
  return policyText(...Statement, ours);
};

it('finds nothing in a quiet world', async () => {
  expect(await audit.atTheEnd([])).toEqual([]);
});

it('finds a change that nobody decided on, unless the settings name the vault', async () => {
  await put(added(lane().stage.destinationVault.policy, 'CopyDoctorX'));
  expect(await audit.atTheEnd([])).toEqual([`nobody decided on the change for ${INCIDENT}#1`]);
  expect(await audit.atTheEnd([lane().stage.destinationVault.arn])).toEqual([]);
});

it('finds two changes for one decision', async () => {
  const auto = [lane().stage.destinationVault.arn];
  await put(added(lane().stage.destinationVault.policy, 'CopyDoctorX'));
  await put(added(lane().stage.destinationVault.policy, 'CopyDoctorY'));
  expect(await audit.atTheEnd(auto)).toEqual([`${INCIDENT}#1: changed twice`]);
});

it('finds a statement of others that was lost', async () => {
  const { policy, arn } = lane().stage.destinationVault;
  const { Statement } = JSON.parse(policy ?? '') as { Statement: object[] };
  await put(policyText(...Statement.slice(0, 1)));
  expect((await audit.atTheEnd([arn]))[0]).toMatch(/lost a statement of others/);
});

it('finds a failure that no incident holds, and a dead letter that nothing explains', async () => {
  breakLane(lane(), 'no policy');
  await copyLane(world.sandbox, world.hub, lane());
  for (const { id } of world.sandbox.copyJobs) world.heldBack.add(id);
  await world.sandbox.finishCopies();
  const lost = await audit.atTheEnd([]);
  expect(lost).toHaveLength(2);
  expect(lost[0]).toMatch(/^no incident holds the failed copy/);

  mendLane(lane());
  world.failures.send('{"detail":{"copyJobId":"unknown"}}');
  await world.drain();
  expect((await audit.atTheEnd([])).at(-1)).toMatch(/^dead letter: /);
});

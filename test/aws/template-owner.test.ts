import { templateOwner } from '../../lambda/aws/template-owner';
import { DESTINATION, REGION } from '../sandbox/fixture';
import { startHub, type Deployment } from './remediate-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
let deployed: Deployment;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(async () => {
  hub.sandbox.faults.clear();
  hub.sandbox.clearCalls();
  hub.sandbox.stacks.length = 0;
  hub.sandbox.taggedResources.length = 0;
  deployed = await hub.deploy();
});

const ownerOf = (resource: string) =>
  templateOwner({ resource, owner: DESTINATION, region: REGION }, deployed.services());
const stack = (...resources: readonly { logicalId: string; physicalId: string; type: string }[]) =>
  hub.sandbox.addStack({ account: DESTINATION, region: REGION, name: 'backup', resources: [...resources] });
const tag = (arn: string, value: string) =>
  hub.sandbox.addTaggedResource({
    account: DESTINATION,
    region: REGION,
    arn,
    tags: { 'aws:cloudformation:stack-name': value },
  });
const refuseStacks = () =>
  hub.sandbox.faults.add({
    service: 'cloudformation',
    operation: 'DescribeStackResources',
    error: { code: 'AccessDenied', message: 'no', status: 403 },
  });
const asked = () => hub.sandbox.calls.map(({ operation }) => operation).filter((name) => name !== 'AssumeRole');

it('names the stack and the logical id of a vault and of a key', async () => {
  const [vault] = deployed.vaults;
  stack(
    { logicalId: 'Role', physicalId: 'backup-role', type: 'AWS::IAM::Role' },
    { logicalId: 'Vault', physicalId: vault.name, type: 'AWS::Backup::BackupVault' },
    { logicalId: 'Key', physicalId: hub.destinationKey.id, type: 'AWS::KMS::Key' },
  );
  expect(await ownerOf(vault.arn)).toEqual({ stack: 'backup', logicalId: 'Vault' });
  expect(await ownerOf(hub.destinationKey.arn)).toEqual({ stack: 'backup', logicalId: 'Key' });
});

it('finds none where no stack holds it, and asks no further', async () => {
  const [vault] = deployed.vaults;
  tag(vault.arn, 'gone');
  expect(await ownerOf(vault.arn)).toBeUndefined();
  expect(asked()).toEqual(['DescribeStackResources']);
});

it('takes a resource of another type with the same physical id for another one', async () => {
  const [vault] = deployed.vaults;
  stack({ logicalId: 'Bucket', physicalId: vault.name, type: 'AWS::S3::Bucket' });
  expect(await ownerOf(vault.arn)).toBeUndefined();
  tag(vault.arn, 'vaults');
  expect(await ownerOf(vault.arn)).toEqual({ stack: 'vaults' });
});

it('reads the tag where stacks cannot be asked', async () => {
  const [vault] = deployed.vaults;
  refuseStacks();
  tag(vault.arn, 'backup');
  expect(await ownerOf(vault.arn)).toEqual({ stack: 'backup' });
});

it('says nothing where nothing can be read', async () => {
  const [vault] = deployed.vaults;
  refuseStacks();
  const throttled = { service: 'tagging', operation: 'GetResources', throttle: true };
  hub.sandbox.faults.add(throttled);
  expect(await ownerOf(vault.arn)).toBeUndefined();

  hub.sandbox.faults.clear();
  hub.sandbox.faults.add({ service: 'sts', operation: 'AssumeRole', throttle: true });
  expect(await ownerOf(vault.arn)).toBeUndefined();
});

it('does not ask about what is no vault and no key', async () => {
  expect(await ownerOf(`arn:aws:iam::${DESTINATION}:role/backup`)).toBeUndefined();
  expect(await ownerOf('not an ARN')).toBeUndefined();
  expect(asked()).toEqual([]);
});

it('takes names for data', async () => {
  const [vault] = deployed.vaults;
  stack({ logicalId: 'Va\u202eult\n', physicalId: vault.name, type: 'AWS::Backup::BackupVault' });
  hub.sandbox.stacks.forEach((one) => (one.name = 'back\u200bup\n'.padEnd(400, 'x')));
  const owner = await ownerOf(vault.arn);
  expect(owner?.logicalId?.trim()).toBe('Vault');
  expect(owner?.stack).toHaveLength(255);
  expect(owner?.stack).toMatch(/^backup x+…$/);
});

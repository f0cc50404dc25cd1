import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  GetAllowedImagesSettingsCommand,
} from '@aws-sdk/client-ec2';
import { DESTINATION, openWorld, refused, REGION, SOURCE, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld('EC2');
});
afterEach(() => world.sandbox.close());

const ec2 = (account = SOURCE) => {
  const { sandbox } = world;
  return new EC2Client({
    endpoint: sandbox.endpoint,
    region: REGION,
    credentials: sandbox.credentials(account),
    maxAttempts: 1,
  });
};
const imageId = () => world.recoveryPoint.arn.split('/').at(-1) ?? '';

test("ec2 (its own Query): an image's snapshots, each under the key of its disk", async () => {
  const { sandbox, recoveryPoint, sourceKey } = world;
  const second = sandbox.addKey({ account: SOURCE, region: REGION });
  recoveryPoint.furtherKeyArns.push(second.arn);
  const { Images = [] } = await ec2().send(new DescribeImagesCommand({ ImageIds: [imageId()] }));
  expect(Images).toMatchObject([{ ImageId: imageId(), OwnerId: SOURCE, State: 'available' }]);
  const ids = (Images[0]?.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.SnapshotId ?? '');
  expect(ids).toHaveLength(2);
  const { Snapshots = [] } = await ec2().send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
  expect(Snapshots.map(({ SnapshotId, Encrypted, KmsKeyId }) => [SnapshotId, Encrypted, KmsKeyId])).toEqual([
    [ids[0], true, sourceKey.arn],
    [ids[1], true, second.arn],
  ]);
});

test('what is not there, and what belongs to others, is not found', async () => {
  const image = refused(ec2().send(new DescribeImagesCommand({ ImageIds: ['ami-1'] })));
  expect(await image).toEqual({
    name: 'InvalidAMIID.NotFound',
    message: "The image id '[ami-1]' does not exist",
    status: 400,
  });
  const foreign = refused(ec2(DESTINATION).send(new DescribeImagesCommand({ ImageIds: [imageId()] })));
  expect((await foreign).name).toBe('InvalidAMIID.NotFound');
  const snapshot = refused(ec2().send(new DescribeSnapshotsCommand({ SnapshotIds: ['snap-<1>'] })));
  expect((await snapshot).message).toBe("The snapshot 'snap-<1>' does not exist.");
});

test('allowed images', async () => {
  const ask = () => ec2(DESTINATION).send(new GetAllowedImagesSettingsCommand({}));
  expect(await ask()).toMatchObject({ State: 'disabled' });
  world.sandbox.account(DESTINATION).allowedImageProviders = ['amazon'];
  expect(await ask()).toMatchObject({ State: 'enabled', ImageCriteria: [{ ImageProviders: ['amazon'] }] });
});

test('what the sandbox does not know, it refuses', async () => {
  const all = refused(ec2().send(new DescribeImagesCommand({ Owners: ['self'] })));
  expect((await all).message).toMatch(/not emulated|ec2 with Owners/i);
});

import { AwsError, NotEmulatedError } from './errors';
import type { Api, ApiCall } from './api';
import type { RecoveryPoint } from './model';

/** The snapshots of an image: one for each disk, each under the key of that disk. */
function snapshotsOf({ arn, keyArn, furtherKeyArns }: RecoveryPoint): { id: string; keyArn: string | undefined }[] {
  const image = /:image\/ami-(.+)$/.exec(arn)?.[1];
  const snapshot = /:snapshot\/(snap-.+)$/.exec(arn)?.[1];
  if (snapshot) return [{ id: snapshot, keyArn }];
  return image
    ? [keyArn, ...furtherKeyArns].map((key, disk) => ({ id: `snap-${disk}${image.slice(1)}`, keyArn: key }))
    : [];
}

const pointsOf = ({ sandbox, account, region }: ApiCall): RecoveryPoint[] =>
  sandbox
    .account(account)
    .vaults.filter((vault) => vault.region === region)
    .flatMap((vault) => vault.recoveryPoints);

/** Only what is asked by id is known here. */
function idsIn({ input }: ApiCall, name: string): string[] {
  const other = Object.keys(input).find((key) => key !== name);
  if (other !== undefined || !Array.isArray(input[name])) throw new NotEmulatedError(`ec2 with ${other ?? 'no ids'}`);
  return input[name] as string[];
}

export const ec2Api: Api = {
  DescribeImages: {
    handle(call) {
      return {
        Images: idsIn(call, 'ImageIds').map((id) => {
          const point = pointsOf(call).find(({ arn }) => arn.endsWith(`:image/${id}`));
          if (!point) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
          return {
            ImageId: id,
            OwnerId: call.account,
            State: 'available',
            CreationDate: point.createdAt.toISOString(),
            BlockDeviceMappings: snapshotsOf(point).map((snapshot, disk) => ({
              DeviceName: disk === 0 ? '/dev/xvda' : `/dev/sd${String.fromCharCode(97 + disk)}`,
              Ebs: { SnapshotId: snapshot.id, Encrypted: snapshot.keyArn !== undefined, VolumeType: 'gp3' },
            })),
          };
        }),
      };
    },
  },
  DescribeSnapshots: {
    handle(call) {
      const known = pointsOf(call).flatMap(snapshotsOf);
      return {
        Snapshots: idsIn(call, 'SnapshotIds').map((id) => {
          const found = known.find((snapshot) => snapshot.id === id);
          if (!found) throw new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
          return {
            SnapshotId: id,
            OwnerId: call.account,
            State: 'completed',
            Encrypted: found.keyArn !== undefined,
            ...(found.keyArn === undefined ? {} : { KmsKeyId: found.keyArn }),
          };
        }),
      };
    },
  },
  GetAllowedImagesSettings: {
    handle({ sandbox, account }) {
      const providers = sandbox.account(account).allowedImageProviders;
      if (!providers) return { State: 'disabled', ImageCriteria: [], ManagedBy: 'account' };
      return { State: 'enabled', ImageCriteria: [{ ImageProviders: providers }], ManagedBy: 'account' };
    },
  },
};

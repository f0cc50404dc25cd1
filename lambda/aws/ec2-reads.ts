import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  GetAllowedImagesSettingsCommand,
} from '@aws-sdk/client-ec2';
import { clientOf, type ClientConfig } from './read-clients';

export type Ec2Operation = 'ec2:DescribeImages' | 'ec2:DescribeSnapshots' | 'ec2:GetAllowedImagesSettings';

/** Reads of EC2. Only `import()` this file: its client is a chunk of its own, loaded where a copy is one of an image. */
export function ec2Read(operation: Ec2Operation, input: object, config: ClientConfig): Promise<object> {
  const ec2 = clientOf(EC2Client, config);
  switch (operation) {
    case 'ec2:DescribeImages':
      return ec2.send(new DescribeImagesCommand(input));
    case 'ec2:DescribeSnapshots':
      return ec2.send(new DescribeSnapshotsCommand(input));
    case 'ec2:GetAllowedImagesSettings':
      return ec2.send(new GetAllowedImagesSettingsCommand(input));
  }
}

import { parseArn } from '../../arn';
import type { Copy } from '../../evidence';
import { arg } from './policy-words';

/** `i-0123…` of an instance's ARN. */
const instanceId = ({ resourceArn }: Copy) => /^instance\/(.+)$/.exec(parseArn(resourceArn ?? '')?.resource ?? '')?.[1];

/** Texts of the checks on images and snapshots of EC2, by check id. */
export const images = {
  'marketplace-image': {
    title: 'The instance comes from an AWS Marketplace image, which cannot be copied to another account',
    steps: (copy: Copy) => {
      const id = instanceId(copy);
      return [
        `Check the product code of the instance, in account ${copy.sourceAccount}:\n` +
          `aws ec2 describe-instances --region ${arg(copy.sourceRegion)}${id === undefined ? '' : ` --instance-ids ${arg(id)}`} --query "Reservations[].Instances[].[InstanceId,ProductCodes]"`,
        'Back up the data volumes of the instance as EBS volumes and copy those recovery points.',
        `Subscribe to the same product in account ${copy.destinationAccount}, so that an instance can be launched there and take the volumes.`,
      ];
    },
  },
};

import { parseArn } from '../../arn';
import type { Copy } from '../../evidence';
import { clean } from '../clean';
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

  'image-not-allowed': {
    title: 'The account that copies the image does not allow images from its owner',
    noState: 'The answer on allowed images contains no state.',
    mayAllow: 'The allowed images of the account have criteria that may let this one in.',
    because: (copy: Copy, providers: readonly string[]) =>
      `Account ${copy.destinationAccount} allows in ${copy.destinationRegion} only images of ${clean(providers.length > 0 ? providers.join(', ') : 'nobody', 300)}, not those of account ${copy.sourceAccount}.`,
    steps: (copy: Copy, managedBy?: string, providers: readonly string[] = ['OTHERS']) => [
      `Look at the allowed images of account ${copy.destinationAccount}:\naws ec2 get-allowed-images-settings --region ${arg(copy.destinationRegion)}`,
      managedBy === 'declarative-policy'
        ? `Add account ${copy.sourceAccount} to the image providers in the declarative policy of the organization, which manages this setting.`
        : `Add account ${copy.sourceAccount} to the image providers, among those that are there; this command replaces them all (where a declarative policy of the organization manages the setting, change it there):\n` +
          `aws ec2 replace-image-criteria-in-allowed-images-settings --region ${arg(copy.destinationRegion)} --image-criteria ${arg(`ImageProviders=${[...providers, copy.sourceAccount].join(',')}`)}`,
      'Add the alias aws-backup-vault too, if images come from a logically air-gapped vault.',
      `Check that the image still exists in account ${copy.sourceAccount}, then start the copy again from the source vault.`,
    ],
  },

  'snapshot-not-shared': {
    title: 'The snapshots of the image were not shared for as long as the copy needed them',
    steps: (copy: Copy) => [
      `Look in CloudTrail of account ${copy.sourceAccount} for who changed permissions while the copy ran:\n` +
        ['ModifySnapshotAttribute', 'ModifyImageAttribute']
          .map(
            (name) =>
              `aws cloudtrail lookup-events --region ${arg(copy.sourceRegion)} --lookup-attributes AttributeKey=EventName,AttributeValue=${name}`,
          )
          .join('\n'),
      'Exempt what AWS Backup shares from that automation: it shares snapshots and images with the destination for as long as the copy runs.',
      'Start the copy again from the source vault.',
    ],
  },
};

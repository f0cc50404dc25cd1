import { parseArn } from '../../arn';
import type { Copy } from '../../evidence';
import { clean } from '../clean';
import { arg } from './policy-words';

/** `i-0123…` of an instance's ARN. */
const instanceId = ({ resourceArn }: Copy) => /^instance\/(.+)$/.exec(parseArn(resourceArn ?? '')?.resource ?? '')?.[1];

/** The criteria of an account as they were read. */
type Criteria = readonly Readonly<Record<string, unknown>>[];

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceImageCriteriaInAllowedImagesSettings.html
const MOST_CRITERIA = 10;
/** A longer list is not for a command line. */
const LONGEST = 4000;

/** AWS's command replaces all criteria: those that are there are sent again, whole, and one more allows the source. */
function addCriterion(copy: Copy, criteria: Criteria | undefined): readonly string[] {
  const [account, region] = [copy.destinationAccount, arg(copy.destinationRegion)];
  const replace = `aws ec2 replace-image-criteria-in-allowed-images-settings --region ${region} --image-criteria`;
  const own = { ImageProviders: [copy.sourceAccount] };
  const elsewhere = ' (where a declarative policy of the organization manages the setting, change it there)';
  const permits = `Know that this lets account ${account} find and launch every image that account ${copy.sourceAccount} shares with it or makes public.`;
  const undo = `${permits} To undo it, store the old list again:`;
  const old = JSON.stringify(criteria ?? []);
  if (criteria && criteria.length >= MOST_CRITERIA) {
    return [
      `Make one criterion of two that can be one, or add account ${copy.sourceAccount} to the ImageProviders of one whose other conditions the image meets${elsewhere}: AWS takes ${MOST_CRITERIA} criteria at most, and there are ${criteria.length}.`,
    ];
  }
  if (!criteria || old.length > LONGEST || clean(old, LONGEST) !== old) {
    return [
      `Read the criteria with credentials of account ${account}, and keep the file for undoing${elsewhere}:\n` +
        `aws ec2 get-allowed-images-settings --region ${region} --query ImageCriteria > criteria.json; cp criteria.json criteria-old.json`,
      `Add this criterion to the list in criteria.json and keep all that is there; AWS takes ${MOST_CRITERIA} at most:\n${JSON.stringify(own)}`,
      `Store the whole list:\n${replace} file://criteria.json`,
      `${undo}\n${replace} file://criteria-old.json`,
    ];
  }
  return [
    `Add a criterion for account ${copy.sourceAccount} to those that are there, with credentials of account ${account}; this command replaces them all, and names them as they were read${elsewhere}:\n` +
      `${replace} ${arg(JSON.stringify([...criteria, own]))}`,
    criteria.length > 0 ? `${undo}\n${replace} ${arg(old)}` : `${permits} The list was empty before.`,
  ];
}

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
    steps: (copy: Copy, managedBy?: string, criteria?: Criteria) => [
      `Look at the allowed images of account ${copy.destinationAccount}:\naws ec2 get-allowed-images-settings --region ${arg(copy.destinationRegion)}`,
      ...(managedBy === 'declarative-policy'
        ? [
            `Add a criterion for account ${copy.sourceAccount} in the declarative policy of the organization, which manages this setting, and keep those that are there.`,
          ]
        : addCriterion(copy, criteria)),
      `Name the alias aws-backup-vault beside account ${copy.sourceAccount} too, if images come from a logically air-gapped vault.`,
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

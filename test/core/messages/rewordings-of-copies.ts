import type { CauseId } from '../../../lambda/core/cause-ids';

const SOURCE_KEY: readonly CauseId[] = [
  'source-key-policy-lacks-destination',
  'source-key-policy-lacks-grants',
  'source-key-policy-denies',
  'source-key-unusable',
  'source-key-missing',
];
const ANY_KEY: readonly CauseId[] = [
  'source-key-unusable',
  'destination-key-unusable',
  'source-key-policy-lacks-destination',
];
/** AWS's texts in words that AWS might choose tomorrow, and the causes that they still point to: organizations, types, keys. */
export const REWORDINGS_OF_COPIES: readonly {
  readonly causes: readonly CauseId[];
  readonly texts: readonly string[];
}[] = [
  // Organization
  {
    causes: ['accounts-in-different-organizations'],
    texts: [
      'Both the source and the destination account must be a member of the same organization',
      'Copy job failed. Both source and destination accounts must be members of the same AWS organization.',
      'Copy job failed because both source and destination accounts must be in the same organization.',
      'ACCESS DENIED: both source and destination accounts must belong to the same organization',
      'Source and destination accounts must be members of the same organization.',
      'Copy job failed. The source account and the destination account must be part of the same organization in AWS Organizations.',
      'The source and destination accounts are not members of the same organization.',
      'Both source and destination account must be member of the same organization (Service: AWSBackup; Status Code: 400; Error Code: InvalidRequestException; Request ID: 8f1d; Proxy: null)',
      'Copy job failed. Source and destination account must belong to the same AWS Organizations organization.',
      'Copy job failed: The source and destination accounts must both be members of the same organization.',
      'Both accounts must be members of the same organization.',
      'Both source and destination account need to be a member of the same organization',
      'Both source and destination account should be members of the same AWS Organizations',
    ],
  },
  {
    causes: ['cross-account-backup-disabled'],
    texts: [
      'Cross-account copy feature is not enabled for the current organization',
      "Copy job failed. The cross-account backup feature isn't enabled for your AWS organization.",
      'Cross account copy feature is disabled for the current organization.',
      'Copy job failed. Cross-account backup is not enabled for the organization.',
      'Copy job failed because cross-account copy is not enabled in your organization.',
      'Cross-account backup has not been enabled for the current organization',
      'Copy job failed. Cross-account copy feature is not enabled in the current organization.',
      'Cross-account copy is not enabled for your organization',
      'Cross-account backup feature is not turned on for the organization.',
    ],
  },
  {
    causes: ['source-region-or-service-not-enabled', 'destination-region-not-enabled'],
    texts: [
      'AWS Access Key Id needs a subscription for the service.',
      'The AWS Access Key ID needs a subscription for this service (Service: AmazonEC2; Status Code: 401; Error Code: OptInRequired; Request ID: 1; Proxy: null)',
      'SubscriptionRequiredException: The AWS Access Key Id needs a subscription for the service',
      'Copy job failed. The access key ID needs a subscription to the service.',
      'An error occurred (OptInRequired) when calling the CopySnapshot operation: The AWS Access Key Id needs a subscription for the service',
      'The AWS Access Key Id requires a subscription for the service',
      'The AWS Access Key needs a subscription for the service',
    ],
  },

  // What can be copied
  {
    causes: ['single-action-not-supported', 'resource-type-not-copyable'],
    texts: [
      'Copy job from eu-west-1 to ap-southeast-2 cannot be initiated for Neptune resources. Feature is not supported for provided resource type',
      'Copy job from us-gov-west-1 to us-gov-east-1 can not be initiated for DocumentDB resources. The feature is not supported for the provided resource type.',
      "copy job from cn-north-1 to cn-northwest-1 can't be initiated for SAP HANA on Amazon EC2 resources. Feature isn't supported for provided resource type.",
      'Copy jobs from us-west-2 to us-east-1 cannot be started for RDS resources. This feature is not supported for the provided resource type.',
      'Copy job failed. The copy job from us-west-2 to us-east-1 could not be initiated for Aurora resource. Feature not supported for the given resource type.',
      'Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resources. Feature is not supported for the resource type provided.',
      'Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resource type. Feature is not supported for provided resource type.',
      'Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resources because feature is not supported for provided resource type.',
    ],
  },
  {
    causes: ['resource-type-not-copyable', 'single-action-not-supported'],
    texts: [
      'Copy job failed. Feature is not supported for provided resource type',
      'The feature is not supported for the provided resource type.',
      'UnsupportedOperation : Feature isn’t supported for provided resource type.',
      'This feature is not supported for the resource type provided.',
      'Feature not supported for the specified resource type',
    ],
  },
  {
    causes: ['resource-type-not-copyable'],
    texts: [
      'Unsupported resource type: Redshift',
      'Copy job failed: unsupported resource type',
      'The copy job has an unsupported resource type.',
      'Access denied: unsupported resource type Redshift Serverless',
      'Copy job failed because of an unsupported resource type (Service: AWSBackup; Status Code: 400; Request ID: 1)',
    ],
  },
  {
    causes: ['rds-option-group-missing'],
    texts: [
      'This snapshot requires a target option group with the following options: TDE',
      'The DB snapshot requires a target option group with the following options: OEM, Timezone.',
      'Copy job failed. The snapshot requires a target option group with the following option: TDE (Service: AmazonRDS; Status Code: 400; Error Code: InvalidParameterCombination; Request ID: 1; Proxy: null)',
      'An error occurred (InvalidParameterCombination) when calling the CopyDBSnapshot operation: The snapshot requires a target option group with the following options: TDE.',
      'The snapshot requires target option group with following options: SQLSERVER_AUDIT',
      'Snapshot requires a target option group with the following options: TDE',
      'The snapshot requires a target option group that has the following options: TDE',
    ],
  },
  {
    causes: ['marketplace-image'],
    texts: [
      "Images from AWS Marketplace can't be copied to another AWS account",
      'Copy job failed. Images from the AWS Marketplace cannot be copied to another account.',
      'AMIs from AWS Marketplace cannot be copied to other AWS accounts.',
      'AWS Marketplace images can not be copied to another AWS account',
      'Images from AWS Marketplace could not be copied to a different AWS account. (Service: AmazonEC2; Status Code: 400; Error Code: InvalidRequest; Request ID: 1; Proxy: null)',
      'Image from the AWS Marketplace cannot be copied to another account',
      'AWS Marketplace AMIs cannot be copied to another AWS account',
    ],
  },
  {
    causes: ['image-not-allowed'],
    texts: [
      'Source AMI ami-0123456789abcdef0 not found in Region us-east-1',
      'The source AMI was not found in the Region.',
      'Source image not found in region eu-west-1. (Service: AmazonEC2; Status Code: 400; Error Code: InvalidAMIID.NotFound; Request ID: 1; Proxy: null)',
      'Copy job failed. Source AMI ami-0a could not be found in Region',
      "Source AMI 'ami-0123456789abcdef0' cannot be found in the Region",
      'Source AMI ami-0123 does not exist in Region us-east-1',
      'The source AMI ami-0123 is not found in Region us-east-1',
    ],
  },
  {
    causes: ['snapshot-not-shared'],
    texts: [
      "You don't have permission to access the storage of this AMI",
      'You do not have permissions to access the storage of this image.',
      'Copy job failed. You do not have permission to access the storage of the ami.',
      'You do not have permission to access the storage of ami-0123456789abcdef0 (Service: AmazonEC2; Status Code: 400; Error Code: InvalidRequest; Request ID: 1)',
      'You are missing permission to access the storage of this AMI.',
      'You do not have access to the storage of this AMI',
      'You do not have permissions to access the storage of this AMI (Service: AmazonEC2)',
    ],
  },
  {
    causes: ['source-key-aws-managed', 'air-gapped-vault-unsupported'],
    texts: [
      'This resource is encrypted with an AWS managed KMS key and cannot be copied to a logically air-gapped vault.',
      "Backup job completed successfully. The resource is encrypted with an AWS managed key and can't be copied to the logically air-gapped backup vault",
      'This resource is encrypted with AWS managed key and cannot be copied to logically air gapped vault',
      'Copy job failed. The resource is encrypted with an AWS-managed key and cannot be copied to a logically air-gapped backup vault.',
      'This resource is encrypted by an AWS managed customer master key (CMK) and cannot be copied to a logically air-gapped vault',
    ],
  },
  {
    causes: ['air-gapped-vault-unsupported'],
    texts: [
      'This resource type is not supported by logically air-gapped vaults.',
      "The resource type isn't supported by the logically air-gapped backup vault",
      'Copy job failed. This resource type is not supported for logically air gapped vaults.',
      'Resource type is not supported by logically air-gapped backup vault',
      'Backup job completed successfully to the target backup vault. This resource type isn’t supported in a logically air-gapped vault.',
      'This resource type is not supported by logically air-gapped backup vaults',
      'The resource type is not supported by a logically air-gapped vault',
    ],
  },

  // Encryption
  {
    causes: ['destination-key-aws-managed'],
    texts: [
      'Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key',
      "Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key. The contents of this vault can't be copied. Only the contents of a Backup vault encrypted by a customer managed key may be copied.",
      'The destination backup vault is encrypted with the default AWS Backup service-managed KMS key.',
      'Copy job failed because the target backup vault is encrypted with the default Backup managed key.',
      'Copy job failed because the destination vault is encrypted with a default AWS Backup managed key. The contents of this vault cannot be copied.',
      'Storage Gateway backup copies require a user created backup vault and key at the destination.',
      'UnsupportedOperation: Storage Gateway backup copies require a customer-created backup vault and key in the destination',
      'Copy job failed because the destination backup vault is encrypted with the default AWS Backup managed key.',
      'Copy job failed. The destination Backup vault is encrypted with the default Backup service managed KMS key. The contents of this vault cannot be copied.',
      'Copy job failed because the destination backup vault uses the default Backup service managed key.',
      'Copy job failed because the destination Backup vault is encrypted using the default Backup service managed key.',
    ],
  },
  {
    causes: ['source-key-aws-managed'],
    texts: [
      'Snapshots encrypted with the AWS managed key cannot be shared.',
      'Snapshots encrypted with an AWS managed KMS key can’t be shared. Specify another snapshot',
      'Copy job failed. Snapshots encrypted with the AWS managed customer master key (CMK) can not be shared. Specify another snapshot.',
      'Encrypted snapshots with EBS default CMK cannot be shared.',
      "Snapshots that are encrypted with the AWS managed key can't be shared.",
      'The snapshot encrypted with the AWS managed key cannot be shared. Please specify another snapshot.',
      'Encrypted snapshots with the default Amazon EBS key cannot be shared',
      'Snapshots encrypted with AWS managed keys cannot be shared.',
      'Snapshots encrypted with the AWS Managed KMS key can’t be shared. Specify another snapshot. (Service: Ec2, Status Code: 400, Request ID: abc)',
      "A snapshot encrypted with the AWS managed key can't be shared.",
      "Encrypted snapshots with the EBS default KMS key can't be shared",
      "Snapshots encrypted using the AWS managed key can't be shared",
    ],
  },
  {
    causes: SOURCE_KEY,
    texts: [
      'The source snapshot KMS key [arn:aws-cn:kms:cn-north-1:222222222222:key/1f] does not exist, is not enabled, or you do not have permission to access it.',
      "The source snapshot KMS key doesn't exist, isn't enabled or you don't have permissions to access it",
      'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default KMS key.',
      'Given key ID isn’t accessible.',
      'Copy job failed because given key ID is not accessible',
      'The source snapshot AWS KMS key [arn:aws:kms:eu-west-1:111111111111:key/1f] does not exist, is disabled, or you do not have the permissions to access it.',
      "The source DB snapshot's KMS key does not exist, is not enabled or you do not have permissions to access it.",
      'The given KMS key ID is not accessible',
      'The source snapshot KMS key [arn:aws:kms:eu-central-1:111111111111:key/abc] does not exist or is not enabled or you do not have permissions to access it.',
      "The source snapshot KMS key does not exist, is not enabled or you don't have permission to use it",
      'AMI snapshot copy failed with error: Given KMS key ID is not accessible. You must have DescribeKey permissions on the default KMS key',
      'Snapshot copy failed with error: Given key ID is not accessible',
      'Given key ID cannot be accessed',
    ],
  },
  {
    causes: ANY_KEY,
    texts: [
      'The KMS key is either disabled or pending deletion, or access to the KMS key is denied.',
      'AWS KMS key is either disabled or pending deletion or access to AWS KMS key is denied',
      'Copy job failed. KMS key is disabled, pending deletion, or access to the KMS key is denied.',
      'Customer master key (CMK) is either disabled or pending deletion or access to customer master key (CMK) is denied',
      'The AWS KMS key is either disabled or is pending deletion or access to the key was denied',
      'The specified KMS key does not exist, is not enabled or you do not have permissions to access it.',
      'The KMS key is either disabled, pending deletion or access to it is denied',
      'KMS key is disabled or pending deletion or access to KMS key is denied.',
    ],
  },
  {
    causes: ['source-key-missing'],
    texts: [
      "The given key ID doesn't exist",
      'Given KMS key ID does not exist.',
      'Copy job failed. Given key id does not exist (Service: AmazonEC2; Status Code: 400; Error Code: InvalidParameterValue; Request ID: 1)',
      'Key 11111111-1111-4111-8111-111111111111 does not exist',
      'NotFoundException: Key arn:aws:kms:eu-west-1:111111111111:key/1f does not exist',
      'The given key ID could not be found',
      'Given key does not exist',
    ],
  },
  {
    causes: ['source-key-policy-lacks-grants', 'source-key-policy-denies'],
    texts: [
      'User: arn:aws:sts::222222222222:assumed-role/AWSServiceRoleForBackup/AWSBackup is not authorized to perform: kms:CreateGrant on resource: arn:aws:kms:eu-west-1:111111111111:key/1f because no resource-based policy allows the kms:CreateGrant action',
      'AccessDeniedException: User: arn:aws:sts::222222222222:assumed-role/AWSServiceRoleForBackup/AWSBackup is not authorized to perform: kms:CreateGrant on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
      'Copy job failed. The role is not authorized to perform kms:CreateGrant',
      'You are not authorized to perform: kms:CreateGrant on this resource',
      'Caller is not authorized to perform: kms:CreateGrant (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: 1; Proxy: null)',
    ],
  },
  {
    causes: ['destination-key-unusable'],
    texts: [
      'You must specify a new KMS key for cross-Region encrypted snapshot copy.',
      'Must specify new AWS KMS key for cross region encrypted snapshot copies',
      'An error occurred (InvalidParameterValue) when calling the CopyDBSnapshot operation: Must specify a new KMS key for cross-region encrypted snapshot copy',
      'A new KMS key must be specified for cross-Region encrypted snapshot copy.',
      'Copy job failed. You must specify a KMS key for cross-Region encrypted snapshot copy.',
      'Must specify new KMS key for cross-region encrypted snapshot copy',
    ],
  },
];

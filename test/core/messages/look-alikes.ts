import type { CauseId } from '../../../lambda/core/cause-ids';
import { LOOK_ALIKES_OF_ACCESS } from './look-alikes-of-access';

/** Texts that resemble a message of AWS, and what they may point to. */
export interface LookAlike {
  readonly text: string;
  readonly expected: readonly CauseId[];
  readonly why: string;
}

export const LOOK_ALIKES: readonly LookAlike[] = [
  // Nothing to read
  { text: '', expected: [], why: 'empty' },
  { text: '   \n\t ', expected: [], why: 'blank' },
  { text: '...', expected: [], why: 'punctuation' },
  { text: 'The moon is made of cheese.', expected: [], why: 'unknown' },
  // Organization
  {
    text: 'Copy job completed although both source and destination account must be a member of the same organization.',
    expected: [],
    why: 'success, condition only mentioned',
  },
  {
    text: 'Both source and destination account are a member of the same organization.',
    expected: [],
    why: 'states that all is well',
  },
  {
    text: 'Both source and destination account must not be a member of the same organization.',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'Both source and destination account must be a member of the same organizational unit.',
    expected: [],
    why: 'partial word',
  },
  {
    text: 'Both source and destination vault must be a member of the same organization.',
    expected: [],
    why: 'other noun',
  },
  { text: 'Both source and destination Region must be in the same organization.', expected: [], why: 'other noun' },
  {
    text: 'Member of the same organization must be both source and destination account.',
    expected: [],
    why: 'word order',
  },
  {
    text: 'Restore job failed. Both source and destination account must be a member of the same organization.',
    expected: [],
    why: 'restore job',
  },
  {
    text: 'Copy job completed successfully. Both source and destination account must be a member of the same organization.',
    expected: [],
    why: 'success',
  },
  {
    text: 'Copy job failed. Cross-account copy feature is enabled for the current organization.',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'Copy job failed. Cross-Region copy feature is not enabled for the current organization.',
    expected: [],
    why: 'other feature',
  },
  {
    text: 'Copy job failed. Cross-account copy feature is not enabled for the current account.',
    expected: [],
    why: 'other noun',
  },
  // Types
  { text: 'Feature is supported for provided resource type.', expected: [], why: 'reversed' },
  {
    text: 'Copy job from us-west-2 to us-east-1 can be initiated for RDS resources. Feature is not supported for provided resource type.',
    expected: [],
    why: 'contradicts itself',
  },
  {
    text: 'Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resources. Feature is supported for provided resource type.',
    expected: [],
    why: 'contradicts itself',
  },
  {
    text: 'Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resources.',
    expected: [],
    why: 'no reason given',
  },
  {
    text: 'We checked that Feature is not supported for provided resource type never appears.',
    expected: [],
    why: 'mentioned within a sentence',
  },
  { text: 'Feature is not supported for provided resource types of AWS Config rules.', expected: [], why: 'goes on' },
  { text: 'Backup job failed. Feature is not supported for provided resource type.', expected: [], why: 'backup job' },
  { text: 'unsupported resource typeface', expected: [], why: 'partial word' },
  { text: 'No unsupported resource type was found.', expected: [], why: 'negated' },
  { text: 'supported resource type', expected: [], why: 'partial word' },
  {
    text: 'Storage Gateway backup copies do not require a user-created backup vault and key at destination.',
    expected: [],
    why: 'negated',
  },
  {
    text: 'The snapshot requires a target parameter group with the following options: TDE',
    expected: [],
    why: 'other noun',
  },
  {
    text: 'The snapshot does not require a target option group with the following options: TDE',
    expected: [],
    why: 'negated',
  },
  { text: 'Images from AWS Marketplace can be copied to another AWS account.', expected: [], why: 'reversed' },
  { text: 'Images from AWS Marketplace cannot be copied to another Region.', expected: [], why: 'other limit' },
  { text: 'Source AMI ami-0abc found in Region.', expected: [], why: 'reversed' },
  { text: 'Source volume not found in Region', expected: [], why: 'other noun' },
  { text: 'You have permission to access the storage of this ami.', expected: [], why: 'reversed' },
  { text: 'You do not have permission to access the storage of this bucket.', expected: [], why: 'other noun' },
  { text: 'This resource type is supported by logically air-gapped backup vault.', expected: [], why: 'reversed' },
  { text: 'Backup job completed successfully to the target backup vault.', expected: [], why: 'success' },
  {
    text: 'This resource is encrypted with a customer managed key and cannot be copied to a logically air-gapped backup vault.',
    expected: [],
    why: 'other key',
  },
  // Keys
  {
    text: 'Copy job failed because the destination Backup vault is not encrypted with the default Backup service managed key.',
    expected: [],
    why: 'negated',
  },
  {
    text: 'Copy job failed because the source Backup vault is encrypted with the default Backup service managed key.',
    expected: [],
    why: 'other vault',
  },
  {
    text: 'Copy job failed because the destination Backup vault is encrypted with a customer managed key.',
    expected: [],
    why: 'other key',
  },
  {
    text: 'Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key. The contents of this vault can be copied.',
    expected: [],
    why: 'contradicts itself',
  },
  { text: 'Snapshots encrypted with the AWS Managed CMK can be shared.', expected: [], why: 'reversed' },
  { text: "Snapshots encrypted with the customer managed key can't be shared.", expected: [], why: 'other key' },
  { text: 'Encrypted snapshots with Amazon EBS default key can be shared', expected: [], why: 'reversed' },
  { text: 'Unencrypted snapshots with Amazon EBS default key cannot be shared', expected: [], why: 'partial word' },
  { text: 'Given key ID is accessible', expected: [], why: 'reversed' },
  { text: 'Given key ID exists', expected: [], why: 'reversed' },
  {
    text: 'The source snapshot KMS key exists, is enabled and you have permissions to access it',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'The destination snapshot KMS key does not exist, is not enabled or you do not have permissions to access it',
    expected: [],
    why: 'the other key: no source cause',
  },
  { text: 'kms keys rotated', expected: [], why: 'partial word' },
  { text: 'The KMS key was rotated', expected: [], why: 'mentions a key' },
  { text: 'No errors: KMS key is enabled', expected: [], why: 'states that all is well' },
  { text: 'Copy job failed: the destination KMS key is disabled', expected: [], why: 'not the source key' },
  { text: 'Must not specify new KMS key for cross region encrypted snapshot copy.', expected: [], why: 'negated' },
  {
    text: 'The KMS key does not exist in this Region',
    expected: ['source-key-missing'],
    why: 'says which thing is missing',
  },
  {
    text: 'The KMS key is inaccessible',
    expected: [
      'source-key-policy-lacks-destination',
      'source-key-unusable',
      'source-key-policy-denies',
      'source-key-policy-lacks-grants',
    ],
    why: "AWS's own pattern, with a fault",
  },
  // Refusals
  { text: 'Access granted', expected: [], why: 'reversed' },
  { text: 'no access denied errors were found', expected: [], why: 'negated' },
  { text: 'Copy job finished without access denied', expected: [], why: 'negated' },
  { text: 'Access denied errors were not found', expected: [], why: 'negated behind' },
  { text: 'Access denied: false', expected: [], why: 'negated behind' },
  { text: 'If access denied, look at the vault policy', expected: [], why: 'condition' },
  { text: 'Access denied was resolved', expected: [], why: 'past' },
  { text: 'access-denied-page rendered', expected: [], why: 'part of a name' },
  { text: 'inaccess denied', expected: [], why: 'partial word' },
  { text: 'Access Denied trying to call Amazon S3 service', expected: [], why: 'another service' },
  { text: 'Access Denied trying to call AWS Backup gateway service', expected: [], why: 'another service' },
  { text: 'Access Denied trying to call AWS Config service', expected: [], why: 'another service' },
  { text: 'Access Granted trying to call AWS Backup service', expected: [], why: 'reversed' },
  { text: 'Trying to call AWS Backup service Access Denied', expected: [], why: 'word order' },
  { text: 'Backup job failed. Access Denied trying to call AWS Backup service', expected: [], why: 'backup job' },
  { text: "Access denied for user 'admin'@'10.0.0.1' (using password: YES)", expected: [], why: 'a database' },
  {
    text: 'An error occurred (AccessDenied) when calling the PutObject operation: Access Denied',
    expected: [],
    why: 'another operation',
  },
  { text: 'You are authorized to perform this operation.', expected: [], why: 'reversed' },
  { text: 'User is authorized to perform: backup:StartCopyJob', expected: [], why: 'reversed' },
  { text: 'Role does have permission', expected: [], why: 'reversed' },
  { text: 'No missing permission', expected: [], why: 'negated' },
  { text: 'IAM Role arn:aws:iam::123456789012:role/X can be assumed by AWS Backup', expected: [], why: 'reversed' },
  {
    text: 'IAM Role arn:aws:iam::123456789012:role/X cannot be assumed by AWS Lambda',
    expected: [],
    why: 'another service',
  },
  {
    text: 'IAM Role arn:aws:iam::123456789012:role/X does not have sufficient permissions to execute the restore.',
    expected: [],
    why: 'restore',
  },
  { text: 'Sufficient privileges to perform this action.', expected: [], why: 'reversed' },
  {
    text: 'User: arn:aws:sts::123456789012:assumed-role/R/S is not authorized to perform: backup:CopyIntoBackupVault on resource: arn:aws:backup:us-east-1:123456789012:backup-vault:v with an explicit allow in a resource-based policy',
    expected: [],
    why: 'contradicts itself',
  },
  {
    text: 'User: arn:aws:sts::123456789012:assumed-role/R/S is not authorized to perform: backup:CopyIntoBackupVault on resource: arn:aws:backup:us-east-1:123456789012:backup-vault:v with an explicit deny in a service control policy',
    expected: ['organization-policy-denies-copy'],
    why: 'says which policy',
  },
  {
    text: 'User: arn:aws:sts::123456789012:assumed-role/R/S is not authorized to perform: backup:CopyIntoBackupVault on resource: arn:aws:backup:us-east-1:123456789012:backup-vault:v because no identity-based policy allows the backup:CopyIntoBackupVault action',
    expected: ['copy-role-lacks-permission'],
    why: 'says which policy',
  },
  {
    text: 'User: arn:aws:sts::123456789012:assumed-role/R/S is not authorized to perform: backup:StartCopyJob on resource: arn:aws:backup:us-east-1:123456789012:backup-vault:v with an explicit deny in a resource-based policy',
    expected: ['source-vault-policy-denies'],
    why: 'asked of the source vault',
  },
  ...LOOK_ALIKES_OF_ACCESS,
];

import type { LookAlike } from './look-alikes';

const REFUSED = 'User: arn:aws:sts::123456789012:assumed-role/R/S is not authorized to perform:';
const VAULT = 'arn:aws:backup:us-east-1:123456789012:backup-vault:v';
const KMS_KEY = 'arn:aws:kms:us-east-1:123456789012:key/1f';

/** Those of tags, vaults, roles and capacity, and of rewordings. */
export const LOOK_ALIKES_OF_ACCESS: readonly LookAlike[] = [
  // Refusals of IAM, by the kind of policy that they name
  {
    text: `${REFUSED} backup:CopyIntoBackupVault on resource: ${VAULT} because no service control policy allows the backup:CopyIntoBackupVault action`,
    expected: ['organization-policy-denies-copy'],
    why: 'says which policy',
  },
  {
    text: `${REFUSED} backup:CopyFromBackupVault because no resource control policy allows the backup:CopyFromBackupVault action`,
    expected: ['organization-policy-denies-copy'],
    why: 'says which policy',
  },
  {
    text: `${REFUSED} backup:CopyIntoBackupVault on resource: ${VAULT} because no permissions boundary allows the backup:CopyIntoBackupVault action`,
    expected: ['copy-role-lacks-permission'],
    why: 'the boundary is of the role',
  },
  {
    text: `${REFUSED} backup:CopyFromBackupVault on resource: ${VAULT} with an explicit deny in a permissions boundary`,
    expected: ['copy-role-lacks-permission'],
    why: 'the boundary is of the role',
  },
  {
    text: `${REFUSED} kms:CreateGrant on resource: ${KMS_KEY} with an explicit deny in a resource-based policy`,
    expected: ['source-key-policy-denies'],
    why: 'no Allow cures a Deny',
  },
  {
    text: `${REFUSED} kms:Decrypt on this resource with an explicit deny in a resource-based policy`,
    expected: ['source-key-policy-denies'],
    why: 'no Allow cures a Deny',
  },
  // Tags
  {
    text: 'We are able to copy resource tags to your backup because of the Internal Failure',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'We are unable to copy resource tags to your backup because source or destination recovery point is available',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'We are unable to restore resource tags to your volume because of the Internal Failure',
    expected: [],
    why: 'restore',
  },
  {
    text: "The tag policy does allow the specified value for the following tag key: 'xyz'",
    expected: [],
    why: 'reversed',
  },
  {
    text: "The backup policy does not allow the specified value for the following tag key: 'xyz'",
    expected: [],
    why: 'other policy',
  },
  {
    text: "The tag policy does not allow the specified value for the following tag key: 'access denied'",
    expected: ['tag-policy-violation'],
    why: 'the name of a key is not read',
  },
  {
    text: "The tag policy does not allow the specified value for the following tag key: 'Completed successfully. Copy job completed'",
    expected: ['tag-policy-violation'],
    why: 'the name of a key is not read',
  },
  { text: "Tag 'is invalid' was copied", expected: [], why: 'the name of a key is not read' },
  { text: 'The resultant tag set must have more than 50 user tags.', expected: [], why: 'reversed' },
  { text: 'No more than 50 tags specified', expected: [], why: 'negated' },
  // Capacity
  { text: 'There are not too many copy jobs running for resource.', expected: [], why: 'negated' },
  { text: 'There are too many restore jobs running for resource.', expected: [], why: 'other job' },
  { text: 'Backup job failed because there was no running job for the same resource.', expected: [], why: 'negated' },
  { text: 'subscriber limit not exceeded', expected: [], why: 'negated' },
  { text: 'Maximum allowed active snapshot limit not exceeded.', expected: [], why: 'negated' },
  {
    text: 'You have not reached your quota of 50,000 for the number of public and private images allowed in this Region.',
    expected: [],
    why: 'negated',
  },
  { text: 'Can create more than 20 user snapshots', expected: [], why: 'reversed' },
  {
    text: 'Copy job failed. The retention specified in the job is within the range specified for the target Backup Vault.',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'Backup job failed because the lifecycle is inside the valid range for backup vault.',
    expected: [],
    why: 'reversed',
  },
  { text: 'Backup job completed before expiration.', expected: [], why: 'word order' },
  { text: 'Restore job expired before completion.', expected: [], why: 'other job' },
  { text: 'No internal error occurred.', expected: [], why: 'negated' },
  { text: 'An external error occurred.', expected: [], why: 'partial word' },
  { text: 'Copy job encountered a non-fatal error.', expected: [], why: 'other word' },
  { text: 'Restore job encountered a fatal error.', expected: [], why: 'other job' },
  { text: 'Token has not expired. Try again.', expected: [], why: 'negated' },
  // Not found
  { text: 'Could find cryopod', expected: [], why: 'reversed' },
  { text: 'Could not find resource group', expected: [], why: 'other noun' },
  { text: 'resource found', expected: [], why: 'reversed' },
  { text: 'Route table not found.', expected: [], why: 'other noun' },
  { text: 'The specified volume was found.', expected: [], why: 'reversed' },
  { text: 'The specified volume type was not found.', expected: [], why: 'other noun' },
  { text: 'The option group og-1 does not exist', expected: [], why: 'other noun' },
  { text: 'The backup vault policy does not exist', expected: [], why: 'other noun' },
  { text: 'The source backup vault does not exist', expected: [], why: 'other vault' },
  {
    text: 'Snapshot snap-0123 does not exist',
    expected: ['recovery-point-missing'],
    why: 'says which thing is missing',
  },
  {
    text: 'Backup vault night-vault does not exist',
    expected: ['destination-vault-missing'],
    why: 'says which thing is missing',
  },
  { text: 'Recovery point is still available', expected: [], why: 'reversed' },
  { text: 'Snapshot is in the available state', expected: [], why: 'reversed' },
  { text: 'The lifecycle is invalidated', expected: [], why: 'partial word' },
  { text: 'The lifecycle is not invalid', expected: [], why: 'negated' },
  { text: 'Nothing is invalid', expected: [], why: 'negated' },
  {
    text: 'Parameter is invalid, access denied',
    expected: ['copy-role-lacks-permission', 'vault-policy-lacks-source', 'vault-policy-denies'],
    why: 'what says more wins',
  },
  { text: 'Failed to share snapshot', expected: [], why: 'partial word' },
  { text: 'This is not the case: Access Denied trying to call AWS Backup service', expected: [], why: 'disowned' },
  { text: 'Access Denied trying to call AWS Backup service (not the cause)', expected: [], why: 'disowned' },
  { text: 'No such problem: source AMI not found in Region', expected: [], why: 'disowned' },
  { text: 'Example: Given key ID is not accessible', expected: [], why: 'an example' },
  { text: 'It is not true that the vault does not exist', expected: [], why: 'negated' },
  { text: 'Resource not found in the cache, retried and succeeded', expected: [], why: 'cured' },
  { text: 'Token expired. Sign in to the console again.', expected: [], why: 'another token' },
  { text: 'This feature is no longer available', expected: [], why: 'other noun' },
  { text: 'An internal error occurred in the billing console.', expected: [], why: 'goes on' },
  {
    text: 'Copy job failed. Both source and destination account must be a member of the same organization, but they are.',
    expected: [],
    why: 'goes on',
  },
  {
    text: 'Copy job failed because backup vault arn:aws:backup:us-west-2:111122223333:backup-vault:copy-successful/example does not exist.',
    expected: ['destination-vault-missing'],
    why: 'the name of a vault is not read',
  },
  // Rewordings of what did not happen
  {
    text: 'Source and destination accounts are members of the same organization.',
    expected: [],
    why: 'states that all is well',
  },
  {
    text: 'The source and destination accounts must be members of the same organizational unit.',
    expected: [],
    why: 'partial word',
  },
  { text: 'The source and destination vaults are not in the same organization.', expected: [], why: 'other noun' },
  { text: 'Cross-account backup is enabled for the organization.', expected: [], why: 'reversed' },
  { text: 'Cross-account backup is not enabled for the current vault.', expected: [], why: 'other noun' },
  {
    text: 'Cross-account backup is not enabled for the organization you looked at yesterday.',
    expected: [],
    why: 'goes on',
  },
  { text: 'The access key ID needs a subscription for the newsletter.', expected: [], why: 'other noun' },
  { text: 'This feature is not supported for the resource type of the other plan.', expected: [], why: 'goes on' },
  { text: 'AWS Marketplace images can be copied to another AWS account.', expected: [], why: 'reversed' },
  { text: 'AMIs from AWS Marketplace cannot be copied to other Regions.', expected: [], why: 'other limit' },
  { text: 'The source AMI was found in the Region.', expected: [], why: 'reversed' },
  {
    text: 'You are missing permission to access the storage of this bucket.',
    expected: ['copy-role-lacks-permission'],
    why: 'another noun, but a pattern of AWS',
  },
  { text: 'The resource type is supported by the logically air-gapped backup vault.', expected: [], why: 'reversed' },
  { text: 'The target backup vault is encrypted with a customer managed key.', expected: [], why: 'other key' },
  { text: "Snapshots that are encrypted with a customer managed key can't be shared.", expected: [], why: 'other key' },
  {
    text: 'A new KMS key need not be specified for cross-Region encrypted snapshot copy.',
    expected: [],
    why: 'reversed',
  },
  { text: 'We were able to copy resource tags to your backup.', expected: [], why: 'reversed' },
  {
    text: 'We are unable to copy resource tags to your ticket because of an internal error.',
    expected: [],
    why: 'other noun',
  },
  { text: 'The resulting tag set has fewer than 50 tags.', expected: [], why: 'reversed' },
  { text: 'AWS Backup can assume the IAM role arn:aws:iam::111111111111:role/copy.', expected: [], why: 'reversed' },
  {
    text: 'AWS Config cannot assume the IAM role arn:aws:iam::111111111111:role/copy',
    expected: [],
    why: 'another service',
  },
  {
    text: 'The retention specified in the job is within the range specified for the target backup vault.',
    expected: [],
    why: 'reversed',
  },
  {
    text: 'The retention specified in the job is outside the range that the auditor likes.',
    expected: [],
    why: 'goes on',
  },
  { text: 'Too many copy jobs are not running for this resource.', expected: [], why: 'negated' },
  {
    text: 'The maximum allowed in-progress snapshots for a single volume is not exceeded.',
    expected: [],
    why: 'negated',
  },
  { text: 'The job expired before completion of the audit report.', expected: [], why: 'goes on' },
  { text: 'Internal error occurred in the billing console.', expected: [], why: 'goes on' },
  { text: 'The token has not expired.', expected: [], why: 'negated' },
  { text: 'An attempt to call AWS Backup service was made; access was granted.', expected: [], why: 'reversed' },
  {
    text: 'The KMS key is neither disabled nor pending deletion, and access to the KMS key is allowed.',
    expected: [],
    why: 'reversed',
  },
];

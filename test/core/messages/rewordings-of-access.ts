import type { CauseId } from '../../../lambda/core/cause-ids';

const REFUSED: readonly CauseId[] = [
  'vault-policy-lacks-source',
  'vault-policy-denies',
  'copy-role-lacks-permission',
  'source-vault-policy-denies',
  'organization-policy-denies-copy',
];
const NOT_FOUND: readonly CauseId[] = ['recovery-point-missing', 'destination-vault-missing'];

/** AWS's texts in words that AWS might choose tomorrow, and the causes that they still point to: tags, vaults, roles, capacity. */
export const REWORDINGS_OF_ACCESS: readonly {
  readonly causes: readonly CauseId[];
  readonly texts: readonly string[];
}[] = [
  // Tags
  {
    causes: ['tag-copy-failed', 'tag-policy-violation'],
    texts: [
      'We are unable to copy resource tags to your backup because of an internal failure.',
      'Copy job failed. We are unable to copy resource tags to your backup because of internal error',
      'WE ARE UNABLE TO COPY RESOURCE TAGS TO YOUR BACKUP BECAUSE THE SOURCE OR DESTINATION RECOVERY POINT IS UNAVAILABLE.',
      "We're unable to copy the resource tags to your backup due to an internal failure.",
      'We were unable to copy resource tags to your copy because of the Internal Failure',
      "Unable to copy resource tags to your backup because the source or destination recovery point isn't available",
      'We are unable to copy resource tags to your backup because of Internal Failure',
      'We could not copy resource tags to your backup because of the internal failure.',
      'We are unable to copy the tags of the resource to your backup because of an internal failure',
      'We are not able to copy resource tags to your backup because of an internal failure',
    ],
  },
  {
    causes: ['tag-policy-violation'],
    texts: [
      'The tag policy does not allow the specified value for the following tag key: ‘Cost Center.1’.',
      'Copy job failed. Tag policy does not allow the specified values for the following tag keys: "a", "b"',
      "The tag policy doesn't allow the specified value for the following tag key: env (Service: AmazonEC2; Status Code: 400; Error Code: TagPolicyViolation; Request ID: 1; Proxy: null)",
      'Tag policies do not allow the specified value for the following tag key: CostCenter',
      'TagPolicyViolation: The tag policy does not allow the specified value for tag key: CostCenter',
      "The tag policy does not allow the specified value for the tag key 'xyz'.",
      "Tag policy doesn't allow the specified value for the following tag key: 'xyz'",
      "The value specified for the following tag key is not allowed by the tag policy: 'xyz'",
    ],
  },
  {
    causes: ['too-many-tags'],
    texts: [
      'Resultant tag set must not have more than 50 user tags',
      "The resulting tag set can't have more than 50 user tags.",
      'Copy job failed. The resultant tag set cannot have more than 50 tags.',
      'More than 50 tags are specified',
      'Copy job failed: more than 50 tags specified (Service: AWSBackup; Status Code: 400; Request ID: 1)',
      'The resultant tag set must not contain more than 50 user tags',
      'More than 50 tags have been specified',
    ],
  },

  // Vaults and roles
  {
    causes: REFUSED,
    texts: [
      'Access denied error trying to call AWS Backup service.',
      'Copy job failed. Access Denied when trying to call the AWS Backup service',
      'access denied while attempting to call AWS Backup service (Service: AWSBackup; Status Code: 403; Error Code: X; Request ID: 1; Proxy: null)',
      'AccessDenied trying to call AWS Backup service',
      'Copy job failed. Access was denied while calling the AWS Backup service.',
      'Access is denied when calling AWS Backup service',
      'Access denied while trying to call the AWS Backup service',
      'Access Denied trying to call AWS Backup service (Service: AWSBackup; Status Code: 403)',
      'Access denied trying to call AWS Backup',
    ],
  },
  {
    causes: ['copy-role-lacks-permission'],
    texts: [
      "You aren't authorized to perform this operation.",
      "Copy job failed. You're not authorized to perform this action",
      'UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: abc',
      'AccessDeniedException while trying to list tags',
      'Access denied when listing tags.',
      'The IAM role arn:aws:iam::111111111111:role/copy does not have sufficient permissions to execute the copy job.',
      'You do not have authorization to perform this operation.',
      'Access denied exception while trying to list the tags',
      'IAM Role arn:aws:iam::111111111111:role/x does not have sufficient permissions to execute the copy.',
      'IAM Role arn:aws:iam::111111111111:role/x does not have enough permissions to execute the backup.',
    ],
  },
  {
    causes: ['copy-role-not-assumable'],
    texts: [
      "IAM role arn:aws:iam::111111111111:role/copy can't be assumed by AWS Backup.",
      'Copy job failed. The role arn:aws:iam::111111111111:role/copy could not be assumed by AWS Backup',
      'AWS Backup cannot assume the IAM role arn:aws:iam::111111111111:role/copy',
      'Failed to unshare snapshot snap-0123456789abcdef0',
      'AWS Backup was unable to assume role arn:aws:iam::111111111111:role/copy.',
      'Failed to unshare the snapshots.',
      'IAM Role arn:aws:iam::123456789012:role/X cannot be assumed by the AWS Backup service',
    ],
  },
  {
    causes: ['retention-outside-vault-lock'],
    texts: [
      "The retention specified in the job isn't within the range specified for the target backup vault",
      'Copy job failed. The retention period specified in the copy job is not within the range specified for the destination backup vault.',
      'Copy job failed. The retention specified in the job is outside the range specified for the target Backup Vault.',
      'Copy job failed because the lifecycle is outside the valid range for the backup vault.',
      'Copy job failed because its lifecycle is outside of the valid range for destination backup vault',
      'The retention specified is not within the range allowed by the target vault.',
      'Copy job failed. The retention specified in the job is not within the range specified for the destination Backup Vault',
      'The retention period specified in the job is not within the range specified for the target vault.',
      'Copy job failed. The specified retention is not within the range specified for the target backup vault',
      'Copy job failed because the lifecycle is not within the valid range for backup vault',
      'Copy job failed. The lifecycle is outside the valid range for the backup vault.',
    ],
  },
  {
    causes: ['destination-vault-missing'],
    texts: [
      'Cannot find cryopod arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
      "Copy job failed. Couldn't find cryopod",
      'Copy job failed because backup vault arn:aws:backup:eu-west-1:222222222222:backup-vault:dr does not exist.',
      "The destination backup vault doesn't exist.",
      'Unable to find cryopod dr',
      'Could not find the cryopod',
      'Copy job failed because the backup vault arn:aws:backup:us-west-2:111122223333:backup-vault:x does not exist',
      'The backup vault x could not be found',
    ],
  },
  {
    causes: ['recovery-point-missing'],
    texts: [
      "Can't find recovery point arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0",
      'Copy job failed. Could not find the recovery point.',
      'Recovery point arn:aws:backup:eu-west-1:111111111111:recovery-point:1f does not exist',
      'The recovery point is no longer available.',
      'Unable to find recovery point',
      'Cannot find the recovery point.',
      'Recovery point not found',
      'The recovery point was not found',
      'The recovery point cannot be found',
    ],
  },
  {
    causes: NOT_FOUND,
    texts: [
      'Copy job failed. The specified volume vol-0123456789abcdef0 was not found.',
      "The specified volume wasn't found",
      'Could not find resource arn:aws:ec2:eu-west-1:111111111111:volume/vol-1',
      'ResourceNotFoundException: Resource not found.',
      'Copy job failed. Table not found (Service: DynamoDb; Status Code: 400; Request ID: 1)',
    ],
  },

  // Capacity and faults of the service
  {
    causes: ['copy-concurrency-limit'],
    texts: [
      'There are too many copy jobs running for the resource.',
      'Copy job failed. There are too many copy jobs running for resource arn:aws:rds:eu-west-1:111111111111:db:orders',
      'Too many copy jobs are running for this resource',
      'Copy job failed because there is a running job for the same resource.',
      'Copy job failed because another job was running for the same resource',
      'There are too many copy jobs running for the same resource.',
      'There are too many running copy jobs for resource',
      'Too many copy jobs running for the resource',
      'Copy job failed because there was another job running for the same resource.',
    ],
  },
  {
    causes: ['service-quota-reached'],
    texts: [
      "Subscriber limit exceeded: You've reached the maximum concurrent number of copies, which is 100.",
      'The maximum allowed in-progress snapshots for a single volume is exceeded.',
      'Copy job failed. Maximum allowed active snapshots limit exceeded (Service: AmazonEC2; Status Code: 400; Error Code: SnapshotLimitExceeded; Request ID: 1; Proxy: null)',
      "You've reached your quota of 1,000 for the number of public and private images allowed in this Region.",
      'Cannot create more than 100 manual snapshots',
      'You have reached the maximum supported backups for your account. See Quotas in the Timestream developer guide.',
      'An account can have at most 100 backup vaults.',
      'You have reached the maximum number of concurrent backups, which is 300.',
      'Maximum allowed active snapshots exceeded',
      'You have reached your quota of 50,000 for public and private images allowed in this Region.',
      'Cannot create more than 20 snapshots',
      'You have reached the maximum supported backups for your database',
    ],
  },
  {
    causes: ['job-window-expired'],
    texts: [
      'Copy job expired before completion.',
      'The backup job has expired before completion',
      'Copy job failed. The job expired before completion.',
      'Backup job expired before it was completed.',
      'The copy job expired before it completed',
      'Copy job expired before it could complete.',
      'Copy job has expired before completing',
    ],
  },
  {
    causes: ['aws-internal-error'],
    texts: [
      'An internal error has occurred',
      'Copy job failed. Internal error occured.',
      'The copy job has encountered a fatal error. Please contact AWS Support.',
      'Token has expired. Please try again.',
      'An internal failure occurred. (Service: AmazonEC2; Status Code: 500; Error Code: InternalError; Request ID: 1; Proxy: null)',
      'Internal error.',
      'The copy job encountered an internal error.',
      'Copy job failed due to an internal error.',
      'Copy job failed with a fatal error. Please contact AWS Support',
      'The token has expired. Try again',
      'The token is expired. Please try again.',
    ],
  },

  // Known, but of no cause
  {
    causes: ['uncatalogued'],
    texts: [
      'Recovery point is not in the available state.',
      'The specified policy cannot be added to the vault because of cross-account sharing restrictions.',
      'Insufficient privileges to perform this action',
      'MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals',
      'The request is invalid.',
    ],
  },
];

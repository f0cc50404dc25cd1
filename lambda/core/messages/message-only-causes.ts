import type { CauseId } from '../cause-ids';

/** A cause that no read proves yet: AWS's text is all there is, so it is never more than possible. */
export interface MessageOnlyCause {
  readonly id: CauseId;
  /** The fault, as a sentence that stands on its own, without a final period. */
  readonly title: string;
  readonly fix: 'manual' | 'retry-later';
  /** Steps for a person, in order; each starts with a verb. */
  readonly steps: readonly string[];
}

export const MESSAGE_ONLY_CAUSES: readonly MessageOnlyCause[] = [
  {
    id: 'source-region-or-service-not-enabled',
    title: 'The Region or the service of the resource is not enabled in the source account',
    fix: 'manual',
    steps: [
      'Look at the resource types that AWS Backup may protect in the source account and Region: aws backup describe-region-settings',
      'Turn on the resource type of the failed copy in the AWS Backup console, under Settings, Service opt-in.',
      'Open the console of the service in the source Region and check that the account can use it there.',
      'Start the copy again from the source vault.',
    ],
  },
  {
    id: 'destination-region-not-enabled',
    title: 'The destination Region is not enabled in the destination account',
    fix: 'manual',
    steps: [
      'Look at the state of the Region in the destination account: aws account list-regions --region-opt-status-contains DISABLED ENABLING DISABLING',
      'Enable the Region in the destination account, on the Account page of the console, under AWS Regions.',
      'Wait until the list shows the Region as ENABLED; this can take from minutes to hours.',
      'Start the copy again from the source vault.',
    ],
  },
  {
    id: 'air-gapped-vault-unsupported',
    title: 'A logically air-gapped vault does not take this resource type or its encryption',
    fix: 'manual',
    steps: [
      'Compare the resource type with the table "Feature availability by resource" in the AWS Backup Developer Guide, column "Logically air-gapped vault".',
      'Check which key encrypts the resource: a resource under an AWS managed key cannot be copied to such a vault.',
      'Choose a standard vault as the destination for this resource, or encrypt the resource with a customer managed key.',
    ],
  },
  {
    id: 'rds-option-group-missing',
    title: 'The database snapshot needs an option group that the destination does not have',
    fix: 'manual',
    steps: [
      'Read the names of the options in the status message of the copy job.',
      'Look at the option groups in the source: aws rds describe-option-groups',
      'Create an option group with the same options in the destination account and Region.',
      'Copy the snapshot with Amazon RDS and name that option group (aws rds copy-db-snapshot, parameter --option-group-name), because AWS Backup does not pass an option group.',
      'Move the database to an option group without persistent options if AWS Backup is to copy it in the future.',
    ],
  },
  {
    id: 'image-not-allowed',
    title: 'The account that copies the image does not allow images from its owner',
    fix: 'manual',
    steps: [
      'Look at the Allowed AMIs setting in the destination account and Region: aws ec2 get-allowed-images-settings',
      'Add the source account to the allowed image providers; for a copy from a logically air-gapped vault, add the alias aws-backup-vault.',
      'Check whether the setting is managed by a declarative policy of the organization; if so, change it there.',
      'Check that the image still exists in the source account.',
      'Start the copy again from the source vault.',
    ],
  },
  {
    id: 'snapshot-not-shared',
    title: 'The snapshots of the image were not shared for as long as the copy needed them',
    fix: 'manual',
    steps: [
      'Look in CloudTrail of the source account for ModifySnapshotAttribute and ModifyImageAttribute during the copy: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifySnapshotAttribute',
      'Find out who took the permission away; often it is an automation that closes shared snapshots.',
      'Exempt the changes that AWS Backup makes from that automation.',
      'Start the copy again from the source vault.',
    ],
  },
  {
    id: 'destination-key-policy-lacks-backup',
    title: "The key policy of the destination vault's key does not let AWS Backup use the key",
    fix: 'manual',
    steps: [
      'Find the key of the destination vault: aws backup list-backup-vaults --query "BackupVaultList[].[BackupVaultName,EncryptionKeyArn]"',
      'Read the key policy in the account that owns the key (aws kms get-key-policy).',
      'Add a statement that lets the owning account delegate with IAM policies, or one that allows the role AWSServiceRoleForBackup of the destination account to use the key and to create grants.',
      'Start the copy again from the source vault.',
    ],
  },
  {
    id: 'retention-outside-vault-lock',
    title: 'The retention of the copy is outside the range that the destination vault allows',
    fix: 'manual',
    steps: [
      'Look at the range of the destination vault: aws backup list-backup-vaults --query "BackupVaultList[].[BackupVaultName,MinRetentionDays,MaxRetentionDays]"',
      'Change the retention in the copy action of the backup plan to a number of days within that range; "always" is outside wherever there is a maximum.',
      'Start the copy again from the source vault with a lifecycle in the range.',
    ],
  },
  {
    id: 'destination-service-linked-role-missing',
    title: 'The destination account does not have the service-linked role of AWS Backup',
    fix: 'manual',
    steps: [
      'Create the role in the destination account: aws iam create-service-linked-role --aws-service-name backup.amazonaws.com',
      'Check that the role is there: aws iam get-role --role-name AWSServiceRoleForBackup',
      'Start the copy again from the source vault.',
    ],
  },
  {
    id: 'too-many-tags',
    title: 'The copy would have more than 50 tags',
    fix: 'manual',
    steps: [
      'Count the tags of the resource together with the tags that the backup plan adds to its recovery points.',
      'Remove tags from the resource or from the backup plan until at most 50 are left.',
      'Run a new backup and let it be copied; the tags of the old recovery point stay as they are.',
    ],
  },
  {
    id: 'copy-concurrency-limit',
    title: 'Too many copy jobs were running at the same time',
    fix: 'retry-later',
    steps: [
      'Look at the copy jobs that are running: aws backup list-copy-jobs --by-state RUNNING',
      'Wait until they have ended, then start the copy again.',
      'Spread the start times of the backup plans if this happens often.',
    ],
  },
  {
    id: 'service-quota-reached',
    title: 'A quota of the service was reached',
    fix: 'retry-later',
    steps: [
      'Read in the status message which limit was reached.',
      'Look at the current quota in the Service Quotas console of the account and Region.',
      'Delete snapshots or images that nobody needs, or request a higher quota.',
      'Start the copy again when there is room.',
    ],
  },
  {
    id: 'job-window-expired',
    title: 'The job did not end within its time window',
    fix: 'manual',
    steps: [
      'Look at the completion window of the rule in the backup plan.',
      'Make the window longer, or start the rule at an hour with less load.',
      'Check whether another job of the same resource was running; AWS Backup runs one at a time.',
      'Run the backup and its copy again.',
    ],
  },
  {
    id: 'aws-internal-error',
    title: 'AWS Backup met an error of its own',
    fix: 'retry-later',
    steps: [
      'Look at the AWS Health Dashboard for the source and the destination Region.',
      'Start the copy again after some time.',
      'Open a case with AWS Support and give the id of the copy job if it fails again.',
    ],
  },
  {
    id: 'nested-copy-failed',
    title: 'At least one of the nested copies of this composite job failed',
    fix: 'manual',
    steps: [
      'List the nested copy jobs of the parent job (aws backup list-copy-jobs, parameter --by-parent-job-id).',
      'Read the diagnosis of each nested copy that failed; each has its own cause and fix.',
      'Start the copy of the composite recovery point again when the causes are gone.',
    ],
  },
];

import { parseArn } from './arn';

/** A copy job's record, as ListCopyJobs and DescribeCopyJob give it; dates also as JSON has them. */
export interface CopyJobRecord {
  readonly CopyJobId?: string | undefined;
  readonly State?: string | undefined;
  readonly StatusMessage?: string | undefined;
  readonly CreationDate?: Date | string | undefined;
  readonly CompletionDate?: Date | string | undefined;
  readonly BackupSizeInBytes?: number | undefined;
  readonly IamRoleArn?: string | undefined;
  readonly ResourceArn?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly SourceBackupVaultArn?: string | undefined;
  readonly SourceRecoveryPointArn?: string | undefined;
  readonly DestinationBackupVaultArn?: string | undefined;
  readonly DestinationRecoveryPointArn?: string | undefined;
}

/**
 * The event that AWS sent when the job ended, made again from the job's record. `otherwise`: the time where the record
 * has none. https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function eventOf(
  job: CopyJobRecord,
  { account, region }: { readonly account: string; readonly region: string },
  otherwise?: string,
): Record<string, unknown> {
  const source = parseArn(job.SourceBackupVaultArn ?? '');
  const event = {
    version: '0',
    id: job.CopyJobId,
    'detail-type': 'Copy Job State Change',
    source: 'aws.backup',
    account: source?.account ?? account,
    time: iso(job.CompletionDate ?? job.CreationDate) ?? otherwise,
    region: source?.region ?? region,
    resources: job.SourceRecoveryPointArn ? [job.SourceRecoveryPointArn] : [],
    detail: {
      copyJobId: job.CopyJobId,
      backupSizeInBytes: job.BackupSizeInBytes,
      creationDate: iso(job.CreationDate),
      completionDate: iso(job.CompletionDate),
      iamRoleArn: job.IamRoleArn,
      resourceArn: job.ResourceArn,
      resourceType: job.ResourceType,
      sourceBackupVaultArn: job.SourceBackupVaultArn,
      destinationBackupVaultArn: job.DestinationBackupVaultArn,
      destinationRecoveryPointArn: job.DestinationRecoveryPointArn ?? {},
      state: job.State,
      statusMessage: job.StatusMessage,
    },
  };
  // As JSON has it: what the record lacks, the event lacks.
  return JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
}

const iso = (date: Date | string | undefined) => (typeof date === 'string' ? date : date?.toISOString());

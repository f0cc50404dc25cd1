import type { CopyFailure } from '../../lambda/core/copy-failure';
import { eventOf } from '../../lambda/core/copy-job-event';
import type { Response } from '../../lambda/core/evidence';
import type { StoredEvidence } from '../../lambda/core/incident/shown';

/** What `diagnose --case` takes. */
export interface CaseFile {
  readonly event: Record<string, unknown>;
  readonly readAt?: string;
  readonly responses: Readonly<Record<string, Response>>;
}

/** Evidence that a deployment has kept, as a case file. */
export const caseOf = ({ evidence: { failure, responses }, readAt }: StoredEvidence): CaseFile => ({
  event: eventIn(failure),
  readAt,
  responses,
});

/** Nothing is kept but the event: no check can read anything. */
export const caseOfEvent = (failure: CopyFailure): CaseFile => ({ event: eventIn(failure), responses: {} });

function eventIn(failure: CopyFailure): Record<string, unknown> {
  const event = eventOf(
    {
      CopyJobId: failure.copyJobId,
      State: failure.state,
      StatusMessage: failure.statusMessage,
      CompletionDate: failure.time,
      BackupSizeInBytes: failure.bytes,
      IamRoleArn: failure.roleArn,
      ResourceArn: failure.resourceArn,
      ResourceType: failure.resourceType,
      SourceBackupVaultArn: failure.sourceVaultArn,
      SourceRecoveryPointArn: failure.recoveryPointArn,
      DestinationBackupVaultArn: failure.destinationVaultArn,
    },
    failure,
  );
  return failure.drill ? { ...event, detail: { ...(event['detail'] as object), copyDoctorDrill: true } } : event;
}

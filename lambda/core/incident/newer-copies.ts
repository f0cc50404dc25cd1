import type { Job } from './shown';

/** A COMPLETED copy job, as ListCopyJobs tells it; times as Date.toISOString() writes them. */
export interface CompletedCopy {
  readonly copyJobId: string;
  readonly resourceArn: string;
  readonly destinationVaultArn: string;
  readonly recoveryPointArn?: string | undefined;
  readonly createdAt: string;
  readonly completedAt: string;
  /** When AWS Backup deletes it at the latest; absent: its record does not say, and then its source's expiry holds. */
  readonly expiresAt?: string | undefined;
  /** It copied one member of a composite recovery point. */
  readonly child: boolean;
}

/** A failure that is off the list, and the copy that took it off. */
export interface Copied {
  readonly copyJobId: string;
  readonly by: string;
}

/**
 * The failures whose resource has a newer copy in the same vault: completed after the failure, and begun after it too
 * unless it is of the same recovery point. A copy of an older one that only ended later proves nothing.
 */
export function newerCopies(jobs: readonly Job[], completed: readonly CompletedCopy[]): readonly Copied[] {
  const byTarget = new Map<string, CompletedCopy[]>();
  for (const copy of completed) {
    const key = target(copy.resourceArn, copy.destinationVaultArn);
    byTarget.set(key, [...(byTarget.get(key) ?? []), copy]);
  }
  return jobs.flatMap((job) => {
    const { resourceArn, destinationVaultArn } = job.failure;
    if (resourceArn === undefined || job.copiedBy !== undefined) return [];
    const newer = byTarget.get(target(resourceArn, destinationVaultArn))?.find((copy) => takesOff(copy, job));
    return newer ? [{ copyJobId: job.copyJobId, by: newer.copyJobId }] : [];
  });
}

const target = (resourceArn: string, vaultArn: string) => JSON.stringify([resourceArn, vaultArn]);

function takesOff(copy: CompletedCopy, { failure, failedAt }: Job): boolean {
  // One member's success is not its parent's, even where they share an ARN.
  if (copy.child && isComposite(failure)) return false;
  const samePoint = copy.recoveryPointArn !== undefined && copy.recoveryPointArn === failure.recoveryPointArn;
  return copy.completedAt > failedAt && (samePoint || copy.createdAt >= failedAt);
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/applicationstackbackups.html */
export const isComposite = ({
  state,
  recoveryPointArn,
  resourceType,
}: Pick<Job['failure'], 'state' | 'recoveryPointArn' | 'resourceType'>): boolean =>
  state === 'PARTIAL' ||
  recoveryPointArn?.includes(':recovery-point:composite:') === true ||
  resourceType === 'CloudFormation' ||
  resourceType === 'EKS';

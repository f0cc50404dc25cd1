import {
  BackupClient,
  DescribeCopyJobCommand,
  paginateListCopyJobs,
  type CopyJob,
  type CopyJobState,
} from '@aws-sdk/client-backup';
import { readCopyFailure } from '../../lambda/core/copy-failure';
import type { CopyFailure } from '../../lambda/core/copy-failure';
import { eventOf } from '../../lambda/core/copy-job-event';
import { asking, awsError, errorCode } from './aws-errors';
import { CliError, EXIT } from './io';
import type { Session } from './sessions';

export { eventOf };

/** A failed copy as an event, and as the core reads it. */
export interface FailedCopy {
  readonly event: Record<string, unknown>;
  readonly failure: CopyFailure;
}

const NOT_FOUND = /^(ResourceNotFoundException|InvalidParameterValueException|InvalidParameterValue)$/;

/** `given`: the options of the credentials, for the command that a hint repeats. */
export async function failedCopy(jobId: string, session: Session, given = ''): Promise<FailedCopy> {
  const { account, region } = session;
  const where = `in account ${account}, Region ${region}`;
  let job: CopyJob | undefined;
  try {
    job = (await backup(session).send(new DescribeCopyJobCommand({ CopyJobId: jobId }))).CopyJob;
  } catch (error) {
    if (!NOT_FOUND.test(errorCode(error))) throw awsError(`backup:DescribeCopyJob of ${jobId} ${where}`, error);
  }
  if (!job) {
    throw new CliError(
      `no copy job ${jobId} ${where}: check the id, --region and --profile (the source vault's account and Region count; ` +
        `AWS keeps a job for 30 days), or list the failed ones with \`npx --no-install copy-doctor diagnose --last 7d --region ${region}${given}\``,
    );
  }
  if (job.State !== 'FAILED' && job.State !== 'PARTIAL') throw new CliError(notFailed(jobId, job.State));
  return toFailedCopy(job, session);
}

function notFailed(jobId: string, state: CopyJobState | undefined): string {
  const next =
    state === 'COMPLETED'
      ? 'the copy is there, and there is nothing to diagnose'
      : 'wait until it has ended, then run this again';
  return `copy job ${jobId} has not failed, its state is ${state ?? 'unknown'}: ${next}`;
}

/** Every copy of this account and Region that failed since then, newest first. */
export async function failedCopies(since: Date, session: Session): Promise<CopyJob[]> {
  const what = `backup:ListCopyJobs in account ${session.account}, Region ${session.region}`;
  const client = backup(session);
  const lists = await asking(what, () =>
    Promise.all((['FAILED', 'PARTIAL'] as const).map((state) => list(client, state, since))),
  );
  // What a list leaves unsaid is left out rather than diagnosed as failed.
  const jobs = lists.flat().filter(({ State }) => State === 'FAILED' || State === 'PARTIAL');
  return jobs.sort((a, b) => when(b) - when(a));
}

async function list(client: BackupClient, ByState: CopyJobState, ByCompleteAfter: Date): Promise<CopyJob[]> {
  const jobs: CopyJob[] = [];
  for await (const page of paginateListCopyJobs({ client }, { ByState, ByCompleteAfter })) {
    jobs.push(...(page.CopyJobs ?? []));
  }
  return jobs;
}

const when = ({ CompletionDate, CreationDate }: CopyJob): number => (CompletionDate ?? CreationDate)?.getTime() ?? 0;

const backup = ({ region, credentials }: Session) => new BackupClient({ region, credentials });

export function toFailedCopy(job: CopyJob, session: Session): FailedCopy {
  const event = eventOf(job, session, new Date().toISOString());
  const failure = readCopyFailure(event);
  if (failure.ok) {
    if (failure.value.account === session.account) return { event, failure: failure.value };
    const { account } = failure.value;
    throw new CliError(
      `copy job ${job.CopyJobId} copies from account ${account}: run this with credentials of account ${account}`,
    );
  }
  throw new CliError(
    `copy job ${job.CopyJobId} cannot be diagnosed, AWS's record is odd: ${failure.reason}`,
    EXIT.notWorking,
  );
}

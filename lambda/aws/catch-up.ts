import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DiagnoseConfig } from '../config';
import { parseArn } from '../core/arn';
import { eventOf, type CopyJobRecord } from '../core/copy-job-event';
import { isRefused, listOf, textAt } from '../core/evidence';
import type { CatchUp } from '../core/failures-message';
import { CLIENT_CONFIG } from './client-config';
import type { Incidents } from './incidents';
import type { Readers } from './readers';

/** Hourly, and the last hours three times: events may be late, and a run may fail. */
const LOOK_BACK = 3 * 60 * 60_000;
const BATCH = 10;

export interface CatchUpServices {
  readonly incidents: Incidents;
  readonly readers: Readers;
  readonly config: Pick<DiagnoseConfig, 'failuresQueueUrl' | 'region'>;
  readonly now: () => Date;
}

export interface CaughtUp {
  readonly listed: number;
  readonly sent: number;
}

/**
 * Sends failures that nobody has heard of to the queue `failures`, as the events that they should have been. What is
 * known already is left alone. Throws where jobs cannot be listed or sent; then all of it may be done again.
 */
export async function catchUp(
  { account, region, since, summary }: CatchUp,
  { incidents, readers, config, now }: CatchUpServices,
): Promise<CaughtUp> {
  const ByCompleteAfter = since === undefined ? new Date(now().getTime() - LOOK_BACK) : new Date(since);
  let [listed, sent] = [0, 0];
  // One after the other, a part at a time: a storm has more jobs than fit into memory twice.
  for (const ByState of ['FAILED', 'PARTIAL']) {
    let NextToken: string | undefined;
    do {
      const input = { ByState, ByCompleteAfter, ...(NextToken ? { NextToken } : {}) };
      const answer = await readers.read('backup:ListCopyJobs', { account, region }, { input });
      if (isRefused(answer)) {
        throw new Error(`backup:ListCopyJobs in account ${account}, Region ${region}: ${answer.error}`);
      }
      // A list may name copies that others made into this account: those are theirs to tell.
      const jobs = (listOf(answer, 'CopyJobs') as readonly CopyJobRecord[]).filter(
        (job) => parseArn(job.SourceBackupVaultArn ?? '')?.account === account,
      );
      const known = await incidents.knownCopyJobs(jobs.flatMap(({ CopyJobId }) => CopyJobId ?? []));
      // A copy that the service started is on record before it fails, and held by no incident then.
      const unknown = jobs.filter(({ CopyJobId = '' }) => !known.get(CopyJobId)?.incidents.length);
      await send(
        unknown.map((job) => bodyOf(job, { account, region }, now().toISOString(), summary)),
        config,
      );
      listed += jobs.length;
      sent += unknown.length;
      NextToken = textAt(answer, 'NextToken');
    } while (NextToken !== undefined);
  }
  return { listed, sent };
}

function bodyOf(job: CopyJobRecord, place: { account: string; region: string }, now: string, summary: boolean): string {
  const event = eventOf(job, place, now);
  if (!summary) return JSON.stringify(event);
  return JSON.stringify({ ...event, detail: { ...(event['detail'] as object), copyDoctorSummary: true } });
}

let client: SQSClient | undefined;

async function send(bodies: readonly string[], { failuresQueueUrl, region }: CatchUpServices['config']): Promise<void> {
  client ??= new SQSClient({ ...CLIENT_CONFIG, region });
  for (let start = 0; start < bodies.length; start += BATCH) {
    const Entries = bodies
      .slice(start, start + BATCH)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: failuresQueueUrl, Entries }));
    const [first] = Failed;
    if (first) throw new Error(`${Failed.length} failures could not be sent: ${first.Code}`);
  }
}

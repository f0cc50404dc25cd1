import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_CONFIG } from './client-config';

/** SQS delays a message at most so long, in seconds, and takes so many in one batch. */
const LONGEST_DELAY = 900;
const BATCH = 10;

let client: SQSClient | undefined;
const clientIn = (region: string) => (client ??= new SQSClient({ ...CLIENT_CONFIG, region }));

const bodyOf = (incident: string) => JSON.stringify({ incident });

/** Says that an incident has something to do at `due`. Only for speed: what is lost or too far away, the tick sends. */
export async function hint(queueUrl: string, region: string, incident: string, due: string, now: Date): Promise<void> {
  const seconds = Math.max(0, Math.ceil((Date.parse(due) - now.getTime()) / 1000));
  if (seconds > LONGEST_DELAY) return;
  await clientIn(region).send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: bodyOf(incident), DelaySeconds: seconds }),
  );
}

/** A message for each incident. Those that SQS did not take are told by an error, after all others were sent. */
export async function sendAll(queueUrl: string, region: string, incidents: readonly string[]): Promise<void> {
  const failed: string[] = [];
  for (let start = 0; start < incidents.length; start += BATCH) {
    const batch = incidents.slice(start, start + BATCH);
    const answer = await clientIn(region).send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((incident, index) => ({ Id: String(index), MessageBody: bodyOf(incident) })),
      }),
    );
    failed.push(...(answer.Failed ?? []).map(({ Id, Code }) => `${batch[Number(Id)] ?? Id}: ${Code}`));
  }
  if (failed.length > 0) {
    throw new Error(
      `${failed.length} of ${incidents.length} messages were not taken: ${failed.slice(0, 5).join(', ')}`,
    );
  }
}

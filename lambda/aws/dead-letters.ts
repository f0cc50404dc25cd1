import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_CONFIG } from './client-config';

let client: SQSClient | undefined;

/** Puts what cannot be read where people find it, with the reason beside it, so that it never blocks its batch. */
export async function toDeadLetters(queueUrl: string, region: string, body: string, reason: string): Promise<void> {
  client ??= new SQSClient({ ...CLIENT_CONFIG, region });
  await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageAttributes: { reason: { DataType: 'String', StringValue: reason.slice(0, 1000) } },
    }),
  );
}

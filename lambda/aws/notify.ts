import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Report } from '../core/report';
import { renderJson } from '../core/render/json';
import { CLIENT_CONFIG } from './client-config';

/** SNS takes 256 KB for all texts of one publish together; the mail is repeated as the default. */
const LARGEST_TEXT = 60_000;

let client: SNSClient | undefined;

/** One diagnosis to the topic: text for people, JSON for machines. Throws what SNS throws: the queue tries again. */
export async function publishReport(topicArn: string, region: string, { diagnosis, mail }: Report): Promise<void> {
  client ??= new SNSClient({ ...CLIENT_CONFIG, region });
  const body = mail.body.length > LARGEST_TEXT ? `${mail.body.slice(0, LARGEST_TEXT)}\n[cut]\n` : mail.body;
  const json = renderJson(diagnosis);
  const summary =
    json.length > LARGEST_TEXT
      ? JSON.stringify({ version: 1, kind: 'diagnosis', cut: true, copyJobId: diagnosis.copy.copyJobId })
      : json;
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: mail.subject,
      MessageStructure: 'json',
      Message: JSON.stringify({
        default: body,
        email: body,
        sqs: summary,
        https: summary,
        http: summary,
        lambda: summary,
      }),
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: diagnosis.drill ? 'drill' : 'diagnosis' },
        account: { DataType: 'String', StringValue: diagnosis.copy.sourceAccount },
      },
    }),
  );
}

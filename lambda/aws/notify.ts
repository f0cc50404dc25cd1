import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { textsOf, type Message } from '../core/render/incident-mail';
import { CLIENT_CONFIG } from './client-config';

let client: SNSClient | undefined;

/** One message to the topic: text for people, JSON for machines. Throws what SNS throws: it is told again later. */
export async function publish(topicArn: string, region: string, message: Message, account: string): Promise<void> {
  client ??= new SNSClient({ ...CLIENT_CONFIG, region });
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: message.mail.subject,
      MessageStructure: 'json',
      Message: JSON.stringify(textsOf(message)),
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: message.kind },
        account: { DataType: 'String', StringValue: account },
      },
    }),
  );
}

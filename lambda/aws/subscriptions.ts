import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_CONFIG } from './client-config';

let client: SNSClient | undefined;

/** Whether anybody gets what is published: a subscription without an ARN waits for its confirmation, or was deleted. */
export async function hasConfirmedSubscriber(topicArn: string, region: string): Promise<boolean> {
  client ??= new SNSClient({ ...CLIENT_CONFIG, region });
  for await (const { Subscriptions } of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
    if (Subscriptions?.some(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:'))) return true;
  }
  return false;
}

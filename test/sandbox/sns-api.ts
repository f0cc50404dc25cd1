import { randomUUID } from 'node:crypto';
import { page, str, type Api, type ApiCall } from './api';
import { AwsError, NotEmulatedError } from './errors';
import type { Topic } from './model';

function topicOf(call: ApiCall): Topic {
  const arn = str(call, 'TopicArn');
  const topic = call.sandbox.topics.find((one) => one.arn === arn);
  if (!topic || topic.region !== call.region) throw new AwsError('NotFound', 'Topic does not exist', 404);
  // Topic policies are not emulated: only the owner's account is let in.
  if (topic.account !== call.account) throw new NotEmulatedError('sns across accounts');
  return topic;
}

const arnOf = (call: ApiCall) => str(call, 'TopicArn') ?? '*';

function checkText(call: ApiCall): string {
  const message = str(call, 'Message') ?? '';
  const invalid = (why: string) => new AwsError('InvalidParameter', `Invalid parameter: ${why}`);
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) > 256 * 1024) throw invalid('Message too long');
  const subject = str(call, 'Subject');
  if (subject !== undefined && (subject.length > 100 || /^$|[^\x20-\x7e]/.test(subject))) throw invalid('Subject');
  const structure = str(call, 'MessageStructure');
  if (structure === undefined) return message;
  if (structure !== 'json') throw invalid('MessageStructure');
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(message) as Record<string, unknown>;
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof parsed.default !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
  return message;
}

export const snsApi: Api = {
  Publish: {
    resource: arnOf,
    handle(call) {
      const topic = topicOf(call);
      const attributes = (call.input.MessageAttributes ?? {}) as Record<
        string,
        { DataType?: string; StringValue?: string }
      >;
      const message = checkText(call);
      call.sandbox.published.push({
        topicArn: topic.arn,
        subject: str(call, 'Subject'),
        message,
        messageStructure: str(call, 'MessageStructure'),
        attributes,
        at: call.sandbox.clock.now(),
      });
      return { MessageId: randomUUID() };
    },
  },
  ListSubscriptionsByTopic: {
    resource: arnOf,
    handle(call) {
      const topic = topicOf(call);
      const bad = () => new AwsError('InvalidParameter', 'Invalid parameter: NextToken');
      const { items, next } = page(topic.subscriptions, call.input.NextToken, undefined, 100, bad);
      const Subscriptions = items.map(({ arn, protocol, endpoint, confirmed }) => ({
        SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
        Owner: topic.account,
        Protocol: protocol,
        Endpoint: endpoint,
        TopicArn: topic.arn,
      }));
      return { Subscriptions, NextToken: next };
    },
  },
  GetTopicAttributes: {
    resource: arnOf,
    handle(call) {
      const topic = topicOf(call);
      const confirmed = topic.subscriptions.filter((subscription) => subscription.confirmed).length;
      return {
        Attributes: {
          TopicArn: topic.arn,
          Owner: topic.account,
          SubscriptionsConfirmed: String(confirmed),
          SubscriptionsPending: String(topic.subscriptions.length - confirmed),
          SubscriptionsDeleted: '0',
        },
      };
    },
  },
};

import { randomUUID } from 'node:crypto';
import { page, str, type Api, type ApiCall } from './api';
import { demandKey } from './demand';
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

const LARGEST = 262_144;
const invalid = (why: string) => new AwsError('InvalidParameter', `Invalid parameter: ${why}`);

type Attributes = Record<string, { DataType?: string; StringValue?: string }>;

/** The attributes of a message count too. */
function sizeOf(message: string, attributes: Attributes): number {
  const parts = Object.entries(attributes).flatMap(([name, { DataType = '', StringValue = '' }]) => [
    name,
    DataType,
    StringValue,
  ]);
  return [message, ...parts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** What a subscriber of a protocol is sent. */
function textFor(protocol: string, message: string, structure: string | undefined): string {
  if (structure === undefined) return message;
  const texts = JSON.parse(message) as Record<string, unknown>;
  const own = texts[protocol];
  return typeof own === 'string' ? own : String(texts.default);
}

function checkText(call: ApiCall, attributes: Attributes): string {
  const message = str(call, 'Message') ?? '';
  if (message === '') throw invalid('Empty message');
  if (sizeOf(message, attributes) > LARGEST) throw invalid('Message too long');
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
      const attributes = (call.input.MessageAttributes ?? {}) as Attributes;
      const message = checkText(call, attributes);
      demandKey(call, 'sns', topic.key);
      const subject = str(call, 'Subject');
      const messageStructure = str(call, 'MessageStructure');
      const { sandbox } = call;
      const told = { topicArn: topic.arn, subject, at: sandbox.clock.now() };
      sandbox.published.push({ ...told, message, messageStructure, attributes });
      for (const { protocol, endpoint, confirmed } of topic.subscriptions) {
        if (!confirmed) continue;
        sandbox.delivered.push({ ...told, protocol, endpoint, text: textFor(protocol, message, messageStructure) });
      }
      return { MessageId: randomUUID() };
    },
  },
  ConfirmSubscription: {
    // Needs no permission, unless it is to take the right to unsubscribe from everybody.
    resource: null,
    handle(call) {
      const topic = topicOf(call);
      const authenticate = str(call, 'AuthenticateOnUnsubscribe') === 'true';
      if (authenticate) call.demand('sns:ConfirmSubscription', topic.arn);
      const subscription = topic.subscriptions.find(({ token }) => token === str(call, 'Token'));
      if (!subscription) throw invalid('Token');
      subscription.confirmed = true;
      subscription.authenticateOnUnsubscribe ||= authenticate;
      return { SubscriptionArn: subscription.arn };
    },
  },
  ListSubscriptionsByTopic: {
    resource: arnOf,
    handle(call) {
      const topic = topicOf(call);
      const bad = () => invalid('NextToken');
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

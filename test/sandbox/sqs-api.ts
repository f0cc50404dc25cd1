import { createHash } from 'node:crypto';
import type { Api, ApiCall } from './api';
import { demandKey } from './demand';
import { AwsError, NotEmulatedError } from './errors';
import type { MessageAttribute, Queue, QueueMessage } from './queue';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function queueOf(call: ApiCall): Queue {
  const url = String(call.input.QueueUrl ?? '');
  // The path names the queue; the host may be spelled otherwise.
  const path = url.replace(/^https?:\/\/[^/]+/, '');
  const queue = call.sandbox.queues.find((one) => one.url.endsWith(path) && one.arn.split(':')[3] === call.region);
  if (!queue || path === '') throw missing();
  return queue;
}

const missing = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
const arnOf = (call: ApiCall) => queueOf(call).arn;

interface Entry {
  Id?: string;
  MessageBody?: string;
  DelaySeconds?: number;
  MessageAttributes?: Record<string, MessageAttribute>;
}

const LARGEST = 1024 * 1024; // since August 2025

function send(queue: Queue, entry: Entry): QueueMessage {
  const body = entry.MessageBody ?? '';
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > LARGEST) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${LARGEST} bytes.`,
    );
  }
  const delay = entry.DelaySeconds ?? 0;
  if (!(delay >= 0 && delay <= 900)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  return queue.send(body, entry.MessageAttributes ?? {}, delay);
}

const noFifo = ({ input }: ApiCall) => {
  if (input.MessageGroupId !== undefined) throw new NotEmulatedError('sqs: FIFO queues');
};

function attributesOf(queue: Queue): Record<string, string> {
  const now = queue.visible().length;
  const { deadLetter, maxReceiveCount } = queue;
  return {
    ApproximateNumberOfMessages: String(now),
    ApproximateNumberOfMessagesNotVisible: String(
      queue.messages.filter((m) => m.receiveCount > 0).length -
        queue.visible().filter((m) => m.receiveCount > 0).length,
    ),
    ApproximateNumberOfMessagesDelayed: String(
      queue.messages.filter((m) => m.receiveCount === 0).length -
        queue.visible().filter((m) => m.receiveCount === 0).length,
    ),
    QueueArn: queue.arn,
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    ...(deadLetter ? { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetter.arn, maxReceiveCount }) } : {}),
  };
}

export const sqsApi: Api = {
  GetQueueUrl: {
    resource: ({ input, region, account }) => `arn:aws:sqs:${region}:${account}:${String(input.QueueName)}`,
    handle({ input, region, account, sandbox }) {
      const owner = String(input.QueueOwnerAWSAccountId ?? account);
      const queue = sandbox.queues.find(
        (one) => one.arn === `arn:aws:sqs:${region}:${owner}:${String(input.QueueName)}`,
      );
      if (!queue) throw missing();
      return { QueueUrl: queue.url };
    },
  },
  GetQueueAttributes: {
    resource: arnOf,
    handle(call) {
      const all = attributesOf(queueOf(call));
      const wanted = (call.input.AttributeNames as string[] | undefined) ?? [];
      if (wanted.includes('All')) return { Attributes: all };
      const unknown = wanted.find((name) => !(name in all) && name !== 'RedrivePolicy');
      if (unknown) throw new NotEmulatedError(`sqs:GetQueueAttributes ${unknown}`);
      return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name))) };
    },
  },
  SendMessage: {
    resource: arnOf,
    handle(call) {
      noFifo(call);
      const queue = queueOf(call);
      demandKey(call, 'sqs', queue.key);
      const message = send(queue, call.input as Entry);
      return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
    },
  },
  SendMessageBatch: {
    resource: arnOf,
    permission: 'sqs:SendMessage',
    handle(call) {
      const entries = (call.input.Entries as Entry[] | undefined) ?? [];
      if (entries.length === 0)
        throw new AwsError(
          'EmptyBatchRequest',
          'There should be at least one SendMessageBatchRequestEntry in the request.',
        );
      if (entries.length > 10)
        throw new AwsError(
          'TooManyEntriesInBatchRequest',
          `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
        );
      if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
        throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
      const bytes = entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
      if (bytes > LARGEST)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${LARGEST} bytes. You have sent ${bytes} bytes.`,
        );
      const queue = queueOf(call);
      demandKey(call, 'sqs', queue.key);
      const Successful: object[] = [];
      const Failed: object[] = [];
      for (const entry of entries) {
        try {
          const message = send(queue, entry);
          Successful.push({ Id: entry.Id, MessageId: message.id, MD5OfMessageBody: md5(message.body) });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
        }
      }
      return { Successful, Failed };
    },
  },
  ReceiveMessage: {
    resource: arnOf,
    handle(call) {
      const { MaxNumberOfMessages = 1, VisibilityTimeout } = call.input as {
        MaxNumberOfMessages?: number;
        VisibilityTimeout?: number;
      };
      const messages = queueOf(call).receive(MaxNumberOfMessages, VisibilityTimeout);
      const system = [call.input.MessageSystemAttributeNames, call.input.AttributeNames].flat().map(String);
      const named = (call.input.MessageAttributeNames as string[] | undefined) ?? [];
      return {
        Messages: messages.length === 0 ? undefined : messages.map((message) => received(message, system, named)),
      };
    },
  },
  DeleteMessage: {
    resource: arnOf,
    handle(call) {
      queueOf(call).delete(String(call.input.ReceiptHandle));
      return {};
    },
  },
};

function received(message: QueueMessage, system: string[], named: string[]) {
  const all: Record<string, string> = {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const wanted = (names: string[]) => (name: string) => names.includes('All') || names.includes(name);
  const pick = <T>(from: Record<string, T>, test: (name: string) => boolean) => {
    const entries = Object.entries(from).filter(([name]) => test(name));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: pick(all, wanted(system)),
    MessageAttributes: pick(message.attributes, wanted(named)),
  };
}

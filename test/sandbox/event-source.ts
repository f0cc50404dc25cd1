import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { Queue, type MessageAttribute, type QueueMessage } from './queue';

export interface FunctionQueueOptions {
  /** An SQSHandler or one with batch failures; what it answers is read as Lambda reads it. */
  handler: (event: SQSEvent, context: Context) => unknown;
  /** A wire queue to share the messages of; else one in this process. */
  queue?: Queue;
  batchSize?: number;
  maxReceiveCount?: number;
  deadLetter?: Queue | FunctionQueue;
  arn?: string;
  /** The clock of delays, if the messages are not a wire queue's. */
  now?: () => number;
  onError?: (error: unknown) => void;
}

/** An SQS queue as a function's event source, with ReportBatchItemFailures. */
export class FunctionQueue {
  readonly queue: Queue;
  private readonly batchSize: number;

  constructor(private readonly options: FunctionQueueOptions) {
    const { deadLetter, arn, queue, now } = options;
    if (queue && (deadLetter ?? options.maxReceiveCount ?? arn ?? now) !== undefined) {
      throw new Error('a shared queue has its own deadLetter, maxReceiveCount, arn and clock');
    }
    this.batchSize = options.batchSize ?? 10;
    this.queue =
      queue ??
      new Queue({
        ...(arn === undefined ? {} : { arn }),
        ...(now === undefined ? {} : { now }),
        maxReceiveCount: options.maxReceiveCount ?? 5,
        deadLetter: deadLetter instanceof FunctionQueue ? deadLetter.queue : (deadLetter ?? new Queue()),
      });
  }

  get messages(): QueueMessage[] {
    return this.queue.messages;
  }

  get deadLetters(): QueueMessage[] {
    return this.queue.deadLetter?.messages ?? [];
  }

  send(
    body: string | object,
    more: { attributes?: Record<string, MessageAttribute>; delaySeconds?: number } = {},
  ): QueueMessage {
    return this.queue.send(typeof body === 'string' ? body : JSON.stringify(body), more.attributes, more.delaySeconds);
  }

  /** One batch; answers how many messages the function was given. */
  async deliver(): Promise<number> {
    const batch = this.queue.receive(this.batchSize);
    if (batch.length === 0) return 0;
    const failed = await this.invoke(batch);
    for (const message of batch) {
      if (failed.has(message.id)) this.queue.release(message);
      else this.queue.delete(message.receiptHandle ?? '');
    }
    return batch.length;
  }

  /** Until nothing is visible; answers how many deliveries that took. */
  async drain(): Promise<number> {
    for (let delivered = 0, batches = 0; ; batches++) {
      if (batches > 10_000) throw new Error('the queue does not drain: 10000 batches');
      const given = await this.deliver();
      if (given === 0) return delivered;
      delivered += given;
    }
  }

  private async invoke(batch: QueueMessage[]): Promise<Set<string>> {
    const all = new Set(batch.map(({ id }) => id));
    try {
      const answer = (await this.options.handler(
        { Records: batch.map((m) => record(m, this.queue.arn)) },
        lambdaContext(),
      )) as SQSBatchResponse | undefined;
      const failures = answer?.batchItemFailures ?? [];
      const ids = failures.map(({ itemIdentifier }) => itemIdentifier);
      // As Lambda does: an id that is empty or not of this batch fails the whole batch.
      if (ids.some((id) => !all.has(id))) return all;
      return new Set(ids);
    } catch (error) {
      this.options.onError?.(error);
      return all;
    }
  }
}

function record(message: QueueMessage, arn: string): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle ?? '',
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: 'AIDASANDBOX',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType ?? 'String', ...(StringValue === undefined ? {} : { stringValue: StringValue }) },
      ]),
    ),
    md5OfBody: createHash('md5').update(message.body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3] ?? '',
  };
}

function lambdaContext(): Context {
  const unused = () => {
    throw new Error('the callback style is not emulated');
  };
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'sandbox',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:sandbox',
    memoryLimitInMB: '256',
    awsRequestId: crypto.randomUUID(),
    logGroupName: '/aws/lambda/sandbox',
    logStreamName: 'sandbox',
    getRemainingTimeInMillis: () => 60_000,
    done: unused,
    fail: unused,
    succeed: unused,
  };
}

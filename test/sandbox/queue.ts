import { randomUUID } from 'node:crypto';
import type { Key } from './model';

export interface MessageAttribute {
  DataType?: string | undefined;
  StringValue?: string | undefined;
}

export interface QueueMessage {
  id: string;
  body: string;
  attributes: Record<string, MessageAttribute>;
  sentAt: number;
  visibleAt: number;
  firstReceivedAt: number | undefined;
  receiveCount: number;
  receiptHandle: string | undefined;
}

export interface QueueOptions {
  arn?: string;
  url?: string;
  visibilityTimeoutSeconds?: number;
  /** Both or neither: after so many receives a message moves. */
  maxReceiveCount?: number;
  deadLetter?: Queue;
  now?: () => number;
  /** Encrypts it: who sends needs the key too. */
  key?: Key;
}

/** A standard SQS queue's state: shared by the wire (sqs-api) and by FunctionQueue. */
export class Queue {
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly maxReceiveCount: number | undefined;
  readonly deadLetter: Queue | undefined;
  readonly key: Key | undefined;
  messages: QueueMessage[] = [];
  private readonly now: () => number;

  constructor(options: QueueOptions = {}) {
    this.arn = options.arn ?? 'arn:aws:sqs:eu-west-1:000000000000:in-process';
    this.url = options.url ?? '';
    this.visibilityTimeoutSeconds = options.visibilityTimeoutSeconds ?? 30;
    this.maxReceiveCount = options.maxReceiveCount;
    this.deadLetter = options.deadLetter;
    this.key = options.key;
    this.now = options.now ?? Date.now;
    if ((options.maxReceiveCount === undefined) !== (options.deadLetter === undefined)) {
      throw new Error('maxReceiveCount and deadLetter belong together');
    }
  }

  send(body: string, attributes: QueueMessage['attributes'] = {}, delaySeconds = 0): QueueMessage {
    const sentAt = this.now();
    const message: QueueMessage = {
      id: randomUUID(),
      body,
      attributes,
      sentAt,
      visibleAt: sentAt + delaySeconds * 1000,
      firstReceivedAt: undefined,
      receiveCount: 0,
      receiptHandle: undefined,
    };
    this.messages.push(message);
    return message;
  }

  visible(): QueueMessage[] {
    return this.messages.filter(({ visibleAt }) => visibleAt <= this.now());
  }

  receive(max: number, visibilityTimeoutSeconds = this.visibilityTimeoutSeconds): QueueMessage[] {
    const received: QueueMessage[] = [];
    for (const message of this.visible()) {
      if (received.length === max) break;
      if (this.deadLetter && message.receiveCount >= (this.maxReceiveCount ?? Infinity)) {
        this.messages = this.messages.filter((other) => other !== message);
        this.deadLetter.messages.push({ ...message, receiptHandle: undefined, visibleAt: this.now() });
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAt ??= this.now();
      message.receiptHandle = randomUUID();
      message.visibleAt = this.now() + visibilityTimeoutSeconds * 1000;
      received.push(message);
    }
    return received;
  }

  delete(receiptHandle: string): void {
    this.messages = this.messages.filter((message) => message.receiptHandle !== receiptHandle);
  }

  release(message: QueueMessage): void {
    message.visibleAt = this.now();
  }
}

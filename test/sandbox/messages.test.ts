import { ConfirmSubscriptionCommand, ListSubscriptionsByTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { FunctionQueue } from '.';
import { REGION, SOURCE, clients, openWorld, refused, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

describe('sns', () => {
  const topicWith = (subscriptions: { protocol: string; endpoint: string; confirmed?: boolean }[]) =>
    world.sandbox.addTopic({ account: SOURCE, region: REGION, name: 'told', subscriptions });

  test('only who has confirmed is sent anything, and the text of the protocol', async () => {
    const { sandbox } = world;
    const topic = topicWith([
      { protocol: 'email', endpoint: 'a@example.com' },
      { protocol: 'email', endpoint: 'late@example.com', confirmed: false },
      { protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-west-1:111111111111:q' },
      { protocol: 'sms', endpoint: '+4917' },
    ]);
    const { sns } = clients(sandbox);
    const Message = JSON.stringify({ default: 'd', email: 'mail', sqs: '{"a":1}' });
    const publish = new PublishCommand({ TopicArn: topic.arn, Subject: 'S', Message, MessageStructure: 'json' });
    await sns.send(publish);
    const told = () => sandbox.delivered.map(({ endpoint, text }) => [endpoint, text]);
    expect(told()).toEqual([
      ['a@example.com', 'mail'],
      ['arn:aws:sqs:eu-west-1:111111111111:q', '{"a":1}'],
      ['+4917', 'd'],
    ]);
    expect(sandbox.delivered[0]).toEqual({
      topicArn: topic.arn,
      protocol: 'email',
      endpoint: 'a@example.com',
      subject: 'S',
      text: 'mail',
      at: sandbox.clock.now(),
    });
    sandbox.delivered.length = 0;
    sandbox.confirm(topic.arn, 'late@example.com');
    await sns.send(publish);
    expect(told()).toContainEqual(['late@example.com', 'mail']);
    expect(() => sandbox.confirm(topic.arn, 'nobody')).toThrow('no subscription of nobody');
  });

  test('ConfirmSubscription needs the token, and a permission only to lock out unsubscribers', async () => {
    const topic = topicWith([{ protocol: 'email', endpoint: 'late@example.com', confirmed: false }]);
    const [subscription] = topic.subscriptions;
    const role = world.sandbox.addRole({ account: SOURCE, name: 'none', trust: { Statement: [] }, policies: [] });
    const { sns } = clients(world.sandbox, world.sandbox.roleCredentials(role.arn));
    const confirm = (Token: string, AuthenticateOnUnsubscribe?: string) =>
      sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic.arn, Token, AuthenticateOnUnsubscribe }));
    expect(await refused(confirm('wrong'))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Token',
    });
    const token = subscription?.token ?? '';
    expect((await refused(confirm(token, 'true'))).name).toBe('AuthorizationErrorException');
    expect(subscription?.confirmed).toBe(false);
    expect((await confirm(token)).SubscriptionArn).toBe(subscription?.arn);
    expect(subscription).toMatchObject({ confirmed: true, authenticateOnUnsubscribe: false });
    await clients(world.sandbox).sns.send(
      new ConfirmSubscriptionCommand({ TopicArn: topic.arn, Token: token, AuthenticateOnUnsubscribe: 'true' }),
    );
    expect(subscription?.authenticateOnUnsubscribe).toBe(true);
  });

  test('subscriptions are paged, pending ones by their word', async () => {
    const topic = topicWith(
      Array.from({ length: 101 }, (_, index) => ({
        protocol: 'email',
        endpoint: `${index}@example.com`,
        confirmed: index === 100,
      })),
    );
    const { sns } = clients(world.sandbox);
    const first = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic.arn }));
    expect(first.Subscriptions).toHaveLength(100);
    expect(new Set(first.Subscriptions?.map((one) => one.SubscriptionArn))).toEqual(new Set(['PendingConfirmation']));
    const { NextToken } = first;
    const second = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic.arn, NextToken }));
    expect(second.Subscriptions?.map((one) => one.SubscriptionArn)).toEqual([topic.subscriptions[100]?.arn]);
    expect(second.NextToken).toBeUndefined();
  });

  test('262,144 bytes and no more, attributes counted', async () => {
    const { arn: TopicArn } = topicWith([]);
    const { sns } = clients(world.sandbox);
    await sns.send(new PublishCommand({ TopicArn, Message: 'ä'.repeat(131_072) }));
    const over = { TopicArn, Message: `${'ä'.repeat(131_072)}x` };
    expect((await refused(sns.send(new PublishCommand(over)))).message).toBe('Invalid parameter: Message too long');
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'x' } };
    const attributed = { TopicArn, Message: 'x'.repeat(262_144 - 7), MessageAttributes };
    expect((await refused(sns.send(new PublishCommand(attributed)))).name).toBe('InvalidParameterException');
  });

  test('an encrypted topic asks for its key too', async () => {
    const { sandbox, sourceKey: key } = world;
    const topic = sandbox.addTopic({ account: SOURCE, region: REGION, name: 'secret', key });
    const may = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
    const role = sandbox.addRole({
      account: SOURCE,
      name: 'teller',
      trust: { Statement: [] },
      policies: [{ Statement: [may('sns:Publish', topic.arn), may('kms:GenerateDataKey*', key.arn)] }],
    });
    const { sns } = clients(sandbox, sandbox.roleCredentials(role.arn));
    const publish = () => sns.send(new PublishCommand({ TopicArn: topic.arn, Message: 'm' }));
    expect((await refused(publish())).message).toContain(`kms:Decrypt on resource: ${key.arn}`);
    role.policies?.push({ Statement: [may('kms:Decrypt', key.arn)] });
    await publish();
    expect(sandbox.published).toHaveLength(1);
  });
});

describe('sqs', () => {
  const queueOf = () => world.sandbox.addQueue({ account: SOURCE, region: REGION, name: 'work' });

  test('delays pass on the clock of the sandbox, for a function too', async () => {
    const queue = queueOf();
    const { sqs } = clients(world.sandbox);
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'later', DelaySeconds: 900 }));
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      MessageBody: `m${index}`,
      DelaySeconds: index === 9 ? 901 : 0,
    }));
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(Successful).toHaveLength(9);
    expect(Failed).toMatchObject([{ Id: '9', Code: 'InvalidParameterValue', SenderFault: true }]);
    const bodies: string[] = [];
    const handler = ({ Records }: { Records: { body: string }[] }) => void bodies.push(...Records.map((r) => r.body));
    const lambda = new FunctionQueue({ queue, handler });
    expect(await lambda.drain()).toBe(9);
    await world.sandbox.clock.advance(899_000);
    expect(await lambda.drain()).toBe(0);
    await world.sandbox.clock.advance(1_000);
    expect(await lambda.drain()).toBe(1);
    expect(bodies.at(-1)).toBe('later');
  });

  test('refused: too long a delay, eleven messages, no permission', async () => {
    const { url: QueueUrl, arn } = queueOf();
    const { sqs } = clients(world.sandbox);
    const late = new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 });
    expect((await refused(sqs.send(late))).message).toContain('DelaySeconds must be >= 0 and <= 900');
    const Entries = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
    expect((await refused(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })))).name).toMatch(
      /TooManyEntriesInBatchRequest/,
    );
    const role = world.sandbox.addRole({ account: SOURCE, name: 'none', trust: { Statement: [] }, policies: [] });
    const none = clients(world.sandbox, world.sandbox.roleCredentials(role.arn)).sqs;
    expect((await refused(none.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })))).message).toContain(
      `sqs:SendMessage on resource: ${arn}`,
    );
  });

  test('a queue of a function alone can have a clock of its own', async () => {
    let now = 0;
    const queue = new FunctionQueue({ handler: () => undefined, now: () => now });
    queue.send('later', { delaySeconds: 5 });
    expect(await queue.drain()).toBe(0);
    now = 5_000;
    expect(await queue.drain()).toBe(1);
  });
});

import type { HubIds } from '../../../lib/synthesize';
import type { Sandbox } from '..';
import type { Topic } from '../model';
import type { Queue } from '../queue';
import type { Resolver } from './templates';

/** What a resource is called once it is there, by logical id: what `Ref` and `Fn::GetAtt` answer. */
export interface Names {
  readonly arns: Map<string, string>;
  readonly refs: Map<string, string>;
  readonly attributes: Map<string, string>;
  /** As CloudFormation names what has no name. */
  physical(logicalId: string): string;
}

export interface Place {
  readonly sandbox: Sandbox;
  readonly hub: string;
  readonly region: string;
}

interface QueueProperties {
  VisibilityTimeout?: number;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

/** All queues, by logical id. */
export function addQueues({ sandbox, hub, region }: Place, resolver: Resolver, names: Names): Map<string, Queue> {
  const queues = new Map<string, Queue>();
  const byArn = new Map<string, Queue>();
  for (const id of resolver.idsOf('AWS::SQS::Queue')) {
    const { VisibilityTimeout, RedrivePolicy } = resolver.properties<QueueProperties>(id);
    const queue = sandbox.addQueue({
      account: hub,
      region,
      name: names.physical(id),
      visibilityTimeoutSeconds: VisibilityTimeout ?? 30,
      // CDK writes the dead-letter queue before the queue that names it.
      ...(RedrivePolicy && {
        maxReceiveCount: RedrivePolicy.maxReceiveCount,
        deadLetter: byArn.get(RedrivePolicy.deadLetterTargetArn),
      }),
    });
    queues.set(id, queue);
    byArn.set(queue.arn, queue);
    names.arns.set(id, queue.arn);
    names.refs.set(id, queue.url);
    names.attributes.set(`${id}.QueueName`, names.physical(id));
  }
  return queues;
}

/** The topic with its key and one subscription. */
export function addTopic(
  { sandbox, hub, region }: Place,
  resolver: Resolver,
  { topic: id }: Pick<HubIds, 'topic'>,
  names: Names,
  confirmed: boolean,
): Topic {
  for (const [keyId, key] of resolver.resources<{ KeyPolicy: object }>('AWS::KMS::Key')) {
    names.arns.set(keyId, sandbox.addKey({ account: hub, region, policy: key.KeyPolicy }).arn);
  }
  const { KmsMasterKeyId } = resolver.properties<{ KmsMasterKeyId: string }>(id);
  const topic = sandbox.addTopic({
    account: hub,
    region,
    name: names.physical(id),
    subscriptions: [{ protocol: 'email', endpoint: 'you@example.com', confirmed }],
    key: sandbox.key(KmsMasterKeyId),
  });
  names.arns.set(id, topic.arn);
  return topic;
}

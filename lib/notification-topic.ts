import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { names } from './names';

export interface NotificationTopicProps {
  readonly deployment: string;
  readonly email: readonly string[];
}

/**
 * The topic that people hear from, encrypted with a key of its own. The AWS managed key of SNS would swallow every
 * alarm: nobody can let CloudWatch use it.
 */
export class NotificationTopic extends Construct {
  readonly topic: Topic;
  readonly key: Key;

  constructor(scope: Construct, id: string, { deployment, email }: NotificationTopicProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': account } };
    const encrypt = ['kms:GenerateDataKey*', 'kms:Decrypt'];

    this.key = new Key(this, 'Key', {
      description: `Copy Doctor ${deployment}: messages of the topic`,
      enableKeyRotation: true,
      // Nothing stays encrypted with it: SNS keeps no messages.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [cloudWatch],
        actions: encrypt,
        // No aws:SourceAccount here: it is not documented that the calls to KMS carry it, and without this statement
        // alarms are lost in silence. The topic's policy asks for the account.
        resources: ['*'],
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RemediatePublishes',
        principals: [new AccountRootPrincipal()],
        actions: encrypt,
        resources: ['*'],
        // By name: KMS refuses a principal that does not exist yet.
        conditions: {
          ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${account}:role/${names(deployment).remediate}` },
        },
      }),
    );

    this.topic = new Topic(this, 'Topic', { displayName: 'Copy Doctor', masterKey: this.key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        effect: Effect.ALLOW,
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: ofThisAccount,
      }),
    );
    for (const address of email) this.topic.addSubscription(new EmailSubscription(address));
  }
}

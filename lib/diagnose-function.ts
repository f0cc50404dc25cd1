import { Aws, Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type CfnFunction,
  type Code,
  EventSourceMapping,
  Function,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../lambda/environment';
import { names } from './names';

export interface DiagnoseFunctionProps {
  readonly code: Code;
  readonly deployment: string;
  readonly destinations: readonly string[];
  readonly organizationId?: string;
  readonly failures: IQueue;
  readonly deadLetters: IQueue;
  readonly topic: ITopic;
  readonly key: IKey;
}

/** Reads why a copy failed and tells people. It changes nothing outside its own queues and topic. */
export class DiagnoseFunction extends Construct {
  static readonly TIMEOUT = Duration.minutes(2);
  readonly function: Function;

  constructor(scope: Construct, id: string, props: DiagnoseFunctionProps) {
    super(scope, id);
    const { deployment, failures, deadLetters, topic } = props;
    const name = names(deployment).diagnose;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new Function(this, 'Function', {
      functionName: name,
      description: 'Copy Doctor: finds out why a backup copy failed',
      code: props.code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: DiagnoseFunction.TIMEOUT,
      logGroup,
      role: this.role(name, logGroup, props),
      environment: {
        [ENVIRONMENT.topicArn]: topic.topicArn,
        [ENVIRONMENT.deadLetterQueueUrl]: deadLetters.queueUrl,
        [ENVIRONMENT.deployment]: deployment,
        [ENVIRONMENT.destinations]: props.destinations.join(','),
        [ENVIRONMENT.readerRoleName]: names(deployment).reader,
        [ENVIRONMENT.organizationId]: props.organizationId ?? '',
        [ENVIRONMENT.hubAccount]: Stack.of(this).account,
        [ENVIRONMENT.stackName]: Stack.of(this).stackName,
      },
    });
    // CDK makes the function depend on its role twice; the reference in Role is enough.
    (this.function.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
    new EventSourceMapping(this, 'Failures', {
      target: this.function,
      eventSourceArn: failures.queueArn,
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(5),
      reportBatchItemFailures: true,
      // Never reserved concurrency: deploying it fails in accounts with the smallest limit.
      maxConcurrency: 5,
    });
  }

  /** Everything the function may do. Named, since reader roles in other accounts trust it by its ARN. */
  private role(roleName: string, logGroup: LogGroup, props: DiagnoseFunctionProps): Role {
    const deployment = Token.isUnresolved(props.deployment) ? '<AWS::Region>' : props.deployment;
    const readers = `arn:${Aws.PARTITION}:iam::*:role/${names(props.deployment).reader}`;
    const allow = (sid: string, actions: string[], resource: string) =>
      new PolicyStatement({ sid, actions, resources: [resource] });
    const role = new Role(this, 'Role', {
      roleName,
      description: 'Copy Doctor: role of the function diagnose',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        diagnose: new PolicyDocument({
          statements: [
            allow('ReadAccounts', ['sts:AssumeRole'], readers),
            allow('Tell', ['sns:Publish'], props.topic.topicArn),
            allow('EncryptWhatIsTold', ['kms:GenerateDataKey*', 'kms:Decrypt'], props.key.keyArn),
            allow('SetAside', ['sqs:SendMessage'], props.deadLetters.queueArn),
            allow(
              'TakeFailures',
              ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
              props.failures.queueArn,
            ),
            allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          ],
        }),
      },
    });
    Validations.of(role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
        reason: 'What SNS needs for an encrypted topic; limited to the key of the topic.',
      },
      {
        // The id as cdk-nag prints it: tokens by name.
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${names(deployment).reader}]`,
        reason: 'Each account decides for itself whether it has a reader role that trusts this hub.',
      },
    );
    return role;
  }
}

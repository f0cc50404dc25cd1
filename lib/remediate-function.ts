import { Duration, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { allowEffects } from './effect-roles';
import {
  acknowledgeReaders,
  allow,
  allowReaders,
  allowTaking,
  type CommonFunctionProps,
  HubFunction,
  readingEnvironment,
} from './hub-function';
import { names } from './names';
import { allowDue, allowItems, denyDecisions } from './table-access';

export interface RemediateFunctionProps extends CommonFunctionProps {
  readonly table: ITable;
  readonly work: IQueue;
  readonly deadLetters: IQueue;
  readonly topic: ITopic;
  readonly key: IKey;
}

/** Does what is due for an incident: tells people, looks again, changes what was decided. It can decide nothing. */
export class RemediateFunction extends HubFunction {
  static readonly TIMEOUT = Duration.minutes(2);

  constructor(scope: Construct, id: string, props: RemediateFunctionProps) {
    const { deployment, settings, table, work, deadLetters, topic, key } = props;
    super(scope, id, {
      ...props,
      name: 'remediate',
      description: 'Copy Doctor: does what is due for an incident',
      timeout: RemediateFunction.TIMEOUT,
      statements: [
        ...allowReaders(deployment, settings),
        ...allowEffects(scope, deployment, settings.destinations),
        allowItems(
          'KeepIncidents',
          table,
          ['INCIDENT', 'COPYJOB', 'FOLD', 'LEASE'],
          ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
        ),
        allowItems('EndLeases', table, ['LEASE'], ['DeleteItem']),
        allowItems('CountAutomaticChanges', table, ['AUTO'], ['UpdateItem']),
        allowItems('ReadDecisions', table, ['DECISION'], ['GetItem']),
        allowDue(table),
        denyDecisions(table),
        allow('Tell', ['sns:Publish', 'sns:ListSubscriptionsByTopic'], topic.topicArn),
        allow('EncryptWhatIsTold', ['kms:GenerateDataKey*', 'kms:Decrypt'], key.keyArn),
        allow('Send', ['sqs:SendMessage'], work.queueArn, deadLetters.queueArn),
        allowTaking('TakeWork', work),
      ],
      environment: {
        tableName: table.tableName,
        workQueueUrl: work.queueUrl,
        deadLetterQueueUrl: deadLetters.queueUrl,
        ...readingEnvironment(deployment, settings),
        topicArn: topic.topicArn,
        mailDetail: settings.mailDetail,
        vaultWriterRoleName: names(deployment).vaultWriter,
        retrierRoleName: names(deployment).retrier,
        copyRoles: settings.copyRoles.join(','),
        retryScope: settings.retryScope,
      },
    });
    acknowledgeReaders(this.role, deployment);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      reason: 'What SNS needs for an encrypted topic; limited to the key of the topic.',
    });
    new EventSourceMapping(this, 'Work', {
      target: this.function,
      eventSourceArn: work.queueArn,
      // Few: one that takes too long takes its batch with it. All of a batch are told in one go.
      batchSize: 5,
      reportBatchItemFailures: true,
      maxConcurrency: 5,
    });
  }
}

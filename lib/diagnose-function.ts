import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  acknowledgeReaders,
  allow,
  allowReaders,
  allowTaking,
  type CommonFunctionProps,
  HubFunction,
  readingEnvironment,
} from './hub-function';
import { allowDue, allowItems, denyDecisions } from './table-access';

export interface DiagnoseFunctionProps extends CommonFunctionProps {
  readonly table: ITable;
  readonly failures: IQueue;
  readonly deadLetters: IQueue;
  readonly work: IQueue;
}

/** Reads why a copy failed and keeps it as an incident. It tells nobody and changes nothing elsewhere. */
export class DiagnoseFunction extends HubFunction {
  static readonly TIMEOUT = Duration.minutes(2);

  constructor(scope: Construct, id: string, props: DiagnoseFunctionProps) {
    const { deployment, settings, table, failures, deadLetters, work } = props;
    super(scope, id, {
      ...props,
      name: 'diagnose',
      description: 'Copy Doctor: finds out why a backup copy failed',
      timeout: DiagnoseFunction.TIMEOUT,
      statements: [
        ...allowReaders(deployment, settings),
        allowItems(
          'KeepIncidents',
          table,
          ['INCIDENT', 'COPYJOB', 'FOLD', 'UNKNOWN'],
          ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
        ),
        allowDue(table),
        denyDecisions(table),
        allow('Send', ['sqs:SendMessage'], work.queueArn, failures.queueArn, deadLetters.queueArn),
        allowTaking('TakeFailures', failures),
      ],
      environment: {
        tableName: table.tableName,
        workQueueUrl: work.queueUrl,
        failuresQueueUrl: failures.queueUrl,
        deadLetterQueueUrl: deadLetters.queueUrl,
        ...readingEnvironment(deployment, settings),
      },
    });
    acknowledgeReaders(this.role, deployment);
    // Ticks and catch-ups arrive this way. The next one does what this one could not: none is tried again.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
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
}

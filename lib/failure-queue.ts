import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { QueueWithDeadLetters } from './queue-with-dead-letters';

/** Failed copies from AWS Backup's event to the queue that `diagnose` reads. */
export class FailureQueue extends QueueWithDeadLetters {
  constructor(scope: Construct, id: string, { functionTimeout }: { functionTimeout: Duration }) {
    super(scope, id, { queueId: 'Failures', functionTimeout });
    const rule = new Rule(this, 'CopyFailed', {
      description: 'Copy jobs of AWS Backup that failed, in whole or in part',
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Copy Job State Change'],
        detail: { state: ['FAILED', 'PARTIAL'] },
      },
    });
    rule.addTarget(
      new SqsQueue(this.queue, {
        deadLetterQueue: this.deadLetters,
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    );
  }
}

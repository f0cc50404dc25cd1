import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from './hub-function';
import { names } from './names';
import { ownMetric } from './own-metric';
import type { QueueWithDeadLetters } from './queue-with-dead-letters';

export interface AlarmsProps {
  readonly deployment: string;
  readonly failures: QueueWithDeadLetters;
  readonly work: QueueWithDeadLetters;
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
  readonly topic: ITopic;
}

/** Tells people when the doctor itself is ill. Every alarm has a chapter of its name in docs/runbook.md. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { deployment, failures, work, functions, topic }: AlarmsProps) {
    super(scope, id);
    const period = Duration.minutes(5);
    const action = new SnsAction(topic);

    const add = (name: string, metric: IMetric, threshold: number, description: string) => {
      const alarm = new Alarm(this, name, {
        alarmName: `${names(deployment).stack}-${name}`,
        alarmDescription: `${description} What to do: docs/runbook.md#${name}`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
    };
    const lying = (queue: IQueue) => queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
    const oldest = (queue: IQueue) => queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
    const errors = (name: FunctionName) => functions[name].metricErrors({ period, statistic: 'Sum' });

    add(
      'dead-letters',
      lying(failures.deadLetters),
      0,
      'Failed copies that could not be diagnosed lie in the dead-letter queue for 14 days: nobody was told about them.',
    );
    add(
      'work-dead-letters',
      lying(work.deadLetters),
      0,
      'Work on an incident failed 5 times: a mail or a look at the policy may be missing.',
    );
    add(
      'diagnose-errors',
      errors('diagnose'),
      0,
      'The function diagnose failed. Its messages are tried again 5 times; read its log.',
    );
    add(
      'remediate-errors',
      errors('remediate'),
      0,
      'The function remediate failed. Mails come late; what is due is tried again every minute. Read its log.',
    );
    add(
      'approve-errors',
      errors('approve'),
      0,
      'The function approve failed: somebody could not see an incident or decide about it. Read its log.',
    );
    add(
      'failures-wait',
      oldest(failures.queue),
      Duration.minutes(15).toSeconds(),
      'A failed copy has waited more than 15 minutes for its diagnosis: the function is throttled, disabled or failing.',
    );
    add(
      'work-waits',
      oldest(work.queue),
      // A message may be sent up to 15 minutes early, and whether its age counts that time is not documented.
      Duration.minutes(30).toSeconds(),
      'Work on an incident has waited more than 30 minutes: the function remediate is throttled, disabled or failing.',
    );
    add(
      'no-confirmed-subscriber',
      ownMetric(deployment, 'NoConfirmedSubscriber', period),
      0,
      'Mails are held back: no subscription of the topic is confirmed. No mail tells about this alarm either.',
    );
    add(
      'not-cured',
      ownMetric(deployment, 'IncidentsNotCured', period),
      0,
      'A change was made, copies were started again, and they fail for the same cause or did not end.',
    );
    add(
      'changes-refused',
      ownMetric(deployment, 'ChangesRefused', period),
      0,
      'A decided change of a policy was refused, or could not be seen in place afterwards.',
    );
    add(
      'oldest-unhealed-copy',
      // Measured once an hour: in a shorter time an hour without a value would end the alarm, to begin it again.
      ownMetric(deployment, 'OldestUnhealedCopy', Duration.hours(3), 'Maximum'),
      Duration.days(7).toSeconds(),
      'A failed copy has waited for more than 7 days and has no newer copy.',
    );
  }
}

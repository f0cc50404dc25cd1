import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names } from './names';

export interface AlarmsProps {
  readonly deployment: string;
  readonly failures: IQueue;
  readonly deadLetters: IQueue;
  readonly diagnose: IFunction;
  readonly topic: ITopic;
}

/** Tells people when the doctor itself is ill. Every alarm has a chapter of its name in docs/runbook.md. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { deployment, failures, deadLetters, diagnose, topic }: AlarmsProps) {
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

    add(
      'dead-letters',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      0,
      'Failed copies that could not be diagnosed lie in the dead-letter queue for 14 days: nobody was told about them.',
    );
    add(
      'diagnose-errors',
      diagnose.metricErrors({ period, statistic: 'Sum' }),
      0,
      'The function diagnose failed. Its messages are tried again 5 times; read its log.',
    );
    add(
      'failures-wait',
      failures.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      Duration.minutes(15).toSeconds(),
      'A failed copy has waited more than 15 minutes for its diagnosis: the function is throttled, disabled or failing.',
    );
  }
}

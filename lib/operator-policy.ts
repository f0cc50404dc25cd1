import { Validations } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledgeStack, mayDecide, mayFindStack } from './approver-role';
import { allow } from './hub-function';
import { dueIndexArn } from './incident-table';
import { names } from './names';

export interface OperatorPolicyProps {
  readonly deployment: string;
  readonly table: ITable;
  readonly failures: IQueue;
  readonly topic: ITopic;
  readonly approve: IFunction;
  readonly dashboard: Dashboard;
}

/**
 * For people who look after the service: all incidents, its dashboard and alarms, drills and backfills, and everything an
 * approver may.
 */
export class OperatorPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: OperatorPolicyProps) {
    super(scope, id);
    const { deployment, table, failures, topic, approve, dashboard } = props;
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: names(deployment).operator,
      description: 'Copy Doctor: read all incidents, decide about them, send drills and backfills',
      statements: [
        ...mayDecide(approve),
        mayFindStack(this),
        allow(
          'ReadIncidents',
          ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'],
          table.tableArn,
          dueIndexArn(table.tableArn),
        ),
        allow('SendFailures', ['sqs:SendMessage', 'sqs:GetQueueAttributes'], failures.queueArn),
        allow('SeeSubscribers', ['sns:ListSubscriptionsByTopic'], topic.topicArn),
        allow('SeeDashboard', ['cloudwatch:GetDashboard'], dashboard.dashboardArn),
        allow('SeeMetrics', ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'], '*'),
        // `drill` says whether a trail records what others change.
        allow('SeeTrails', ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'], '*'),
      ],
    });
    acknowledgeStack(this.policy);
    Validations.of(this.policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'Metrics, alarms and trails are listed for a whole account only; a trail may lie in the management account. ' +
        'All of it is read, and none of it holds what is backed up.',
    });
  }
}

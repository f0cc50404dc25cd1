import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

export const NAMESPACE = 'CopyDoctor';

/** A metric that the functions write themselves, of the whole deployment. */
export const ownMetric = (deployment: string, metricName: string, period: Duration, statistic = 'Sum') =>
  new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { deployment }, period, statistic });

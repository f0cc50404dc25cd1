import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

let metrics: Metrics | undefined;

/** Tells CloudWatch that mails are held back because nobody has confirmed the subscription. */
export function reportHeld(deployment: string, incidents: number): void {
  metrics ??= metricsOf(deployment);
  metrics.addMetric('NoConfirmedSubscriber', MetricUnit.Count, 1);
  metrics.addMetric('HeldNotifications', MetricUnit.Count, incidents);
  metrics.publishStoredMetrics();
}

/** Powertools adds a dimension `service`; an alarm must name all dimensions of a metric, and one is enough here. */
function metricsOf(deployment: string): Metrics {
  const made = new Metrics({ namespace: 'CopyDoctor' });
  made.clearDefaultDimensions();
  made.setDefaultDimensions({ deployment });
  return made;
}

export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  readonly value: number;
}

/**
 * Tells CloudWatch by a line of the function's log:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function putMetrics(at: number, dimensions: Readonly<Record<string, string>>, metrics: readonly Metric[]): void {
  const directive = {
    Namespace: 'CopyDoctor',
    Dimensions: [Object.keys(dimensions)],
    Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
  };
  const values = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  const line = { _aws: { Timestamp: at, CloudWatchMetrics: [directive] }, ...dimensions, ...values };
  // Not by the console: what Lambda writes before its text, or around it, is no metric.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

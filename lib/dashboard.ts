import { Duration } from 'aws-cdk-lib';
import { Dashboard as Board, GraphWidget, type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FUNCTIONS, type FunctionName } from './hub-function';
import { names } from './names';
import { NAMESPACE, ownMetric } from './own-metric';
import type { QueueWithDeadLetters } from './queue-with-dead-letters';

export interface DashboardProps {
  readonly deployment: string;
  readonly failures: QueueWithDeadLetters;
  readonly work: QueueWithDeadLetters;
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
}

const DAY = Duration.days(1);
const SHORT = Duration.minutes(5);

/** What the doctor achieves, and how it is itself, on one page. */
export class Dashboard extends Construct {
  readonly board: Board;

  constructor(scope: Construct, id: string, { deployment, failures, work, functions }: DashboardProps) {
    super(scope, id);
    const own = (metric: string, label: string, statistic = 'Sum') =>
      ownMetric(deployment, metric, DAY, statistic).with({ label });
    const byCause = (metric: string) =>
      new MathExpression({
        expression: `SEARCH('{${NAMESPACE},cause,deployment} MetricName="${metric}" deployment="${deployment}"', 'Sum', ${DAY.toSeconds()})`,
        label: '',
        period: DAY,
      });
    const times = (metric: string) => [own(metric, 'half of them within', 'p50'), own(metric, '9 of 10 within', 'p90')];
    const queues: [string, QueueWithDeadLetters][] = [
      ['failures', failures],
      ['work', work],
    ];
    const perQueue = (of: (queue: QueueWithDeadLetters, label: string) => IMetric) =>
      queues.map(([label, queue]) => of(queue, label));
    const perFunction = (of: (lambda: IFunction, label: string) => IMetric) =>
      FUNCTIONS.map((name) => of(functions[name], name));

    this.board = new Board(this, 'Board', {
      dashboardName: names(deployment).stack,
      defaultInterval: Duration.days(30),
      widgets: [
        [
          graph('Incidents a day', [
            own('IncidentsOpened', 'opened'),
            own('IncidentsHealed', 'healed'),
            own('IncidentsNotCured', 'not cured'),
            own('ChangesRefused', 'changes refused'),
          ]),
          graph('Opened a day, by cause', [byCause('IncidentsOpened')]),
        ],
        [
          graph('Healed a day, by cause', [byCause('IncidentsHealed')]),
          graph('Not cured a day, by cause', [byCause('IncidentsNotCured')]),
        ],
        [graph('Messages of AWS Backup that are not known, a day', [own('UnknownMessages', 'failures')], 24)],
        [
          graph('From failure to verdict (s)', times('TimeToVerdict'), 8),
          graph('From mail to decision (s)', times('TimeToDecision'), 8),
          graph('From failure to healed (s)', times('TimeToHeal'), 8),
        ],
        [
          graph('Oldest failed copy without a newer one (s)', [own('OldestUnhealedCopy', 'age', 'Maximum')], 8),
          graph(
            'Oldest message (s)',
            perQueue(({ queue }, label) => queue.metricApproximateAgeOfOldestMessage({ period: SHORT, label })),
            8,
          ),
          graph(
            'Messages: waiting, and dead letters',
            [
              ...perQueue(({ queue }, label) =>
                queue.metricApproximateNumberOfMessagesVisible({ period: SHORT, label }),
              ),
              ...perQueue(({ deadLetters }, label) =>
                deadLetters.metricApproximateNumberOfMessagesVisible({
                  period: SHORT,
                  label: `${label}, dead letters`,
                }),
              ),
            ],
            8,
          ),
        ],
        [
          graph(
            'Errors of the functions',
            perFunction((lambda, label) => lambda.metricErrors({ period: SHORT, label })),
          ),
          graph(
            'Longest runs of the functions (ms)',
            perFunction((lambda, label) => lambda.metricDuration({ period: SHORT, statistic: Stats.MAXIMUM, label })),
          ),
        ],
      ],
    });
  }
}

const graph = (title: string, left: IMetric[], width = 12) =>
  new GraphWidget({ title, left, width, leftYAxis: { min: 0 }, liveData: true });

import { reportHeld } from '../../lambda/aws/held-metric';
import { reportChange, reportOldest } from '../../lambda/aws/incident-metrics';
import { Incidents } from '../../lambda/aws/incidents';
import { metricLines } from '../metric-lines';
import { at, failedEvent, ID, T0, TestDynamo } from './incidents-fixture';

let dynamo: TestDynamo;
let metrics: ReturnType<typeof metricLines>;
beforeAll(async () => {
  dynamo = await TestDynamo.start();
  await dynamo.addTable('metrics');
});
afterAll(() => dynamo.close());
beforeEach(() => {
  metrics = metricLines();
});
afterEach(() => metrics.restore());

const directive = (Dimensions: string[], Metrics: object[], time = T0) => ({
  Timestamp: Date.parse(time),
  CloudWatchMetrics: [{ Namespace: 'CopyDoctor', Dimensions: [Dimensions], Metrics }],
});

it('tells of changes as they are written, a line for each set of dimensions', async () => {
  const incidents = new Incidents('metrics', 'eu-west-1', () => new Date(T0), dynamo.client, reportChange('main'));
  await incidents.change(ID, failedEvent());
  await incidents.change(ID, failedEvent());
  const opened = { Name: 'IncidentsOpened', Unit: 'Count' };
  const cause = 'vault-policy-lacks-source';
  expect(metrics.lines).toEqual([
    expect.objectContaining({ deployment: 'main', IncidentsOpened: 1 }),
    { _aws: directive(['deployment', 'cause'], [opened]), deployment: 'main', cause, IncidentsOpened: 1 },
  ]);
  expect(metrics.lines[0]).not.toHaveProperty('cause');
  metrics.lines.length = 0;

  await incidents.change(ID, { kind: 'looked', at: at(60), policy: 'unknown', open: 0, listed: true });
  expect(metrics.lines.map(({ deployment, cause, IncidentsHealed }) => [deployment, cause, IncidentsHealed])).toEqual([
    ['main', undefined, 1],
    ['main', cause, 1],
  ]);
});

it('tells how long the oldest failure waits', async () => {
  await dynamo.addTable('oldest');
  const incidents = new Incidents('oldest', 'eu-west-1', () => new Date(T0), dynamo.client);
  const metric = [{ Name: 'OldestUnhealedCopy', Unit: 'Seconds' }];
  await reportOldest('main', incidents, new Date(at(60)));
  await incidents.change(ID, failedEvent());
  await reportOldest('main', incidents, new Date(at(60)));
  expect(metrics.lines).toEqual(
    [0, 3600].map((OldestUnhealedCopy) => ({
      _aws: directive(['deployment'], metric, at(60)),
      deployment: 'main',
      OldestUnhealedCopy,
    })),
  );
});

it('tells of mails that are held back', () => {
  reportHeld('main', 3);
  expect(metrics.lines).toMatchObject([{ deployment: 'main', NoConfirmedSubscriber: 1, HeldNotifications: 3 }]);
});

import { devNull } from 'node:os';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Incidents } from '../lambda/aws/incidents';
import { readCopyFailure } from '../lambda/core/copy-failure';
import { foldKey } from '../lambda/core/incident/fold';
import type { Incident } from '../lambda/core/incident/incident';
import type { Scheduled } from '../lambda/diagnose.handler';
import { addIncidentTable } from './aws/incident-table-fixture';
import { listOf } from './aws/incidents-fixture';
import { metricLines } from './metric-lines';
import { longestSerialChain } from './sandbox';
import { clients, DESTINATION, openWorld, REGION, SOURCE } from './sandbox/fixture';
import type { Key, RecoveryPoint } from './sandbox/model';

export type Handler = (event: SQSEvent | Scheduled) => Promise<SQSBatchResponse>;
export type Event = Record<string, unknown> & { detail: Record<string, unknown> };

const READER = `copy-doctor-${REGION}-reader`;
const allow = (Action: string | string[], Resource: string | string[]) => ({ Effect: 'Allow', Action, Resource });
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

/** A hub with table, queues and roles, in a world in which every copy works; the function as after a cold start. */
export async function startHub() {
  const world = await openWorld();
  const { sandbox } = world;
  const place = { account: SOURCE, region: REGION };
  const table = await addIncidentTable(sandbox);
  const [work, failures, deadLetters] = ['work', 'failures', 'dead-letters'].map((name) =>
    sandbox.addQueue({ ...place, name }),
  );
  if (!work || !failures || !deadLetters) throw new Error('no queues');
  const role = sandbox.addRole({
    account: SOURCE,
    name: `copy-doctor-${REGION}-diagnose`,
    trust: document(),
    policies: [
      document(
        allow('sts:AssumeRole', `arn:aws:iam::*:role/${READER}`),
        allow('sqs:SendMessage', [work.arn, failures.arn, deadLetters.arn]),
        allow(
          ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          [table.arn, `${table.arn}/index/due`],
        ),
      ),
    ],
  });
  for (const account of [SOURCE, DESTINATION]) {
    const trust = document({ Effect: 'Allow', Principal: { AWS: role.arn }, Action: 'sts:AssumeRole' });
    const reads = ['backup:*', 'ec2:*', 'kms:*', 'iam:*', 'organizations:*', 'tag:*', 'cloudformation:*'];
    sandbox.addRole({ account, name: READER, trust, policies: [document(allow(reads, '*'))] });
  }

  const { accessKeyId, secretAccessKey, sessionToken } = sandbox.roleCredentials(role.arn, 'run');
  const before = process.env;
  process.env = {
    ...Object.fromEntries(Object.entries(before).filter(([name]) => !/^(AWS|POWERTOOLS)_/.test(name))),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    DEPLOYMENT: REGION,
    STACK_NAME: `copy-doctor-${REGION}`,
    HUB_ACCOUNT: SOURCE,
    TABLE_NAME: table.name,
    WORK_QUEUE_URL: work.url,
    FAILURES_QUEUE_URL: failures.url,
    DEAD_LETTER_QUEUE_URL: deadLetters.url,
    READER_ROLE_NAME: READER,
    DESTINATIONS: world.destinationVault.arn,
  };
  const now = () => sandbox.clock.now();
  const metrics = metricLines();
  let handler = await cold(now);

  /** Everything, with rights that the function does not have. */
  const incidents = new Incidents(table.name, REGION, now, clients(sandbox).dynamodb);
  const all = () => listOf(incidents.all());
  /** Lets copies of so many resources fail; gives the events. */
  const fail = async (count = 1, points: readonly RecoveryPoint[] = []): Promise<Event[]> => {
    const { sourceVault, sourceKey, copy } = world;
    const before = sandbox.events.all.length;
    const copied = Array.from({ length: count }, (_, one) => points[one] ?? newPoint(sandbox, sourceVault, sourceKey));
    for (const recoveryPoint of copied) await sandbox.runCopy({ ...copy, recoveryPoint });
    await sandbox.finishCopies();
    const ended = sandbox.events.all.slice(before).filter(({ detail }) => detail.state === 'FAILED');
    if (ended.length !== count) throw new Error(`${ended.length} of ${count} copies failed`);
    sandbox.clearCalls();
    return ended as unknown as Event[];
  };

  return {
    ...world,
    work,
    failures,
    deadLetters,
    metrics: metrics.lines,
    readerRole: (account: string) => sandbox.role(`arn:aws:iam::${account}:role/${READER}`),
    incidents,
    all,
    only: async (): Promise<Incident> => {
      const [incident, ...others] = await all();
      if (!incident || others.length > 0) throw new Error(`${others.length + (incident ? 1 : 0)} incidents`);
      return incident;
    },
    /** The failures that an incident holds, the oldest first. */
    jobs: async ({ id }: Incident) =>
      (await listOf(incidents.jobs(id))).sort((a, b) => (a.failedAt < b.failedAt ? -1 : 1)),
    foldOf: async (event: Event) => {
      const failure = readCopyFailure(event);
      if (!failure.ok) throw new Error(failure.reason);
      const key = foldKey(failure.value);
      return (await incidents.folds([key])).get(key);
    },
    /** What was sent to the queue of work, and in how many seconds it is seen there. */
    hints: () =>
      work.messages.map(({ body, visibleAt, sentAt }) => [JSON.parse(body) as unknown, (visibleAt - sentAt) / 1000]),
    handle: (event: SQSEvent | Scheduled) => handler(event),
    /** Ids of the messages that come again. */
    failed: async (bodies: readonly unknown[], received = 1) =>
      (await handler(batch(bodies, received))).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    restart: async () => void (handler = await cold(now)),
    fail,
    failOne: async () => (await fail())[0] as Event,
    /** The vault takes nothing from the source account: a cause that no resource makes a difference to. */
    closeVault: () => void (world.destinationVault.policy = undefined),
    /** The key is the resource's, so each failure is looked at. */
    closeKey: () =>
      void (world.sourceKey.policy = JSON.stringify(
        document({ ...allow('kms:*', '*'), Principal: { AWS: `arn:aws:iam::${SOURCE}:root` } }),
      )),
    passMinutes: (count: number) => sandbox.clock.advance(count * 60_000),
    calls: (service: string, operation: string) =>
      sandbox.calls.filter((call) => call.service === service && call.operation === operation),
    /** Reads in members; credentials are none. */
    reads: () => sandbox.calls.filter(({ service }) => !['sts', 'sqs', 'dynamodb'].includes(service)),
    /** How many calls to the services it reads wait for one another. */
    serialSteps: () =>
      longestSerialChain(sandbox.calls.filter(({ service }) => service !== 'dynamodb' && service !== 'sqs')).length,
    close: async () => {
      process.env = before;
      metrics.restore();
      await sandbox.close();
    },
  };
}

export type Hub = Awaited<ReturnType<typeof startHub>>;

const newPoint = (sandbox: Hub['sandbox'], vault: Hub['sourceVault'], key: Key) =>
  sandbox.addRecoveryPoint({ vault, type: 'EBS', key });

async function cold(now: () => Date): Promise<Handler> {
  let handler: Handler | undefined;
  await jest.isolateModulesAsync(async () => {
    handler = (await import('../lambda/diagnose.handler')).handlerWith(now);
  });
  if (!handler) throw new Error('no handler');
  return handler;
}

export const withDetail = (event: Event, detail: Record<string, unknown>): Event => ({
  ...event,
  detail: { ...event.detail, ...detail },
});

export function batch(bodies: readonly unknown[], received = 1): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `handle-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: String(received),
        SentTimestamp: '0',
        SenderId: 'events',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:failures',
      awsRegion: 'eu-west-1',
    })),
  };
}

import { catchUp } from '../../lambda/aws/catch-up';
import type { Incidents } from '../../lambda/aws/incidents';
import type { Readers } from '../../lambda/aws/readers';
import type { Response } from '../../lambda/core/evidence';
import { readCopyFailure } from '../../lambda/core/copy-failure';
import { startSandbox, type Queue, type Sandbox } from '../sandbox';
import { DESTINATION, REGION, SOURCE } from '../sandbox/fixture';

const NOW = '2026-06-01T12:00:00.000Z';
const place = { account: SOURCE, region: REGION, since: undefined, summary: false };
const job = (id: string, account = SOURCE) => ({
  CopyJobId: id,
  State: 'FAILED',
  SourceBackupVaultArn: `arn:aws:backup:${REGION}:${account}:backup-vault:daily`,
  DestinationBackupVaultArn: `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:dr`,
  CompletionDate: '2026-06-01T11:00:00.000Z',
  BackupSizeInBytes: 5,
});

let sandbox: Sandbox;
let failures: Queue;
let asked: Record<string, unknown>[];
const before = process.env;

beforeAll(async () => {
  sandbox = await startSandbox({ now: NOW });
  sandbox.addAccount({ id: SOURCE });
  const role = sandbox.addRole({
    account: SOURCE,
    name: 'sender',
    trust: { Statement: [] },
    policies: [{ Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }] }],
  });
  const { accessKeyId, secretAccessKey, sessionToken } = sandbox.roleCredentials(role.arn);
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
});
afterAll(async () => {
  process.env = before;
  await sandbox.close();
});
let count = 0;
beforeEach(() => {
  asked = [];
  sandbox.faults.clear();
  failures = sandbox.addQueue({ account: SOURCE, region: REGION, name: `failures-${(count += 1)}` });
});

/** Answers ListCopyJobs with these, one after the other; then with none. */
const services = (known: readonly string[], ...answers: Response[]) => ({
  readers: {
    read: (_operation: string, _place: object, { input }: { input: Record<string, unknown> }) => {
      asked.push(input);
      return Promise.resolve(answers.shift() ?? { CopyJobs: [] });
    },
  } as unknown as Readers,
  incidents: {
    knownCopyJobs: (ids: readonly string[]) =>
      Promise.resolve(
        new Map(
          ids
            .filter((id) => known.includes(id))
            .map((id) => [
              id,
              id.startsWith('retry') ? { incidents: [], attempt: 1 } : { incidents: ['A'], attempt: 0 },
            ]),
        ),
      ),
  } as unknown as Incidents,
  config: { failuresQueueUrl: failures.url, region: REGION },
  now: () => new Date(NOW),
});
const sent = () => failures.messages.map(({ body }) => JSON.parse(body) as { detail: Record<string, unknown> });

test('looks back 3 hours for both states and sends what is unknown as the event that it should have been', async () => {
  const found = await catchUp(place, services(['b'], { CopyJobs: [job('a'), job('b')] }, { CopyJobs: [job('c')] }));
  expect(found).toEqual({ listed: 3, sent: 2 });
  expect(asked).toEqual(
    ['FAILED', 'PARTIAL'].map((ByState) => ({ ByState, ByCompleteAfter: new Date('2026-06-01T09:00:00.000Z') })),
  );
  expect(sent().map(({ detail }) => detail['copyJobId'])).toEqual(['a', 'c']);
  const read = readCopyFailure(sent()[0]);
  expect(read).toMatchObject({ ok: true, value: { account: SOURCE, bytes: 5, time: '2026-06-01T11:00:00.000Z' } });
  expect(read.ok && read.value.summary).toBeUndefined();
});

test('sends a copy that the service started itself as long as no incident holds its failure', async () => {
  const found = await catchUp(place, services(['b', 'retry'], { CopyJobs: [job('b'), job('retry')] }));
  expect(found).toEqual({ listed: 2, sent: 1 });
  expect(sent().map(({ detail }) => detail['copyJobId'])).toEqual(['retry']);
});

test('goes on where a long list was cut', async () => {
  const many = Array.from({ length: 25 }, (_, index) => job(`job-${index}`));
  const found = await catchUp(place, services([], { CopyJobs: many, NextToken: 'next' }, { CopyJobs: [job('last')] }));
  expect(asked.map(({ NextToken }) => NextToken)).toEqual([undefined, 'next', undefined]);
  expect(found.sent).toBe(26);
  expect(new Set(sent().map(({ detail }) => detail['copyJobId'])).size).toBe(26);
});

test('leaves copies of other accounts to them', async () => {
  expect(await catchUp(place, services([], { CopyJobs: [job('a', DESTINATION)] }))).toEqual({ listed: 0, sent: 0 });
  expect(sent()).toEqual([]);
});

test('marks a summary, and begins when it is told to', async () => {
  const since = '2026-05-01T00:00:00.000Z';
  await catchUp({ ...place, since, summary: true }, services([], { CopyJobs: [job('a')] }));
  expect(asked[0]?.['ByCompleteAfter']).toEqual(new Date(since));
  expect(readCopyFailure(sent()[0])).toMatchObject({ ok: true, value: { summary: true } });
});

test('says what it could not list, and what it could not send', async () => {
  await expect(catchUp(place, services([], { error: 'AccessDeniedException' }))).rejects.toThrow(
    /ListCopyJobs in account 1{12}, Region eu-west-1: AccessDeniedException/,
  );
  const error = { code: 'AccessDenied', message: 'no', status: 403 };
  sandbox.faults.add({ service: 'sqs', operation: 'SendMessageBatch', error });
  await expect(catchUp(place, services([], { CopyJobs: [job('a')] }))).rejects.toThrow();
});

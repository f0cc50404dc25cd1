import { sinceOf } from '../../bin/cli/backfill';
import { readFailuresMessage } from '../../lambda/core/failures-message';
import type { Queue } from '../sandbox';
import { REGION, SOURCE } from '../core/evidence-fixture';
import { cli, expectOneLine } from './cli-harness';
import { hubFixture, PROD, type HubFixture } from './hub-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

let hub: HubFixture;
let failures: Queue;
beforeAll(async () => {
  hub = await hubFixture();
  failures = hub.sandbox.addQueue({ account: SOURCE, region: REGION, name: 'failures' });
});
afterAll(() => hub.close());
beforeEach(() => {
  failures.messages.length = 0;
  hub.sandbox.faults.clear();
  hub.stack.outputs['FailuresQueueUrl'] = failures.url;
  hub.stack.outputs['DeadLetterQueueUrl'] = 'https://sqs/dead';
});

const sent = () => failures.messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test('asks the deployment to look back, and says what will happen', async () => {
  const before = Date.now();
  const { code, stdout } = await cli('backfill', '--since', '30d', ...PROD);
  expect(code).toBe(0);
  const [message, ...more] = sent();
  expect(more).toEqual([]);
  expect(message).toEqual({
    copyDoctor: 'catch-up',
    account: SOURCE,
    region: REGION,
    since: expect.any(String) as string,
    summary: true,
  });
  const since = Date.parse(String(message?.['since']));
  expect(Math.abs(before - 30 * 86_400_000 - since)).toBeLessThan(60_000);
  expect(stdout).toMatch(
    new RegExp(`copies of account ${SOURCE}, Region ${REGION}, that failed since \\d{4}-.* UTC\\.`),
  );
  expect(stdout).toContain(
    'They become incidents within minutes, and one mail sums them up; if there are none, no mail comes.',
  );
  expect(stdout).toContain('No copy is started, and nothing is changed.');
  expect(stdout).toContain(
    `  npx --no-install copy-doctor incidents --region ${REGION} --account ${SOURCE} --profile prod\n`,
  );
  expect(stdout).toContain('dead letters: https://sqs/dead\n');
});

test('what it sends is what diagnose takes', async () => {
  await cli('backfill', '--since', '7d', ...PROD);
  const read = readFailuresMessage(String(failures.messages[0]?.body), SOURCE);
  expect(read).toMatchObject({ ok: true, value: { kind: 'catch-up', catchUp: { account: SOURCE, summary: true } } });
});

test('JSON', async () => {
  const { code, stdout } = await cli('backfill', '--since', '12h', ...PROD, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    deployment: REGION,
    account: SOURCE,
    region: REGION,
    since: sent()[0]?.['since'],
    queueUrl: failures.url,
    next: `npx --no-install copy-doctor incidents --region ${REGION} --account ${SOURCE} --profile prod`,
  });
});

describe('since', () => {
  const now = new Date('2026-06-15T12:00:00Z');
  test.each([
    ['1h', '2026-06-15T11:00:00.000Z'],
    ['30d', '2026-05-16T12:00:00.000Z'],
    ['720h', '2026-05-16T12:00:00.000Z'],
    ['2026-06-01', '2026-06-01T00:00:00.000Z'],
    ['2026-06-01T02:00:00+02:00', '2026-06-01T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(sinceOf(text, now)).toBe(expected);
  });

  test.each([
    ['31d', /--since 31d is longer ago than AWS Backup keeps copy jobs, 30 days: write at most 30d/],
    ['2026-05-01', /longer ago than AWS Backup keeps/],
    ['0d', /not in the past/],
    ['2026-07-01', /not in the past/],
    ['yesterday', /neither a time span nor a time/],
    ['2026-13-45', /neither a time span nor a time/],
    ['5', /neither a time span nor a time/],
  ])('%s is refused', (text, reason) => {
    expect(() => sinceOf(text, now)).toThrow(reason);
  });
});

test.each([['40d'], ['soon']])('--since %s is one line, and nothing is sent or read', async (span) => {
  hub.sandbox.clearCalls();
  const ran = await cli('backfill', '--since', span, ...PROD);
  expect(ran.code).toBe(2);
  expectOneLine(ran, '--since');
  expect(sent()).toEqual([]);
  expect(hub.sandbox.calls).toEqual([]);
});

test('without --since it says so', async () => {
  const ran = await cli('backfill', ...PROD);
  expect(ran.code).toBe(2);
  expectOneLine(ran, /--since <span>/);
});

test('a deployment without the queue is told from one that refuses', async () => {
  const error = { code: 'AccessDenied', message: 'no', status: 403 };
  hub.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', error });
  const refused = await cli('backfill', '--since', '7d', ...PROD);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`the managed policy copy-doctor-${REGION}-operator\n`);
  Reflect.deleteProperty(hub.stack.outputs, 'FailuresQueueUrl');
  const missing = await cli('backfill', '--since', '7d', ...PROD);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/has no output FailuresQueueUrl: deploy it again\n$/);
});

test('--help', async () => {
  const { code, stdout } = await cli('backfill', '--help');
  expect(code).toBe(0);
  for (const word of ['--since', '--json', 'Examples:', 'Exit codes:']) expect(stdout).toContain(word);
});

import type { Incidents } from '../../lambda/aws/incidents';
import { join, jobOf, standsFor, type JoinServices } from '../../lambda/aws/join-failure';
import { AT_REST, type Incident } from '../../lambda/core/incident/incident';
import type { Proposed } from '../../lambda/core/incident/proposals';
import { at, evidenceOf, failureOf, ID, listOf, planOf, proposalOf, TestDynamo } from './incidents-fixture';

const OTHER = 'BCDEFGHIJKLMNOPQ';
const hash = (letter: string) => letter.repeat(64);

let dynamo: TestDynamo;
let incidents: Incidents;
let now: string;
let tables = 0;
// A queue that nobody can reach: hints are lost, and nothing else.
process.env['AWS_ACCESS_KEY_ID'] = 'test';
process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
const config = { workQueueUrl: 'http://127.0.0.1:1/queue', region: 'eu-west-1' };
process.env['AWS_ENDPOINT_URL_SQS'] = 'http://127.0.0.1:1';

beforeAll(async () => {
  dynamo = await TestDynamo.start();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  now = at(0);
  incidents = await dynamo.incidents(`join-${(tables += 1)}`, () => new Date(now));
});

const services = (): JoinServices => ({ incidents, config, now: () => new Date(now) });
const proposed = (letter = 'a', id = ID): Proposed => ({
  proposal: proposalOf({ id, planHash: hash(letter) }),
  planned: { ok: true, plan: planOf(hash(letter)) },
});
const failure = (copyJobId: string, minutes = 0) => failureOf({ copyJobId, time: at(minutes).replace('.000Z', 'Z') });
const joinOne = (copyJobId: string, all: readonly Proposed[] = [proposed()], further = true) =>
  join(failure(copyJobId, (Date.parse(now) - Date.parse(at(0))) / 60_000), evidenceOf(), now, all, services(), {
    further,
  });
const evidenceIds = async () => (await incidents.evidence(ID)).map(({ copyJobId }) => copyJobId);

it('opens every incident of a failure at one time, with plan, evidence and job', async () => {
  const opened = await joinOne('job-1', [proposed('a'), proposed('b', OTHER)]);
  expect(opened.map(({ id, state, openedAt, openedBy }) => [id, state, openedAt, openedBy])).toEqual([
    [ID, 'proposed', now, 'job-1'],
    [OTHER, 'proposed', now, 'job-1'],
  ]);
  expect((await incidents.plan(OTHER, 1, hash('b')))?.hash).toBe(hash('b'));
  expect((await incidents.knownCopyJobs(['job-1'])).get('job-1')?.incidents).toEqual([ID, OTHER]);
  const [job] = await listOf(incidents.jobs(ID));
  expect(job).toMatchObject({ copyJobId: 'job-1', way: 'diagnosed', failedAt: at(0), revision: 1 });
});

it('joins what is open; the second and the third bring their evidence, a fourth does not', async () => {
  for (const id of ['job-1', 'job-2', 'job-3', 'job-4']) await joinOne(id);
  expect((await incidents.head(ID))?.revision).toBe(1);
  expect(await evidenceIds()).toEqual(['job-1', 'job-2', 'job-3']);
  expect(await listOf(incidents.jobs(ID))).toHaveLength(4);
});

it('does nothing the second time', async () => {
  await joinOne('job-1');
  const before = await incidents.head(ID);
  now = at(1);
  await joinOne('job-1');
  expect(await incidents.head(ID)).toEqual(before);
  expect(await evidenceIds()).toEqual(['job-1']);
  expect(await listOf(incidents.jobs(ID))).toHaveLength(1);
});

it('opens the next revision when later evidence gives another plan, with the evidence behind it', async () => {
  await joinOne('job-1');
  now = at(2);
  const [next] = await joinOne('job-2', [proposed('b')]);
  expect(next).toMatchObject({ revision: 2, planHash: hash('b'), openedBy: 'job-2' });
  expect((await incidents.plan(ID, 2, hash('b')))?.hash).toBe(hash('b'));
  expect(await evidenceIds()).toEqual(['job-2']);
  const jobs = await listOf(incidents.jobs(ID));
  expect(jobs.find(({ copyJobId }) => copyJobId === 'job-2')?.revision).toBe(2);
});

it('lets many join at once: one opens, no failure is lost', async () => {
  const ids = Array.from({ length: 6 }, (_, index) => `job-${index}`);
  await Promise.all(ids.map((id) => joinOne(id)));
  expect((await incidents.head(ID))?.revision).toBe(1);
  expect((await listOf(incidents.jobs(ID))).map(({ copyJobId }) => copyJobId).sort()).toEqual(ids);
});

it('passes a size that only the record tells', async () => {
  const evidence = evidenceOf({ 'backup:DescribeCopyJob': { CopyJob: { BackupSizeInBytes: 7 } } });
  await join(failure('job-1'), evidence, now, [proposed()], services());
  expect((await listOf(incidents.jobs(ID)))[0]?.bytes).toBe(7);
});

it('keeps a summary a summary', async () => {
  await join({ ...failure('job-1'), summary: true }, evidenceOf(), now, [proposed()], services());
  expect((await incidents.head(ID))?.summary).toBe(true);
});

it('stands for a later failure in every state but those at rest', async () => {
  const [opened] = await joinOne('job-1');
  if (!opened) throw new Error('nothing opened');
  const later = failure('job-2', 10);
  const stands = (state: Incident['state']) => standsFor({ ...opened, state, since: at(5) }, later);
  const working = ['waiting', 'applying', 'settling', 'canary', 'retrying', 'rollback-proposed'] as const;
  for (const state of working) expect([state, stands(state)]).toEqual([state, true]);
  for (const state of AT_REST) expect([state, stands(state)]).toEqual([state, false]);
  expect(AT_REST).toContain('refused');
});

it('keeps the place of a copy that the service started, and holds its failure like any other', async () => {
  await incidents.putRetryOf('retry-1', { root: 'job-1', attempt: 1 });
  await joinOne('retry-1');
  const known = (await incidents.knownCopyJobs(['retry-1'])).get('retry-1');
  expect(known).toEqual({ incidents: [ID], root: 'job-1', attempt: 1 });
  expect((await listOf(incidents.jobs(ID))).map(({ copyJobId, way }) => [copyJobId, way])).toEqual([
    ['retry-1', 'diagnosed'],
  ]);
});

it('takes times as they come, and compares them in one form', async () => {
  const [opened] = await joinOne('job-1');
  if (!opened) throw new Error('nothing opened');
  const rejected = { ...opened, state: 'rejected' as const, since: '2026-06-01T00:05:00.000Z' };
  const told = (time: string) => failureOf({ time });
  expect(jobOf(told('2026-06-01T02:05:00+02:00'), 'assumed', 1).failedAt).toBe('2026-06-01T00:05:00.000Z');
  expect(standsFor(rejected, told('2026-06-01T02:05:00+02:00'))).toBe(true);
  expect(standsFor(rejected, told('2026-06-01T00:05:01Z'))).toBe(false);
  expect(standsFor(opened, told('2026-06-02T00:00:00Z'))).toBe(true);
});

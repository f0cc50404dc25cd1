import { flush } from '../../lambda/aws/flush';
import { SOURCE } from '../sandbox/fixture';
import { MINUTE, startHub } from './remediate-fixture';
import { deployRetries } from './retry-fixture';

// One incident, whose copies failed in two Regions of the source account, and one that claims to be of another account.

const FRANKFURT = 'eu-central-1';
const THIRD = '333333333333';
const allow = (account: string) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
});

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function failedInTwoRegions() {
  const { sandbox } = hub;
  const on = await deployRetries(hub);
  const policy = { Version: '2012-10-17', Statement: [allow(SOURCE), allow('222222222222')] };
  const key = sandbox.addKey({ account: SOURCE, region: FRANKFURT, policy });
  const there = { account: SOURCE, region: FRANKFURT };
  const vault = sandbox.addVault({ ...there, name: `daily-${on.table.name}`, key });
  const inFrankfurt = (bytes: number) => sandbox.addRecoveryPoint({ vault, type: 'EBS', key, bytes });
  const { incident } = await on.fail(on.vault, on.point({ bytes: 5_000 }));
  const [here, first, second] = await on.join(incident, [
    on.point({ bytes: 3_000 }),
    inFrankfurt(1_000),
    inFrankfurt(2_000),
  ]);
  if (!here || !first || !second) throw new Error('they did not join');
  expect([here, first, second].map(({ failure }) => failure.region)).toEqual(['eu-west-1', FRANKFURT, FRANKFURT]);
  return { on, id: incident.id, incident, here, first, second };
}

it('all are told before the decision, from both Regions', async () => {
  const { on } = await failedInTwoRegions();
  await on.pass(MINUTE);
  await flush(on.services());
  const { mail } = on.told().at(-1) ?? {};
  expect(mail).toContain('Stopped so far: 4 copies of 4 resources');
  expect(mail?.replace(/\s+/g, ' ')).toContain(
    'As of now: 4 copies (5.9 KiB, 1 of unknown size), from eu-central-1 to eu-west-1; within eu-west-1.',
  );
});

it('each is started where it had failed, is followed there, and counts in what came of it', async () => {
  const { on, id, incident, first } = await failedInTwoRegions();
  await on.pass(MINUTE);
  await flush(on.services());
  await on.settle(incident);
  hub.sandbox.clearCalls();
  const canary = await on.start(id);
  expect(canary).toMatchObject({ state: 'canary', canary: { copyJobId: first.copyJobId } });
  expect(on.starts()).toMatchObject([{ region: FRANKFURT, account: SOURCE }]);
  await hub.sandbox.finishCopies();
  expect((await on.follow(id)).state).toBe('retrying');
  expect(await on.start(id)).toMatchObject({ batches: { count: 1 } });
  expect(await on.start(id)).toMatchObject({ batches: { count: 1, started: 1 } });
  expect(
    on
      .starts()
      .map(({ region }) => region)
      .sort(),
  ).toEqual([FRANKFURT, FRANKFURT, 'eu-west-1', 'eu-west-1']);
  await hub.sandbox.finishCopies();
  await on.pass(5 * MINUTE);
  expect(await on.follow(id)).toMatchObject({ state: 'resolved', tell: 'resolved' });
  expect((await on.jobs(id)).every(({ copiedBy }) => copiedBy !== undefined)).toBe(true);
  await flush(on.services());
  expect(on.told().at(-1)?.mail).toContain('Copied again by Copy Doctor: 4 copies (5.9 KiB).');
});

it('a failure of one Region that is left behind keeps the incident from being resolved', async () => {
  const { on, id, incident, second } = await failedInTwoRegions();
  await on.settle(incident);
  await on.start(id);
  await hub.sandbox.finishCopies();
  await on.follow(id);
  await on.start(id);
  await on.start(id);
  const retry = (await on.job(id, second.copyJobId))?.retry?.copyJobId ?? '';
  on.vault.policy = undefined;
  await hub.sandbox.finishCopies();
  await on.pass(5 * MINUTE);
  expect(hub.sandbox.copyJobs.find((job) => job.id === retry)).toMatchObject({ state: 'FAILED', region: FRANKFURT });
  expect((await on.follow(id)).state).toBe('not-cured');
});

it('a copy of another account is not started, and that account is not entered', async () => {
  const { on, id, incident, here } = await failedInTwoRegions();
  const failure = { ...here.failure, account: THIRD, resourceArn: 'theirs', recoveryPointArn: 'theirs' };
  const foreign = { ...here, copyJobId: 'job-of-another-account', failure, bytes: 1 };
  await on.incidents.putCopyJob(foreign.copyJobId, [id]);
  await on.incidents.putJob(id, foreign);
  await on.settle(incident);
  hub.sandbox.clearCalls();
  for (let times = 0; times < 3; times += 1) {
    await on.start(id);
    await on.pass(15 * MINUTE);
    await hub.sandbox.finishCopies();
    await on.follow(id);
  }
  expect(on.starts().filter(({ account }) => account !== SOURCE)).toEqual([]);
  const taken = hub.sandbox.calls.flatMap(({ operation, input }) =>
    operation === 'AssumeRole' ? input['RoleArn'] : [],
  );
  expect(taken.filter((arn) => String(arn).includes(THIRD))).toEqual([]);
});

import { countBoth, countJobs, type RetriedPart } from '../../../lambda/core/incident/count-jobs';
import type { Retry } from '../../../lambda/core/incident/shown';

const NONE = { copied: 0, bytes: 0, running: 0, failed: 0, leftOut: {} };
const FAILURE = { resourceArn: 'r', recoveryPointArn: 'p', region: 'eu-west-1', destinationVaultArn: 'v' };
const job = (copyJobId: string, hour: number, change: Partial<RetriedPart> = {}): RetriedPart => ({
  copyJobId,
  failedAt: `2026-06-01T0${hour}:00:00.000Z`,
  bytes: 10 ** hour,
  failure: { ...FAILURE },
  ...change,
});
const retry = (copyJobId: string, ended?: Retry['ended']): Pick<RetriedPart, 'retry'> => ({
  retry: { copyJobId, attempt: 1, at: '2026-06-01T09:00:00.000Z', ended },
});
async function* list(jobs: readonly RetriedPart[]) {
  yield* jobs;
}

test.each<[string, RetriedPart[], object]>([
  ['nothing was tried', [job('a', 1)], {}],
  ['it runs', [job('a', 1, retry('r'))], { running: 1 }],
  ['it is copied', [job('a', 1, retry('r', 'copied'))], { copied: 1, bytes: 10 }],
  [
    'it is copied, and nobody has looked at the retry',
    [job('a', 1, { ...retry('r'), copiedBy: 'r' })],
    { copied: 1, bytes: 10 },
  ],
  ["it is copied by the plan's next run", [job('a', 1, { ...retry('r', 'same'), copiedBy: 'other' })], {}],
  ['it failed for the same cause', [job('a', 1, retry('r', 'same'))], { failed: 1 }],
  ['it failed for another cause', [job('a', 1, retry('r', 'other'))], { failed: 1 }],
  ['nobody can say', [job('a', 1, retry('r', 'unknown'))], {}],
  ['the retry failed and is a failure of its own', [job('a', 1, retry('r', 'same')), job('r', 2)], { failed: 1 }],
  [
    'the retry failed, and its own retry runs',
    [job('a', 1, retry('r', 'same')), job('r', 2, retry('s'))],
    { running: 1 },
  ],
  [
    'the retry failed, and its own retry is copied',
    [job('r', 2, retry('s', 'copied')), job('a', 1, { ...retry('r', 'same'), copiedBy: 's' })],
    { copied: 1, bytes: 100 },
  ],
  [
    'older points of a resource that the newest stands for',
    [
      job('a', 1, { leftOut: 'older-point' }),
      job('b', 2, { leftOut: 'older-point' }),
      job('c', 3, retry('r', 'copied')),
    ],
    { copied: 1, bytes: 1000, leftOut: { 'older-point': 2 } },
  ],
  [
    'an older point in the place of one that is gone',
    [job('a', 1, retry('r', 'copied')), job('b', 2, { leftOut: 'recovery-point-gone' })],
    { copied: 1, bytes: 10, leftOut: { 'recovery-point-gone': 1 } },
  ],
  [
    'every point of a resource counts once',
    [job('a', 1, retry('r', 'copied')), job('b', 2, retry('s', 'copied'))],
    { copied: 1, bytes: 100 },
  ],
  [
    'two destinations are two',
    [
      job('a', 1, retry('r', 'copied')),
      job('b', 1, { ...retry('s'), failure: { ...FAILURE, destinationVaultArn: 'w' } }),
    ],
    { copied: 1, bytes: 10, running: 1 },
  ],
  [
    'events without any resource are each their own, and a size may be missing',
    [
      job('a', 1, { ...retry('r', 'copied'), failure: undefined, bytes: undefined }),
      job('b', 2, { ...retry('s', 'copied'), failure: undefined }),
    ],
    { copied: 2, bytes: 100 },
  ],
])('%s', async (_, jobs, expected) => {
  const { counted, retried } = await countBoth(list(jobs));
  expect(retried).toEqual({ ...NONE, ...expected });
  // Whoever wants both reads once.
  expect(counted).toEqual(await countJobs(list(jobs)));
});

describe('the ways that copies go', () => {
  const vault = (region: string) => `arn:aws:backup:${region}:222222222222:backup-vault:dr`;
  const from = (region: string, to: string, more: Partial<RetriedPart> = {}) =>
    job(`${region}-${to}`, 1, { failure: { ...FAILURE, region, destinationVaultArn: vault(to) }, ...more });
  const here = from('eu-west-1', 'eu-west-1');

  it('are told where there are several', async () => {
    const all = [here, here, from('us-east-1', 'eu-west-1'), from('eu-west-1', 'us-east-1')];
    expect((await countJobs(list(all))).routes).toEqual([
      { from: 'eu-west-1', to: 'eu-west-1' },
      { from: 'eu-west-1', to: 'us-east-1' },
      { from: 'us-east-1', to: 'eu-west-1' },
    ]);
  });

  it('are not where all go the same, or the others are off the list', async () => {
    const copied = from('us-east-1', 'eu-west-1', { copiedBy: 'x' });
    expect(await countJobs(list([here, here, copied]))).not.toHaveProperty('routes');
  });
});

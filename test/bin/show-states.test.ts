import type { Incident, IncidentState } from '../../lambda/core/incident/incident';
import { diffOf, planHash } from '../../lambda/core/plan/plan-fix';
import type { Plan } from '../../lambda/core/plan/plan';
import { cli } from './cli-harness';
import { closeHub, hub, id, nextIncident, openHub, plan, PROD } from './hub-fixture';

beforeAll(openHub);
afterAll(closeHub);
beforeEach(nextIncident);

const show = (...more: readonly string[]) => cli('show', id, ...PROD, ...more);

describe('in the words of each state', () => {
  const change = { at: '2026-06-01T10:00:00.000Z', requestId: 'request-1' };

  test.each<[IncidentState, Partial<Incident>, RegExp]>([
    ['waiting', { failedRounds: 2 }, /passes by itself: the copies are started again later \(tried 2 times so far\)/],
    ['approved', { agenda: { apply: '2026-06-01T00:00:00.000Z' } }, /The service is about to make the change\./],
    ['applying', {}, /The service makes the change now\./],
    ['refused', { because: 'An SCP says no.' }, /not made: An SCP says no\. The owner can make it/],
    [
      'settling',
      { change },
      /The service made the change at 2026-06-01 10:00 UTC without asking, .* \(AWS request request-1\)/,
    ],
    [
      'canary',
      { canary: { copyJobId: 'a', retryId: 'b', at: '2026-06-01T10:02:00.000Z' } },
      /One copy was started first, at 2026-06-01 10:02 UTC: copy job b\./,
    ],
    ['retrying', { batches: { count: 3, started: 1 } }, /started again: 1 of 3 batches so far/],
    [
      'applied',
      { because: 'No copy may be started.' },
      /the next copy shows whether it worked: No copy may be started\./,
    ],
    [
      'reopened',
      { others: ['B'.repeat(16)] },
      /OTHER INCIDENTS\n.*\n +npx --no-install copy-doctor show BBBBBBBBBBBBBBBB /,
    ],
    ['not-cured', { because: 'Not in 7 days.' }, /failed for the same cause: Not in 7 days\. The change stays/],
    ['rollback-approved', {}, /The service takes the change back now\./],
    ['rolled-back', {}, /The change was taken back at .* UTC\. Copies that need it fail\./],
    ['expired', {}, /without a decision\. A new failure asks again/],
    ['stale', {}, /no longer the one that the plan was made from/],
  ])('%s', async (state, more, words) => {
    await hub.become(id, { state, ...more });
    const { code, stdout } = await show();
    expect([code, stdout]).toEqual([0, expect.stringMatching(words) as string]);
  });

  test('what came of copying again', async () => {
    await hub.incidents.setRetry(id, 'job-1', { copyJobId: 'r', attempt: 1, at: change.at });
    await hub.incidents.endRetry(id, 'job-1', 'copied');
    await hub.incidents.leaveOut(id, 'job-2', 'continuous');
    await hub.become(id, { state: 'resolved', change });
    const { stdout } = await show();
    expect(stdout).toContain(
      '\nCOPIED AGAIN\n  1 resource copied (21.0 GiB)\n  1 copy left out: the recovery point is continuous\n',
    );
    expect(stdout).toContain(
      `NEXT\n  To take the change back:\n    npx --no-install copy-doctor rollback ${id} ${PROD.join(' ')}\n`,
    );
    expect(JSON.parse((await show('--json')).stdout)).toMatchObject({
      retried: { copied: 1, leftOut: { continuous: 1 } },
      rollback: null,
    });
  });

  test('a rollback: its plan and hash, and who asked; a forged one is not shown', async () => {
    const { resource, before, after, partition } = plan;
    const was = before ?? after;
    const hash = planHash(resource, after, was, partition);
    const back: Plan = {
      ...plan,
      before: after,
      after: was,
      added: [],
      removed: plan.added,
      hash,
      diff: diffOf(after, was),
    };
    await hub.incidents.putPlan(id, 1, back);
    const rollback = { from: 'resolved', requestedBy: 'arn:jane', requestedAt: change.at, planHash: hash } as const;
    await hub.become(id, { state: 'rollback-proposed', change, rollback, agenda: { expire: hub.hoursAgo(-1) } });
    const { code, stdout } = await show();
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nWHAT IS TAKEN AWAY {3}access policy of vault dr, .*\n {2}--- policy as read\n/);
    expect(stdout).toContain(
      `\nROLLBACK\n  ${hash.slice(0, 12)}   (${hash})\n  Asked for by arn:jane at 2026-06-01 10:00 UTC.\n`,
    );
    expect(stdout).toMatch(
      /NEXT\n {2}Decide on taking the change back:\n.*copy-doctor rollback .*\n.*copy-doctor reject /,
    );
    await hub.incidents.putPlan(id, 1, { ...back, after });
    const forged = await show();
    expect([forged.code, forged.stdout.includes('WHAT IS TAKEN AWAY')]).toEqual([1, false]);
  });
});

import { PassThrough } from 'node:stream';
import { rollback } from '../../bin/cli/rollback';
import type { Incident } from '../../lambda/core/incident/incident';
import { diffOf, planHash } from '../../lambda/core/plan/plan-fix';
import type { Plan } from '../../lambda/core/plan/plan';
import { DESTINATION, REGION, SOURCE } from '../core/evidence-fixture';
import { cli } from './cli-harness';
import { atTerminal, closeHub, decisions, hub, id, nextIncident, openHub, plan, PROD } from './hub-fixture';

const BY = `arn:aws:iam::${SOURCE}:user/jane`;

let back: Plan;
let change: NonNullable<Incident['change']>;
beforeAll(openHub);
afterAll(closeHub);
beforeEach(async () => {
  await nextIncident();
  back = reversed(plan);
  change = { at: hub.hoursAgo(2), requestId: 'request-1' };
});

/** What takes a plan back. */
function reversed(plan: Plan): Plan {
  const { resource, before, after, partition } = plan;
  const was = before ?? { ...after, Statement: [] };
  const hash = planHash(resource, after, was, partition);
  const diff = diffOf(after, was);
  const warnings = ['3 copies have succeeded since: they may rely on it.'];
  const more = { permits: [], doesNotPermit: [], undo: 'Add it again.', warnings };
  return { ...plan, before: after, after: was, added: [], removed: plan.added, hash, diff, ...more };
}

const begin = () => back.hash.slice(0, 12);
const requested = () => ({ from: 'resolved', requestedBy: BY, requestedAt: hub.hoursAgo(1) }) as const;

async function propose(plan = back): Promise<void> {
  await hub.incidents.putPlan(id, 1, plan);
  const rollback = { ...requested(), planHash: back.hash };
  await hub.become(id, { state: 'rollback-proposed', change, rollback, agenda: { expire: hub.hoursAgo(-10) } });
}
const quick = { every: 10, atMost: 60 };

describe('one that is proposed', () => {
  test('is shown without its hash, asked for, and decided', async () => {
    await propose();
    const { code, stdout, stderr } = await atTerminal([begin()], 'rollback', id, ...PROD, '--reason', 'CHG-2');
    expect(code).toBe(0);
    const screen = stdout.slice(0, stdout.indexOf('Decided'));
    expect(screen).toMatch(/^Taking back the change for: The destination vault does not allow/);
    expect(screen).toMatch(/State +rollback-proposed, taking the change back waits for a decision until .* UTC\n/);
    expect(screen).toContain(`\nWHAT IS TAKEN AWAY   access policy of vault dr, account ${DESTINATION}\n`);
    expect(screen).toContain('-      "Sid": "CopyDoctorAllowCopyFrom111111111111"');
    expect(screen).toContain('WARNING\n  3 copies have succeeded since: they may rely on it.\n');
    expect(`${screen}${stderr}`).not.toContain(begin());
    expect(stderr).toContain('To take the change back, type the first 12');
    expect(stdout).toContain(`Decided: the rollback of incident ${id}, revision 1, is approved.\n`);
    expect(stdout).toContain('The service takes away exactly what was shown within minutes');
    expect(await decisions()).toEqual([
      expect.objectContaining({ about: 'rollback', decision: 'approved', planHash: back.hash, reason: 'CHG-2' }),
    ]);
    expect(hub.queue.messages).toHaveLength(1);
  });

  test('is decided in a script, once', async () => {
    await propose();
    const wrong = await cli('rollback', id, ...PROD, '--plan', '0'.repeat(12), '--yes');
    expect([wrong.code, await decisions()]).toEqual([2, []]);
    const { code, stdout } = await cli('rollback', id, ...PROD, '--plan', begin(), '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      incident: id,
      state: 'rollback-proposed',
      status: 'put',
      decision: expect.objectContaining({ about: 'rollback' }) as object,
    });
    const again = await cli('rollback', id, ...PROD, '--plan', begin(), '--yes');
    expect([again.code, again.stdout.includes('Decided before: the rollback')]).toEqual([0, true]);
    const other = await cli('reject', id, ...PROD, '--plan', begin(), '--yes');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/The rollback of incident \w+ was approved by .* That stands/);
    expect(await decisions()).toHaveLength(1);
  });

  test('is rejected by `reject`, and not approved by `approve`', async () => {
    await propose();
    const approve = await cli('approve', id, ...PROD, '--plan', begin(), '--yes');
    expect(approve.code).toBe(1);
    expect(approve.stderr).toMatch(/taking it back waits for a decision: the command `rollback` decides/);
    const { code, stdout } = await atTerminal([begin()], 'reject', id, ...PROD);
    expect(code).toBe(0);
    expect(stdout).toMatch(/is rejected\.\n[\s\S]*\nThe change stays in place\.\n$/);
    expect(await decisions()).toEqual([expect.objectContaining({ about: 'rollback', decision: 'rejected' })]);
  });

  test.each<[string, (plan: Plan) => Plan]>([
    ['that its hash does not name', (plan) => ({ ...plan, after: { ...plan.after, Statement: [] } })],
    ['that adds something', (plan) => ({ ...plan, added: plan.removed ?? [] })],
  ])('a plan %s is not decided on', async (_, forged) => {
    await propose(forged(back));
    const { code, stderr } = await cli('rollback', id, ...PROD, '--plan', begin(), '--yes');
    expect([code, stderr.includes('not decide on it')]).toEqual([1, true]);
    expect(await decisions()).toEqual([]);
  });
});

describe('one that is asked for', () => {
  test('is waited for, shown and decided', async () => {
    await hub.become(id, { state: 'resolved', change });
    const ran = atTerminal([begin()], 'rollback', id, ...PROD, '--reason', 'CHG-2');
    for (let tries = 0; hub.queue.messages.length === 0 && tries < 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await decisions()).toMatchObject([{ about: 'rollback-request', reason: 'CHG-2' }]);
    await propose();
    const { code, stdout, stderr } = await ran;
    expect([code, stdout.includes('is approved.')]).toEqual([0, true]);
    expect(stderr).toContain('Waiting up to 2 minutes');
    expect((await decisions()).map(({ about }) => about).sort()).toEqual(['rollback', 'rollback-request']);
  });

  const run = (io: { stdout: string[]; stderr: string[] }) => {
    const out = (list: string[]) => ({ isTTY: true, write: (text: string) => list.push(text) });
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const streams = { stdout: out(io.stdout), stderr: out(io.stderr), stdin };
    return rollback(streams, id, { region: REGION, account: SOURCE, profile: 'prod' }, quick);
  };

  const REFUSED = { because: 'It is the only statement.', tell: 'rollback-refused' } as const;
  const answered = (requestedAt: string) => ({ from: 'resolved' as const, requestedBy: BY, requestedAt });

  test.each([
    ['the first time', {}],
    ['again, for the same reason', { because: REFUSED.because, rollback: answered('2026-01-01T00:00:00.000Z') }],
    ['again, the first mail held back', { ...REFUSED, rollback: answered('2026-01-01T00:00:00.000Z') }],
  ])('and refused by the deployment %s: waits for the answer, and says why', async (_, before) => {
    await hub.become(id, { state: 'resolved', change, ...before });
    let asked = false;
    const stderr: string[] = [];
    stderr.push = (text) => {
      if (text.startsWith('Asked for.')) {
        asked = true;
        // Its mail has gone out by then.
        void hub.become(id, {
          state: 'resolved',
          change,
          because: REFUSED.because,
          rollback: answered(hub.hoursAgo(0)),
        });
      }
      return 0;
    };
    await expect(run({ stdout: [], stderr })).rejects.toMatchObject({
      exitCode: 1,
      message: `the change of incident ${id} is not taken back: It is the only statement.`,
    });
    expect(asked).toBe(true);
  });

  test('and not answered: a mail will', async () => {
    await hub.become(id, { state: 'applied', change });
    await expect(run({ stdout: [], stderr: [] })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /has not answered yet: a mail .* Then: npx .* rollback \w+ .*--profile prod$/,
      ) as string,
    });
  });

  test('--no-wait asks for it alone, without a terminal', async () => {
    await hub.become(id, { state: 'resolved', change });
    const { code, stdout } = await cli('rollback', id, ...PROD, '--no-wait');
    expect(code).toBe(0);
    expect(stdout).toContain(
      `is asked for. A mail brings what it would remove; then decide:\n  npx --no-install copy-doctor rollback ${id} ${PROD.join(' ')}\n`,
    );
    expect(await decisions()).toMatchObject([{ about: 'rollback-request' }]);
    await propose();
    const there = await cli('rollback', id, ...PROD, '--no-wait', '--json');
    expect(JSON.parse(there.stdout)).toMatchObject({ incident: id, status: 'proposed' });
  });
});

describe('one that is not possible', () => {
  test('the owner made the change: says how it is taken back', async () => {
    await hub.become(id, { state: 'resolved' });
    const { code, stdout, stderr } = await atTerminal([], 'rollback', id, ...PROD);
    expect(code).toBe(1);
    expect(stdout).toContain(`The owner, account ${DESTINATION}, made this change of arn:`);
    expect(stdout).toContain(`copy-doctor-${id}-before.json`);
    expect(stdout).toContain('remove the statement with the Sid CopyDoctorAllowCopyFrom111111111111:');
    expect(stdout).toContain(`aws backup put-backup-vault-access-policy --region ${REGION} --backup-vault-name dr`);
    expect(stderr).toMatch(/copy-doctor: The change of incident \w+ was not made by this service: whoever made it/);
    const json = await cli('rollback', id, ...PROD, '--no-wait', '--json');
    expect([json.code, json.stdout, await decisions()]).toEqual([1, '', []]);
  });

  test('a key policy: the commands are those of KMS', async () => {
    const resource = `arn:aws:kms:${REGION}:${SOURCE}:key/11111111-1111-4111-8111-111111111111`;
    await hub.become(id, { state: 'applied', kind: 'key-policy', resource, owner: SOURCE });
    const { code, stdout } = await atTerminal([], 'rollback', id, ...PROD);
    expect(code).toBe(1);
    expect(stdout).toContain(`aws kms put-key-policy --region ${REGION} --key-id ${resource} --policy-name default`);
  });

  test('nothing was changed, or something is under way', async () => {
    const proposed = await atTerminal([], 'rollback', id, ...PROD);
    expect(proposed.code).toBe(1);
    expect(proposed.stderr).toMatch(/nothing was changed\. Next: npx --no-install .* show /);
    await hub.become(id, { state: 'canary', change });
    expect((await atTerminal([], 'rollback', id, ...PROD)).stderr).toMatch(/A copy of incident \w+ is tried now/);
    expect(await decisions()).toEqual([]);
  });

  test('it is done, or about to be', async () => {
    await hub.become(id, { state: 'rolled-back', since: hub.hoursAgo(1) });
    const done = await atTerminal([], 'rollback', id, ...PROD);
    expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/was taken back at .* UTC\.\n$/)]);
    await hub.become(id, { state: 'rollback-approved', change, rollback: { ...requested(), planHash: back.hash } });
    const soon = await atTerminal([], 'rollback', id, ...PROD);
    expect([soon.code, soon.stdout]).toEqual([0, expect.stringMatching(/takes the change of .* back within minutes/)]);
  });
});

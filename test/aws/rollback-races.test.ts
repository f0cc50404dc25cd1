import { BackupClient, GetBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { DESTINATION } from '../sandbox/fixture';
import { applyHub, AUDIT, THIRD } from './apply-change-fixture';
import { allowFrom, MINUTE, policyOf } from './remediate-fixture';
import { ADDED, rollbackSteps } from './rollback-fixture';

const on = applyHub();
const { begin, puts } = on;
const { decided, back } = rollbackSteps(on);
afterEach(() => jest.restoreAllMocks());

it.each(['before', 'after'] as const)('a crash %s each effect: in the end it is removed once', async (when) => {
  for (let n = 1; ; n += 1) {
    await begin();
    const incident = await decided();
    on.hub.sandbox.faults.killAt(n, when, { principal: new RegExp(`remediate|${incident.id}`) });
    await back(incident).catch(() => undefined);
    const { killed } = on.hub.sandbox.faults;
    on.hub.sandbox.faults.clear();
    await on.hub.sandbox.clock.advance(5 * MINUTE);
    const after = await back(incident);
    expect([n, after.state, after.tell]).toEqual([n, 'rolled-back', 'rolled-back']);
    expect([n, on.vault.policy]).toEqual([n, policyOf(AUDIT)]);
    expect(puts().filter(({ error, lost }) => !error && lost !== 'before')).toHaveLength(1);
    if (!killed) break;
    expect(n).toBeLessThan(20);
  }
});

it.each<[string, string | undefined]>([
  ['adds a statement', policyOf(AUDIT, ADDED, allowFrom(THIRD, { Sid: 'Third' }))],
  ['replaces all', policyOf(allowFrom(THIRD, { Sid: 'Third' }))],
  ['removes ours', policyOf(AUDIT)],
  ['changes ours', policyOf(AUDIT, { ...ADDED, Sid: 'Theirs' })],
  ['deletes the policy', undefined],
])(
  'somebody %s after any look: theirs is left, but in the instant between the last look and the put',
  async (_, theirs) => {
    const run = async (n: number) => {
      await begin();
      const incident = await decided();
      let looks = 0;
      const send = BackupClient.prototype.send as (...args: unknown[]) => Promise<unknown>;
      jest.spyOn(BackupClient.prototype, 'send').mockImplementation(async function (
        this: BackupClient,
        ...args: unknown[]
      ) {
        const answer = await send.apply(this, args).catch((error: unknown) => ({ error }));
        if (args[0] instanceof GetBackupVaultAccessPolicyCommand && (looks += 1) === n) on.vault.policy = theirs;
        if (answer && typeof answer === 'object' && 'error' in answer) throw answer.error;
        return answer;
      } as never);
      await back(incident);
      jest.restoreAllMocks();
      return looks;
    };
    const all = await run(0);
    const isWrite = ({ operation, account }: { operation: string; account: string }) =>
      operation.endsWith('BackupVaultAccessPolicy') && account === DESTINATION;
    const before = on.hub.sandbox.calls.filter(isWrite).findIndex(({ operation }) => operation.startsWith('Put'));
    expect(before).toBeGreaterThan(2);
    for (let n = 1; n <= all; n += 1) {
      await run(n);
      const left = n === before ? policyOf(AUDIT) : theirs;
      expect([n, on.vault.policy, puts().length]).toEqual([n, left, n < before ? 0 : 1]);
    }
  },
);

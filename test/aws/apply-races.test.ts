import { BackupClient, GetBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { applyChange } from '../../lambda/aws/apply-change';
import type { Incident } from '../../lambda/core/incident/incident';
import { sameContent } from '../../lambda/core/plan/normal-form';
import type { PolicyDocument, Statement } from '../../lambda/core/policy/policy';
import { SOURCE } from '../sandbox/fixture';
import type { Vault } from '../sandbox/model';
import { allowFrom, HOUR, policyOf, startHub, type Deployment, type SettingsOf } from './remediate-fixture';

// Somebody else changes the vault's policy right after each of the reads that a change makes. Neither API of AWS takes
// a condition, so that one instant stays: after the last look, before the put. Everywhere else theirs must be left.

const THIRD = '333333333333';
let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
  hub.sandbox.addAccount({ id: THIRD });
  // The role that a statement names has to be there.
  hub.sandbox.addRole({ account: THIRD, name: 'Audit', trust: { Version: '2012-10-17', Statement: [] } });
});
afterAll(() => hub.close());
afterEach(() => jest.restoreAllMocks());

let deployed: Deployment;
let vault: Vault;
const begin = async (settings?: SettingsOf) => {
  deployed = await hub.deploy(true, settings);
  [vault] = deployed.vaults;
  vault.policy = policyOf(AUDIT, OTHER);
  hub.sandbox.clearCalls();
};

const AUDIT = allowFrom(THIRD, { Sid: 'Audit' });
const OTHER = { ...allowFrom(THIRD, { Sid: 'Other' }), Principal: { AWS: `arn:aws:iam::${THIRD}:role/Audit` } };
const KEEP = {
  Sid: 'KeepBackups',
  Effect: 'Deny',
  Principal: '*',
  Action: 'backup:DeleteRecoveryPoint',
  Resource: '*',
};
const OURS = allowFrom(SOURCE) as Statement;

const THEIRS: Readonly<Record<string, string | undefined>> = {
  'adds a statement': policyOf(AUDIT, OTHER, KEEP),
  'adds one before the others': policyOf(KEEP, AUDIT, OTHER),
  'removes a statement': policyOf(OTHER),
  'replaces a statement': policyOf(AUDIT, KEEP),
  'moves a statement': policyOf(OTHER, AUDIT),
  'deletes the policy': undefined,
  'adds what we would add': policyOf(AUDIT, OTHER, { ...OURS, Sid: 'ByHand' }),
  'denies the copy': policyOf(AUDIT, OTHER, { ...OURS, Sid: 'Never', Effect: 'Deny' }),
};

/** After the n-th answer to a look at the vault, whoever looks, somebody else changes its policy. */
function interfere(n: number, policy: string | undefined) {
  const seen = { looks: 0 };
  const send = BackupClient.prototype.send as (command: unknown, ...rest: unknown[]) => Promise<unknown>;
  jest.spyOn(BackupClient.prototype, 'send').mockImplementation(async function (
    this: BackupClient,
    ...args: unknown[]
  ) {
    const [command] = args;
    const looks = command instanceof GetBackupVaultAccessPolicyCommand && command.input.BackupVaultName === vault.name;
    try {
      return await send.apply(this, args as [unknown]);
    } finally {
      if (looks && (seen.looks += 1) === n) {
        vault.policy = policy;
      }
    }
  } as never);
  return seen;
}

const puts = () => hub.sandbox.calls.filter(({ operation }) => operation === 'PutBackupVaultAccessPolicy');
const statements = (text: string | undefined) =>
  text === undefined ? [] : (JSON.parse(text) as PolicyDocument).Statement;
const isOurs = (one: Statement) => sameContent(one, OURS, 'aws') && /^CopyDoctor/.test(one.Sid ?? '');

const prepare = async (auto: boolean) => {
  await begin(auto ? (vaults) => ({ autoApply: vaults.map(({ arn }) => arn) }) : undefined);
  const { incident } = await deployed.fail(vault);
  if (!auto) {
    const decision = {
      incident: incident.id,
      revision: 1,
      planHash: incident.planHash ?? '',
      decision: 'approved',
      by: `arn:aws:iam::${SOURCE}:user/jane`,
      at: deployed.now().toISOString(),
    } as const;
    await deployed.incidents.putDecision(decision);
    await deployed.incidents.change(incident.id, { kind: 'decided', at: decision.at, decision });
  }
  await hub.sandbox.clock.advance(1_000);
  hub.sandbox.clearCalls();
  return incident;
};
const apply = async ({ id }: Incident) => {
  const incident = await deployed.incidents.head(id);
  if (!incident) throw new Error('no incident');
  await applyChange(incident, { ...deployed.services(), sleep: () => Promise.resolve() });
  return deployed.incidents.head(id);
};

/** How often a change that nobody disturbs looks at the vault: in all, and before its put. */
async function looksOf(auto: boolean) {
  const incident = await prepare(auto);
  const seen = interfere(0, undefined);
  await apply(incident);
  const gets = hub.sandbox.calls.filter(
    ({ operation, input, account }) =>
      operation.endsWith('BackupVaultAccessPolicy') && input['BackupVaultName'] === vault.name && account !== SOURCE,
  );
  const before = gets.findIndex(({ operation }) => operation.startsWith('Put'));
  jest.restoreAllMocks();
  expect(before).toBeGreaterThan(2);
  return { all: seen.looks, before };
}

describe.each([
  ['approved', false],
  ['by autoApply', true],
] as const)('%s', (_, auto) => {
  // Both ways write by the same code: a few are enough for the second.
  const cases = Object.entries(THEIRS).filter((_, index) => !auto || index % 3 === 0);
  it.each(cases)('somebody %s after any look: theirs stays, ours comes at most once', async (_, theirs) => {
    const { all, before } = await looksOf(auto);
    for (let n = 1; n <= all; n += 1) {
      const incident = await prepare(auto);
      const seen = interfere(n, theirs);
      const after = await apply(incident);
      jest.restoreAllMocks();
      const where = `after look ${n} of ${all}, put at ${before}`;
      expect([where, seen.looks >= n]).toEqual([where, true]);
      expect([where, puts().length <= 1]).toEqual([where, true]);
      if (n < before) {
        // They changed it before the last look: what they wrote is what is there.
        expect([where, puts().length, vault.policy]).toEqual([where, 0, theirs]);
        expect([where, after?.change]).toEqual([where, undefined]);
      } else if (n === before) {
        // The one instant that AWS leaves no way to close: what was decided on is written, exactly, over theirs.
        expect([where, statements(vault.policy)]).toEqual([where, [AUDIT, OTHER, expect.objectContaining(OURS)]]);
      } else {
        // They changed it after the put, and nothing is written over it.
        expect([where, puts().length, vault.policy]).toEqual([where, 1, theirs]);
      }
      // Nothing more comes of the same decision, however often it is due.
      if (!auto) {
        const left = vault.policy;
        const made = puts().length;
        await hub.sandbox.clock.advance(HOUR);
        await apply(incident);
        expect([where, puts().length, vault.policy]).toEqual([where, made, left]);
      }
      expect(statements(vault.policy).filter(isOurs).length).toBeLessThanOrEqual(1);
    }
  });
});

import { readerSessions } from '../lambda/aws/reader-sessions';
import { startHub, withDetail, type Hub } from './diagnose-fixture';
import { DESTINATION } from './sandbox/fixture';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

it('takes at most 4 serial steps from the event to the verdict', async () => {
  hub.closeVault();
  hub.closeKey();
  const event = await hub.failOne();
  // Longer than a busy machine takes to load the clients, of which each is new here.
  hub.sandbox.latencyMs = 800;
  expect(await hub.failed([event])).toEqual([]);
  expect(hub.calls('backup', 'DescribeCopyJob')).toHaveLength(1);
  expect(hub.serialSteps()).toBeLessThanOrEqual(4);
});

it('refuses a source account that the deployment does not have', async () => {
  hub.closeVault();
  const sourceBackupVaultArn = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:prod';
  const event = { ...withDetail(await hub.failOne(), { sourceBackupVaultArn }), account: '333333333333' };
  expect(await hub.failed([event])).toEqual([]);
  expect(hub.calls('sts', 'AssumeRole')).toEqual([]);
  expect(await hub.all()).toEqual([]);
  expect(hub.deadLetters.messages).toHaveLength(1);
});

it('enters no account that the settings do not name, whatever an event says, and offers nothing there', async () => {
  hub.closeVault();
  const destinationBackupVaultArn = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:prey';
  const event = withDetail(await hub.failOne(), { copyJobId: 'not-on-record', destinationBackupVaultArn });
  expect(await hub.failed([event])).toEqual([]);
  const roles = hub.calls('sts', 'AssumeRole').map(({ input }) => (input as { RoleArn: string }).RoleArn);
  expect(roles).toEqual(['arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-reader']);
  const incidents = await hub.all();
  expect(incidents.length).toBeGreaterThan(0);
  for (const { state, ask, planHash } of incidents)
    expect([state, ask, planHash]).toEqual(['reported', false, undefined]);
});

it('asks for a role that is missing once a batch', async () => {
  hub.closeVault();
  const role = hub.readerRole(DESTINATION);
  if (!role) throw new Error('no role');
  role.trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  expect(await hub.failed([await hub.failOne()])).toEqual([]);
  expect((await hub.only()).state).toBe('reported');
  expect(hub.calls('sts', 'AssumeRole')).toHaveLength(2);
});

it('waits once for trouble that passes by itself, then opens with what could be read, and learns nothing from it', async () => {
  hub.closeVault();
  const event = await hub.failOne();
  hub.sandbox.faults.add({ service: 'kms', operation: 'GetKeyPolicy', throttle: true });
  expect(await hub.failed([event])).toEqual(['message-0']);
  expect(await hub.all()).toEqual([]);

  expect(await hub.failed([event], 2)).toEqual([]);
  expect((await hub.only()).causes).toEqual(['vault-policy-lacks-source']);
  const [stored] = await hub.incidents.evidence((await hub.only()).id);
  expect(JSON.stringify(stored?.evidence.responses)).toContain('Throttling');
  expect(await hub.foldOf(event)).toBeUndefined();
});

it('does not tell a person to deploy a role because AssumeRole was throttled', async () => {
  hub.closeVault();
  const event = await hub.failOne();
  hub.sandbox.faults.add({ service: 'sts', operation: 'AssumeRole', throttle: true });
  expect(await hub.failed([event])).toEqual(['message-0']);
  expect(await hub.all()).toEqual([]);
});

it('takes a refused read for unknown: nobody is asked to decide', async () => {
  hub.closeVault();
  const event = await hub.failOne();
  const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
  hub.sandbox.faults.add({ service: 'backup', operation: 'GetBackupVaultAccessPolicy', error });
  expect(await hub.failed([event])).toEqual([]);
  expect(await hub.only()).toMatchObject({ state: 'reported', kind: 'manual', ask: false });
});

it('keeps a session until 5 minutes before it ends', async () => {
  let now = Date.now();
  const credentialsOf = readerSessions({
    partition: 'aws',
    region: 'eu-west-1',
    readerRoleName: 'copy-doctor-eu-west-1-reader',
    accounts: new Set(['222222222222']),
    now: () => now,
  });
  const place = { account: '222222222222', region: 'eu-west-1' };
  const first = await credentialsOf(place);
  const expiration = Math.max(Date.now(), hub.sandbox.clock.now().getTime()) + 3_600_000;
  now = expiration - 6 * 60_000;
  expect(await credentialsOf(place)).toBe(first);
  now = expiration - 4 * 60_000;
  expect(await credentialsOf(place)).not.toBe(first);
  expect(hub.calls('sts', 'AssumeRole')).toHaveLength(2);
});

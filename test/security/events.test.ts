import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { incidentsOf } from '../sandbox/demo/play';
import { DESTINATION, PARTNER, REGION, SOURCE, UNREAD } from '../sandbox/demo/scenario';
import { clients, type Config } from '../sandbox/fixture';
import {
  apply,
  as,
  broken,
  failed,
  headOf,
  mailsAbout,
  person,
  refusedTo,
  roleArn,
  told,
  vaultArn,
  worldOf,
  type World,
} from './fixture';

// What docs/threat-model.md says of this.

const NAMES = ['spoofed', 'renamed', 'other', 'unrecorded', 'deputy'];
let world: World;
beforeAll(async () => (world = await worldOf(NAMES)));
afterAll(() => world.close());

const entered = (since: number) =>
  world.sandbox.calls
    .slice(since)
    .filter(({ operation }) => operation === 'AssumeRole')
    .map(({ input }) => String((input as { RoleArn?: string }).RoleArn).split(':')[4]);

describe('A compromised source account fails a copy into a foreign vault', () => {
  it('a destination that is not on the list gets a diagnosis that says so, and no plan', async () => {
    const { incident } = await told(world, broken('foreign'));
    expect(incident).toMatchObject({ state: 'reported', ask: false });
    expect(incident.planHash).toBeUndefined();
    const [mail] = mailsAbout(world, incident);
    expect(mail?.email).toContain('destinations');
    expect(mail?.email).not.toMatch(/copy-doctor (approve|apply)/);
    expect(await apply(world, incident, 'f'.repeat(64))).toMatchObject({ code: 1 });
    expect(world.sandbox.vault(vaultArn('foreign'))?.policy).toBeUndefined();
  });

  it('nor does its key get shared with the account of that vault', async () => {
    const { incident, stage } = await told(world, broken('foreign-key', 'source-key-policy-lacks-destination'));
    const before = stage.sourceKey.policy;
    expect(incident.planHash).toBeUndefined();
    expect(await apply(world, incident, 'f'.repeat(64))).toMatchObject({ code: 1 });
    expect(stage.sourceKey.policy).toBe(before);
  });
});

describe('A spoofed or forwarded event', () => {
  it('the rule lets no other source and no other kind in', async () => {
    const { event } = await failed(world, broken('spoofed'));
    for (const change of [{ source: 'my.backup' }, { 'detail-type': 'Backup Job State Change' }]) {
      expect(await world.deliver({ ...event, ...change })).toBe(false);
    }
  });

  it('what reaches the queue all the same is set aside with its reason, and enters no account', async () => {
    const { event } = await failed(world, broken('other'));
    const { detail } = event;
    const vault = (account: string) => `arn:aws:backup:${REGION}:${account}:backup-vault:prod`;
    const forged: readonly [object, string][] = [
      [{ ...event, source: 'my.backup' }, '"source" is'],
      [{ ...event, 'detail-type': 'Other' }, '"detail-type" is'],
      [{ ...event, account: UNREAD }, 'the source vault belongs to account'],
      [
        { ...event, account: UNREAD, detail: { ...detail, sourceBackupVaultArn: vault(UNREAD) } },
        'is not a source account',
      ],
      [{ ...event, detail: { ...detail, sourceBackupVaultArn: 'arn:aws:backup:eu-west-1:1:x' } }, 'not the ARN'],
      [{ ...event, detail: { ...detail, destinationBackupVaultArn: `${vault(DESTINATION)}:../x` } }, 'not the ARN'],
      [{ ...event, detail: { ...detail, destinationBackupVaultArn: `${vault('*')}` } }, 'not the ARN'],
      [{ ...event, detail: { ...detail, iamRoleArn: 'role/Admin' } }, 'not an ARN'],
      [{ ...event, detail: { ...detail, copyJobId: '../HEAD' } }, 'not a job id'],
      [{ copyDoctor: 'catch-up', account: DESTINATION, region: REGION }, 'is not a source account'],
    ];
    const [calls, dead] = [world.sandbox.calls.length, world.failures.deadLetters.length];
    for (const [body] of forged) world.failures.send(body);
    await world.drain();
    expect(entered(calls)).toEqual([]);
    const letters = world.failures.deadLetters.slice(dead);
    expect(letters.map(({ body }) => JSON.parse(body) as unknown)).toEqual(forged.map(([body]) => body));
    const reasons = letters.map((letter) => JSON.stringify(letter));
    for (const [index, [, reason]] of forged.entries())
      expect(reasons[index]).toContain(JSON.stringify(reason).slice(1, -1));
    expect(await incidentsOf(world, detail.copyJobId)).toEqual([]);
  });

  it('the record of the job says what is changed, whatever the event says', async () => {
    const { event, job } = await failed(world, broken('renamed'));
    // Another listed vault that copies could be let into, and another account that would be read.
    const other = world.sandbox.addVault({ account: UNREAD, region: REGION, name: 'dr-renamed' });
    for (const destinationBackupVaultArn of [vaultArn('unrecorded'), other.arn]) {
      const calls = world.sandbox.calls.length;
      await world.deliver({ ...event, detail: { ...event.detail, destinationBackupVaultArn } });
      await world.pass(60_000);
      expect(entered(calls)).not.toContain(UNREAD);
      const [incident] = await incidentsOf(world, job.id);
      expect(incident).toMatchObject({ resource: vaultArn('renamed'), owner: DESTINATION, account: SOURCE });
    }
    const heads = (await world.table.items()).filter(({ sk }) => sk === 'HEAD');
    expect(heads.map(({ resource }) => resource)).not.toContain(vaultArn('unrecorded'));
  });

  it('a job that is not on record is told of, and nothing is planned for it', async () => {
    const { event } = await failed(world, broken('unrecorded'));
    const detail = { ...event.detail, copyJobId: '00000000-0000-4000-8000-000000000000' };
    await world.deliver({ ...event, detail });
    await world.pass(60_000);
    const incidents = await incidentsOf(world, detail.copyJobId);
    expect(incidents.length).toBeGreaterThan(0);
    for (const { id } of incidents) {
      const head = await headOf(world, id);
      expect(head.planHash).toBeUndefined();
      expect(head.state).toBe('reported');
    }
  });
});

describe('Confused deputy', () => {
  const assume = (who: Config | string, arn: string) =>
    refusedTo(clients(world.sandbox, who).sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'deputy' })));
  const THROUGH = 'it was let through';

  it('only two functions may read, and only the named accounts may decide', async () => {
    const anything = person(world, 'anything', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
    const readers = [roleArn('reader'), roleArn('reader', DESTINATION)];
    for (const reader of readers) {
      for (const role of ['diagnose', 'remediate']) expect(await assume(as(world, role), reader)).toBe(THROUGH);
      const others = [anything, as(world, 'approve'), as(world, 'approver'), as(world, 'reader')];
      for (const who of [...others, SOURCE, UNREAD, PARTNER])
        expect(await assume(who, reader)).toContain('AccessDenied');
    }
    expect(await assume(anything, roleArn('approver'))).toBe(THROUGH);
    for (const account of [UNREAD, DESTINATION, PARTNER]) {
      expect(await assume(account, roleArn('approver'))).toContain('AccessDenied');
    }
    for (const role of ['diagnose', 'remediate', 'approve']) {
      expect(await assume(as(world, role), roleArn('approver'))).toContain('AccessDenied');
      expect(await assume(anything, roleArn(role))).toContain('AccessDenied');
    }
  });

  it('nobody from outside of the organization, not even the functions', async () => {
    const hub = world.sandbox.account(SOURCE);
    const { organization } = hub;
    hub.organization = world.sandbox.account(PARTNER).organization;
    try {
      for (const account of [SOURCE, DESTINATION]) {
        expect(await assume(as(world, 'diagnose'), roleArn('reader', account))).toContain('AccessDenied');
      }
      expect(await assume(SOURCE, roleArn('approver'))).toContain('AccessDenied');
    } finally {
      hub.organization = organization;
    }
  });
});

import {
  DeleteBackupVaultAccessPolicyCommand,
  GetBackupVaultAccessPolicyCommand,
  PutBackupVaultAccessPolicyCommand,
} from '@aws-sdk/client-backup';
import { DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { matchesPattern } from '.';
import { clients, DESTINATION, MANAGEMENT, openWorld, refused, REGION, SOURCE, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

const MINUTE = 60_000;
const BackupVaultName = 'central';
const there = () => clients(world.sandbox, DESTINATION);
const putVault = (Policy: string) =>
  there().backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName, Policy }));
const copied = async () => {
  const job = await world.sandbox.runCopy({ ...world.copy, startAfterMs: 1, runMs: 1 });
  await world.sandbox.clock.advance(2);
  return job.state;
};

describe('a policy that is late', () => {
  it('is late where the delay fits, for copies and for whoever reads it', async () => {
    const { sandbox, destinationVault, sourceKey } = world;
    sandbox.policyDelays = [{ kind: 'vault', account: DESTINATION, ms: 4 * MINUTE }];
    const wanted = destinationVault.policy ?? '';
    destinationVault.policy = undefined;
    await putVault(wanted);
    const read = () => there().backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName }));
    expect((await refused(read())).name).toBe('ResourceNotFoundException');
    expect(await copied()).toBe('FAILED');
    await sandbox.clock.advance(4 * MINUTE);
    expect((await read()).Policy).toBe(wanted);
    expect(await copied()).toBe('COMPLETED');

    const own = clients(sandbox).kms;
    const KeyId = sourceKey.arn;
    const Policy = sourceKey.policy.replace('2012-10-17', '2008-10-17');
    await own.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect((await own.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe(Policy);
  });

  it('may be read at once while copies still meet the old one', async () => {
    const { sandbox, sourceKey } = world;
    sandbox.policyDelays = [{ kind: 'key', ms: 4 * MINUTE, readAtOnce: true }];
    const wanted = sourceKey.policy;
    const { Statement } = JSON.parse(wanted) as { Statement: object[] };
    sourceKey.policy = JSON.stringify({ Statement: Statement.slice(0, 1) });
    const own = clients(sandbox).kms;
    await own.send(new PutKeyPolicyCommand({ KeyId: sourceKey.arn, Policy: wanted }));

    expect((await own.send(new GetKeyPolicyCommand({ KeyId: sourceKey.arn }))).Policy).toBe(wanted);
    expect(await copied()).toBe('FAILED');
    await sandbox.clock.advance(4 * MINUTE);
    expect(await copied()).toBe('COMPLETED');
  });
});

describe('a trail', () => {
  it('is described with its status, in each account and Region that it records', async () => {
    const { sandbox } = world;
    const trail = sandbox.addTrail({ account: MANAGEMENT, region: 'us-east-1', name: 'all', organization: true });
    sandbox.addTrail({ account: SOURCE, region: 'us-east-1', name: 'there', multiRegion: false });
    const { cloudtrail } = clients(sandbox, SOURCE, REGION);

    const { trailList } = await cloudtrail.send(new DescribeTrailsCommand({}));
    expect(trailList).toMatchObject([
      {
        Name: 'all',
        TrailARN: trail.arn,
        IsOrganizationTrail: true,
        IsMultiRegionTrail: true,
        HomeRegion: 'us-east-1',
      },
    ]);
    const own = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
    expect(own.trailList).toEqual([]);
    const status = () => cloudtrail.send(new GetTrailStatusCommand({ Name: trail.arn }));
    expect((await status()).IsLogging).toBe(true);
    trail.logging = false;
    expect((await status()).IsLogging).toBe(false);
    const unknown = cloudtrail.send(new GetTrailStatusCommand({ Name: 'other' }));
    expect((await refused(unknown)).name).toBe('TrailNotFoundException');
  });

  it('makes an event of each change of a policy; without one there is none', async () => {
    const { sandbox, destinationVault } = world;
    const policy = destinationVault.policy ?? '';
    await putVault(policy);
    expect(sandbox.events.changes).toEqual([]);

    sandbox.addTrail({ account: DESTINATION, region: REGION });
    const seen: object[] = [];
    sandbox.events.onChange((event) => void seen.push(event));
    await putVault(policy);
    await there().backup.send(new DeleteBackupVaultAccessPolicyCommand({ BackupVaultName }));
    const watch = {
      source: ['aws.backup'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventName: ['PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'],
        errorCode: [{ exists: false }],
        requestParameters: { backupVaultName: ['central'] },
      },
    };
    expect(seen).toHaveLength(2);
    expect(seen.every((event) => matchesPattern(watch, event))).toBe(true);
    expect(seen[0]).toMatchObject({
      account: DESTINATION,
      detail: { userIdentity: { arn: `arn:aws:iam::${DESTINATION}:user/admin` }, requestParameters: { policy } },
    });
  });
});

import { airGappedVaultUnsupported } from '../../../lambda/core/checks/air-gapped-vault-unsupported';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Response } from '../../../lambda/core/evidence';
import { DESTINATION, evidenceOf, RECOVERY_POINT, SOURCE, SOURCE_KEY, type Overrides } from '../evidence-fixture';
import { testCheck } from './check-tester';

const LAG = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
const POINT = 'backup:DescribeRecoveryPoint@source';
const vault = (account: string, region: string) => `arn:aws:backup:${region}:${account}:backup-vault:dr`;

interface Copied {
  readonly to?: string;
  readonly time?: string;
  readonly detail?: Overrides['detail'];
  readonly point?: Response;
  readonly responses?: Overrides['responses'];
  readonly vaultType?: string | undefined;
}

/** A copy into an air-gapped vault. */
const copyOf = (resourceType: string | undefined, copied: Copied = {}) => {
  const { to = vault(DESTINATION, 'eu-west-1'), time = '2026-06-01T10:15:00Z', detail, point, responses } = copied;
  return evidenceOf({
    event: { time },
    detail: { resourceType, destinationBackupVaultArn: to, ...detail },
    job: { CompletionDate: time, DestinationVaultType: 'vaultType' in copied ? copied.vaultType : LAG },
    responses: {
      ...(point ? { [POINT]: { RecoveryPointArn: RECOVERY_POINT, ...point } } : {}),
      ...responses,
    },
  });
};
const SAME = vault(SOURCE, 'eu-west-1');
const FAR = vault(DESTINATION, 'eu-west-3');
const key = (manager: string): Overrides['responses'] => ({
  'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: manager, KeyState: 'Enabled' } },
});
const openPoint = { IsEncrypted: false };
const REFUSED = { error: 'AccessDeniedException' };
const MESSAGE = 'This resource type is not supported by logically air-gapped backup vault.';

testCheck(airGappedVaultUnsupported, {
  fault: [
    {
      name: 'RDS instance',
      evidence: copyOf('RDS'),
      confidence: 'confirmed',
      because: ['no recovery points of type RDS'],
      resource: `RDS to ${vault(DESTINATION, 'eu-west-1')}`,
    },
    { name: 'the same within one account', evidence: copyOf('RDS', { to: SAME }), confidence: 'confirmed' },
    { name: 'SAP HANA', evidence: copyOf('SAP HANA on Amazon EC2'), confidence: 'confirmed' },
    { name: 'FSx OpenZFS by its name', evidence: copyOf('FSx OpenZFS'), confidence: 'confirmed' },
    { name: 'a stack', evidence: copyOf('CloudFormation', { to: SAME }), confidence: 'confirmed' },
    {
      name: 'by the vault, where the record does not say its type',
      evidence: copyOf('RDS', {
        vaultType: undefined,
        responses: {
          'backup:DescribeBackupVault@destination': {
            BackupVaultArn: vault(DESTINATION, 'eu-west-1'),
            BackupVaultName: 'dr',
            VaultType: LAG,
          },
        },
      }),
      confidence: 'confirmed',
    },
    ...['Aurora', 'DocumentDB', 'Neptune'].flatMap((type) => [
      {
        name: `${type}, unencrypted`,
        evidence: copyOf(type, { point: openPoint }),
        confidence: 'confirmed' as const,
        because: ['is not encrypted', `encrypted ones of type ${type}`],
      },
      {
        name: `${type} into another Region, the last second before`,
        evidence: copyOf(type, { to: FAR, time: '2026-02-11T23:59:59Z' }),
        confidence: 'confirmed' as const,
        because: ['Until 2026-02-12', 'Since 2026-02-12, it does'],
      },
    ]),
    {
      name: 'EBS under a key that AWS manages, within one account',
      evidence: copyOf('EBS', { to: SAME, responses: key('AWS') }),
      confidence: 'confirmed',
      because: [SOURCE_KEY, 'AWS manages'],
    },
  ],
  ok: [
    ...['EBS', 'EC2', 'EFS', 'S3', 'Storage Gateway', 'DynamoDB', 'Aurora', 'DocumentDB', 'Neptune', 'EKS'].map(
      (type) => ({
        name: type,
        evidence: copyOf(type),
      }),
    ),
    {
      name: 'Aurora into another Region, since the day',
      evidence: copyOf('Aurora', { to: FAR, time: '2026-02-12T00:00:00Z' }),
    },
    { name: 'EBS, unencrypted', evidence: copyOf('EBS', { to: SAME, point: openPoint }) },
    { name: 'EBS under a key of the account', evidence: copyOf('EBS', { to: SAME, responses: key('CUSTOMER') }) },
    {
      name: 'EFS under aws/backup within one account',
      evidence: copyOf('EFS', { to: SAME, responses: key('AWS') }),
    },
    {
      name: 'EBS under aws/ebs between accounts: source-key-aws-managed tells it',
      evidence: copyOf('EBS', { responses: key('AWS') }),
    },
    {
      name: 'a volume of FSx for ONTAP, since the day',
      evidence: copyOf('FSx', {
        time: '2026-08-27T00:00:00Z',
        detail: { resourceArn: `arn:aws:fsx:eu-west-1:${SOURCE}:volume/fs-1/fsvol-1` },
      }),
    },
  ],
  notApplicable: [
    { name: 'a standard vault', evidence: copyOf('RDS', { vaultType: 'BACKUP_VAULT' }) },
    { name: 'a standard vault, by the vault alone', evidence: copyOf('RDS', { vaultType: undefined }) },
  ],
  unknown: [
    {
      name: 'neither record nor vault was readable',
      evidence: copyOf('RDS', {
        vaultType: undefined,
        responses: { 'backup:DescribeBackupVault@destination': REFUSED },
      }),
      missing: [{ permission: 'backup:DescribeBackupVault', account: DESTINATION, reason: 'AccessDeniedException' }],
    },
    {
      name: 'the vault does not tell its type',
      evidence: copyOf('RDS', {
        vaultType: undefined,
        responses: {
          'backup:DescribeBackupVault@destination': { BackupVaultArn: vault(DESTINATION, 'eu-west-1') },
        },
      }),
      because: 'type of the vault',
    },
    { name: 'a file system of FSx', evidence: copyOf('FSx'), because: 'OpenZFS' },
    { name: 'type that the table does not have', evidence: copyOf('Quantum Ledger'), because: '"Quantum Ledger"' },
    { name: 'no type', evidence: copyOf(undefined), because: 'unknown' },
    {
      name: 'Neptune to Jakarta',
      evidence: copyOf('Neptune', { to: vault(DESTINATION, 'ap-southeast-3') }),
      because: '"Neptune"',
    },
    {
      name: "AWS's message where the table says that it can be done",
      evidence: copyOf('EBS', { detail: { statusMessage: MESSAGE } }),
      because: "AWS's message",
    },
    {
      name: 'the recovery point was not readable',
      evidence: copyOf('Aurora', { responses: { [POINT]: REFUSED } }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint', account: SOURCE }],
    },
    {
      name: 'the answer does not say whether the cluster is encrypted',
      evidence: copyOf('Aurora', { point: {} }),
      because: 'does not say whether',
    },
    {
      name: 'the key was not readable, within one account',
      evidence: copyOf('EBS', { to: SAME, responses: { 'kms:DescribeKey@source': REFUSED } }),
      missing: [{ permission: 'kms:DescribeKey', account: SOURCE }],
    },
    {
      name: 'an instance can have several keys',
      evidence: copyOf('EC2', { to: SAME }),
    },
  ],
});

describe("AWS's message that leads elsewhere", () => {
  it.each<[string, string, Copied]>([
    ['one Region', 'RDS', {}],
    ['another Region', 'RDS', { to: FAR }],
    ['an unencrypted cluster', 'Neptune', { point: openPoint }],
    ['an unencrypted cluster, another Region', 'Neptune', { to: FAR, point: openPoint }],
  ])('gives the vault as the only cause: %s', (_, type, copied) => {
    const statusMessage = `Copy job from eu-west-1 to eu-west-3 cannot be initiated for ${type} resources. Feature is not supported for provided resource type.`;
    const { causes } = diagnose(copyOf(type, { ...copied, detail: { statusMessage } }));
    expect(causes.map(({ id, confidence }) => [id, confidence])).toEqual([
      ['air-gapped-vault-unsupported', 'confirmed'],
    ]);
  });
});

import { resourceTypeNotCopyable } from '../../../lambda/core/checks/resource-type-not-copyable';
import { featureOf, isFullyManaged } from '../../../lambda/core/feature-table';
import { DESTINATION, evidenceOf, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const vault = (account: string, region: string, partition = 'aws') =>
  `arn:${partition}:backup:${region}:${account}:backup-vault:dr`;
const copyOf = (
  resourceType: string | undefined,
  destinationBackupVaultArn = vault(DESTINATION, 'eu-west-1'),
  more = {},
) => evidenceOf({ detail: { resourceType, destinationBackupVaultArn, ...more } });
const from = (region: string, resourceType: string, destinationBackupVaultArn: string, time = '2026-06-01T10:15:00Z') =>
  evidenceOf({
    event: { region, time },
    detail: { resourceType, sourceBackupVaultArn: vault(SOURCE, region), destinationBackupVaultArn },
    job: { CompletionDate: time },
  });
const china = (resourceType: string, time: string, resourceArn?: string) =>
  evidenceOf({
    event: { region: 'cn-north-1', time },
    detail: {
      resourceType,
      resourceArn,
      sourceBackupVaultArn: vault(SOURCE, 'cn-north-1', 'aws-cn'),
      destinationBackupVaultArn: vault(DESTINATION, 'cn-north-1', 'aws-cn'),
    },
    job: { CompletionDate: time },
  });
const ontap = (time: string, destinationBackupVaultArn = vault(DESTINATION, 'eu-west-1')) =>
  evidenceOf({
    event: { time },
    detail: {
      resourceType: 'FSx',
      resourceArn: `arn:aws:fsx:eu-west-1:${SOURCE}:volume/fs-1/fsvol-1`,
      destinationBackupVaultArn,
    },
    job: { CompletionDate: time },
  });
const NOT_SUPPORTED = 'Feature is not supported for provided resource type.';
const SAME = vault(SOURCE, 'eu-west-1');
const OTHER_REGION = vault(SOURCE, 'eu-west-3');

testCheck(resourceTypeNotCopyable, {
  fault: [
    {
      name: 'stack to another account',
      evidence: copyOf('CloudFormation'),
      confidence: 'confirmed',
      because: ['type CloudFormation to another account'],
      resource: `CloudFormation to ${vault(DESTINATION, 'eu-west-1')}`,
    },
    {
      name: 'stack to another account and Region',
      evidence: copyOf('CloudFormation', vault(DESTINATION, 'eu-west-3')),
      confidence: 'confirmed',
    },
    {
      name: 'Redshift Serverless, inside one Region and account',
      evidence: copyOf('Redshift Serverless', SAME),
      confidence: 'confirmed',
      because: ['at all'],
    },
    { name: 'Redshift', evidence: copyOf('Redshift', OTHER_REGION), confidence: 'confirmed' },
    {
      name: 'RDS Multi-AZ cluster, by its resource',
      evidence: copyOf('RDS', OTHER_REGION, { resourceArn: `arn:aws:rds:eu-west-1:${SOURCE}:cluster:orders` }),
      confidence: 'confirmed',
      because: ['do not currently support any copy operations'],
    },
    {
      name: 'RDS Multi-AZ cluster, by its snapshot, in GovCloud',
      evidence: evidenceOf({
        event: {
          region: 'us-gov-west-1',
          resources: [`arn:aws-us-gov:rds:us-gov-west-1:${SOURCE}:cluster-snapshot:awsbackup:job-1`],
        },
        detail: {
          resourceType: 'RDS',
          sourceBackupVaultArn: vault(SOURCE, 'us-gov-west-1', 'aws-us-gov'),
          destinationBackupVaultArn: vault(DESTINATION, 'us-gov-west-1', 'aws-us-gov'),
        },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'Neptune across accounts in an opt-in Region',
      evidence: from('me-south-1', 'Neptune', vault(DESTINATION, 'me-south-1')),
      confidence: 'confirmed',
      because: ['type Neptune to another account', 'no tick for it in me-south-1'],
    },
    {
      name: 'DocumentDB across accounts in an opt-in Region, the day before',
      evidence: from('af-south-1', 'DocumentDB', vault(DESTINATION, 'af-south-1')),
      confidence: 'confirmed',
      because: ['Until 2026-08-26', 'Since 2026-08-26, it does'],
    },
    {
      name: 'another account in China before AWS says that it can be done there',
      evidence: china('EBS', '2026-08-26T23:59:59Z'),
      confidence: 'confirmed',
      because: ['Until 2026-08-27', 'in cn-north-1'],
    },
    {
      name: 'FSx between Bahrain and the Emirates',
      evidence: from('me-south-1', 'FSx', vault(SOURCE, 'me-central-1')),
      confidence: 'confirmed',
      because: ['from me-south-1 to me-central-1'],
    },
    {
      name: 'FSx for ONTAP volume the day before the table says that it can be copied',
      evidence: ontap('2026-08-26T23:59:59Z'),
      confidence: 'confirmed',
      because: ['type FSx ONTAP volume', 'Since 2026-08-27'],
    },
    {
      name: 'FSx for ONTAP volume in New Zealand, at any time',
      evidence: evidenceOf({
        event: { region: 'ap-southeast-6', time: '2026-10-01T00:00:00Z' },
        detail: {
          resourceType: 'FSx',
          resourceArn: `arn:aws:fsx:ap-southeast-6:${SOURCE}:volume/fs-1/fsvol-1`,
          sourceBackupVaultArn: vault(SOURCE, 'ap-southeast-6'),
          destinationBackupVaultArn: vault(DESTINATION, 'ap-southeast-6'),
        },
        job: { CompletionDate: '2026-10-01T00:00:00Z' },
      }),
      confidence: 'confirmed',
      because: ['no tick for it in ap-southeast-6'],
    },
    {
      name: 'FSx for ONTAP volume in China: no day is named from which it can be copied',
      evidence: china('FSx', '2026-08-26T00:00:00Z', 'arn:aws-cn:fsx:cn-north-1:111111111111:volume/fs-1/fsvol-1'),
      confidence: 'confirmed',
      because: ['no tick for it in cn-north-1'],
    },
    {
      name: 'from GovCloud to a commercial Region',
      evidence: evidenceOf({
        event: { region: 'us-gov-west-1' },
        detail: {
          sourceBackupVaultArn: vault(SOURCE, 'us-gov-west-1', 'aws-us-gov'),
          destinationBackupVaultArn: vault(DESTINATION, 'us-east-1'),
        },
      }),
      confidence: 'confirmed',
      because: ['between partitions'],
    },
    {
      name: 'Redshift Serverless under the type Redshift',
      evidence: copyOf('Redshift', undefined, {
        resourceArn: `arn:aws:redshift-serverless:eu-west-1:${SOURCE}:namespace/n`,
      }),
      confidence: 'confirmed',
      because: ['type Redshift Serverless at all'],
    },
  ],
  ok: [
    ...[
      'EBS',
      'EC2',
      'EFS',
      'RDS',
      'Aurora',
      'DocumentDB',
      'Neptune',
      'S3',
      'Storage Gateway',
      'StorageGateway',
      'VirtualMachine',
      'Timestream',
      'SAP HANA on Amazon EC2',
      'FSx',
      'DSQL',
      'Aurora DSQL',
      'EKS',
    ].map((type) => ({
      name: `${type} to another account and Region`,
      evidence: copyOf(type, vault(DESTINATION, 'eu-west-3')),
    })),
    { name: 'stack to another Region', evidence: copyOf('CloudFormation', OTHER_REGION) },
    { name: 'stack to another vault', evidence: copyOf('CloudFormation', SAME) },
    {
      name: 'Aurora cluster: its ARN is a cluster, too',
      evidence: copyOf('Aurora', undefined, { resourceArn: `arn:aws:rds:eu-west-1:${SOURCE}:cluster:orders` }),
    },
    {
      name: 'Neptune within one account in an opt-in Region',
      evidence: from('me-south-1', 'Neptune', vault(SOURCE, 'eu-west-1')),
    },
    {
      name: 'DocumentDB across accounts in an opt-in Region, since the day',
      evidence: from('af-south-1', 'DocumentDB', vault(DESTINATION, 'af-south-1'), '2026-08-26T00:00:00Z'),
    },
    { name: 'another account in China, since the day', evidence: china('EBS', '2026-08-27T00:00:00Z') },
    { name: 'FSx for ONTAP volume, since the day', evidence: ontap('2026-08-27T00:00:00Z') },
    { name: 'FSx across accounts in Bahrain', evidence: from('me-south-1', 'FSx', vault(DESTINATION, 'me-south-1')) },
    {
      name: 'from one Region of GovCloud to the other',
      evidence: evidenceOf({
        event: { region: 'us-gov-west-1' },
        detail: {
          sourceBackupVaultArn: vault(SOURCE, 'us-gov-west-1', 'aws-us-gov'),
          destinationBackupVaultArn: vault(DESTINATION, 'us-gov-east-1', 'aws-us-gov'),
        },
      }),
    },
  ],
  notApplicable: [
    { name: 'DynamoDB, which dynamodb-advanced-features-off tells', evidence: copyOf('DynamoDB') },
    {
      name: "AWS's message where the vault does not take the type, which air-gapped-vault-unsupported tells",
      evidence: evidenceOf({
        detail: { resourceType: 'RDS', statusMessage: NOT_SUPPORTED },
        job: { DestinationVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' },
      }),
    },
  ],
  unknown: [
    { name: 'type that the table does not have', evidence: copyOf('Quantum Ledger'), because: '"Quantum Ledger"' },
    { name: 'no type', evidence: copyOf(undefined), because: 'names no resource type' },
    {
      name: 'Neptune across accounts from an opt-in Region to another one',
      evidence: from('me-south-1', 'Neptune', vault(DESTINATION, 'eu-west-1')),
      because: 'exceptions by Region',
    },
    { name: 'FSx to Bahrain', evidence: copyOf('FSx', vault(SOURCE, 'me-south-1')), because: 'exceptions by Region' },
    {
      name: "AWS's message contradicts the table",
      evidence: copyOf('EBS', undefined, { statusMessage: NOT_SUPPORTED }),
      because: "AWS's message",
    },
    {
      name: 'FSx for ONTAP volume to New Zealand',
      evidence: ontap('2026-10-01T00:00:00Z', vault(SOURCE, 'ap-southeast-6')),
      because: 'exceptions by Region',
    },
    {
      name: "AWS's message, and an air-gapped vault that takes the type",
      evidence: evidenceOf({
        detail: { statusMessage: NOT_SUPPORTED },
        job: { DestinationVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' },
      }),
      because: "AWS's message",
    },
  ],
});

describe('feature table', () => {
  it.each([
    'S3',
    'EFS',
    'Timestream',
    'VirtualMachine',
    'DSQL',
    'Aurora DSQL',
    'DynamoDB',
    'EKS',
    'SAP HANA on Amazon EC2',
  ])('%s is under full management', (type) => expect(isFullyManaged(type)).toBe(true));
  it.each(['EBS', 'EC2', 'RDS', 'Aurora', 'DocumentDB', 'Neptune', 'FSx', 'StorageGateway', 'CloudFormation'])(
    '%s is not',
    (type) => expect(isFullyManaged(type)).toBe(false),
  );
  it('says nothing of a type that it does not have', () => {
    expect(isFullyManaged('Quantum Ledger')).toBeUndefined();
    expect(isFullyManaged(undefined)).toBeUndefined();
  });
  it('knows that plain DynamoDB tables are not copied', () => {
    const route = { crossAccount: false, crossRegion: true, date: '2026-06-01T00:00:00Z' };
    expect(featureOf('DynamoDB', { ...route, dynamoDbAdvanced: false })).toMatchObject({
      copyable: false,
      fullyManaged: false,
    });
    expect(featureOf('DynamoDB', route)).toMatchObject({ copyable: true, fullyManaged: true });
  });
  it('lets FSx for ONTAP volumes pass from 27 August 2026 on', () => {
    const route = { crossAccount: true, crossRegion: false, subKind: 'ontap-volume' } as const;
    expect(featureOf('FSx', { ...route, date: '2026-08-26T23:59:59Z' })).toMatchObject({
      copyable: false,
      since: '2026-08-27',
    });
    expect(featureOf('FSx', { ...route, date: '2026-08-27T00:00:00Z' })).toMatchObject({ copyable: true });
  });
});

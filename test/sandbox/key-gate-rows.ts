import { REGION, SOURCE, type World } from './fixture';
import { GENERIC, EBS_KEY, MANAGED_DESTINATION, edit, deny, keyActions, type Row } from './gate-row';

export const keyGateRows: Row[] = [
  ...['EC2', 'EBS'].map((type) => ({
    name: `${type} under an AWS managed key`,
    gate: 'source-key-managed',
    type,
    close: ({ sandbox, recoveryPoint }: World) =>
      (recoveryPoint.keyArn = sandbox.addKey({
        account: SOURCE,
        region: REGION,
        manager: 'AWS',
        alias: 'aws/ebs',
      }).arn),
    told: [
      'ACCESS_DENIED',
      "Snapshots encrypted with the AWS managed key can't be shared. Specify another snapshot.",
    ] as const,
  })),
  {
    name: 'a destination vault under an AWS managed key',
    gate: 'destination-key-managed',
    close: ({ destinationVault }) => (destinationVault.key.manager = 'AWS'),
    told: MANAGED_DESTINATION,
  },
  ...['Disabled', 'PendingDeletion', 'PendingImport'].map((state) => ({
    name: `source key ${state}`,
    gate: 'source-key',
    close: ({ sourceKey }: World) => (sourceKey.state = state),
    told: EBS_KEY,
  })),
  {
    name: 'source key disabled, EC2',
    gate: 'source-key',
    type: 'EC2',
    close: ({ sourceKey }) => (sourceKey.state = 'Disabled'),
    told: [
      'KMS_KEY_ERROR',
      'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default key',
    ],
  },
  ...['RDS', 'Aurora', 'Neptune', 'DocumentDB'].map((type) => ({
    name: `source key disabled, ${type}`,
    gate: 'source-key',
    type,
    close: ({ sourceKey }: World) => (sourceKey.state = 'Disabled'),
    told: [
      'KMS_KEY_ERROR',
      ({ sourceKey }: World) =>
        `The source snapshot KMS key [${sourceKey.arn}] does not exist, is not enabled or you do not have permissions to access it.`,
    ] as const,
  })),
  {
    name: 'the key of the second disk of an image lets only its own account in',
    gate: 'source-key',
    type: 'EC2',
    close: ({ sandbox, recoveryPoint }) =>
      void recoveryPoint.furtherKeyArns.push(sandbox.addKey({ account: SOURCE, region: REGION }).arn),
    told: [
      'KMS_KEY_ERROR',
      'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default key',
    ],
  },
  {
    name: 'the second disk of an image under an AWS managed key',
    gate: 'source-key-managed',
    type: 'EC2',
    close: ({ sandbox, recoveryPoint }) =>
      void recoveryPoint.furtherKeyArns.push(
        sandbox.addKey({ account: SOURCE, region: REGION, manager: 'AWS', alias: 'aws/ebs' }).arn,
      ),
    told: ['ACCESS_DENIED', "Snapshots encrypted with the AWS managed key can't be shared. Specify another snapshot."],
  },
  {
    name: 'source key gone',
    gate: 'source-key',
    close: ({ sandbox }) => (sandbox.account(SOURCE).keys = []),
    told: ['RESOURCE_NOT_FOUND', 'Given key ID does not exist'],
  },
  {
    name: 'no CreateGrant for the destination',
    gate: 'source-key',
    close: (world) => keyActions(world, ['kms:DescribeKey', 'kms:ReEncrypt*']),
    told: EBS_KEY,
  },
  {
    name: 'no DescribeKey for the destination',
    gate: 'source-key',
    close: (world) => keyActions(world, ['kms:CreateGrant', 'kms:ReEncrypt*']),
    told: EBS_KEY,
  },
  {
    name: 'no ReEncryptFrom for the destination',
    gate: 'source-key',
    close: (world) => keyActions(world, ['kms:CreateGrant', 'kms:DescribeKey']),
    told: EBS_KEY,
  },
  {
    name: 'only through another service',
    gate: 'source-key',
    close: (world) =>
      keyActions(world, ['kms:*'], { StringEquals: { 'kms:ViaService': `rds.${REGION}.amazonaws.com` } }),
    told: EBS_KEY,
  },
  {
    name: 'a Deny in the source key policy',
    gate: 'source-key',
    close: ({ sourceKey }) =>
      (sourceKey.policy = edit(sourceKey.policy, (statements) => statements.push(deny('kms:CreateGrant')))),
    told: EBS_KEY,
  },
  {
    name: 'fully managed: no Decrypt',
    gate: 'source-key',
    type: 'EFS',
    close: (world) => keyActions(world, ['kms:CreateGrant', 'kms:DescribeKey', 'kms:GenerateDataKey']),
    told: GENERIC,
  },
  {
    name: 'destination key disabled',
    gate: 'destination-key',
    close: ({ destinationKey }) => (destinationKey.state = 'Disabled'),
    told: GENERIC,
  },
  {
    name: 'destination key policy lets nobody in',
    gate: 'destination-key',
    close: ({ destinationKey }) => (destinationKey.policy = '{"Statement":[]}'),
    told: GENERIC,
  },
  {
    name: 'destination key policy lets the account administer alone',
    gate: 'destination-key',
    close: ({ destinationKey }) =>
      (destinationKey.policy = edit(destinationKey.policy, (statements) => {
        for (const statement of statements)
          statement['Action'] = ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:Put*'];
      })),
    told: GENERIC,
  },
];

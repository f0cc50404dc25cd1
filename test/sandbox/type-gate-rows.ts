import { REGION, SOURCE, type World } from './fixture';
import { farVault, notSupported, type Row } from './gate-row';

/** Of what cannot be copied at all, or not into such a vault. */
export const typeGateRows: Row[] = [
  {
    name: 'CloudFormation across accounts',
    gate: 'resource-type',
    type: 'CloudFormation',
    close: () => undefined,
    told: notSupported('CloudFormation'),
  },
  { name: 'Redshift', gate: 'resource-type', type: 'Redshift', close: () => undefined, told: notSupported('Redshift') },
  {
    name: 'DynamoDB without advanced features',
    gate: 'resource-type',
    type: 'DynamoDB',
    close: ({ sandbox }) => (sandbox.account(SOURCE).regionSettings(REGION).management.DynamoDB = false),
    told: notSupported('DynamoDB'),
  },
  ...['RDS', 'Aurora', 'Neptune', 'DocumentDB'].map((type) => ({
    name: `${type} to another account and Region before October 2025`,
    gate: 'resource-type',
    type,
    now: '2025-10-22T00:00:00Z',
    close: farVault,
    told: notSupported(type, 'eu-central-1'),
  })),
  {
    name: 'RDS into an air-gapped vault',
    gate: 'resource-type',
    type: 'RDS',
    close: ({ destinationVault }) => (destinationVault.type = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT'),
    told: notSupported('RDS'),
  },
  ...['Aurora', 'Neptune', 'DocumentDB'].map((type) => ({
    name: `unencrypted ${type} into an air-gapped vault`,
    gate: 'resource-type',
    type,
    close: ({ destinationVault, recoveryPoint }: World) => {
      destinationVault.type = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
      recoveryPoint.encrypted = false;
    },
    told: notSupported(type),
  })),
  {
    name: 'Aurora into an air-gapped vault of another Region before February 2026',
    gate: 'resource-type',
    type: 'Aurora',
    now: '2026-02-11T00:00:00Z',
    close: (world) => {
      farVault(world);
      const far = world.sandbox.vault(world.copy.destinationVaultArn);
      if (far) far.type = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
    },
    told: notSupported('Aurora', 'eu-central-1'),
  },
  {
    name: 'a volume of FSx for ONTAP before August 2026',
    gate: 'resource-type',
    type: 'FSx',
    close: ({ recoveryPoint }) => (recoveryPoint.resourceArn = `arn:aws:fsx:${REGION}:${SOURCE}:volume/fs-1/fsvol-1`),
    told: notSupported('FSx'),
  },
  {
    name: 'EBS under aws/ebs into an air-gapped vault of its own account',
    gate: 'air-gapped-key',
    close: ({ sandbox, recoveryPoint, copy }) => {
      recoveryPoint.keyArn = sandbox.addKey({ account: SOURCE, region: REGION, manager: 'AWS', alias: 'aws/ebs' }).arn;
      copy.destinationVaultArn = sandbox.addVault({
        account: SOURCE,
        region: REGION,
        name: 'gapped',
        type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
        key: sandbox.addKey({ account: SOURCE, region: REGION }),
      }).arn;
    },
    told: [
      'MISCELLANEOUS',
      'This resource is encrypted with an AWS managed key and cannot be copied to a logically air-gapped backup vault.',
    ],
  },
];

import { confirmed, likely, PARTNER, REGION, type Scenario } from './scenario';

/** Plays before AWS Backup learned to copy databases to another account and Region at once (23 October 2025). */
export const singleAction: Scenario = {
  name: 'single-action-not-supported',
  line: 'In June 2025, one copy action takes an RDS database to another account and another Region.',
  copiedBefore: 0,
  expected: [likely('single-action-not-supported')],
  at: '2025-06-01T00:00:00Z',
  copy: { type: 'RDS', region: 'eu-central-1' },
};

export const organizationScenarios: readonly Scenario[] = [
  {
    name: 'accounts-in-different-organizations',
    line: 'The destination account belongs to another organization.',
    copiedBefore: 0,
    expected: [confirmed('accounts-in-different-organizations')],
    copy: { account: PARTNER },
  },
  {
    name: 'cross-account-backup-disabled',
    line: 'The management account has turned cross-account backup off.',
    expected: [likely('cross-account-backup-disabled')],
    arrange: ({ organization }) => {
      organization.isCrossAccountBackupEnabled = false;
      return () => (organization.isCrossAccountBackupEnabled = true);
    },
  },
];

export const regionScenarios: readonly Scenario[] = [
  {
    name: 'source-region-or-service-not-enabled',
    line: 'The service opt-in of AWS Backup for Aurora is off in the source account.',
    expected: [likely('source-region-or-service-not-enabled')],
    copy: { type: 'Aurora' },
    arrange: ({ source }) => {
      const { optIn } = source.regionSettings(REGION);
      optIn['Aurora'] = false;
      return () => (optIn['Aurora'] = true);
    },
  },
  {
    name: 'destination-region-not-enabled',
    line: 'The destination account has turned off the Region in which its vault is.',
    expected: [likely('destination-region-not-enabled')],
    // On in no account that does not ask for it.
    copy: { region: 'me-south-1' },
  },
];

export const whatCanBeCopied: readonly Scenario[] = [
  {
    name: 'resource-type-not-copyable',
    line: 'A CloudFormation stack is to be copied to another account.',
    copiedBefore: 0,
    expected: [confirmed('resource-type-not-copyable')],
    copy: { type: 'CloudFormation' },
  },
  {
    name: 'dynamodb-advanced-features-off',
    line: 'The advanced features for DynamoDB backup are turned off in the source account.',
    copiedBefore: 0,
    expected: [confirmed('dynamodb-advanced-features-off')],
    copy: { type: 'DynamoDB' },
    arrange: ({ source, recoveryPoint }) => {
      const { management } = source.regionSettings(REGION);
      management['DynamoDB'] = false;
      // Without the features the backup is one of DynamoDB itself.
      recoveryPoint.arn = `${recoveryPoint.resourceArn}/backup/01780272000000-73d8d5bc`;
      return () => (management['DynamoDB'] = true);
    },
  },
  {
    name: 'air-gapped-vault-unsupported',
    line: 'The destination vault is logically air-gapped, and an RDS database is to be copied; AWS blames the type alone.',
    copiedBefore: 0,
    expected: [confirmed('air-gapped-vault-unsupported')],
    copy: { type: 'RDS' },
    arrange: ({ destinationVault }) => void (destinationVault.type = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT'),
  },
  {
    name: 'air-gapped-vault-unencrypted-cluster',
    line: 'The destination vault is logically air-gapped, and the Neptune cluster is not encrypted; AWS blames the type.',
    copiedBefore: 0,
    expected: [confirmed('air-gapped-vault-unsupported')],
    copy: { type: 'Neptune' },
    arrange: ({ destinationVault, recoveryPoint }) => {
      destinationVault.type = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
      Object.assign(recoveryPoint, { encrypted: false, keyArn: undefined });
      return undefined;
    },
  },
  {
    name: 'recovery-point-in-cold-storage',
    line: 'The recovery point has moved to cold storage.',
    expected: [confirmed('recovery-point-in-cold-storage')],
    copy: { type: 'EFS' },
    arrange: ({ recoveryPoint }) => void (recoveryPoint.storageClass = 'COLD'),
  },
  {
    name: 'recovery-point-missing',
    line: 'The recovery point is deleted while its copy runs.',
    expected: [confirmed('recovery-point-missing')],
    duringCopy: ({ sourceVault }) => sourceVault.recoveryPoints.splice(0),
  },
  {
    name: 'image-not-allowed',
    line: 'The destination account uses images of Amazon alone, so it does not see the image to be copied.',
    expected: [likely('image-not-allowed')],
    copy: { type: 'EC2' },
    arrange: ({ destination }) => {
      destination.allowedImageProviders = ['amazon'];
      return () => (destination.allowedImageProviders = undefined);
    },
  },
];

import { confirmed, likely, PARTNER, REGION, type Scenario } from './scenario';

/** Plays before AWS Backup learned to copy databases to another account and Region at once (23 October 2025). */
export const singleAction: Scenario = {
  name: 'single-action-not-supported',
  line: 'In June 2025, one copy action takes an RDS database to another account and another Region.',
  expected: [likely('single-action-not-supported')],
  at: '2025-06-01T00:00:00Z',
  copy: { type: 'RDS', region: 'eu-central-1' },
};

export const organizationScenarios: readonly Scenario[] = [
  {
    name: 'accounts-in-different-organizations',
    line: 'The destination account belongs to another organization.',
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

export const whatCanBeCopied: readonly Scenario[] = [
  {
    name: 'resource-type-not-copyable',
    line: 'A CloudFormation stack is to be copied to another account.',
    expected: [confirmed('resource-type-not-copyable')],
    copy: { type: 'CloudFormation' },
  },
  {
    name: 'dynamodb-advanced-features-off',
    line: 'The advanced features for DynamoDB backup are turned off in the source account.',
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
];

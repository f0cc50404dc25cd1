/**
 * Every read call of the service and the IAM permission it needs. A check names the ones it judges by; the reader
 * role's policy and the permissions page are made from this list, and tests hold them together.
 */
export const READS = {
  'backup:DescribeCopyJob': 'backup:DescribeCopyJob',
  'backup:DescribeRecoveryPoint': 'backup:DescribeRecoveryPoint',
  'backup:DescribeBackupVault': 'backup:DescribeBackupVault',
  'backup:ListBackupVaults': 'backup:ListBackupVaults',
  'backup:GetBackupVaultAccessPolicy': 'backup:GetBackupVaultAccessPolicy',
  'backup:DescribeGlobalSettings': 'backup:DescribeGlobalSettings',
  'backup:DescribeRegionSettings': 'backup:DescribeRegionSettings',
  'backup:ListTags': 'backup:ListTags',
  'tag:GetResources': 'tag:GetResources',
  'organizations:DescribeOrganization': 'organizations:DescribeOrganization',
  'organizations:DescribeAccount': 'organizations:DescribeAccount',
  'organizations:DescribeEffectivePolicy': 'organizations:DescribeEffectivePolicy',
  'kms:DescribeKey': 'kms:DescribeKey',
  'kms:GetKeyPolicy': 'kms:GetKeyPolicy',
  'kms:ListGrants': 'kms:ListGrants',
  'iam:GetRole': 'iam:GetRole',
  'iam:SimulatePrincipalPolicy': 'iam:SimulatePrincipalPolicy',
  'ec2:DescribeImages': 'ec2:DescribeImages',
  'ec2:DescribeSnapshots': 'ec2:DescribeSnapshots',
  'ec2:GetAllowedImagesSettings': 'ec2:GetAllowedImagesSettings',
  'backup:ListCopyJobs': 'backup:ListCopyJobs',
  'cloudformation:DescribeStackResources': 'cloudformation:DescribeStackResources',
} as const;

export type Operation = keyof typeof READS;

/** Where a read is made: in the source account and Region, the destination's, or the organization's management account. */
export type Side = 'source' | 'destination' | 'organization';

export type ReadName = `${Operation}@${Side}`;

/** What the organization reader may ask, in the account of the setting `organizationAccount`. */
export const ORGANIZATION_OPERATIONS: readonly Operation[] = [
  'backup:DescribeGlobalSettings',
  'organizations:DescribeAccount',
];

/** Only answered in the management account or a delegated administrator's. */
const ORGANIZATION_ONLY: readonly Operation[] = ['organizations:DescribeAccount'];

/** What the reader role may ask. */
export const READER_OPERATIONS: readonly Operation[] = (Object.keys(READS) as Operation[]).filter(
  (operation) => !ORGANIZATION_ONLY.includes(operation),
);

import { COPY_ROLE, DESTINATION, policyText, SOURCE } from '../evidence-fixture';

/** The access policy of the destination vault has these statements. */
export const vaultPolicy = (...statements: readonly unknown[]) => ({
  'backup:GetBackupVaultAccessPolicy@destination': { BackupVaultName: 'dr', Policy: policyText(...statements) },
});
export const noVaultPolicy = {
  'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' },
};

export const root = (account: string, partition = 'aws') => ({ AWS: `arn:${partition}:iam::${account}:root` });
export const copyInto = (more: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Principal: root(SOURCE),
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
  ...more,
});
export const denyCopy = (more: Record<string, unknown> = {}) => ({
  ...copyInto(),
  Sid: 'KeepOut',
  Effect: 'Deny',
  Principal: '*',
  ...more,
});

/** The same copy in the partition of China, where the vault has these statements. */
export const inChina = (...statements: readonly unknown[]) => ({
  event: { region: 'cn-north-1', resources: ['arn:aws-cn:ec2:cn-north-1::snapshot/snap-0123456789abcdef0'] },
  detail: {
    iamRoleArn: COPY_ROLE.replace('arn:aws:', 'arn:aws-cn:'),
    sourceBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${SOURCE}:backup-vault:prod`,
    destinationBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${DESTINATION}:backup-vault:dr`,
  },
  responses: vaultPolicy(...statements),
});

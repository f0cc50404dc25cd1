import type { Evidence, Response } from '../../lambda/core/evidence';
import { readCopyFailure } from '../../lambda/core/copy-failure';

export const SOURCE = '111111111111';
export const DESTINATION = '222222222222';
export const MANAGEMENT = '999999999999';
export const REGION = 'eu-west-1';
export const COPY_ROLE = `arn:aws:iam::${SOURCE}:role/service-role/AWSBackupDefaultServiceRole`;
export const SOURCE_VAULT = `arn:aws:backup:${REGION}:${SOURCE}:backup-vault:prod`;
export const DESTINATION_VAULT = `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:dr`;
export const SOURCE_KEY = `arn:aws:kms:${REGION}:${SOURCE}:key/11111111-1111-4111-8111-111111111111`;
export const DESTINATION_KEY = `arn:aws:kms:${REGION}:${DESTINATION}:key/22222222-2222-4222-8222-222222222222`;
export const RECOVERY_POINT = `arn:aws:ec2:${REGION}::snapshot/snap-0123456789abcdef0`;
export const VOLUME = `arn:aws:ec2:${REGION}:${SOURCE}:volume/vol-0123456789abcdef0`;
export const JOB = '11111111-2222-4333-8444-555555555555';
export const SERVICE_LINKED_ROLE = `arn:aws:iam::${DESTINATION}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`;

export interface Overrides {
  readonly detail?: Record<string, unknown>;
  readonly event?: Record<string, unknown>;
  readonly job?: Record<string, unknown>;
  /** Merged into the healthy answers; `undefined` takes an answer away, `{error}` refuses it. */
  readonly responses?: Record<string, Response | undefined>;
}

const STATEMENT_USE = {
  Sid: 'AllowUseByDestination',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${DESTINATION}:root` },
  Action: [
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:ReEncrypt*',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
  ],
  Resource: '*',
};
const STATEMENT_GRANTS = {
  Sid: 'AllowGrantsByDestination',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${DESTINATION}:root` },
  Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
  Resource: '*',
  Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
};
const STATEMENT_OWNER = {
  Sid: 'EnableIAMUserPermissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${SOURCE}:root` },
  Action: 'kms:*',
  Resource: '*',
};
export const KEY_STATEMENTS = { use: STATEMENT_USE, grants: STATEMENT_GRANTS, owner: STATEMENT_OWNER };

export const policyText = (...statements: readonly unknown[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** The detail of a copy into another vault. */
export const toVault = (account: string, { name = 'dr', region = REGION } = {}) => ({
  destinationBackupVaultArn: `arn:aws:backup:${region}:${account}:backup-vault:${name}`,
});

/** An EventBridge event as AWS documents it. */
export function eventOf({ event = {}, detail = {} }: Overrides = {}): Record<string, unknown> {
  return {
    version: '0',
    id: '4660bc92-a44d-c939-4542-cda503f14855',
    'detail-type': 'Copy Job State Change',
    source: 'aws.backup',
    account: SOURCE,
    time: '2026-06-01T10:15:00Z',
    region: REGION,
    resources: [RECOVERY_POINT],
    detail: {
      copyJobId: JOB,
      backupSizeInBytes: 22548578304,
      creationDate: '2026-06-01T10:00:00.000Z',
      completionDate: '2026-06-01T10:14:00.000Z',
      iamRoleArn: COPY_ROLE,
      resourceArn: VOLUME,
      resourceType: 'EBS',
      sourceBackupVaultArn: SOURCE_VAULT,
      destinationBackupVaultArn: DESTINATION_VAULT,
      destinationRecoveryPointArn: {},
      state: 'FAILED',
      statusMessage: 'Access Denied trying to call AWS Backup service',
      ...detail,
    },
    ...event,
  };
}

/** A cross-account copy of an EBS snapshot in which every gate is open; a test closes one. */
export function evidenceOf(overrides: Overrides = {}): Evidence {
  const failure = readCopyFailure(eventOf(overrides));
  if (!failure.ok) throw new Error(failure.reason);
  const f = failure.value;
  const responses: Record<string, Response | undefined> = {
    'backup:DescribeCopyJob': {
      CopyJob: {
        AccountId: SOURCE,
        CopyJobId: f.copyJobId,
        SourceBackupVaultArn: f.sourceVaultArn,
        SourceRecoveryPointArn: f.recoveryPointArn,
        DestinationBackupVaultArn: f.destinationVaultArn,
        ResourceArn: f.resourceArn,
        ResourceType: f.resourceType,
        State: f.state,
        StatusMessage: f.statusMessage,
        IamRoleArn: f.roleArn,
        CreationDate: '2026-06-01T10:00:00.000Z',
        CompletionDate: '2026-06-01T10:14:00.000Z',
        ...overrides.job,
      },
    },
    'backup:DescribeRecoveryPoint@source': {
      RecoveryPointArn: f.recoveryPointArn,
      BackupVaultArn: f.sourceVaultArn,
      BackupVaultName: 'prod',
      ResourceArn: f.resourceArn,
      ResourceType: f.resourceType,
      IsEncrypted: true,
      EncryptionKeyArn: SOURCE_KEY,
      Status: 'COMPLETED',
      StorageClass: 'WARM',
    },
    'backup:DescribeBackupVault@source': {
      BackupVaultArn: f.sourceVaultArn,
      BackupVaultName: 'prod',
      VaultType: 'BACKUP_VAULT',
      VaultState: 'AVAILABLE',
      EncryptionKeyArn: SOURCE_KEY,
    },
    'backup:GetBackupVaultAccessPolicy@source': { error: 'ResourceNotFoundException' },
    'backup:DescribeBackupVault@destination': {
      BackupVaultArn: f.destinationVaultArn,
      BackupVaultName: 'dr',
      VaultType: 'BACKUP_VAULT',
      VaultState: 'AVAILABLE',
      EncryptionKeyArn: DESTINATION_KEY,
    },
    'backup:ListBackupVaults@destination': {
      BackupVaultList: [{ BackupVaultName: 'dr', BackupVaultArn: f.destinationVaultArn }],
    },
    'backup:GetBackupVaultAccessPolicy@destination': {
      BackupVaultName: 'dr',
      BackupVaultArn: f.destinationVaultArn,
      Policy: policyText({
        Sid: 'AllowSource',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${SOURCE}:root` },
        Action: 'backup:CopyIntoBackupVault',
        Resource: '*',
      }),
    },
    'organizations:DescribeOrganization@source': { Organization: { Id: 'o-exampleorg', MasterAccountId: MANAGEMENT } },
    'organizations:DescribeOrganization@destination': {
      Organization: { Id: 'o-exampleorg', MasterAccountId: MANAGEMENT },
    },
    'backup:DescribeGlobalSettings@source': { GlobalSettings: { isCrossAccountBackupEnabled: 'true' } },
    'backup:DescribeRegionSettings@source': {
      ResourceTypeOptInPreference: { DynamoDB: true, EBS: true },
      ResourceTypeManagementPreference: { DynamoDB: true },
    },
    'organizations:DescribeEffectivePolicy@source': { error: 'EffectivePolicyNotFoundException' },
    'organizations:DescribeEffectivePolicy@destination': { error: 'EffectivePolicyNotFoundException' },
    'iam:GetRole@source': {
      Role: {
        Arn: COPY_ROLE,
        RoleName: 'AWSBackupDefaultServiceRole',
        AssumeRolePolicyDocument: encodeURIComponent(
          policyText({ Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' }),
        ),
      },
    },
    'iam:GetRole@destination': { Role: { Arn: SERVICE_LINKED_ROLE, RoleName: 'AWSServiceRoleForBackup' } },
    'iam:SimulatePrincipalPolicy@source': {
      EvaluationResults: [
        {
          EvalActionName: 'backup:CopyIntoBackupVault',
          EvalResourceName: f.destinationVaultArn,
          EvalDecision: 'allowed',
          OrganizationsDecisionDetail: { AllowedByOrganizations: true },
        },
        {
          EvalActionName: 'backup:CopyFromBackupVault',
          EvalResourceName: f.recoveryPointArn ?? '*',
          EvalDecision: 'allowed',
          OrganizationsDecisionDetail: { AllowedByOrganizations: true },
        },
      ],
    },
    'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState: 'Enabled' } },
    'kms:GetKeyPolicy@source': { Policy: policyText(STATEMENT_OWNER, STATEMENT_USE, STATEMENT_GRANTS) },
    'kms:ListGrants@source': { Grants: [] },
    'kms:DescribeKey@destination': {
      KeyMetadata: { Arn: DESTINATION_KEY, KeyManager: 'CUSTOMER', KeyState: 'Enabled' },
    },
    'kms:GetKeyPolicy@destination': {
      Policy: policyText({ ...STATEMENT_OWNER, Principal: { AWS: `arn:aws:iam::${DESTINATION}:root` } }),
    },
    'kms:ListGrants@destination': { Grants: [] },
    ...overrides.responses,
  };
  const given = Object.entries(responses).filter((row): row is [string, Response] => row[1] !== undefined);
  return { failure: f, responses: Object.fromEntries(given) };
}

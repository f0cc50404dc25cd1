import { invalidValue, lifecycleShape, notFound, refuseDenied, vaultsOf } from './backup-common';
import { AwsError } from './errors';
import { feature } from './features';
import { page, str, type Api, type ApiCall } from './api';
import { recordChange } from './cloudtrail-event';
import { copyJobsApi } from './copy-jobs-api';
import { putPolicy } from './policy-delay';
import { awsPrincipals, principalsExist, readPolicy } from './policy-text';
import type { RecoveryPoint, Vault } from './model';

const insufficient = () =>
  new AwsError('AccessDeniedException', 'Insufficient privileges to perform this action.', 403);

const vaultArn = (call: ApiCall) =>
  `arn:aws:backup:${call.region}:${call.account}:backup-vault:${str(call, 'BackupVaultName') ?? ''}`;

/** By name in the caller's own account and Region: AWS has no other way. */
function ownVault(call: ApiCall): Vault | undefined {
  const owner = str(call, 'BackupVaultAccountId');
  if (owner !== undefined && owner !== call.account) throw insufficient(); // RAM shares are not emulated
  return vaultsOf(call).find(({ name }) => name === str(call, 'BackupVaultName'));
}

const vaultShape = (vault: Vault) => ({
  BackupVaultName: vault.name,
  BackupVaultArn: vault.arn,
  VaultType: vault.type,
  VaultState: vault.state,
  EncryptionKeyArn: vault.key.arn,
  CreationDate: vault.createdAt,
  NumberOfRecoveryPoints: vault.recoveryPoints.length,
  Locked: vault.locked,
  MinRetentionDays: vault.minRetentionDays,
  MaxRetentionDays: vault.maxRetentionDays,
  // Not documented for keys that AWS manages: left out there.
  ...(vault.key.manager === 'CUSTOMER' ? { EncryptionKeyType: 'CUSTOMER_MANAGED_KMS_KEY' as const } : {}),
});

const recoveryPointShape = (point: RecoveryPoint) => ({
  RecoveryPointArn: point.arn,
  BackupVaultName: point.vault.name,
  BackupVaultArn: point.vault.arn,
  ResourceArn: point.resourceArn,
  ResourceName: point.resourceName,
  ResourceType: point.type,
  Status: point.status,
  StatusMessage: point.statusMessage,
  CreationDate: point.createdAt,
  CompletionDate: point.createdAt,
  BackupSizeInBytes: point.bytes,
  Lifecycle: lifecycleShape(point.lifecycle),
  EncryptionKeyArn: point.keyArn,
  IsEncrypted: point.encrypted,
  StorageClass: point.storageClass,
  IsParent: point.members.length > 0,
  ParentRecoveryPointArn: point.vault.recoveryPoints.find(({ members }) => members.includes(point))?.arn,
  VaultType: point.vault.type,
});

/** "Any cross-account action other than backup:CopyIntoBackupVault will be rejected": when it is written. */
function checkPolicy(call: ApiCall, text: string): void {
  const statements = readPolicy(text);
  if (!statements) throw invalidValue('The policy is not valid JSON.');
  if (!principalsExist(call.sandbox.state, statements)) {
    throw invalidValue('Policy contains a statement with one or more invalid principals.');
  }
  for (const statement of statements) {
    const named = awsPrincipals(statement) ?? [];
    const foreign = named.some((arn) => arn !== call.account && !arn.includes(`::${call.account}:`));
    const actions = [statement.Action ?? []].flat() as string[];
    const onlyCopy = actions.length > 0 && actions.every((action) => action === 'backup:CopyIntoBackupVault');
    if (statement.Effect === 'Allow' && foreign && !onlyCopy) {
      throw new AwsError(
        'AccessDeniedException',
        "The specified policy cannot be added to the vault due to cross-account sharing restrictions. Amend the policy or the vault's settings, then retry request",
        403,
      );
    }
  }
}

const noVault = (call: ApiCall) => notFound(`Backup vault ${str(call, 'BackupVaultName') ?? ''} does not exist`);

export const backupApi: Api = {
  ...copyJobsApi,
  DescribeRecoveryPoint: {
    resource: (call) => str(call, 'RecoveryPointArn') ?? '*',
    handle(call) {
      const vault = ownVault(call);
      if (!vault) throw insufficient();
      refuseDenied(call, vault, 'backup:DescribeRecoveryPoint');
      const arn = str(call, 'RecoveryPointArn');
      const point = call.sandbox.state.recoveryPointIn(vault, arn);
      if (!point) throw notFound(`Cannot find Recovery point: ${String(arn)}`);
      return recoveryPointShape(point);
    },
  },
  DescribeBackupVault: {
    resource: vaultArn,
    handle(call) {
      const vault = ownVault(call);
      if (!vault) throw insufficient();
      refuseDenied(call, vault, 'backup:DescribeBackupVault');
      return vaultShape(vault);
    },
  },
  ListBackupVaults: {
    handle(call) {
      const { ByVaultType, ByShared } = call.input;
      const vaults = vaultsOf(call).filter(({ type }) => (ByVaultType ?? type) === type && ByShared !== true);
      const bad = () => invalidValue('Invalid NextToken');
      const { items, next } = page(vaults, call.input.NextToken, call.input.MaxResults, 1000, bad);
      return { BackupVaultList: items.map(vaultShape), NextToken: next };
    },
  },
  GetBackupVaultAccessPolicy: {
    resource: vaultArn,
    handle(call) {
      const vault = ownVault(call);
      if (!vault) throw noVault(call);
      refuseDenied(call, vault, 'backup:GetBackupVaultAccessPolicy');
      if (vault.policy === undefined) throw notFound(`Backup vault access policy for ${vault.name} does not exist`);
      return { BackupVaultName: vault.name, BackupVaultArn: vault.arn, Policy: vault.policy };
    },
  },
  PutBackupVaultAccessPolicy: {
    resource: vaultArn,
    async handle(call) {
      const vault = ownVault(call);
      if (!vault) throw noVault(call);
      refuseDenied(call, vault, 'backup:PutBackupVaultAccessPolicy');
      const text = str(call, 'Policy') ?? '';
      checkPolicy(call, text);
      putPolicy(call.sandbox, 'vault', vault, text);
      await recordChange(call, 'PutBackupVaultAccessPolicy', { backupVaultName: vault.name, policy: text });
      return undefined;
    },
  },
  DeleteBackupVaultAccessPolicy: {
    resource: vaultArn,
    async handle(call) {
      const vault = ownVault(call);
      if (!vault) throw noVault(call);
      refuseDenied(call, vault, 'backup:DeleteBackupVaultAccessPolicy');
      putPolicy(call.sandbox, 'vault', vault, undefined);
      await recordChange(call, 'DeleteBackupVaultAccessPolicy', { backupVaultName: vault.name });
      return undefined;
    },
  },
  DescribeGlobalSettings: {
    handle({ sandbox, account }) {
      const { organization } = sandbox.account(account);
      if (!organization)
        throw new AwsError('InvalidRequestException', 'The account is not a member of an organization.');
      // Whether a member is told the organization's value is not documented.
      const told = organization.management === account || sandbox.memberSeesGlobalSettings;
      const value = told && organization.isCrossAccountBackupEnabled;
      return { GlobalSettings: { isCrossAccountBackupEnabled: String(value) }, LastUpdateTime: sandbox.clock.now() };
    },
  },
  DescribeRegionSettings: {
    handle({ sandbox, account, region }) {
      const { optIn, management } = sandbox.account(account).regionSettings(region);
      return { ResourceTypeOptInPreference: optIn, ResourceTypeManagementPreference: management };
    },
  },
  ListTags: {
    resource: (call) => str(call, 'ResourceArn') ?? '*',
    handle(call) {
      const arn = str(call, 'ResourceArn') ?? '';
      const vault = vaultsOf(call).find((one) => one.arn === arn);
      const point = vaultsOf(call)
        .flatMap(({ recoveryPoints }) => recoveryPoints)
        .find((one) => one.arn === arn);
      if (point && !feature(point.type).fullyManaged) {
        throw invalidValue(`The resource type of ${arn} does not support tags in AWS Backup`);
      }
      const tags = vault?.tags ?? point?.tags;
      if (!tags) throw notFound(`Cannot find resource ${arn}`);
      return { Tags: tags };
    },
  },
};

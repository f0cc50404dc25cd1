import type { Check } from './check';
import { accountsInDifferentOrganizations } from './accounts-in-different-organizations';
import { airGappedVaultUnsupported } from './air-gapped-vault-unsupported';
import { awsInternalError } from './aws-internal-error';
import { copyConcurrencyLimit } from './copy-concurrency-limit';
import { copyRoleLacksPermission } from './copy-role-lacks-permission';
import { copyRoleNotAssumable } from './copy-role-not-assumable';
import { crossAccountBackupDisabled } from './cross-account-backup-disabled';
import { destinationKeyAwsManaged } from './destination-key-aws-managed';
import { destinationKeyPolicyLacksBackup } from './destination-key-policy-lacks-backup';
import { destinationKeyUnusable } from './destination-key-unusable';
import { destinationRegionNotEnabled } from './destination-region-not-enabled';
import { destinationServiceLinkedRoleMissing } from './destination-service-linked-role-missing';
import { destinationVaultIsDefault } from './destination-vault-is-default';
import { destinationVaultMissing } from './destination-vault-missing';
import { destinationVaultNotAvailable } from './destination-vault-not-available';
import { dynamodbAdvancedFeaturesOff } from './dynamodb-advanced-features-off';
import { imageNotAllowed } from './image-not-allowed';
import { jobWindowExpired } from './job-window-expired';
import { marketplaceImage } from './marketplace-image';
import { nestedCopyFailed } from './nested-copy-failed';
import { organizationPolicyDeniesCopy } from './organization-policy-denies-copy';
import { rdsOptionGroupMissing } from './rds-option-group-missing';
import { recoveryPointInColdStorage } from './recovery-point-in-cold-storage';
import { recoveryPointMissing } from './recovery-point-missing';
import { resourceTypeNotCopyable } from './resource-type-not-copyable';
import { retentionOutsideVaultLock } from './retention-outside-vault-lock';
import { serviceQuotaReached } from './service-quota-reached';
import { singleActionNotSupported } from './single-action-not-supported';
import { snapshotNotShared } from './snapshot-not-shared';
import { sourceKeyAwsManaged } from './source-key-aws-managed';
import { sourceKeyMissing } from './source-key-missing';
import { sourceKeyPolicyDenies } from './source-key-policy-denies';
import { sourceKeyPolicyLacksDestination } from './source-key-policy-lacks-destination';
import { sourceKeyPolicyLacksGrants } from './source-key-policy-lacks-grants';
import { sourceKeyUnusable } from './source-key-unusable';
import { sourceRegionOrServiceNotEnabled } from './source-region-or-service-not-enabled';
import { sourceVaultPolicyDenies } from './source-vault-policy-denies';
import { tagCopyFailed } from './tag-copy-failed';
import { tagPolicyViolation } from './tag-policy-violation';
import { tooManyTags } from './too-many-tags';
import { uncatalogued } from './uncatalogued';
import { vaultPolicyDenies } from './vault-policy-denies';
import { vaultPolicyLacksSource } from './vault-policy-lacks-source';

/** Every cause with a check, in the order to mend them. CONTRIBUTING.md says what a new cause needs. */
export const checks: readonly Check[] = [
  accountsInDifferentOrganizations,
  crossAccountBackupDisabled,
  organizationPolicyDeniesCopy,
  sourceRegionOrServiceNotEnabled,
  destinationRegionNotEnabled,
  resourceTypeNotCopyable,
  singleActionNotSupported,
  dynamodbAdvancedFeaturesOff,
  airGappedVaultUnsupported,
  recoveryPointInColdStorage,
  recoveryPointMissing,
  rdsOptionGroupMissing,
  marketplaceImage,
  imageNotAllowed,
  snapshotNotShared,
  sourceKeyAwsManaged,
  destinationKeyAwsManaged,
  sourceKeyUnusable,
  sourceKeyMissing,
  sourceKeyPolicyLacksDestination,
  sourceKeyPolicyLacksGrants,
  sourceKeyPolicyDenies,
  destinationKeyUnusable,
  destinationKeyPolicyLacksBackup,
  vaultPolicyLacksSource,
  vaultPolicyDenies,
  sourceVaultPolicyDenies,
  destinationVaultMissing,
  destinationVaultNotAvailable,
  destinationVaultIsDefault,
  retentionOutsideVaultLock,
  copyRoleLacksPermission,
  copyRoleNotAssumable,
  destinationServiceLinkedRoleMissing,
  tagPolicyViolation,
  tooManyTags,
  tagCopyFailed,
  copyConcurrencyLimit,
  serviceQuotaReached,
  jobWindowExpired,
  awsInternalError,
  nestedCopyFailed,
];

/** All that can be told: where no check finds anything, it is the last. */
export const causes: readonly Pick<Check, 'id' | 'title' | 'fix'>[] = [...checks, uncatalogued];

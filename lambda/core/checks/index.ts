import type { Check } from './check';
import { accountsInDifferentOrganizations } from './accounts-in-different-organizations';
import { copyRoleLacksPermission } from './copy-role-lacks-permission';
import { copyRoleNotAssumable } from './copy-role-not-assumable';
import { crossAccountBackupDisabled } from './cross-account-backup-disabled';
import { destinationKeyAwsManaged } from './destination-key-aws-managed';
import { destinationKeyUnusable } from './destination-key-unusable';
import { destinationVaultIsDefault } from './destination-vault-is-default';
import { destinationVaultMissing } from './destination-vault-missing';
import { destinationVaultNotAvailable } from './destination-vault-not-available';
import { dynamodbAdvancedFeaturesOff } from './dynamodb-advanced-features-off';
import { marketplaceImage } from './marketplace-image';
import { organizationPolicyDeniesCopy } from './organization-policy-denies-copy';
import { recoveryPointInColdStorage } from './recovery-point-in-cold-storage';
import { recoveryPointMissing } from './recovery-point-missing';
import { resourceTypeNotCopyable } from './resource-type-not-copyable';
import { singleActionNotSupported } from './single-action-not-supported';
import { sourceKeyAwsManaged } from './source-key-aws-managed';
import { sourceKeyMissing } from './source-key-missing';
import { sourceKeyPolicyDenies } from './source-key-policy-denies';
import { sourceKeyPolicyLacksDestination } from './source-key-policy-lacks-destination';
import { sourceKeyPolicyLacksGrants } from './source-key-policy-lacks-grants';
import { sourceKeyUnusable } from './source-key-unusable';
import { sourceVaultPolicyDenies } from './source-vault-policy-denies';
import { tagCopyFailed } from './tag-copy-failed';
import { tagPolicyViolation } from './tag-policy-violation';
import { vaultPolicyDenies } from './vault-policy-denies';
import { vaultPolicyLacksSource } from './vault-policy-lacks-source';

/** Every cause with a check, in the order to mend them. A new cause is one file, one table, one page and one line here. */
export const checks: readonly Check[] = [
  accountsInDifferentOrganizations,
  crossAccountBackupDisabled,
  organizationPolicyDeniesCopy,
  resourceTypeNotCopyable,
  singleActionNotSupported,
  dynamodbAdvancedFeaturesOff,
  recoveryPointInColdStorage,
  recoveryPointMissing,
  marketplaceImage,
  sourceKeyAwsManaged,
  destinationKeyAwsManaged,
  sourceKeyUnusable,
  sourceKeyMissing,
  sourceKeyPolicyLacksDestination,
  sourceKeyPolicyLacksGrants,
  sourceKeyPolicyDenies,
  destinationKeyUnusable,
  vaultPolicyLacksSource,
  vaultPolicyDenies,
  sourceVaultPolicyDenies,
  destinationVaultMissing,
  destinationVaultNotAvailable,
  destinationVaultIsDefault,
  copyRoleLacksPermission,
  copyRoleNotAssumable,
  tagPolicyViolation,
  tagCopyFailed,
];

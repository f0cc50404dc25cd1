import { destinationKey, staysUnencrypted } from '../copy-keys';
import { copyOf } from '../evidence';
import { destinationKeyArn } from '../key-evidence';
import { isFullyManaged } from '../feature-table';
import { text } from '../text';
import { copyIntoStatement } from '../vault-questions';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'destination-key-aws-managed';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html */
export const destinationKeyAwsManaged: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeRecoveryPoint@source',
    'backup:DescribeBackupVault@destination',
    'backup:ListBackupVaults@destination',
    'kms:DescribeKey@destination',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    const fullyManaged = isFullyManaged(copy.resourceType);
    // A fully managed type is copied into a vault under any key.
    if (fullyManaged && destinationKeyArn(evidence).ok) return ok;
    const asked = destinationKey(evidence);
    if (!asked.ok) return asked.result;
    const { arn, metadata } = asked.value;
    // destination-key-unusable tells it.
    if (!metadata) return notApplicable;
    if (!metadata.manager) return cannotTell(text.keys.noManager(arn));
    if (metadata.manager === 'CUSTOMER') return ok;

    const { resourceType = '' } = copy;
    if (fullyManaged === undefined) return cannotTell(text.keys.typeNotKnown(copy.resourceType));
    const unencrypted = staysUnencrypted(evidence);
    if (!unencrypted.ok) return unknown(unencrypted.missing);
    if (unencrypted.value) return cannotTell(text.keys.staysUnencrypted(resourceType));
    return fault({
      confidence: 'confirmed',
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy, arn, resourceType),
      fix: { kind: 'manual', steps: words.steps(copy, copyIntoStatement(copy)) },
    });
  },
};

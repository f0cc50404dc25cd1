import { destinationVaultType, isAirGapped } from '../air-gapped';
import { eachSourceKey } from '../copy-keys';
import { copyOf, recoveryPoint, type Evidence } from '../evidence';
import { featureOfCopy, type Feature } from '../feature-table';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check, type CheckResult } from './check';

const id = 'air-gapped-vault-unsupported';
const texts = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html */
export const airGappedVaultUnsupported: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['backup:DescribeBackupVault@destination', 'backup:DescribeRecoveryPoint@source', 'kms:DescribeKey@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const vaultType = destinationVaultType(evidence);
    if (!vaultType.ok) return unknown(vaultType.missing);
    if (vaultType.value === undefined) return cannotTell(texts.noVaultType);
    if (!isAirGapped(vaultType.value)) return notApplicable;

    const feature = featureOfCopy(copy);
    if (feature?.airGapped === undefined) return cannotTell(texts.notTold(copy, feature));
    if (!feature.airGapped) {
      return told(evidence, feature, texts.because(copy, feature), texts.steps(copy, feature));
    }
    const result = byEncryption(evidence, feature);
    return result.status === 'ok' && messagePointsTo(copy, id) ? cannotTell(texts.pointsThere(feature)) : result;
  },
};

function told(
  evidence: Evidence,
  { type }: Feature,
  because: readonly string[],
  steps: readonly string[],
): CheckResult {
  const copy = copyOf(evidence);
  return fault({
    confidence: 'confirmed',
    resource: `${type} to ${copy.destinationVaultArn}`,
    owner: copy.sourceAccount,
    because,
    fix: { kind: 'manual', steps },
  });
}

/** Such a vault takes no unencrypted clusters, and nothing under a key that AWS manages. */
function byEncryption(evidence: Evidence, feature: Feature): CheckResult {
  const copy = copyOf(evidence);
  const point = recoveryPoint(evidence);
  if (!point.ok) return unknown(point.missing);
  const encrypted = point.value['IsEncrypted'];
  if (feature.encryptedOnly && typeof encrypted !== 'boolean') return cannotTell(texts.notSaid);
  if (encrypted === false) {
    if (!feature.encryptedOnly) return ok;
    return told(evidence, feature, texts.unencrypted(copy, feature.type), texts.encrypt(copy, feature.type));
  }
  // Between accounts source-key-aws-managed tells it, which is so for every vault.
  if (copy.crossAccount || feature.fullyManaged) return ok;
  return eachSourceKey(evidence, ({ arn, metadata }) => {
    // source-key-missing tells it.
    if (!metadata || metadata.manager === 'CUSTOMER') return ok;
    if (metadata.manager === undefined) return cannotTell(text.keys.noManager(arn));
    return told(evidence, feature, texts.managed(copy, arn), texts.underOwnKey(copy));
  });
}

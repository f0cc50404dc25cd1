import { isRefusedByAirGappedVault } from '../air-gapped';
import { copyOf } from '../evidence';
import { canonicalType, featureOfCopy } from '../feature-table';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, type Check } from './check';

const id = 'resource-type-not-copyable';
const texts = text[id];

export const resourceTypeNotCopyable: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: [],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (copy.resourceType === undefined) return cannotTell(texts.noType);
    // DynamoDB is told by dynamodb-advanced-features-off, which reads the settings.
    if (canonicalType(copy.resourceType) === 'DynamoDB') return notApplicable;
    const feature = featureOfCopy(copy);
    if (!feature) return cannotTell(texts.unknownType(copy.resourceType));
    if (feature.copyable) {
      if (feature.inDoubt) return cannotTell(texts.regionDoubt(feature, copy));
      if (!messagePointsTo(copy, id)) return ok;
      // AWS gives the same message for a vault that does not take the type: air-gapped-vault-unsupported tells it.
      if (isRefusedByAirGappedVault(evidence, feature)) return notApplicable;
      // The table is dated; where AWS's message contradicts it, neither is believed.
      return cannotTell(texts.pointsThere(feature.type));
    }
    return fault({
      confidence: 'confirmed',
      resource: `${feature.type} to ${copy.destinationVaultArn}`,
      owner: copy.sourceAccount,
      because: texts.because(copy, feature),
      fix: { kind: 'manual', steps: texts.steps(copy, feature) },
    });
  },
};

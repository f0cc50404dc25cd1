import { isRefusedByAirGappedVault } from '../air-gapped';
import { copyOf } from '../evidence';
import { featureOfCopy } from '../feature-table';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, type Check } from './check';

const id = 'single-action-not-supported';
const texts = text[id];

export const singleActionNotSupported: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: [],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount || !copy.crossRegion) return notApplicable;
    if (copy.resourceType === undefined) return cannotTell(texts.noType);
    const feature = featureOfCopy(copy);
    if (!feature) return cannotTell(texts.unknownType(copy.resourceType));
    // One of the two steps is not there at all: resource-type-not-copyable tells it.
    if (!feature.copyable) return notApplicable;

    const since = feature.singleActionSince;
    if (since !== undefined && !feature.singleAction) {
      return fault({
        confidence: 'confirmed',
        resource: `${feature.type} to ${copy.destinationVaultArn}`,
        owner: copy.sourceAccount,
        because: [texts.because(feature.type, since, copy), texts.now(feature.type, since, feature.source)],
        fix: { kind: 'manual', steps: texts.steps(copy) },
      });
    }
    if (!messagePointsTo(copy, id)) return ok;
    // The same message for another reason: air-gapped-vault-unsupported tells it.
    if (isRefusedByAirGappedVault(evidence, feature)) return notApplicable;
    return cannotTell(texts.pointsThere(feature.type, since));
  },
};

import { copyOf } from '../evidence';
import { canonicalType, featureOf, subKindOf } from '../feature-table';
import { pointsTo } from '../messages/point-to';
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
    const feature = featureOf(copy.resourceType, {
      crossAccount: copy.crossAccount,
      crossRegion: copy.crossRegion,
      date: copy.time,
      subKind: subKindOf(copy.resourceType, copy.resourceArn, copy.recoveryPointArn),
      regions: [copy.sourceRegion, copy.destinationRegion],
    });
    if (!feature) return cannotTell(texts.unknownType(copy.resourceType));
    if (feature.copyable) {
      if (feature.inDoubt) return cannotTell(texts.regionDoubt(feature, copy));
      // The table is dated; where AWS's message contradicts it, neither is believed.
      const pointed = copy.statusMessage !== undefined && pointsTo(copy.statusMessage).includes(id);
      return pointed ? cannotTell(texts.pointsThere(feature.type)) : ok;
    }
    return fault({
      confidence: 'confirmed',
      resource: `${feature.type} to ${copy.destinationVaultArn}`,
      owner: copy.sourceAccount,
      because: [texts.because(copy, feature), texts.source(feature)],
      fix: { kind: 'manual', steps: texts.steps(copy, feature) },
    });
  },
};

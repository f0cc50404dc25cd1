import { parseArn } from '../arn';
import { copyOf, objectAt, read } from '../evidence';
import { canonicalType, featureOf } from '../feature-table';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'dynamodb-advanced-features-off';
const texts = text[id];

export const dynamodbAdvancedFeaturesOff: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['backup:DescribeRegionSettings@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (canonicalType(copy.resourceType) !== 'DynamoDB') return notApplicable;
    const settings = read(evidence, 'backup:DescribeRegionSettings', 'source');
    if (!settings.ok) return unknown(settings.missing);
    const preferences = objectAt(settings.value, 'ResourceTypeOptInPreference');
    const managements = objectAt(settings.value, 'ResourceTypeManagementPreference');
    if (!preferences || !managements) return cannotTell(texts.noSettings);
    const [optIn, advanced] = [preferences['DynamoDB'] === true, managements['DynamoDB'] === true];
    const on = optIn && advanced;

    // The ARN tells how the recovery point was made: DynamoDB's own for a plain backup, AWS Backup's otherwise.
    const arn = copy.recoveryPointArn;
    const service = arn === undefined ? undefined : parseArn(arn)?.service;
    const plain = arn !== undefined && service === 'dynamodb';
    if (on && !plain) return ok;
    // The settings are for new backups. This one was made with the features, whatever they are now.
    if (arn !== undefined && service === 'backup') return cannotTell(texts.madeWith(arn));
    return fault({
      confidence: 'confirmed',
      resource: on && plain ? arn : `DynamoDB settings of ${copy.sourceAccount} in ${copy.sourceRegion}`,
      owner: copy.sourceAccount,
      because: [
        on ? texts.madeBefore : texts.because(copy, optIn, advanced),
        ...(plain ? [texts.plainBackup(arn)] : []),
        texts.source(featureOf('DynamoDB', { ...copy, date: copy.time, dynamoDbAdvanced: false })),
      ],
      fix: { kind: 'manual', steps: texts.steps(copy, on) },
    });
  },
};

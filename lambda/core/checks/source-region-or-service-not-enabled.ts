import { copyOf, objectAt, read } from '../evidence';
import { canonicalType } from '../feature-table';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { clean } from '../text/clean';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'source-region-or-service-not-enabled';
const texts = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/working-with-supported-services.html */
export const sourceRegionOrServiceNotEnabled: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  stepsByMessage: (copy) => texts.steps(copy, undefined),
  reads: ['backup:DescribeRegionSettings@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const pointed = messagePointsTo(copy, id);
    const type = canonicalType(copy.resourceType);
    // Of DynamoDB's own two settings dynamodb-advanced-features-off tells.
    if (type === 'DynamoDB' && !pointed) return notApplicable;
    const settings = read(evidence, 'backup:DescribeRegionSettings', 'source');
    if (!settings.ok) return unknown(settings.missing);
    const preferences = Object.entries(objectAt(settings.value, 'ResourceTypeOptInPreference') ?? {});
    const [key, value] = preferences.find(([one]) => type !== undefined && canonicalType(one) === type) ?? [];
    // AWS says of the switch that backups need it, and for most types only where a tag selects the resource.
    if (value !== false || key === undefined) return pointed ? cannotTell(texts.notOff(copy)) : ok;
    const name = clean(key, 60);
    if (!pointed) return cannotTell(texts.offOnly(name));
    return fault({
      confidence: 'likely',
      resource: `${name} in AWS Backup, account ${copy.sourceAccount}, ${copy.sourceRegion}`,
      owner: copy.sourceAccount,
      because: [texts.because(copy, name)],
      fix: { kind: 'manual', steps: texts.steps(copy, name) },
    });
  },
};

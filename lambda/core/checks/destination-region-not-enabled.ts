import { copyOf, read } from '../evidence';
import { isOptIn } from '../feature-table';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'destination-region-not-enabled';
const texts = text[id];

/** What a Region answers to the keys of an account that has not turned it on, and to keys that are good for nothing. */
const NOT_KNOWN: readonly (string | undefined)[] = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'OptInRequired',
  'RegionDisabledException',
];
/** Refusals that only a caller hears whom the service knows. */
const KNOWN: readonly (string | undefined)[] = [
  'AccessDeniedException',
  'ResourceNotFoundException',
  'AWSOrganizationsNotInUseException',
];
const REGIONAL = [
  'backup:DescribeBackupVault',
  'backup:GetBackupVaultAccessPolicy',
  'backup:ListBackupVaults',
] as const;

/** https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html */
export const destinationRegionNotEnabled: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: [...REGIONAL.map((name) => `${name}@destination` as const), 'organizations:DescribeOrganization@destination'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    // Others are on in every account; the source's Region is on, since the copy ran there.
    if (!isOptIn(copy.destinationRegion) || (!copy.crossAccount && !copy.crossRegion)) return notApplicable;
    const answers = REGIONAL.map((name) =>
      read(evidence, name, 'destination', name === 'backup:ListBackupVaults' ? undefined : copy.destinationVaultArn),
    );
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer]));
    if (refused.length < answers.length || refused.some(({ error }) => KNOWN.includes(error))) return ok;
    const other = refused.filter(({ error }) => !NOT_KNOWN.includes(error));
    if (other.length > 0) return unknown(...other.map(({ missing }) => missing));
    // One place answers for all Regions: whom it knows has keys that are good.
    const anywhere = read(evidence, 'organizations:DescribeOrganization', copy.crossAccount ? 'destination' : 'source');
    if (!anywhere.ok && !KNOWN.includes(anywhere.error)) return unknown(anywhere.missing);
    return fault({
      // Session tokens of STS's global endpoint are not taken in these Regions either.
      confidence: messagePointsTo(copy, id) ? 'likely' : 'possible',
      resource: `${copy.destinationRegion} in account ${copy.destinationAccount}`,
      owner: copy.destinationAccount,
      because: texts.because(copy, [...new Set(refused.flatMap(({ error }) => error ?? []))]),
      fix: { kind: 'manual', steps: texts.steps(copy) },
    });
  },
};

import { copyOf, objectAt, organization, read, textAt, type Copy, type Organization, type Read } from '../evidence';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check, type CheckResult } from './check';

const id = 'accounts-in-different-organizations';
const texts = text[id];

export const accountsInDifferentOrganizations: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  firstGate: true,
  reads: [
    'organizations:DescribeOrganization@source',
    'organizations:DescribeOrganization@destination',
    'organizations:DescribeAccount@organization',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    const source = organization(evidence, 'source');
    const destination = organization(evidence, 'destination');

    if (source.ok && destination.ok) {
      const [a, b] = [source.value, destination.value];
      return a && a.id === b?.id ? ok : different(copy, a, b, texts.because(copy, a?.id, b?.id));
    }
    // An account in no organization is in none with the other, whatever the other's is.
    if (source.ok && !source.value) return different(copy, undefined, undefined, texts.alone(copy.sourceAccount));
    if (destination.ok && !destination.value) {
      return different(copy, undefined, undefined, texts.alone(copy.destinationAccount));
    }
    const missing = [source, destination].flatMap((side) => (side.ok ? [] : [side.missing]));
    if (!source.ok || !source.value) return unknown(...missing);

    // No reader in the destination: the source's organization knows its own accounts.
    const home = source.value;
    const account = read(evidence, 'organizations:DescribeAccount', 'organization', copy.destinationAccount);
    if (account.ok) return compare(copy, home, account);
    if (account.error !== 'AccountNotFoundException') return unknown(...missing, account.missing);
    return different(copy, home, undefined, texts.outside(copy, home.id));
  },
};

/** An account's ARN names its organization: `arn:…:organizations::<management>:account/o-…/<account>`. */
function compare(
  copy: Copy,
  home: Organization,
  account: Extract<Read<Readonly<Record<string, unknown>>>, { ok: true }>,
) {
  const arn = textAt(objectAt(account.value, 'Account') ?? {}, 'Arn') ?? '';
  const other = /:account\/(o-[a-z0-9]+)\/(\d{12})$/.exec(arn);
  if (other?.[2] !== copy.destinationAccount) return cannotTell(texts.noOrganizationIn(copy, arn));
  return other[1] === home.id ? ok : different(copy, home, undefined, texts.because(copy, home.id, other[1]));
}

function different(
  copy: Copy,
  source: Organization | undefined,
  destination: Organization | undefined,
  because: string,
): CheckResult {
  // The account outside moves to the organization that there is; to the source's, when there are two.
  const home = source ?? destination;
  const newcomer = source ? copy.destinationAccount : copy.sourceAccount;
  return fault({
    confidence: 'confirmed',
    resource: copy.destinationAccount,
    owner: copy.destinationAccount,
    because: [because],
    fix: {
      kind: 'manual',
      steps: texts.steps(copy, home && { id: home.id, newcomer, management: home.managementAccount }),
    },
  });
}

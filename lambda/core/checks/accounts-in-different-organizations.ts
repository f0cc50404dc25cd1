import { copyOf, organization, type Copy, type Organization } from '../evidence';
import { describedAccount } from '../organization-evidence';
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
    const account = describedAccount(evidence, copy.destinationAccount);
    if (account.ok) {
      const there = account.value.organization?.id;
      if (there === undefined) return cannotTell(texts.noOrganizationIn(copy, account.value.arn));
      return there === home.id ? ok : different(copy, home, undefined, texts.because(copy, home.id, there));
    }
    if (account.error !== 'AccountNotFoundException') return unknown(...missing, account.missing);
    // Asked in an account of another organization, "not found" says nothing.
    const own = describedAccount(evidence, copy.sourceAccount);
    if (own.ok && own.value.organization?.id !== home.id) return cannotTell(texts.askedElsewhere(home.id));
    if (!own.ok && own.error !== undefined) return unknown(...missing, own.missing);
    return different(copy, home, undefined, texts.outside(copy, home.id));
  },
};

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

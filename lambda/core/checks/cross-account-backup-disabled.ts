import { copyOf, objectAt, organization, read, textAt, type Evidence, type Read } from '../evidence';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check, type CheckResult } from './check';

const id = 'cross-account-backup-disabled';
const texts = text[id];

export const crossAccountBackupDisabled: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  firstGate: true,
  stepsByMessage: () => texts.steps(undefined),
  reads: [
    'backup:DescribeGlobalSettings@organization',
    'backup:DescribeGlobalSettings@source',
    'organizations:DescribeOrganization@source',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    const home = organization(evidence, 'source');
    const management = home.ok ? home.value?.managementAccount : undefined;

    const central = enabled(evidence, 'organization');
    if (central.ok && central.value === 'true') return ok;
    if (central.ok && central.value !== undefined) return disabled(central.value);

    const member = enabled(evidence, 'source');
    if (!member.ok) return unknown(...(central.ok ? [] : [central.missing]), member.missing);
    if (member.value === 'true') return ok;
    if (member.value === undefined) return cannotTell(texts.noValue);
    if (management === copy.sourceAccount) return disabled(member.value);
    return {
      status: 'unknown',
      missing: central.ok ? [] : [central.missing],
      because: texts.onlyMember(member.value, copy.sourceAccount),
    };

    function disabled(value: string): CheckResult {
      return fault({
        confidence: 'confirmed',
        resource: (home.ok ? home.value?.id : undefined) ?? 'organization',
        owner: management ?? 'management account',
        because: [texts.because(value, management)],
        fix: { kind: 'manual', steps: texts.steps(management) },
      });
    }
  },
};

function enabled(evidence: Evidence, side: 'organization' | 'source'): Read<string | undefined> {
  const found = read(evidence, 'backup:DescribeGlobalSettings', side);
  if (!found.ok) return found;
  return { ok: true, value: textAt(objectAt(found.value, 'GlobalSettings') ?? {}, 'isCrossAccountBackupEnabled') };
}

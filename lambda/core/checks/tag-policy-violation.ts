import { copyOf, organization, type Evidence, type Missing } from '../evidence';
import {
  enforcedRules,
  messagePointsToTags,
  recoveryPointTags,
  violations,
  type Enforced,
  type Violation,
} from '../tag-evidence';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check, type CheckResult } from './check';

const id = 'tag-policy-violation';
const texts = text[id];

export const tagPolicyViolation: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: [
    'organizations:DescribeEffectivePolicy@destination',
    'organizations:DescribeEffectivePolicy@source',
    'organizations:DescribeOrganization@source',
    'backup:ListTags@source',
    'tag:GetResources@source',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const { enforced, doubts, missing } = enforcedRules(evidence);
    if (enforced.length === 0) {
      return stillOpen(missing, doubts) ?? (messagePointsToTags(evidence) ? ok : notApplicable);
    }
    if (copy.recoveryPointArn === undefined) return cannotTell(texts.noRecoveryPoint);
    const found = recoveryPointTags(evidence, copy.recoveryPointArn);
    if (!found.ok) return unknown(found.missing);
    if (found.value === undefined) return cannotTell(texts.noTagsFound);

    const { tags, complete } = found.value;
    const broken = enforced.flatMap((rule) => violations(rule, tags).map((violation) => ({ ...rule, ...violation })));
    if (broken.length > 0) return violated(evidence, broken);
    return stillOpen(missing, complete ? doubts : [...doubts, texts.incomplete]) ?? ok;
  },
};

/** What could still hide a violation. */
function stillOpen(missing: readonly Missing[], doubts: readonly string[]): CheckResult | undefined {
  if (doubts.length > 0) return { status: 'unknown', missing, because: doubts.join(' ') };
  return missing.length > 0 ? unknown(...missing) : undefined;
}

type Broken = Enforced & Violation;

function violated(evidence: Evidence, broken: readonly Broken[]): CheckResult {
  const copy = copyOf(evidence);
  const home = organization(evidence, 'source');
  const known = home.ok ? home.value : undefined;
  const because = broken.flatMap((rule) => [
    texts.policyEnforces(rule.account, rule.key, rule.type),
    ...(rule.wrongKey ? [texts.badKey(rule.tag.key, rule.key)] : []),
    ...(rule.wrongValue ? [texts.badValue(rule.tag.key, rule.tag.value, rule.values ?? [])] : []),
  ]);
  const changes = new Map(broken.map((rule) => [rule.tag.key, rule]));
  return fault({
    confidence: 'confirmed',
    resource: known?.id ?? 'tag policy',
    owner: known?.managementAccount ?? 'management account',
    because: [...new Set(because)],
    fix: { kind: 'manual', steps: texts.steps(copy, [...changes.values()]) },
  });
}

import { copyOf, type Evidence } from './evidence';
import { pointsTo } from './messages/point-to';
import { copiedTypes, effectiveTagPolicy, isEnforcedFor } from './tag-evidence';

const TAG_CAUSES = ['tag-policy-violation', 'tag-copy-failed', 'too-many-tags'];

/** Are the recovery point's tags worth a read? Where an effective policy enforces the copy's type, or the message speaks of tags. */
export function copiedTagsMatter(evidence: Evidence): boolean {
  const { statusMessage } = copyOf(evidence);
  if (statusMessage && pointsTo(statusMessage).some((id) => TAG_CAUSES.includes(id))) return true;
  const types = copiedTypes(evidence);
  return (['source', 'destination'] as const).some((side) => {
    const policy = effectiveTagPolicy(evidence, side);
    if (!policy.ok || !('rules' in policy.value)) return false;
    return policy.value.rules.some((rule) =>
      types ? types.some((type) => isEnforcedFor(rule, type)) : rule.enforcedFor.length > 0,
    );
  });
}

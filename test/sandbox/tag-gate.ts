import { closed, type Closed, type Copy } from './copy';
import { feature } from './features';
import { wildcard } from './matcher';

interface TagRule {
  tag_key?: unknown;
  tag_value?: unknown;
  enforced_for?: unknown;
}

/** Effective policies hold plain values; what people write holds `@@assign`. Both are read. */
function assigned(value: unknown): string[] {
  const plain = typeof value === 'object' && value !== null && '@@assign' in value ? value['@@assign'] : value;
  return plain === undefined ? [] : [plain].flat().map(String);
}

function enforces(rule: TagRule, copied: string[]): boolean {
  return assigned(rule.enforced_for).some((target) => {
    const [service, type] = target.split(':');
    return copied.some(
      (one) => one === target || (one.split(':')[0] === service && ['*', 'ALL_SUPPORTED'].includes(type ?? '')),
    );
  });
}

/** The key whose value or capitalization is not allowed. */
function violation(policy: object, tags: Record<string, string>, copied: string[]): string | undefined {
  const rules = Object.entries((policy as { tags?: Record<string, TagRule> }).tags ?? {});
  for (const [name, rule] of rules) {
    const key = assigned(rule.tag_key)[0] ?? name;
    const values = assigned(rule.tag_value);
    const used = Object.keys(tags).find((tag) => tag.toLowerCase() === key.toLowerCase());
    if (used === undefined || !enforces(rule, copied)) continue; // missing tags are never enforced
    const allowed = values.length === 0 || values.some((value) => wildcard(value).test(tags[used] ?? ''));
    if (used !== key || !allowed) return used;
  }
  return undefined;
}

export function tagGate({ recoveryPoint, destination, type }: Copy): Closed | undefined {
  const tags = recoveryPoint?.tags ?? {};
  if (Object.keys(tags).length > 50) {
    return closed('LIMIT_EXCEEDED', 'The resultant tag set must not have more than 50 user tags.');
  }
  const { fullyManaged, taggedAs } = feature(type);
  const policy = destination?.effectiveTagPolicy;
  const key = policy && violation(policy, tags, taggedAs);
  if (key === undefined) return undefined;
  if (fullyManaged) {
    return closed(
      'MISCELLANEOUS',
      `The tag policy does not allow the specified value for the following tag key: '${key}'`,
    );
  }
  return closed('TAG_COPY_ERROR', 'We are unable to copy resource tags to your backup because of the Internal Failure');
}

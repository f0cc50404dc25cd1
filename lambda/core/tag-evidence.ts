import { parseArn } from './arn';
import {
  copyOf,
  listOf,
  objectAt,
  read,
  textAt,
  type Evidence,
  type Missing,
  type Read,
  type VaultSide,
} from './evidence';
import { canonicalType, isFullyManaged } from './feature-table';
import { pointsTo } from './messages/point-to';
import { text } from './text';

const violationTexts = text['tag-policy-violation'];

/** One tag key of an effective tag policy, as far as it is enforced. */
export interface TagRule {
  readonly key: string;
  /** Undefined: any value. */
  readonly values: readonly string[] | undefined;
  readonly enforcedFor: readonly string[];
}

/** The rules of an account's effective tag policy (none: an empty list), or what is wrong with its text. */
export type TagPolicy = { readonly rules: readonly TagRule[] } | { readonly problem: string };

const NO_POLICY = new Set(['EffectivePolicyNotFoundException', 'AWSOrganizationsNotInUseException']);

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html */
export function effectiveTagPolicy(evidence: Evidence, side: VaultSide): Read<TagPolicy> {
  const found = read(evidence, 'organizations:DescribeEffectivePolicy', side);
  if (!found.ok) return NO_POLICY.has(found.error ?? '') ? { ok: true, value: { rules: [] } } : found;
  const policy = objectAt(found.value, 'EffectivePolicy') ?? {};
  const type = textAt(policy, 'PolicyType') ?? 'TAG_POLICY';
  if (type !== 'TAG_POLICY') return { ok: true, value: { problem: `it is a ${type}` } };
  return { ok: true, value: rulesOf(textAt(policy, 'PolicyContent')) };
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function rulesOf(content: string | undefined): TagPolicy {
  if (content === undefined) return { problem: 'the answer contains no PolicyContent' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return { problem: 'its content is not JSON' };
  }
  const tags = isJson(parsed) ? (objectAt(parsed, 'tags') ?? {}) : undefined;
  if (!tags) return { problem: 'its content is not a JSON object' };
  const rules = Object.entries(tags).flatMap(([name, rule]) => (isJson(rule) ? [ruleOf(name, rule)] : []));
  return { rules };
}

const ruleOf = (name: string, rule: Json): TagRule => ({
  key: texts(rule['tag_key'])?.[0] ?? name,
  values: texts(rule['tag_value']),
  enforcedFor: texts(rule['enforced_for']) ?? [],
});

/** A text or list of texts, also in the form that policies before inheritance have: `{"@@assign": …}`. */
function texts(value: unknown): readonly string[] | undefined {
  const plain = isJson(value) ? value['@@assign'] : value;
  if (typeof plain === 'string') return [plain];
  return Array.isArray(plain) ? plain.filter((item): item is string => typeof item === 'string') : undefined;
}

/** What tag policies call the things that a copy makes; undefined: not known. */
export function copiedTypes(evidence: Evidence): readonly string[] | undefined {
  const { resourceType, recoveryPointArn } = copyOf(evidence);
  switch (canonicalType(resourceType)) {
    case 'EBS':
    case 'Storage Gateway': // its backups are EBS snapshots
      return ['ec2:snapshot'];
    case 'EC2':
      return ['ec2:image', 'ec2:snapshot'];
    case 'RDS':
      return recoveryPointArn?.includes(':cluster-snapshot:') ? ['rds:cluster-snapshot'] : ['rds:snapshot'];
    case 'Aurora':
    case 'DocumentDB':
    case 'Neptune':
      return ['rds:cluster-snapshot'];
    case 'FSx':
      return ['fsx:backup'];
    case undefined:
    default:
      return isFullyManaged(resourceType) ? ['backup:recovery-point'] : undefined;
  }
}

/** `ec2:*` and `ec2:ALL_SUPPORTED` stand for every type of the service. */
export function isEnforcedFor(rule: TagRule, type: string): boolean {
  const service = type.split(':')[0] ?? '';
  const names = [type, `${service}:*`, `${service}:all_supported`].map((name) => name.toLowerCase());
  return rule.enforcedFor.some((name) => names.includes(name.toLowerCase()));
}

export interface Tags {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly complete: boolean;
}

/** The recovery point's tags; undefined: the tagging API lists none, which proves nothing. */
export function recoveryPointTags(evidence: Evidence, recoveryPointArn: string): Read<Tags | undefined> {
  const arn = parseArn(recoveryPointArn);
  if (arn?.service === 'backup') {
    const found = read(evidence, 'backup:ListTags', 'source', recoveryPointArn);
    if (!found.ok) return found;
    const tags = Object.entries(objectAt(found.value, 'Tags') ?? {}).map(([key, value]) => ({
      key,
      value: String(value),
    }));
    return { ok: true, value: { tags, complete: textAt(found.value, 'NextToken') === undefined } };
  }
  // AMIs and snapshots: AWS Backup's ARNs have no account id, the tagging API's have.
  const names = [recoveryPointArn, withAccount(recoveryPointArn, copyOf(evidence).sourceAccount)];
  const reads = [...new Set(names)].map((name) => read(evidence, 'tag:GetResources', 'source', name));
  for (const found of reads) {
    if (!found.ok) continue;
    const row = listOf(found.value, 'ResourceTagMappingList').find((mapping) =>
      names.includes(textAt(mapping, 'ResourceARN') ?? ''),
    );
    if (!row) continue;
    const tags = listOf(row, 'Tags').flatMap((tag) => {
      const key = textAt(tag, 'Key');
      return key === undefined ? [] : [{ key, value: textAt(tag, 'Value') ?? '' }];
    });
    return { ok: true, value: { tags, complete: true } };
  }
  const refused = reads.find((found) => !found.ok);
  return reads.some((found) => found.ok) || !refused ? { ok: true, value: undefined } : refused;
}

const withAccount = (arn: string, account: string) => arn.replace(/^(arn:[^:]*:[^:]*:[^:]*):(?=:)/, `$1:${account}`);

export interface Violation {
  readonly tag: { readonly key: string; readonly value: string };
  readonly wrongKey: boolean;
  readonly wrongValue: boolean;
}

/** Tags against one rule. A tag that is not there breaks nothing: enforcement is on values and on the key's capitals. */
export function violations(rule: TagRule, tags: Tags['tags']): readonly Violation[] {
  return tags
    .filter(({ key }) => key.toLowerCase() === rule.key.toLowerCase() && !key.startsWith('aws:'))
    .map((tag) => ({
      tag,
      wrongKey: tag.key !== rule.key,
      wrongValue: rule.values !== undefined && !rule.values.some((allowed) => matches(allowed, tag.value)),
    }))
    .filter(({ wrongKey, wrongValue }) => wrongKey || wrongValue);
}

/** One `*` in an allowed value stands for any text. */
function matches(allowed: string, value: string): boolean {
  const star = allowed.indexOf('*');
  if (star < 0) return allowed === value;
  const [start, end] = [allowed.slice(0, star), allowed.slice(star + 1)];
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

export type Enforced = TagRule & { readonly account: string; readonly type: string };

/** The rules that AWS enforces when the copy is made, in both accounts, and what hides further ones. */
export function enforcedRules(evidence: Evidence) {
  const copy = copyOf(evidence);
  const types = copiedTypes(evidence);
  const enforced: Enforced[] = [];
  const doubts: string[] = [];
  const missing: Missing[] = [];
  const sides: readonly VaultSide[] = copy.crossAccount ? ['destination', 'source'] : ['source'];
  for (const side of sides) {
    const account = side === 'source' ? copy.sourceAccount : copy.destinationAccount;
    const policy = effectiveTagPolicy(evidence, side);
    if (!policy.ok) missing.push(policy.missing);
    else if ('problem' in policy.value) doubts.push(violationTexts.policyUnreadable(account, policy.value.problem));
    else if (types) {
      const { rules } = policy.value;
      enforced.push(
        ...rules.flatMap((rule) =>
          types
            .filter((type) => isEnforcedFor(rule, type))
            .slice(0, 1)
            .map((type) => ({ ...rule, account, type })),
        ),
      );
    } else if (policy.value.rules.some((rule) => rule.enforcedFor.length > 0)) {
      doubts.push(violationTexts.unknownType(copy.resourceType ?? ''));
    }
  }
  return { enforced, doubts, missing };
}

export function messagePointsToTags(evidence: Evidence): boolean {
  const { statusMessage } = copyOf(evidence);
  const causes: readonly string[] = statusMessage === undefined ? [] : pointsTo(statusMessage);
  return causes.includes('tag-policy-violation') || causes.includes('tag-copy-failed');
}

import { cannotTell, notApplicable, unknown, type CheckResult } from './checks/check';
import {
  copyOf,
  listOf,
  objectAt,
  ODD_SHAPE,
  textAt,
  type Copy,
  type Evidence,
  type Json,
  type Missing,
  type Read,
  type VaultSide,
} from './evidence';
import { grantsTo, readKey, rootArn, serviceLinkedRoleArn } from './key-evidence';
import { eachSourceKey, sameRead, settled, type Asked, type Key } from './copy-keys';
import { isFullyManaged } from './feature-table';
import { requestsFor } from './key-requests';
import { pointsTo } from './messages/point-to';
import { parsePolicy } from './policy/parse';
import type { PolicyDocument, PolicyRequest, Verdict } from './policy/policy';
import { askerOf, judge, unreadBehind, type Asker } from './policy-questions';
import { text } from './text';

export const messagePointsTo = ({ statusMessage }: Copy, id: string): boolean =>
  statusMessage !== undefined && (pointsTo(statusMessage) as readonly string[]).includes(id);

/** What the key policy says of one action for one role; allow and deny are judged apart. */
export interface Answer {
  readonly action: string;
  readonly allow: 'yes' | 'no' | 'untold';
  readonly deny: 'yes' | 'no' | 'untold';
  readonly denying: Verdict['statement'];
  /** What would settle an `untold`. */
  readonly open: { readonly allow: Open; readonly deny: Open };
}

export interface Open {
  readonly missing: readonly Missing[];
  readonly undecided: readonly string[];
}

/** A source key whose policy can be judged, and the answers for the roles that may use it. */
export interface KeyQuestions {
  readonly copy: Copy;
  readonly key: Key;
  readonly state: string;
  readonly fullyManaged: boolean;
  readonly document: PolicyDocument;
  /** For the destination's service-linked role. */
  readonly destination: readonly Answer[];
  /** For the copy role; only asked for types that AWS Backup fully manages. */
  readonly copyRole: readonly Answer[] | undefined;
}

export type KeyPolicy =
  Asked<KeyQuestions> | { readonly ok: 'unreadable'; readonly key: Key; readonly problem: string };

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html and the roles' own policies. */
const REQUIRED = ['kms:DescribeKey', 'kms:CreateGrant', 'kms:ReEncryptFrom'];
const REQUIRED_FULLY_MANAGED = ['kms:DescribeKey', 'kms:CreateGrant', 'kms:Decrypt', 'kms:GenerateDataKey'];

/** Asks them of every key that a copy to another account needs. */
export function eachKeyPolicy(evidence: Evidence, judge: (asked: KeyPolicy) => CheckResult): CheckResult {
  if (!copyOf(evidence).crossAccount) return notApplicable;
  return eachSourceKey(evidence, (key) => judge(askKeyPolicy(evidence, key)));
}

/** The key questions: may the destination account use the source key, and may it make grants on it? */
export function askKeyPolicy(evidence: Evidence, key: Key): KeyPolicy {
  const copy = copyOf(evidence);
  if (!key.metadata || key.metadata.manager === 'AWS') return settled(notApplicable);
  const { manager, state } = key.metadata;
  if (!manager || !state) return settled(cannotTell(text.keys.noState(key.arn)));
  const fullyManaged = isFullyManaged(copy.resourceType);
  if (fullyManaged === undefined) return settled(cannotTell(text.keys.typeNotKnown(copy.resourceType)));

  const policy = readKey(evidence, 'kms:GetKeyPolicy', key.arn, 'source');
  if (!policy.ok) return settled(unknown(policy.missing));
  if (policy.value['Policy'] === undefined) return settled(cannotTell(text.keys.noPolicy(key.arn)));
  const parsed = parsePolicy(policy.value['Policy']);
  if (!parsed.ok) return { ok: 'unreadable', key, problem: parsed.problem };

  const { document } = parsed;
  const ask = (asker: Asker, grants: Grants) =>
    (fullyManaged ? REQUIRED_FULLY_MANAGED : REQUIRED).map((action) =>
      answer(document, key.owner, asker, requestsFor(copy, key, asker, action, fullyManaged, document), grants),
    );
  const grantsOf = (about: string, account: string) => readGrants(evidence, key.arn, about, account, 'source');
  const role = askerOf(evidence, 'destination', copy.destinationAccount, serviceLinkedRoleArn(copy));
  const copyRole = askerOf(evidence, 'source', copy.sourceAccount, copy.roleArn);
  return {
    ok: true,
    value: {
      copy,
      key,
      state,
      fullyManaged,
      document,
      destination: ask(role, grantsOf(key.arn, copy.destinationAccount)),
      copyRole: fullyManaged
        ? ask(copyRole, grantsOf(copy.roleArn ? grantsTo(key.arn, copy.roleArn) : key.arn, copy.sourceAccount))
        : undefined,
    },
  };
}

/** The grants to a role and those to its whole account: KMS lists by grantee, so that they are two lists. */
export type Grants = readonly Read<Json>[];

export const readGrants = (
  evidence: Evidence,
  keyArn: string,
  about: string,
  account: string,
  side: VaultSide,
): Grants =>
  [about, grantsTo(keyArn, rootArn(copyOf(evidence), account))].map((list) =>
    readKey(evidence, 'kms:ListGrants', list, side),
  );

const REGION = 'the Region in kms:ViaService';

/** The verdicts on one request, by the Region that AWS may call through; China's Regions have two spellings each. */
function byRegion(requests: readonly PolicyRequest[], verdicts: readonly Verdict[]): readonly (readonly Verdict[])[] {
  const regions = new Map<string, Verdict[]>();
  requests.forEach(({ context }, index) => {
    const region = String(context['kms:ViaService'] ?? '').split('.')[1] ?? '';
    const verdict = verdicts[index];
    if (verdict) regions.set(region, [...(regions.get(region) ?? []), verdict]);
  });
  return [...regions.values()];
}

export function answer(
  document: PolicyDocument,
  owner: string,
  asker: Asker,
  requests: readonly PolicyRequest[],
  grants: Grants,
): Answer {
  const action = requests[0]?.action ?? '';
  const allows = requests.map((request) => judge(document, 'Allow', request));
  const denies = requests.map((request) => judge(document, 'Deny', request));
  const isDenied = ({ decision }: Verdict) => decision === 'ExplicitlyDenied';
  const isOpen = ({ decision }: Verdict) => decision === 'CannotTell';

  const open = (verdicts: readonly Verdict[], more: Partial<Open> = {}): Open => {
    const undecided = [...verdicts.flatMap((verdict) => verdict.undecided), ...(more.undecided ?? [])];
    return { undecided, missing: [...(more.missing ?? []), ...unreadBehind(asker, undecided)] };
  };
  const deny = denies.every(isDenied) ? 'yes' : denies.some((row) => isDenied(row) || isOpen(row)) ? 'untold' : 'no';
  const someDenied = deny === 'untold' && denies.some(isDenied);
  const answered = (allow: Answer['allow'], more?: Partial<Open>): Answer => ({
    action,
    allow,
    deny,
    denying: denies.find(isDenied)?.statement,
    open: { allow: open(allows, more), deny: open(denies, someDenied ? { undecided: [REGION] } : {}) },
  });

  const isAllowed = ({ decision }: Verdict) => decision === 'Allowed';
  // Of a Region one spelling is enough: AWS calls by one of them.
  if (byRegion(requests, allows).every((spellings) => spellings.some(isAllowed))) return answered('yes');
  const granted = grantedBy(grants.map((list) => grantTo(asker, action, owner, list)));
  if (granted === 'yes') return answered('yes');
  // AWS does not say through which of two Regions it calls.
  if (allows.some(isAllowed)) return answered('untold', { undecided: [REGION] });
  if (allows.some(isOpen)) return answered('untold');
  return granted === 'no' ? answered('no') : answered('untold', granted);
}

type Granted = 'yes' | 'no' | Partial<Open>;

/** A grant in either list is enough; none in both is none. */
function grantedBy(lists: readonly Granted[]): Granted {
  if (lists.includes('yes')) return 'yes';
  const open = lists.flatMap((list) => (typeof list === 'string' ? [] : [list]));
  if (open.length === 0) return 'no';
  return {
    missing: open.flatMap(({ missing = [] }) => missing),
    undecided: open.flatMap(({ undecided = [] }) => undecided),
  };
}

/** Is there a grant to the role with the operation? https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
function grantTo({ principal }: Asker, action: string, owner: string, grants: Read<Json>): Granted {
  if (!grants.ok) return { missing: [grants.missing] };
  if (!Array.isArray(grants.value['Grants'])) {
    return { missing: [{ permission: 'kms:ListGrants', account: owner, reason: ODD_SHAPE }] };
  }
  const operation = action.replace('kms:', '');
  const fitting = listOf(grants.value, 'Grants').filter((grant) => {
    const operations = grant['Operations'];
    return Array.isArray(operations) && operations.includes(operation);
  });
  const mine = fitting.filter((grant) => textAt(grant, 'GranteePrincipal') === principal.arn);
  // Constraints bind an encryption context, which DescribeKey does not have.
  if (mine.some((grant) => operation === 'DescribeKey' || !objectAt(grant, 'Constraints'))) return 'yes';
  if (mine.length > 0) return { undecided: ['the encryption context that a grant asks for'] };
  const root = new RegExp(`:iam::${principal.account}:root$`);
  if (fitting.some((grant) => root.test(textAt(grant, 'GranteePrincipal') ?? ''))) {
    return { undecided: ['a grant to the whole account'] };
  }
  if (grants.value['Truncated'] === true) {
    return { missing: [{ permission: 'kms:ListGrants', account: owner, reason: 'the list is not complete' }] };
  }
  return 'no';
}

export interface Pair {
  readonly role: Answer;
  readonly copyRole: Answer | undefined;
}

export const pairs = ({ destination, copyRole }: KeyQuestions): readonly Pair[] =>
  destination.map((role, index) => ({ role, copyRole: copyRole?.[index] }));

export const hasNot = ({ allow, deny }: Answer): boolean => allow === 'no' || deny === 'yes';

/** Nothing is proven, but something is open. `either`: AWS may use the role that is not affected. */
export function untold(keyArn: string, open: readonly Open[], either: readonly string[]): CheckResult {
  const undecided = [...new Set(open.flatMap((row) => row.undecided))];
  const because = [...(undecided.length > 0 ? [text.keys.undecided(keyArn, undecided)] : []), ...either].join(' ');
  const missing = open.flatMap((row) => row.missing);
  const told = missing.filter((row, index) => missing.findIndex((other) => sameRead(row, other)) === index);
  return { status: 'unknown', missing: told, ...(because ? { because } : {}) };
}

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
} from './evidence';
import { grantsTo, readKey, serviceLinkedRoleArn } from './key-evidence';
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
  const ask = (asker: Asker, grants: Read<Json>) =>
    (fullyManaged ? REQUIRED_FULLY_MANAGED : REQUIRED).map((action) =>
      answer(document, key.owner, asker, requestsFor(copy, key, asker, action, fullyManaged, document), grants),
    );
  const grantsOf = (about: string) => readKey(evidence, 'kms:ListGrants', about, 'source');
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
      destination: ask(role, grantsOf(key.arn)),
      copyRole: fullyManaged
        ? ask(copyRole, grantsOf(copy.roleArn ? grantsTo(key.arn, copy.roleArn) : key.arn))
        : undefined,
    },
  };
}

const REGION = 'the Region in kms:ViaService';

export function answer(
  document: PolicyDocument,
  owner: string,
  asker: Asker,
  requests: readonly PolicyRequest[],
  grants: Read<Readonly<Record<string, unknown>>>,
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

  if (allows.some(({ decision }) => decision === 'Allowed')) return answered('yes');
  const granted = grantTo(asker, action, owner, grants);
  if (granted === 'yes') return answered('yes');
  if (allows.some(isOpen)) return answered('untold');
  return granted === 'no' ? answered('no') : answered('untold', granted);
}

type Granted = 'yes' | 'no' | Partial<Open>;

/** Is there a grant to the role with the operation? https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
function grantTo(
  { principal }: Asker,
  action: string,
  owner: string,
  grants: Read<Readonly<Record<string, unknown>>>,
): Granted {
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

interface Pair {
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

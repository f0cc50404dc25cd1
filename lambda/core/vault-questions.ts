import { COPY_FROM, COPY_INTO } from './role-evidence';
import { cannotTell, notApplicable, unknown } from './checks/check';
import { settled, type Asked } from './copy-keys';
import { vaultName } from './arn';
import { copyOf, destinationVaultExists, vaultPolicy, type Copy, type Evidence } from './evidence';
import { parsePolicy } from './policy/parse';
import type { PolicyDocument, PolicyRequest, Statement } from './policy/policy';
import { askerOf, judge, type Asker } from './policy-questions';
import { text } from './text';

export interface VaultQuestion {
  readonly copy: Copy;
  readonly asker: Asker;
  /** Undefined: the vault has no access policy. */
  readonly document: PolicyDocument | undefined;
}

export type VaultPolicy =
  Asked<VaultQuestion> | { readonly ok: 'unreadable'; readonly copy: Copy; readonly problem: string };

/** The destination vault's policy, where an Allow in it decides: across accounts, in a vault that is not Default. */
export function askDestinationVault(evidence: Evidence): VaultPolicy {
  return copyOf(evidence).crossAccount ? askIntoVault(evidence) : settled(notApplicable);
}

/** The same within one account, where a Deny in it may count. */
export function askIntoVault(evidence: Evidence): VaultPolicy {
  const copy = copyOf(evidence);
  // destination-vault-is-default tells it.
  if (copy.crossAccount && vaultName(copy.destinationVaultArn) === 'Default') return settled(notApplicable);
  const exists = destinationVaultExists(evidence);
  if (exists.ok && !exists.value) return settled(notApplicable);
  const policy = vaultPolicy(evidence, 'destination');
  if (!policy.ok) return settled(unknown(policy.missing));
  const asker = askerOf(evidence, 'source', copy.sourceAccount, copy.roleArn);
  // AWS gives the same answer for "no policy" and for "no vault".
  if (policy.value === undefined && !exists.ok) return settled(unknown(exists.missing));
  return asQuestion(copy, asker, policy.value);
}

/** The source vault's policy; here within one account too. */
export function askSourceVault(evidence: Evidence): VaultPolicy {
  const copy = copyOf(evidence);
  const policy = vaultPolicy(evidence, 'source');
  if (!policy.ok) return settled(unknown(policy.missing));
  return asQuestion(copy, askerOf(evidence, 'source', copy.sourceAccount, copy.roleArn), policy.value);
}

function asQuestion(copy: Copy, asker: Asker, policy: unknown): VaultPolicy {
  if (policy === undefined) return { ok: true, value: { copy, asker, document: undefined } };
  const parsed = parsePolicy(policy);
  return parsed.ok
    ? { ok: true, value: { copy, asker, document: parsed.document } }
    : { ok: 'unreadable', copy, problem: parsed.problem };
}

/** The call that the destination vault's policy decides on. */
export const copyIntoRequest = ({ copy, asker }: VaultQuestion): PolicyRequest => ({
  principal: asker.principal,
  action: COPY_INTO,
  resource: copy.destinationVaultArn,
  context: asker.context,
});

/** Storing a new policy, by whoever does it in the destination account. */
export const putPolicyRequest = ({ destinationAccount, destinationVaultArn }: Copy): PolicyRequest => ({
  principal: { account: destinationAccount },
  action: 'backup:PutBackupVaultAccessPolicy',
  resource: destinationVaultArn,
  context: { 'aws:PrincipalAccount': destinationAccount },
});

/** The calls by which a copy reads the vault and the recovery point, which the source vault's policy may deny. */
export const copyFromRequests = ({ copy, asker: { principal, context } }: VaultQuestion): readonly PolicyRequest[] =>
  copiedResources(copy).map((resource) => ({
    principal,
    action: COPY_FROM,
    resource,
    context: { ...context, 'backup:CopyTargets': [copy.destinationVaultArn] },
  }));

/**
 * What a backup plan may ask for to begin a copy: AWS does not say whether it does, and as whom. There is a job, so what
 * somebody's own call asked for was let through.
 */
export const startRequests = ({ copy, asker: { principal, context } }: VaultQuestion): readonly PolicyRequest[] =>
  copy.byPlan
    ? copiedResources(copy).map((resource) => ({ principal, action: 'backup:StartCopyJob', resource, context }))
    : [];

const copiedResources = ({ sourceVaultArn, recoveryPointArn }: Copy): readonly string[] => [
  sourceVaultArn,
  ...(recoveryPointArn ? [recoveryPointArn] : []),
];

/**
 * The vault of the copy role's own account whose policy allows the role an action by itself: then the role needs no Allow
 * of its own. Asked without the role's account, because an Allow to the account leaves it to the role's policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function vaultThatAllows(evidence: Evidence, action: string): string | undefined {
  const { crossAccount, sourceVaultArn, destinationVaultArn } = copyOf(evidence);
  const from = action === COPY_FROM;
  const asked = from ? askSourceVault(evidence) : crossAccount ? undefined : askIntoVault(evidence);
  if (asked?.ok !== true || !asked.value.document) return undefined;
  const { document } = asked.value;
  const requests = from ? copyFromRequests(asked.value) : [copyIntoRequest(asked.value)];
  const allows = requests.some(
    ({ principal, ...request }) =>
      judge(document, 'Allow', { ...request, principal: { ...principal, account: '' } }).decision === 'Allowed',
  );
  if (!allows) return undefined;
  return from ? sourceVaultArn : destinationVaultArn;
}

/** The one statement that lets a source account copy into a vault; in a vault policy `*` is the vault itself. */
export const copyIntoStatement = ({
  partition,
  sourceAccount,
}: Pick<Copy, 'partition' | 'sourceAccount'>): Statement => ({
  Sid: `CopyDoctorAllowCopyFrom${sourceAccount}`,
  Effect: 'Allow',
  Principal: { AWS: `arn:${partition}:iam::${sourceAccount}:root` },
  Action: COPY_INTO,
  Resource: '*',
});

/** A policy that is not JSON of IAM's grammar cannot be judged. */
export const unreadablePolicy = (vaultArn: string, problem: string) =>
  cannotTell(text.vaultPolicies.unreadable(vaultArn, problem));

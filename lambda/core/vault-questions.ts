import { COPY_INTO } from './role-evidence';
import { cannotTell, notApplicable, unknown } from './checks/check';
import { settled, type Asked } from './copy-keys';
import { vaultName } from './arn';
import { copyOf, destinationVaultExists, vaultPolicy, type Copy, type Evidence } from './evidence';
import { parsePolicy } from './policy/parse';
import type { PolicyDocument, PolicyRequest, Statement } from './policy/policy';
import { askerOf, type Asker } from './policy-questions';
import { text } from './text';

export interface VaultQuestion {
  readonly copy: Copy;
  readonly asker: Asker;
  /** Undefined: the vault has no access policy. */
  readonly document: PolicyDocument | undefined;
}

export type VaultPolicy =
  Asked<VaultQuestion> | { readonly ok: 'unreadable'; readonly copy: Copy; readonly problem: string };

/** The destination vault's policy, where it decides: across accounts, in a vault that is there and is not Default. */
export function askDestinationVault(evidence: Evidence): VaultPolicy {
  const copy = copyOf(evidence);
  if (!copy.crossAccount || vaultName(copy.destinationVaultArn) === 'Default') return settled(notApplicable);
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

/** The calls that the source vault's policy may deny. */
export function copyFromRequests({ copy, asker }: VaultQuestion): readonly PolicyRequest[] {
  const { principal, context } = asker;
  const start = { principal, action: 'backup:StartCopyJob', context };
  const from = {
    principal,
    action: 'backup:CopyFromBackupVault',
    context: { ...context, 'backup:CopyTargets': [copy.destinationVaultArn] },
  };
  const resources = [copy.sourceVaultArn, ...(copy.recoveryPointArn ? [copy.recoveryPointArn] : [])];
  return [start, from].flatMap((request) => resources.map((resource) => ({ ...request, resource })));
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

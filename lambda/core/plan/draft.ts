import { shortName, vaultName } from '../arn';
import { sourceKey } from '../copy-keys';
import { copyOf, type Copy, type Evidence, type Response } from '../evidence';
import { serviceLinkedRoleArn } from '../key-evidence';
import { askKeyPolicy } from '../key-questions';
import { grantsStatement, useStatement } from '../key-policy-lack';
import type { PolicyDocument, Statement } from '../policy/policy';
import { text } from '../text/en/plan';
import { askDestinationVault, copyIntoRequest, copyIntoStatement } from '../vault-questions';
import type { PlanKind, PlanSettings } from './plan';
import type { Grantee } from './proof';
import { defaultVault, denied, keyDenied, keyNotChangeable } from './refusals';

/** What is to be added to which document, before anything is proven. */
export interface Draft {
  readonly kind: PlanKind;
  readonly copy: Copy;
  readonly resource: string;
  readonly owner: string;
  readonly region: string;
  readonly grantee: Grantee;
  readonly before: PolicyDocument | null;
  readonly statements: readonly Statement[];
  /** The call that stores the policy. */
  readonly putAction: string;
  readonly permits: readonly string[];
  readonly doesNotPermit: readonly string[];
  /** The same evidence with another policy in place. */
  readonly evidenceWith: (policy: PolicyDocument) => Evidence;
}

export type Drafted = { readonly ok: true; readonly draft: Draft } | { readonly ok: false; readonly reason: string };

const refused = (reason: string): Drafted => ({ ok: false, reason });

export function draftVaultPolicy(evidence: Evidence): Drafted {
  const never = defaultVault(evidence);
  if (never !== undefined) return refused(never);
  const copy = copyOf(evidence);
  const { destinationVaultArn: resource, destinationAccount: owner, sourceAccount } = copy;
  const asked = askDestinationVault(evidence);
  if (asked.ok === 'unreadable') return refused(text.refused.unreadable(asked.problem));
  if (!asked.ok) return refused(text.refused.notJudged(resource));
  const before = asked.value.document ?? null;
  const deny = before && denied(before, copyIntoRequest(asked.value));
  if (deny) return refused(deny);
  const name = vaultName(resource);
  const draft: Draft = {
    kind: 'vault-policy',
    copy,
    resource,
    owner,
    region: copy.destinationRegion,
    grantee: { account: sourceAccount },
    before,
    statements: [copyIntoStatement(copy)],
    putAction: 'backup:PutBackupVaultAccessPolicy',
    permits: [text.vault.permits(sourceAccount, name)],
    doesNotPermit: text.vault.doesNotPermit(sourceAccount, name),
    evidenceWith: (policy) =>
      withResponses(evidence, {
        [`backup:GetBackupVaultAccessPolicy@destination#${resource}`]: {
          BackupVaultArn: resource,
          BackupVaultName: name,
          Policy: JSON.stringify(policy),
        },
      }),
  };
  return { ok: true, draft };
}

export function draftKeyPolicy(
  evidence: Evidence,
  causes: readonly string[],
  keyGrantee: PlanSettings['keyGrantee'],
): Drafted {
  const never = keyNotChangeable(evidence);
  if (never !== undefined) return refused(never);
  const found = sourceKey(evidence);
  const asked = found.ok ? askKeyPolicy(evidence, found.value) : found;
  if (asked.ok === 'unreadable') return refused(text.refused.unreadable(asked.problem));
  if (!asked.ok) return refused(text.refused.notJudged('the source key'));
  const { copy, key, document, destination, fullyManaged } = asked.value;
  const deny = keyDenied(document, key.arn, destination);
  if (deny !== undefined) return refused(deny);

  // The article's plain form is the shape that fully managed types need: no condition on the role.
  const wide = fullyManaged || keyGrantee === 'account';
  const use = causes.includes('source-key-policy-lacks-destination');
  const grants = causes.includes('source-key-policy-lacks-grants');
  const { destinationAccount: account } = copy;
  const who = wide ? text.key.account(account) : text.key.serviceLinkedRole(account);
  const name = shortName(key.arn);
  const draft: Draft = {
    kind: 'key-policy',
    copy,
    resource: key.arn,
    owner: key.owner,
    region: key.region,
    grantee: { account, ...(wide ? {} : { only: serviceLinkedRoleArn(copy) }) },
    before: document,
    statements: [...(use ? [useStatement(copy, wide)] : []), ...(grants ? [grantsStatement(copy, wide)] : [])],
    putAction: 'kms:PutKeyPolicy',
    permits: [...(use ? [text.key.permitsUse(who, name)] : []), ...(grants ? [text.key.permitsGrants(who, name)] : [])],
    doesNotPermit: text.key.doesNotPermit(account, !wide),
    evidenceWith: (policy) => {
      const response = { Policy: JSON.stringify(policy) };
      return withResponses(evidence, {
        [`kms:GetKeyPolicy@source#${key.arn}`]: response,
        [`kms:GetKeyPolicy@${key.owner}/${key.region}#${key.arn}`]: response,
      });
    },
  };
  return { ok: true, draft };
}

const withResponses = (evidence: Evidence, more: Readonly<Record<string, Response>>): Evidence => ({
  ...evidence,
  responses: { ...evidence.responses, ...more },
});

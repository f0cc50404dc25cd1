import { destinationVaultType, isAirGapped } from '../air-gapped';
import { vaultName } from '../arn';
import { accountsInDifferentOrganizations } from '../checks/accounts-in-different-organizations';
import { destinationKeyAwsManaged } from '../checks/destination-key-aws-managed';
import { sourceKey } from '../copy-keys';
import { copyOf, type Evidence } from '../evidence';
import { featureOfCopy } from '../feature-table';
import type { Answer } from '../key-questions';
import type { PolicyDocument, PolicyRequest, Verdict } from '../policy/policy';
import { judge, statementName } from '../policy-questions';
import { text } from '../text/en/plan';
import type { PlanKind, PlanSettings } from './plan';

const words = text.refused;
const nameOf = (statement: Verdict['statement']) => statementName(statement ?? { index: 0 });

/** Where no plan is offered, whatever the policy says. */
export function neverPlanned(evidence: Evidence, settings: PlanSettings | undefined): string | undefined {
  const copy = copyOf(evidence);
  if (settings && !settings.destinations.includes(copy.destinationVaultArn)) {
    return words.notListed(copy.destinationVaultArn);
  }
  // The table holds the evidence that `apply` plans with, and whoever may write there could name any account.
  if (settings?.sources && !settings.sources.includes(copy.sourceAccount)) {
    return words.notSource(copy.sourceAccount);
  }
  if (accountsInDifferentOrganizations.evaluate(evidence).status === 'fault') {
    return words.otherOrganizations(copy.sourceAccount, copy.destinationAccount);
  }
  return undefined;
}

/** Where the copy cannot be made by this policy, though copies of other types can. */
export const notByThisPolicy = (evidence: Evidence, kind: PlanKind): string | undefined =>
  neverCopied(evidence) ?? (kind === 'vault-policy' ? replacedVault(evidence) : undefined);

/** What AWS did not copy then but does since is open to a plan: the next copy needs it. */
function neverCopied(evidence: Evidence): string | undefined {
  const copy = copyOf(evidence);
  const feature = featureOfCopy(copy);
  if (!feature) return undefined;
  const { type, copyable, since, onePartition, airGapped, airGappedSince } = feature;
  if (!onePartition) return words.otherPartition(copy.sourceRegion, copy.destinationRegion);
  if (!copyable && since === undefined) return words.neverCopied(type);
  const vault = destinationVaultType(evidence);
  const neverTaken = airGapped === false && airGappedSince === undefined && vault.ok && isAirGapped(vault.value);
  return neverTaken ? words.neverTaken(copy.destinationVaultArn, type) : undefined;
}

/** The key of a vault cannot be changed: the steps make a new vault, so nothing is opened here. */
const replacedVault = (evidence: Evidence): string | undefined =>
  destinationKeyAwsManaged.evaluate(evidence).status === 'fault'
    ? words.replacedVault(copyOf(evidence).destinationVaultArn)
    : undefined;

export const defaultVault = (evidence: Evidence): string | undefined =>
  vaultName(copyOf(evidence).destinationVaultArn) === 'Default' ? words.defaultVault : undefined;

/** A key that no policy helps. */
export function keyNotChangeable(evidence: Evidence): string | undefined {
  const found = sourceKey(evidence);
  if (!found.ok) return undefined;
  const { arn, metadata } = found.value;
  if (!metadata) return words.keyMissing(arn);
  if (metadata.manager === 'AWS') return words.awsManaged(arn);
  return metadata.state === 'Enabled' ? undefined : words.keyState(arn, metadata.state ?? 'unknown');
}

/** An Allow beside a Deny cures nothing, also where the Deny can only perhaps match. */
export function denied(document: PolicyDocument, request: PolicyRequest): string | undefined {
  const { decision, statement, undecided } = judge(document, 'Deny', request);
  if (decision === 'ExplicitlyDenied') return words.denied(request.resource, nameOf(statement));
  return decision === 'CannotTell' ? words.mayBeDenied(request.resource, nameOf(statement), undecided) : undefined;
}

/** The same for the answers that the key checks have asked for. */
export function keyDenied(document: PolicyDocument, keyArn: string, answers: readonly Answer[]): string | undefined {
  const answer = answers.find(({ deny }) => deny === 'yes') ?? answers.find(({ deny }) => deny !== 'no');
  if (!answer) return undefined;
  if (answer.deny === 'yes') return words.denied(keyArn, nameOf(answer.denying));
  const denies = document.Statement.flatMap(({ Effect, Sid }, index) =>
    Effect === 'Deny' ? [{ index, ...(Sid === undefined ? {} : { sid: Sid }) }] : [],
  );
  const which = denies.length === 1 ? nameOf(denies[0]) : words.someDeny;
  return words.mayBeDenied(keyArn, which, answer.open.deny.undecided);
}

export interface Lock {
  readonly refused?: string;
  readonly warning?: string;
}

/** Does the policy deny its own change to whoever makes it: the root user, or a role that is not known? */
export function lockOf(
  document: PolicyDocument,
  place: { readonly resource: string; readonly owner: string; readonly partition: string },
  action: string,
): Lock {
  const { resource, owner, partition } = place;
  const root = `arn:${partition}:iam::${owner}:root`;
  const context = { 'aws:PrincipalAccount': owner, 'aws:PrincipalIsAWSService': 'false', 'kms:CallerAccount': owner };
  const ask = (arn?: string) =>
    judge(document, 'Deny', {
      principal: { account: owner, ...(arn ? { arn } : {}) },
      action,
      resource,
      context: { ...context, ...(arn ? { 'aws:PrincipalArn': arn } : {}) },
    });
  const [anybody, rootUser] = [ask(), ask(root)];
  if (anybody.decision === 'ExplicitlyDenied') {
    return { refused: words.locked(resource, nameOf(anybody.statement), action, owner) };
  }
  const open = [anybody, rootUser].find(({ decision }) => decision !== 'ImplicitlyDenied');
  if (!open) return {};
  const what = open.undecided.length > 0 ? open.undecided : ['who makes the change'];
  return { warning: text.warnings.mayBeLocked(nameOf(open.statement), action, what) };
}

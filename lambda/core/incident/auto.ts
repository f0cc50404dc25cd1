import { accountsInDifferentOrganizations } from '../checks/accounts-in-different-organizations';
import type { Diagnosis } from '../diagnose';
import type { Evidence } from '../evidence';
import type { Plan, PlanSettings } from '../plan/plan';
import { onlyTold, unasked as words } from '../text/en/refusals';

export type Unasked = { readonly ok: true } | { readonly ok: false; readonly because: string };

/**
 * Whether the settings let this plan be carried out without asking. Worked out from evidence and settings alone, when
 * it is planned and again when it is carried out: what the table says about it counts for nothing.
 */
export function appliesUnasked(evidence: Evidence, diagnosis: Diagnosis, plan: Plan, settings: PlanSettings): Unasked {
  const because = whyAsked(evidence, diagnosis, plan, settings);
  return because === undefined ? { ok: true } : { ok: false, because };
}

function whyAsked(evidence: Evidence, diagnosis: Diagnosis, plan: Plan, settings: PlanSettings): string | undefined {
  const { copy, causes } = diagnosis;
  if (plan.kind !== 'vault-policy') return words.keyPolicy;
  if ((settings.vaultPolicy ?? 'approve') !== 'approve') return onlyTold;
  if (!settings.autoApply?.includes(plan.resource)) return words.notNamed(plan.resource);
  if (plan.causes.length === 0) return words.noCause;
  for (const id of plan.causes) {
    const cause = causes.find((one) => one.id === id);
    if (cause?.confidence !== 'confirmed' || cause.byMessageOnly) return words.notConfirmed(id);
  }
  if (copy.destinationVaultArn !== plan.resource || copy.sourceAccount !== plan.grantee) return words.otherCopy;
  // Only "ok" is proof: an organization that was not read is a no.
  if (accountsInDifferentOrganizations.evaluate(evidence).status !== 'ok') {
    return words.organization(copy.sourceAccount, copy.destinationAccount);
  }
  // A warning is for a person to read before anything is changed.
  const [warning] = plan.warnings;
  return warning === undefined ? undefined : words.warned(warning);
}

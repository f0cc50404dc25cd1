import type { PlanResult, PlanSettings } from '../plan/plan';
import type { Proposal } from './incident';

/** Ask a person, or only say it. A plan that is refused is never asked for; `notify` in the settings only says. */
export function asks(
  planned: PlanResult | undefined,
  settings: Pick<PlanSettings, 'vaultPolicy' | 'keyPolicy'>,
): boolean {
  if (!planned?.ok) return false;
  const mode = planned.plan.kind === 'vault-policy' ? settings.vaultPolicy : settings.keyPolicy;
  return (mode ?? 'approve') === 'approve';
}

/** Who makes the change. The service never writes a key policy: no role for it exists. */
export function appliesBy(planned: PlanResult): Proposal['applies'] {
  if (!planned.ok) return undefined;
  return planned.plan.kind === 'vault-policy' ? 'service' : 'owner';
}

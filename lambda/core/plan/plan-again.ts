import { vaultName } from '../arn';
import { checks } from '../checks';
import { aboutKey } from '../copy-keys';
import { diagnose, type Diagnosis } from '../diagnose';
import type { Evidence, Response } from '../evidence';
import { keyPlace } from '../key-evidence';
import { notPlannedAgain as words } from '../text/en/refusals';
import type { Plan, PlanKind, PlanSettings } from './plan';
import { planFixes } from './plan-fix';

export type PlannedAgain =
  | { readonly outcome: 'planned'; readonly plan: Plan }
  /** With this policy the causes are not there: nothing is left to change. */
  | { readonly outcome: 'in-place' }
  | { readonly outcome: 'refused'; readonly reason: string };

/** What is planned: of a plan, or of an incident. */
export interface Subject {
  readonly kind: PlanKind;
  readonly resource: string;
  readonly causes: readonly string[];
}

/** The same evidence with the policy that is there now; undefined: there is none. */
export function withLivePolicy(
  evidence: Evidence,
  kind: PlanKind,
  resource: string,
  policyText: string | undefined,
): Evidence {
  const place = kind === 'key-policy' ? keyPlace(resource) : undefined;
  const answer: Response =
    kind === 'vault-policy'
      ? policyText === undefined
        ? { error: 'ResourceNotFoundException' }
        : { BackupVaultArn: resource, BackupVaultName: vaultName(resource), Policy: policyText }
      : policyText === undefined
        ? { error: 'NotFoundException' }
        : { Policy: policyText };
  // However the answer that stands there is keyed: it is looked up under these first.
  const keys =
    kind === 'vault-policy'
      ? [`backup:GetBackupVaultAccessPolicy@destination#${resource}`]
      : [
          `kms:GetKeyPolicy@source#${resource}`,
          ...(place ? [`kms:GetKeyPolicy@${place.account}/${place.region}#${resource}`] : []),
        ];
  const answers = Object.fromEntries(keys.map((key) => [key, answer]));
  return { ...evidence, responses: { ...evidence.responses, ...answers } };
}

/**
 * Makes the plan once more, from evidence that holds the live policy (`withLivePolicy`), by the code that made the
 * first one. What is written is always a plan of that moment, never one that was stored.
 */
export function planAgain(whole: Evidence, subject: Subject, settings: PlanSettings): PlannedAgain {
  const { kind, resource } = subject;
  const evidence = aboutKey(whole, resource);
  const diagnosis = diagnose(evidence);
  const results = planFixes(evidence, diagnosis, settings);
  const result = results.find((one) => (one.ok ? one.plan : one).kind === kind);
  if (result) {
    const about = (result.ok ? result.plan : result).resource;
    if (about !== resource) return { outcome: 'refused', reason: words.otherResource(resource, about) };
    return result.ok ? { outcome: 'planned', plan: result.plan } : { outcome: 'refused', reason: result.reason };
  }
  const why = notInPlace(evidence, subject, diagnosis);
  return why === undefined ? { outcome: 'in-place' } : { outcome: 'refused', reason: why };
}

/** What speaks against "nothing is left to change"; undefined: nothing does. */
function notInPlace(evidence: Evidence, { causes, resource }: Subject, diagnosis: Diagnosis): string | undefined {
  // A Deny rules "lacks an Allow" out too, and mends nothing.
  const other = diagnosis.causes.find((cause) => !cause.byMessageOnly && cause.resource === resource);
  if (other) return words.stillThere(other.id, other.because[0]);
  if (causes.length === 0) return words.nothingKnown;
  for (const id of causes) {
    const result = checks.find((check) => check.id === id)?.evaluate(evidence);
    if (result === undefined) return words.nothingKnown;
    if (result.status === 'ok') continue;
    return words.notTold(id, result.status === 'unknown' ? (result.because ?? result.missing[0]?.reason) : undefined);
  }
  return undefined;
}

import { diagnose } from '../../../lambda/core/diagnose';
import type { Evidence } from '../../../lambda/core/evidence';
import { planFixes } from '../../../lambda/core/plan/plan-fix';
import type { Plan, PlanResult, PlanSettings } from '../../../lambda/core/plan/plan';
import { evidenceOf, KEY_STATEMENTS, policyText, SOURCE_KEY, type Overrides } from '../evidence-fixture';

export const THIRD = '333333333333';
export const AUDIT = {
  Sid: 'AllowCopyFromAudit',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${THIRD}:root` },
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
};
export const KEEP = {
  Sid: 'KeepBackups',
  Effect: 'Deny',
  Principal: '*',
  Action: 'backup:DeleteRecoveryPoint',
  Resource: '*',
};

/** The destination vault has these statements; none: it has no policy. */
export const vaultWith = (statements: readonly unknown[], overrides: Overrides = {}): Evidence =>
  evidenceOf({
    ...overrides,
    responses: {
      'backup:GetBackupVaultAccessPolicy@destination':
        statements.length === 0 ? { error: 'ResourceNotFoundException' } : { Policy: policyText(...statements) },
      ...overrides.responses,
    },
  });

/** The source key has these statements. */
export const keyWith = (statements: readonly unknown[], overrides: Overrides = {}): Evidence =>
  evidenceOf({
    ...overrides,
    responses: { 'kms:GetKeyPolicy@source': { Policy: policyText(...statements) }, ...overrides.responses },
  });

export const keyIs = (metadata: Record<string, unknown>) => ({
  'kms:DescribeKey@source': {
    KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState: 'Enabled', ...metadata },
  },
});

export const ownerOnly = [KEY_STATEMENTS.owner];

export const plansFor = (evidence: Evidence, settings?: PlanSettings): readonly PlanResult[] =>
  planFixes(evidence, diagnose(evidence), settings);

export function planFor(evidence: Evidence, settings?: PlanSettings): Plan {
  const [result, ...more] = plansFor(evidence, settings);
  if (!result || more.length > 0) throw new Error(`${more.length + (result ? 1 : 0)} plans`);
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
}

export function refusalFor(evidence: Evidence, settings?: PlanSettings): string {
  const [result, ...more] = plansFor(evidence, settings);
  if (!result || more.length > 0) throw new Error(`${more.length + (result ? 1 : 0)} plans`);
  if (result.ok) throw new Error('a plan is offered');
  return result.reason;
}

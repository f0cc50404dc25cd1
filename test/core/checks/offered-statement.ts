import type { Check } from '../../../lambda/core/checks/check';
import type { Evidence } from '../../../lambda/core/evidence';

/** What a person is told to do about the fault; where there is none, what the check answers. */
export function stepsOf(check: Check, evidence: Evidence): string {
  const result = check.evaluate(evidence);
  return result.status === 'fault' ? result.finding.fix.steps.join('\n') : result.status;
}

/** The statement that stands in the steps. */
export const offeredStatement = (check: Check, evidence: Evidence): unknown =>
  JSON.parse(/\{[^]*\n\}/.exec(stepsOf(check, evidence))?.[0] ?? '');

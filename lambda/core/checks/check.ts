import type { Copy, Evidence, Missing } from '../evidence';
import type { Finding, FixKind } from '../finding';
import type { ReadName } from '../reads';

/** One known cause of a failed copy. Reads evidence; never calls AWS; never throws for a document that parses. */
export interface Check {
  /** Permanent. States the fault. Also names the test file and the page. */
  readonly id: string;
  /** The fault, as a sentence that stands on its own, without a final period. */
  readonly title: string;
  /** What is offered when the fault is proven. */
  readonly fix: FixKind;
  /** The gate that AWS closes first is told first, whatever the confidence of the others. */
  readonly firstGate?: boolean;
  /** No state shows this cause: only AWS's message can tell. */
  readonly messageOnly?: boolean;
  /** What to do where only the message tells of it; without this a person is shown how to look. */
  readonly stepsByMessage?: (copy: Copy) => readonly string[];
  /** The reads this check judges by: the reader role asks for these and no others. */
  readonly reads: readonly ReadName[];
  evaluate(evidence: Evidence): CheckResult;
}

export type CheckResult =
  /** `more`: the same fault on other resources that the copy needs too, such as the keys of one image. */
  | { readonly status: 'fault'; readonly finding: Finding; readonly more?: readonly Finding[] }
  | { readonly status: 'ok' }
  | { readonly status: 'not-applicable' }
  /** `missing`: reads that were refused. `because`: what else stops a verdict (a condition that cannot be judged). */
  | { readonly status: 'unknown'; readonly missing: readonly Missing[]; readonly because?: string };

export const ok: CheckResult = { status: 'ok' };
export const notApplicable: CheckResult = { status: 'not-applicable' };
export const fault = (finding: Finding, ...more: readonly Finding[]): CheckResult => ({
  status: 'fault',
  finding,
  ...(more.length > 0 ? { more } : {}),
});
export const unknown = (...missing: readonly Missing[]): CheckResult => ({ status: 'unknown', missing });
export const cannotTell = (because: string): CheckResult => ({ status: 'unknown', missing: [], because });

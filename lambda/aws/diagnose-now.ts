import type { CopyFailure } from '../core/copy-failure';
import { diagnose, type Diagnosis } from '../core/diagnose';
import { isRefused, type Evidence, type Response } from '../core/evidence';
import { proposalsOf, type Proposed } from '../core/incident/proposals';
import type { PlanSettings } from '../core/plan/plan';
import { gather, type GatherOptions } from './gather-evidence';
import { passesByItself, type Readers } from './readers';

export interface DiagnosedNow {
  readonly evidence: Evidence;
  readonly readAt: string;
  readonly diagnosis: Diagnosis;
  readonly proposed: readonly Proposed[];
  /** Something could not be read that can be read a moment later. */
  readonly passing: boolean;
}

/** A failure against what is there now. */
export async function diagnoseNow(
  failure: CopyFailure,
  { readers, settings }: { readonly readers: Readers; readonly settings: PlanSettings },
  options?: GatherOptions,
): Promise<DiagnosedNow> {
  const { evidence, readAt } = await gather(failure, readers, options);
  const diagnosis = diagnose(evidence);
  return {
    evidence,
    readAt: new Date(readAt).toISOString(),
    diagnosis,
    proposed: proposalsOf(evidence, diagnosis, settings),
    passing: Object.values(evidence.responses).some(passes),
  };
}

/** Trouble that is gone a moment later: the next look knows more. */
export const passes = (response: Response): boolean => isRefused(response) && passesByItself(response.error);

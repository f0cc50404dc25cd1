import type { CopyFailure } from '../copy-failure';
import type { Evidence } from '../evidence';
import type { Plan, PlanSettings } from '../plan/plan';
import type { Incident } from './incident';

/** One failed copy that an incident holds. */
export interface Job {
  readonly copyJobId: string;
  /** Diagnosed in full, or assumed to be like the others of its fold. */
  readonly way: 'diagnosed' | 'assumed';
  readonly failedAt: string;
  readonly failure: CopyFailure;
  readonly revision: number;
  readonly bytes?: number | undefined;
  /** The copy job that copied the resource later: this failure is off the list. */
  readonly copiedBy?: string | undefined;
}

/** Counted when it is shown, never kept. */
export interface Counted {
  /** Failures without a newer copy. */
  readonly copies: number;
  readonly resources: number;
  /** Bytes of the newest failed recovery point of each resource: what a retry would copy. */
  readonly bytes: number;
  /** Resources whose size AWS did not say. */
  readonly withoutSize: number;
}

export interface StoredEvidence {
  readonly evidence: Evidence;
  readonly readAt: string;
  readonly copyJobId: string;
  readonly revision: number;
}

export interface LogEntry {
  readonly at: string;
  readonly what: string;
  readonly by?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What the approve function answers to GET: everything that a person needs to decide, and an owner to apply. */
export interface ShownIncident {
  readonly incident: Incident;
  readonly plan?: Plan | undefined;
  readonly evidence?: StoredEvidence | undefined;
  readonly counted: Counted;
  readonly settings: PlanSettings;
}

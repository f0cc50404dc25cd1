import type { CopyFailure } from '../copy-failure';
import type { Evidence } from '../evidence';
import type { Plan, PlanSettings } from '../plan/plan';
import type { Incident } from './incident';
import type { NewestCopies } from './newest-copies';

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
  /** The last try to copy it again that the service made, or found running. */
  readonly retry?: Retry | undefined;
  /** Why it is not copied again; then it is off the list too. */
  readonly leftOut?: LeftOut | undefined;
}

export interface Retry {
  readonly copyJobId: string;
  /** Of its lineage, from 1. */
  readonly attempt: number;
  readonly at: string;
  /** `same`: for this cause again. `other`: for another one. `unknown`: its record is gone, or it did not end in 7 days. */
  readonly ended?: 'copied' | 'same' | 'other' | 'unknown' | undefined;
}

/** Why a failed copy is not started again. */
export type LeftOut =
  /** A newer recovery point of the same resource is copied in its place. */
  | 'older-point'
  /** A nested job: the composite job that it belongs to is started again, and copies it too. */
  | 'with-composite'
  | 'recovery-point-gone'
  | 'continuous'
  /** AWS keeps the record of a copy job for 30 days. */
  | 'record-gone'
  /** The setting `copyRoles` does not name its role. */
  | 'role-not-listed'
  /** The setting `destinations` does not name the vault that it goes to, or does no more. */
  | 'not-listed'
  /** Another incident that holds it ended without being mended. */
  | 'other-incident'
  | 'attempts'
  /** The backup plan runs again within 2 hours. */
  | 'next-run'
  /** AWS did not take it. */
  | 'refused';

/** A copy job's place among the tries for one copy: the item COPYJOB. */
export interface Lineage {
  readonly incidents: readonly string[];
  /** The first failure of the lineage; absent: it is the first itself. */
  readonly root?: string | undefined;
  /** 0: no retry. */
  readonly attempt: number;
}

/** What came of copying again; counted when it is shown. Numbers are resources, but for `leftOut`. */
export interface Retried {
  readonly copied: number;
  readonly bytes: number;
  readonly running: number;
  /** Failed again, for this cause or another. */
  readonly failed: number;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
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
  /** From which Regions into which; absent: all go the same way. */
  readonly routes?: readonly Route[];
}

export interface Route {
  readonly from: string;
  readonly to: string;
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
  readonly retried?: Retried | undefined;
  readonly newest?: NewestCopies | undefined;
  /** What a rollback would remove, where one is proposed. */
  readonly rollback?: Plan | undefined;
}

import type { Decision, Proposal, Telling, TemplateOwner } from './incident';

/** What happens to an incident; docs/incidents.md says what each leads to. Times are ISO 8601 in UTC. */
export type IncidentEvent =
  /** A failure was diagnosed in full and has this cause. */
  | {
      readonly kind: 'failed';
      readonly at: string;
      readonly failedAt: string;
      readonly copyJobId: string;
      readonly readAt: string;
      readonly proposal: Proposal;
      readonly summary?: boolean;
    }
  /** A mail went out; `revision`: the one that it told of. */
  | {
      readonly kind: 'told';
      readonly at: string;
      readonly telling: Telling;
      readonly revision?: number;
      readonly template?: TemplateOwner;
    }
  | { readonly kind: 'decided'; readonly at: string; readonly decision: Decision }
  /** The time for it has come. */
  | { readonly kind: 'remind' | 'expire' | 'settle'; readonly at: string }
  /** The service begins to make the change. */
  | { readonly kind: 'applying'; readonly at: string }
  /**
   * What came of it. `owned`: a template owns the resource, and nobody said to change it all the same. `ask`: the
   * conditions of autoApply do not hold, a person has to decide. `not-seen`: whether it is changed is not known.
   */
  | {
      readonly kind: 'apply-ended';
      readonly at: string;
      readonly outcome: 'applied' | 'already-there' | 'stale' | 'refused' | 'not-seen' | 'owned' | 'ask';
      readonly because?: string;
      readonly requestId?: string;
      readonly template?: TemplateOwner;
    }
  /** The first copy was started, or one that runs already was found. */
  | { readonly kind: 'canary-started'; readonly at: string; readonly copyJobId: string; readonly retryId: string }
  /** What is to be copied again is written down, in so many batches. */
  | { readonly kind: 'batched'; readonly at: string; readonly count: number }
  /** A batch was started; `started`: how many have been, this one included. */
  | { readonly kind: 'batch-started'; readonly at: string; readonly started: number }
  /** Nothing can be started now: AWS throttles, too many run, or another incident has to be mended first. */
  | {
      readonly kind: 'retry-waits';
      readonly at: string;
      readonly until: string;
      /** AWS let none start. Absent: some were started, or another incident has to be mended first. */
      readonly idle?: boolean;
    }
  /** Nothing is left that could be copied again: all are copied, left out, or gone. */
  | { readonly kind: 'nothing-to-retry'; readonly at: string }
  /** Nobody allowed to copy again: the change stays, nothing is started. */
  | { readonly kind: 'retry-not-allowed'; readonly at: string; readonly because: string }
  /** Copies that were started were looked at. */
  | {
      readonly kind: 'followed';
      readonly at: string;
      /** What became of the canary, where there is one. `other`: it failed for another cause. `gone`: nobody can say. */
      readonly canary?: 'running' | 'copied' | 'same' | 'other' | 'gone';
      /** Of the first so many batches nothing runs any more, where not all have been started. */
      readonly batchesEnded?: number;
      /** Copies that still run, or whose end is not known yet. */
      readonly running: number;
      /** Failures that nothing was started for yet, and that were there before the change had settled. */
      readonly left: number;
      /** Failures for this cause: retries, or copies that began after the change had settled. */
      readonly same: number;
      /** Retries that failed for another cause, and incidents that hold them; at most 5. */
      readonly other: number;
      readonly others: readonly string[];
    }
  /** A rollback was asked for, and this is what it would remove; or it cannot be planned. */
  | {
      readonly kind: 'rollback-planned';
      readonly at: string;
      readonly request: Decision;
      readonly planHash?: string;
      readonly because?: string;
    }
  | { readonly kind: 'rollback-decided'; readonly at: string; readonly decision: Decision }
  | {
      readonly kind: 'rollback-ended';
      readonly at: string;
      readonly outcome: 'applied' | 'already-there' | 'stale' | 'refused' | 'not-seen';
      readonly because?: string;
      readonly requestId?: string;
    }
  /**
   * The live state was looked at. `policy`: the change is in place; the policy is as it was when the plan was made; it
   * is another, and a new diagnosis gave no new plan; or it was not looked at or could not be read.
   */
  | {
      readonly kind: 'looked';
      /** When the look began: what came after it says more. */
      readonly at: string;
      /** When it ended; absent: at once. What came in until then was not seen. */
      readonly endedAt?: string;
      readonly policy: 'in-place' | 'as-planned' | 'changed' | 'unknown';
      /** Failures without a newer copy; undefined: not counted. */
      readonly open?: number;
      /** Successful copies were listed. */
      readonly listed: boolean;
      /** There were more of them than a listing looks at. */
      readonly cut?: boolean;
    };

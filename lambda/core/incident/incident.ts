import type { PlanKind } from '../plan/plan';

/** Where an incident stands; docs/incidents.md has the picture. */
export type IncidentState =
  'reported' | 'proposed' | 'approved' | 'rejected' | 'expired' | 'stale' | 'settling' | 'applied' | 'resolved';

/** What has to be done for an incident at a time; the order says which comes first of two that are due together. */
export const EFFECTS = ['notify', 'expire', 'remind', 'look-again'] as const;
export type Effect = (typeof EFFECTS)[number];

/** What `notify` tells. */
export type Telling =
  'opened' | 'reminder' | 'expired' | 'approved' | 'rejected' | 'stale' | 'in-place' | 'resolved' | 'drill';

/** One cause on one resource, as a diagnosis proposes it: what an incident is made of. */
export interface Proposal {
  /** The incident's id: 80 bits of the fingerprint's SHA-256 in base 32, 16 characters. */
  readonly id: string;
  readonly kind: PlanKind | 'retry-later' | 'manual' | 'drill';
  readonly causes: readonly string[];
  /** Of the first cause. */
  readonly title: string;
  /** What must change, the account that owns it and its Region, the account that needs access. */
  readonly resource: string;
  readonly owner: string;
  readonly region: string;
  readonly account: string;
  /** Of the plan, where one is offered. */
  readonly planHash?: string | undefined;
  /** Why no plan is offered for a cause that a policy would cure. */
  readonly refused?: string | undefined;
  /** True: a person is asked to decide on the plan. */
  readonly ask: boolean;
}

/** A person's decision, as the item that only `approve` may put holds it. */
export interface Decision {
  readonly incident: string;
  readonly revision: number;
  readonly planHash: string;
  readonly decision: 'approved' | 'rejected';
  /** ARN of the caller, as AWS verified it. */
  readonly by: string;
  readonly at: string;
  readonly reason?: string | undefined;
}

/** The CloudFormation stack that owns the resource. */
export interface TemplateOwner {
  readonly stack: string;
  /** Where the stack says it; only the tag where nobody could ask. */
  readonly logicalId?: string | undefined;
}

/** The item HEAD: at most 4 KB, however many copies failed. Times are ISO 8601 in UTC. */
export interface Incident extends Proposal {
  /** Counts proposals: a decision is for one revision. */
  readonly revision: number;
  readonly state: IncidentState;
  readonly since: string;
  readonly openedAt: string;
  /** The copy job whose diagnosis opened this revision: incidents that share it are told in one mail. */
  readonly openedBy: string;
  /** When the evidence behind the proposal was read. */
  readonly readAt: string;
  readonly expiresAt?: string | undefined;
  readonly reminders: number;
  /** What `notify` has to tell. */
  readonly tell?: Telling | undefined;
  /** When a person was first told about this revision. */
  readonly toldAt?: string | undefined;
  /** Told as part of one summary, such as failures of the past. */
  readonly summary?: boolean | undefined;
  readonly decision?: Decision | undefined;
  readonly template?: TemplateOwner | undefined;
  /** When successful copies were last listed. */
  readonly listedAt?: string | undefined;
  /** When what is to be done; the earliest stands in the index. */
  readonly agenda: Agenda;
}

export type Agenda = Readonly<Partial<Record<Effect, string>>>;

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
  | { readonly kind: 'remind' | 'expire'; readonly at: string }
  /**
   * The live state was looked at. `policy`: the change is in place; the policy is as it was when the plan was made; it
   * is another, and a new diagnosis gave no new plan; or it was not looked at or could not be read.
   */
  | {
      readonly kind: 'looked';
      readonly at: string;
      readonly policy: 'in-place' | 'as-planned' | 'changed' | 'unknown';
      /** Failures without a newer copy; undefined: not counted. */
      readonly open?: number;
      /** Successful copies were listed. */
      readonly listed: boolean;
    };

/** What has to be done next, and when; undefined: nothing. */
export function nextDue({ agenda }: Pick<Incident, 'agenda'>): { effect: Effect; due: string } | undefined {
  return EFFECTS.flatMap((effect) => (agenda[effect] ? [{ effect, due: agenda[effect] }] : [])).reduce<
    { effect: Effect; due: string } | undefined
  >((first, one) => (first === undefined || one.due < first.due ? one : first), undefined);
}

/** States in which a failure of the same cause joins without being diagnosed in full. */
export const isOpen = ({ state }: Pick<Incident, 'state'>): boolean =>
  state === 'reported' || state === 'proposed' || state === 'approved';

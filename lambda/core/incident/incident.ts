import type { PlanKind } from '../plan/plan';

/** Where an incident stands; docs/incidents.md has the picture. */
export type IncidentState =
  | 'reported'
  /** Its cause passes by itself: copied again later, without asking. */
  | 'waiting'
  | 'proposed'
  /** Decided; the owner makes the change, or the service is about to. */
  | 'approved'
  /** The service makes the change now. */
  | 'applying'
  /** AWS, or this service, refused to make the change: not changed. */
  | 'refused'
  | 'rejected'
  | 'expired'
  | 'stale'
  | 'settling'
  /** One copy is tried first. */
  | 'canary'
  | 'retrying'
  /** In place, and nothing is copied again by this service. */
  | 'applied'
  /** This cause is left behind, and the copies fail for another one. */
  | 'reopened'
  | 'not-cured'
  | 'resolved'
  | 'rollback-proposed'
  | 'rollback-approved'
  | 'rolled-back';

/** What has to be done for an incident at a time; the order says which comes first of two that are due together. */
export const EFFECTS = [
  'notify',
  'expire',
  'remind',
  /** Makes the decided change. */
  'apply',
  /** Plans what a rollback would remove, or removes it. */
  'rollback',
  'settle',
  /** Starts copies. */
  'retry',
  /** Looks what has become of copies that were started. */
  'follow',
  'look-again',
] as const;
export type Effect = (typeof EFFECTS)[number];

/** What `notify` tells. */
export type Telling =
  | 'opened'
  | 'reminder'
  | 'expired'
  /** Decided, and its owner has to make it. */
  | 'approved'
  | 'rejected'
  | 'stale'
  /** The service has made the change, and nobody will be told of a result soon: by autoApply, or nothing retries. */
  | 'applied'
  | 'refused'
  | 'in-place'
  /** In place, but nothing could be copied again. */
  | 'left-out'
  | 'reopened'
  | 'not-cured'
  | 'resolved'
  | 'rollback-proposed'
  | 'rollback-refused'
  | 'rollback-expired'
  | 'rolled-back'
  | 'drill';

/** One cause on one resource, as a diagnosis proposes it: what an incident is made of. */
export interface Proposal {
  /** The incident's id: 80 bits of the fingerprint's SHA-256 in base 32, 16 characters. */
  readonly id: string;
  readonly kind: PlanKind | 'retry-later' | 'manual' | 'drill';
  readonly causes: readonly string[];
  /** Of the first cause; says where it is only possible, or one of several. */
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
  /** Who makes the change once it is decided; absent: nothing is planned. A key policy is always its owner's. */
  readonly applies?: 'service' | 'owner' | undefined;
  /** True: the settings name this vault in `autoApply`, and all its conditions held when it was planned. */
  readonly auto?: boolean | undefined;
  /** The setting `retry`; absent: nothing is copied again. */
  readonly retry?: RetrySetting | undefined;
}

export type RetrySetting = 'ask' | 'auto' | 'never';

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
  /** What is decided on; absent: the change. A request for a rollback has an empty `planHash`: nothing is planned yet. */
  readonly about?: 'change' | 'rollback-request' | 'rollback' | undefined;
  /** Approved: the failed copies are started again once the change has settled. */
  readonly retry?: boolean | undefined;
  /** Approved: changed directly although a template owns the resource. */
  readonly evenThoughATemplateOwnsIt?: boolean | undefined;
}

/** False: not what `approve` writes, and so no decision of anybody. */
export const isDecision = ({ decision, by, at }: Readonly<Record<string, unknown>>): boolean =>
  (decision === 'approved' || decision === 'rejected') &&
  typeof by === 'string' &&
  by.startsWith('arn:') &&
  typeof at === 'string';

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
  /** When the oldest failure that it was opened for, or that joined, has failed. */
  readonly firstFailedAt?: string | undefined;
  /** The change as the service made it. Without a decision: by the setting `autoApply`. */
  readonly change?: { readonly at: string; readonly requestId?: string | undefined } | undefined;
  /** For people: why it was refused, or is not cured. */
  readonly because?: string | undefined;
  /** A person said no to it, or took it back: it is asked for until a person says yes, whatever `autoApply` says. */
  readonly saidNo?: boolean | undefined;
  /** True: whether the change, or its removal, was made is not known. */
  readonly notSeen?: boolean | undefined;
  /** When the change was first seen in place, or made: failures after that met it. */
  readonly settledFrom?: string | undefined;
  /** The copy that is tried first: the failed one, and its retry. */
  readonly canary?: Canary | undefined;
  /** Canaries, or rounds of `waiting`, that ended in the same cause. */
  readonly failedRounds?: number | undefined;
  /** Items BATCH with copies to start. */
  readonly batches?: Batches | undefined;
  /** When a copy was last started. */
  readonly startedAt?: string | undefined;
  /** Incidents that hold the copies now; at most 5. */
  readonly others?: readonly string[] | undefined;
  readonly rollback?: Rollback | undefined;
  /** Since when AWS lets none of the copies start. */
  readonly idleFrom?: string | undefined;
  /** When successful copies were last listed. */
  readonly listedAt?: string | undefined;
  /** There were more of them than a listing looks at. */
  readonly listCut?: boolean | undefined;
  /** When what is to be done; the earliest stands in the index. */
  readonly agenda: Agenda;
}

export interface Batches {
  readonly count: number;
  readonly started: number;
  /** Of the first so many nothing runs any more. */
  readonly ended?: number;
  /** When they were written. */
  readonly at?: string;
}

export interface Canary {
  readonly copyJobId: string;
  readonly retryId: string;
  readonly at: string;
}

/** Taking the change back: asked for, planned, decided. */
export interface Rollback {
  /** The state to return to where nothing is removed. */
  readonly from: IncidentState;
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Once it is planned. */
  readonly planHash?: string | undefined;
  readonly decision?: Decision | undefined;
  readonly requestId?: string | undefined;
}

export type Agenda = Readonly<Partial<Record<Effect, string>>>;

/** What has to be done next, and when; undefined: nothing. */
export function nextDue({ agenda }: Pick<Incident, 'agenda'>): { effect: Effect; due: string } | undefined {
  return EFFECTS.flatMap((effect) => (agenda[effect] ? [{ effect, due: agenda[effect] }] : [])).reduce<
    { effect: Effect; due: string } | undefined
  >((first, one) => (first === undefined || one.due < first.due ? one : first), undefined);
}

/** States in which a failure of the same cause joins without being diagnosed in full. */
export const isOpen = ({ state }: Pick<Incident, 'state'>): boolean =>
  state === 'reported' || state === 'waiting' || state === 'proposed' || state === 'approved';

/** States that rest: a person was told. A later success resolves them, a new failure opens the next revision. */
export const AT_REST: readonly IncidentState[] = [
  'applied',
  'refused',
  'rejected',
  'expired',
  'reopened',
  'not-cured',
  'resolved',
  'rolled-back',
];

/** Whether the failed copies are started again once the change has settled. */
export const wantsRetry = ({ retry, decision, kind }: Pick<Incident, 'retry' | 'decision' | 'kind'>): boolean => {
  if (retry === undefined || retry === 'never') return false;
  // What passes by itself is tried again without asking.
  if (kind === 'retry-later' || retry === 'auto') return true;
  return decision?.decision === 'approved' && decision.retry === true;
};

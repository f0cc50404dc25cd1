import type { Decision, Incident, IncidentState, Proposal, Telling } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { later, reduce, TIMES } from '../../../lambda/core/incident/reduce';

export const T = '2026-06-01T10:00:00.000Z';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const after = (milliseconds: number) => later(T, milliseconds);

export const PROPOSAL: Proposal = {
  id: 'K3QZ7MPA2X2VB4TC',
  kind: 'vault-policy',
  causes: ['vault-policy-lacks-source'],
  title: 'The vault does not let the source account copy into it',
  resource: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
  owner: '222222222222',
  region: 'eu-west-1',
  account: '111111111111',
  planHash: 'hash-1',
  ask: true,
};
export const OTHER = { ...PROPOSAL, planHash: 'hash-2' };
export const NO_PLAN: Proposal = { ...PROPOSAL, planHash: undefined, refused: 'a Deny', ask: false };

export const failed = (at: string, proposal = PROPOSAL, more: object = {}): IncidentEvent => ({
  kind: 'failed',
  at,
  failedAt: at,
  copyJobId: `job-${at}`,
  readAt: at,
  proposal,
  ...more,
});
export const told = (at: string, telling: Telling): IncidentEvent => ({ kind: 'told', at, telling });
export const decision = (at: string, more: Partial<Decision> = {}): Decision => ({
  incident: PROPOSAL.id,
  revision: 1,
  planHash: 'hash-1',
  decision: 'approved',
  by: 'arn:aws:iam::111111111111:user/someone',
  at,
  ...more,
});
export const decided = (at: string, more: Partial<Decision> = {}): IncidentEvent => ({
  kind: 'decided',
  at,
  decision: decision(at, more),
});
export const looked = (at: string, more: Partial<Extract<IncidentEvent, { kind: 'looked' }>> = {}): IncidentEvent => ({
  kind: 'looked',
  at,
  policy: 'unknown',
  listed: false,
  ...more,
});

export const live = (events: readonly IncidentEvent[], before?: Incident): Incident => {
  const incident = events.reduce<Incident | undefined>((one, event) => reduce(one, event).incident, before);
  if (!incident) throw new Error('no incident');
  return incident;
};

export const SERVICE: Proposal = { ...PROPOSAL, applies: 'service', retry: 'ask' };
export const AUTO: Proposal = { ...SERVICE, auto: true, retry: 'auto' };
export const PASSES: Proposal = { ...NO_PLAN, kind: 'retry-later', refused: undefined, retry: 'auto' };

type Of<K extends IncidentEvent['kind']> = Extract<IncidentEvent, { kind: K }>;
export const applying = (at: string): IncidentEvent => ({ kind: 'applying', at });
export const applyEnded = (at: string, outcome: Of<'apply-ended'>['outcome'], more: object = {}): IncidentEvent => ({
  kind: 'apply-ended',
  at,
  outcome,
  ...more,
});
export const settle = (at: string): IncidentEvent => ({ kind: 'settle', at });
export const canaryStarted = (at: string, retryId = 'retry-1'): IncidentEvent => ({
  kind: 'canary-started',
  at,
  copyJobId: 'job-1',
  retryId,
});
export const batched = (at: string, count: number): IncidentEvent => ({ kind: 'batched', at, count });
export const batchStarted = (at: string, started: number): IncidentEvent => ({ kind: 'batch-started', at, started });
export const followed = (at: string, more: Partial<Of<'followed'>> = {}): IncidentEvent => ({
  kind: 'followed',
  at,
  running: 0,
  left: 0,
  same: 0,
  other: 0,
  others: [],
  ...more,
});
export const rollbackPlanned = (at: string, planHash?: string, more: Partial<Decision> = {}): IncidentEvent => ({
  kind: 'rollback-planned',
  at,
  request: decision(at, { about: 'rollback-request', planHash: '', ...more }),
  ...(planHash ? { planHash } : { because: 'nothing of it is there' }),
});
export const rollbackDecided = (at: string, more: Partial<Decision> = {}): IncidentEvent => ({
  kind: 'rollback-decided',
  at,
  decision: decision(at, { about: 'rollback', planHash: 'rollback-1', ...more }),
});
export const rollbackEnded = (at: string, outcome: Of<'rollback-ended'>['outcome']): IncidentEvent => ({
  kind: 'rollback-ended',
  at,
  outcome,
  requestId: 'request-2',
});

export const toldAt = after(TIMES.firstMail);
export const proposed = live([failed(T), told(toldAt, 'opened')]);
const SETTLED = after(HOUR + TIMES.settleVaultPolicy);
/** Decided in the first hour: the service makes the change, and copies again. */
export const approvedForService = live([
  failed(T, SERVICE),
  told(toldAt, 'opened'),
  decided(after(HOUR), { retry: true }),
]);
const applies = live([applying(after(HOUR))], approvedForService);
const settles = live([applyEnded(after(HOUR), 'applied', { requestId: 'request-1' })], applies);
const canary = live([settle(SETTLED)], settles);
export const withCanary = live([canaryStarted(SETTLED)], canary);
const retrying = live([followed(after(2 * HOUR), { canary: 'copied' })], withCanary);
/** All have been started. */
export const allStarted = live([batched(after(2 * HOUR), 1), batchStarted(after(2 * HOUR), 1)], retrying);
const resolved = live([followed(after(3 * HOUR)), told(after(3 * HOUR), 'resolved')], allStarted);
const rollback = live(
  [rollbackPlanned(after(4 * HOUR), 'rollback-1'), told(after(4 * HOUR), 'rollback-proposed')],
  resolved,
);
const rollsBack = live([rollbackDecided(after(5 * HOUR))], rollback);

/** Each state, reached by the shortest way and told of. What a person changes by hand comes no further than applied. */
export const IN: Readonly<Record<IncidentState, Incident>> = {
  reported: live([failed(T, NO_PLAN), told(toldAt, 'opened')]),
  waiting: live([failed(T, PASSES), told(toldAt, 'opened')]),
  proposed,
  approved: live([decided(after(HOUR)), told(after(HOUR), 'approved')], proposed),
  applying: applies,
  refused: live([applyEnded(after(HOUR), 'refused', { because: 'AWS' }), told(after(HOUR), 'refused')], applies),
  rejected: live([decided(after(HOUR), { decision: 'rejected' }), told(after(HOUR), 'rejected')], proposed),
  expired: live([{ kind: 'expire', at: later(toldAt, TIMES.expiry) }], proposed),
  stale: live([looked(after(HOUR), { policy: 'changed' }), told(after(HOUR), 'stale')], proposed),
  settling: live([looked(after(HOUR), { policy: 'in-place' }), told(after(HOUR), 'in-place')], proposed),
  canary: withCanary,
  retrying,
  applied: live([looked(after(HOUR), { policy: 'in-place' }), settle(SETTLED)], proposed),
  reopened: live([followed(after(3 * HOUR), { other: 1 }), told(after(3 * HOUR), 'reopened')], allStarted),
  'not-cured': live([followed(after(3 * HOUR), { same: 1 }), told(after(3 * HOUR), 'not-cured')], allStarted),
  resolved: live([looked(after(HOUR), { open: 0, listed: true }), told(after(HOUR), 'resolved')], proposed),
  'rollback-proposed': rollback,
  'rollback-approved': rollsBack,
  'rolled-back': live([rollbackEnded(after(6 * HOUR), 'applied'), told(after(6 * HOUR), 'rolled-back')], rollsBack),
};
/** Resolved after the service has made the change. */
export const healed = resolved;
export const STATES = Object.keys(IN) as readonly IncidentState[];
export const LATER = after(100 * HOUR);

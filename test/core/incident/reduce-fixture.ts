import type {
  Decision,
  Incident,
  IncidentEvent,
  IncidentState,
  Proposal,
  Telling,
} from '../../../lambda/core/incident/incident';
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

export const toldAt = after(TIMES.firstMail);
export const proposed = live([failed(T), told(toldAt, 'opened')]);
const SETTLED = after(HOUR + TIMES.settleVaultPolicy);
/** Each state, reached by the shortest way and told of. */
export const IN: Readonly<Record<IncidentState, Incident>> = {
  reported: live([failed(T, NO_PLAN), told(toldAt, 'opened')]),
  proposed,
  approved: live([decided(after(HOUR)), told(after(HOUR), 'approved')], proposed),
  rejected: live([decided(after(HOUR), { decision: 'rejected' }), told(after(HOUR), 'rejected')], proposed),
  expired: live([{ kind: 'expire', at: later(toldAt, TIMES.expiry) }], proposed),
  stale: live([looked(after(HOUR), { policy: 'changed' }), told(after(HOUR), 'stale')], proposed),
  settling: live([looked(after(HOUR), { policy: 'in-place' }), told(after(HOUR), 'in-place')], proposed),
  applied: live([looked(after(HOUR), { policy: 'in-place' }), looked(SETTLED)], proposed),
  resolved: live([looked(after(HOUR), { open: 0, listed: true }), told(after(HOUR), 'resolved')], proposed),
};
export const LATER = after(100 * HOUR);

import { clean } from '../text/clean';
import { utc } from '../text/utc';
import type { Decision, Incident } from './incident';

/** What a person asks for, as the body of a request says it. Who asks is never part of it. */
export interface Wanted {
  readonly decision: Decision['decision'];
  /** The whole hash of the plan that was shown. */
  readonly planHash: string;
  readonly revision: number;
  readonly reason?: string | undefined;
}

export interface Refusal {
  readonly ok: false;
  readonly code: 'not-found' | 'not-proposed' | 'another-plan' | 'expired' | 'bad-request';
  /** For people: what is wrong, and what to do next. */
  readonly message: string;
}

export type Judged = { readonly ok: true; readonly decision: Decision } | Refusal;

const MOST_CHARACTERS = 500;
const MEMBERS: readonly string[] = ['decision', 'planHash', 'revision', 'reason'];

const refused = (code: Refusal['code'], message: string): Refusal => ({ ok: false, code, message });
const bad = (message: string) => refused('bad-request', `${message}. Nothing was decided.`);

/** Reads the body of a request, strictly: a member that would be ignored could be meant to count. */
export function readWanted(body: unknown): { readonly ok: true; readonly wanted: Wanted } | Refusal {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return bad('The body is not a JSON object');
  const { decision, planHash, revision, reason } = body as Record<string, unknown>;
  const other = Object.keys(body).find((name) => !MEMBERS.includes(name));
  if (other !== undefined) {
    return bad(`The body has the member "${clean(other, 40)}"; it may have ${MEMBERS.join(', ')}`);
  }
  if (decision !== 'approved' && decision !== 'rejected') return bad('"decision" is not "approved" or "rejected"');
  if (typeof planHash !== 'string' || !/^[0-9a-f]{64}$/.test(planHash)) {
    return bad('"planHash" is not the whole hash of a plan, 64 hexadecimal digits');
  }
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 1) {
    return bad('"revision" is not a whole number from 1');
  }
  if (reason === undefined) return { ok: true, wanted: { decision, planHash, revision } };
  if (typeof reason !== 'string') return bad('"reason" is not a text');
  if (reason.length > MOST_CHARACTERS) {
    return bad(`"reason" has ${reason.length} characters; it may have ${MOST_CHARACTERS}`);
  }
  const said = clean(reason, MOST_CHARACTERS).trim();
  return { ok: true, wanted: { decision, planHash, revision, ...(said ? { reason: said } : {}) } };
}

/** Whether this may be decided now. A decision before the first mail counts: the time to answer has not begun. */
export function judgeDecision(
  incident: Incident | undefined,
  request: Wanted & { readonly incident: string; readonly by: string },
  now: string,
): Judged {
  if (incident === undefined || incident.id !== request.incident) return notFound(request.incident);
  const closed = notOpen(incident);
  if (closed) return closed;
  if (request.revision !== incident.revision || request.planHash !== incident.planHash) {
    return refused(
      'another-plan',
      `Incident ${incident.id} has another plan by now than the one that was shown. Look at it again, then decide on the plan that is there.`,
    );
  }
  if (incident.expiresAt !== undefined && now >= incident.expiresAt) return expired(incident);
  const { decision, planHash, revision, reason, by } = request;
  const said = reason === undefined ? {} : { reason };
  return { ok: true, decision: { incident: incident.id, revision, planHash, decision, by, at: now, ...said } };
}

export const notFound = (id: string): Refusal =>
  refused(
    'not-found',
    `This deployment has no incident ${clean(id, 40)}. Check the id, and which deployment the mail is from.`,
  );

/** Why nobody can decide on this incident, whatever the time is; undefined: it is open. */
export function notOpen(incident: Incident): Refusal | undefined {
  if (incident.state === 'expired') return expired(incident);
  if (incident.state === 'proposed' && incident.planHash !== undefined) return undefined;
  return refused('not-proposed', `${WHY[incident.state](incident)} Nothing waits for a decision.`);
}

const expired = ({ id, expiresAt }: Incident): Refusal =>
  refused(
    'expired',
    `The time to decide on incident ${id} is over${expiresAt ? ` since ${utc(expiresAt)}` : ''}. The next failure of the same cause proposes it again.`,
  );

const WHY: Readonly<Record<Incident['state'], (incident: Incident) => string>> = {
  reported: ({ id, refused: why }) =>
    why
      ? `For incident ${id} no plan is offered: ${clean(why, 300).replace(/[.\s]+$/, '')}.`
      : `Incident ${id} is reported only: look at it to see what to do.`,
  proposed: ({ id }) => `Incident ${id} has no plan.`,
  approved: ({ id }) => `Incident ${id} is approved; the owner can apply the change now.`,
  rejected: ({ id }) => `Incident ${id} is rejected; the next failure of the same cause proposes it again.`,
  expired: ({ id }) => `Incident ${id} has expired.`,
  stale: ({ id }) => `The policy behind incident ${id} was changed since the plan was made; look at what is there now.`,
  settling: ({ id }) => `The change of incident ${id} is in place.`,
  applied: ({ id }) => `The change of incident ${id} is in place.`,
  resolved: ({ id }) => `Incident ${id} is resolved: its resources were copied since.`,
};

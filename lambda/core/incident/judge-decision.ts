import type { PlanSettings } from '../plan/plan';
import { clean } from '../text/clean';
import { whyNotBack, whyNotOpen } from '../text/en/refusals';
import { utc } from '../text/utc';
import type { Decision, Incident, RetrySetting } from './incident';

/** What a person asks for, as the body of a request says it. Who asks is never part of it. */
export interface Wanted {
  readonly decision: Decision['decision'];
  /** The whole hash of the plan that was shown. */
  readonly planHash: string;
  readonly revision: number;
  readonly reason?: string | undefined;
  /** Absent: the change. */
  readonly about?: 'rollback' | undefined;
  readonly retry?: boolean | undefined;
  readonly evenThoughATemplateOwnsIt?: boolean | undefined;
}

/** What a person who wants a change taken back asks for first: what exactly is removed is planned then. */
export interface WantedBack {
  readonly revision: number;
  readonly reason?: string | undefined;
}

export interface Refusal {
  readonly ok: false;
  readonly code: 'not-found' | 'not-proposed' | 'another-plan' | 'expired' | 'bad-request' | 'no-rollback';
  /** For people: what is wrong, and what to do next. */
  readonly message: string;
}

export type Judged = { readonly ok: true; readonly decision: Decision } | Refusal;

/** Who asks, for which incident. */
interface Asking {
  readonly incident: string;
  readonly by: string;
}

const MOST_CHARACTERS = 500;
const OF_CHANGES = ['retry', 'evenThoughATemplateOwnsIt'] as const;

const refused = (code: Refusal['code'], message: string): Refusal => ({ ok: false, code, message });
const bad = (message: string) => refused('bad-request', `${message}. Nothing was decided.`);

/** Reads the body of a decision, strictly: a member that would be ignored could be meant to count. */
export function readWanted(body: unknown): { readonly ok: true; readonly wanted: Wanted } | Refusal {
  const read = members(body, ['decision', 'planHash', 'revision', 'reason', 'about', ...OF_CHANGES]);
  if (!read.ok) return read;
  const { decision, planHash, about } = read.values;
  if (decision !== 'approved' && decision !== 'rejected') return bad('"decision" is not "approved" or "rejected"');
  if (typeof planHash !== 'string' || !/^[0-9a-f]{64}$/.test(planHash)) {
    return bad('"planHash" is not the whole hash of a plan, 64 hexadecimal digits');
  }
  if (about !== undefined && about !== 'change' && about !== 'rollback') {
    return bad('"about" is not "change" or "rollback"');
  }
  for (const name of OF_CHANGES) {
    const value = read.values[name];
    if (value === undefined) continue;
    if (typeof value !== 'boolean') return bad(`"${name}" is not true or false`);
    if (decision !== 'approved' || about === 'rollback') return bad(`"${name}" goes only with an approved change`);
  }
  const common = readCommon(read.values);
  if (!common.ok) return common;
  const { retry, evenThoughATemplateOwnsIt } = read.values as Partial<Record<string, boolean>>;
  return {
    ok: true,
    wanted: {
      decision,
      planHash,
      ...common.value,
      ...(about === 'rollback' ? { about } : {}),
      ...(retry === undefined ? {} : { retry }),
      ...(evenThoughATemplateOwnsIt ? { evenThoughATemplateOwnsIt } : {}),
    },
  };
}

/** Reads the body of a request for a rollback, as strictly. */
export function readWantedBack(body: unknown): { readonly ok: true; readonly wanted: WantedBack } | Refusal {
  const read = members(body, ['revision', 'reason']);
  if (!read.ok) return read;
  const common = readCommon(read.values);
  return common.ok ? { ok: true, wanted: common.value } : common;
}

type Values = Readonly<Record<string, unknown>>;

function members(body: unknown, known: readonly string[]): { readonly ok: true; readonly values: Values } | Refusal {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return bad('The body is not a JSON object');
  const other = Object.keys(body).find((name) => !known.includes(name));
  if (other === undefined) return { ok: true, values: body as Values };
  return bad(`The body has the member "${clean(other, 40)}"; it may have ${known.join(', ')}`);
}

function readCommon({ revision, reason }: Values): { readonly ok: true; readonly value: WantedBack } | Refusal {
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 1) {
    return bad('"revision" is not a whole number from 1');
  }
  if (reason === undefined) return { ok: true, value: { revision } };
  if (typeof reason !== 'string') return bad('"reason" is not a text');
  if (reason.length > MOST_CHARACTERS) {
    return bad(`"reason" has ${reason.length} characters; it may have ${MOST_CHARACTERS}`);
  }
  const said = clean(reason, MOST_CHARACTERS).trim();
  return { ok: true, value: { revision, ...(said ? { reason: said } : {}) } };
}

/** Whether this may be decided now. A decision before the first mail counts: the time to answer has not begun. */
export function judgeDecision(
  incident: Incident | undefined,
  request: Wanted & Asking,
  settings: Pick<PlanSettings, 'retry'>,
  now: string,
): Judged {
  if (incident === undefined || incident.id !== request.incident) return notFound(request.incident);
  const back = request.about === 'rollback';
  const closed = back ? notOpenBack(incident) : notOpen(incident);
  if (closed) return closed;
  const planHash = back ? incident.rollback?.planHash : incident.planHash;
  if (request.revision !== incident.revision || request.planHash !== planHash) {
    return refused(
      'another-plan',
      `Incident ${incident.id} has another plan by now than the one that was shown. Look at it again, then decide on the plan that is there.`,
    );
  }
  // The time to decide on a rollback is one of its own.
  const until = back ? incident.agenda.expire : incident.expiresAt;
  if (until !== undefined && now >= until) return expired({ ...incident, expiresAt: until }, back);
  const odd = oddExtra(incident, request, settings);
  return odd ?? { ok: true, decision: { ...decisionOf(request, now), planHash: request.planHash } };
}

/** What is asked for beside the change, and would not be done. */
function oddExtra(incident: Incident, request: Wanted, settings: Pick<PlanSettings, 'retry'>): Refusal | undefined {
  const retry = retryOf(incident, settings);
  if (request.retry !== undefined && retry !== 'ask') {
    return bad(`Whether copies are started again is not asked here: the setting "retry" is "${retry}"`);
  }
  if (request.evenThoughATemplateOwnsIt && incident.applies !== 'service') {
    return bad(
      'The owner of the resource makes this change: "evenThoughATemplateOwnsIt" is for what the service makes',
    );
  }
  return undefined;
}

/** What holds for copying again: as the incident was proposed, and as the settings are now. */
export function retryOf({ retry }: Pick<Incident, 'retry'>, settings: Pick<PlanSettings, 'retry'>): RetrySetting {
  const both = [retry ?? 'never', settings.retry ?? 'never'];
  return both.includes('never') ? 'never' : both.includes('ask') ? 'ask' : 'auto';
}

/** Whether a rollback may be asked for now: of a change that the service made, once nothing is under way. */
export function judgeRollbackRequest(
  incident: Incident | undefined,
  request: WantedBack & Asking,
  now: string,
): Judged {
  if (incident === undefined || incident.id !== request.incident) return notFound(request.incident);
  const why = notTakenBack(incident);
  if (why !== undefined) return refused('no-rollback', `${why} Nothing was asked for.`);
  if (request.revision !== incident.revision) {
    return refused(
      'another-plan',
      `Incident ${incident.id} has revision ${incident.revision} by now. Look at it again. Nothing was asked for.`,
    );
  }
  const decision = decisionOf({ ...request, decision: 'approved', about: 'rollback-request' }, now);
  return { ok: true, decision: { ...decision, planHash: '' } };
}

/** Why the service does not take this change back, or not now; undefined: it may be asked to. */
export function notTakenBack(incident: Incident): string | undefined {
  const why = whyNotBack[incident.state]?.(incident);
  if (why !== undefined || incident.change !== undefined) return why;
  return `The change of incident ${incident.id} was not made by this service: whoever made it takes it back.`;
}

type Members = Partial<Omit<Decision, 'by' | 'at' | 'incident' | 'planHash'>> & Asking;

/** A decision has no members but these, whatever the request has. */
function decisionOf(
  request: Members & Pick<Decision, 'decision' | 'revision'>,
  at: string,
): Omit<Decision, 'planHash'> {
  const { incident, revision, decision, reason, about, retry, evenThoughATemplateOwnsIt, by } = request;
  return {
    incident,
    revision,
    decision,
    by,
    at,
    ...(reason === undefined ? {} : { reason }),
    ...(about === undefined ? {} : { about }),
    ...(retry === undefined ? {} : { retry }),
    ...(evenThoughATemplateOwnsIt === undefined ? {} : { evenThoughATemplateOwnsIt }),
  };
}

export const notFound = (id: string): Refusal =>
  refused(
    'not-found',
    `This deployment has no incident ${clean(id, 40)}. Check the id, and which deployment the mail is from.`,
  );

/** Why nobody can decide on the change of this incident, whatever the time is; undefined: it is open. */
export function notOpen(incident: Incident): Refusal | undefined {
  if (incident.state === 'expired') return expired(incident, false);
  if (incident.state === 'proposed' && incident.planHash !== undefined) return undefined;
  return refused('not-proposed', `${whyNotOpen[incident.state](incident)} Nothing waits for this decision.`);
}

function notOpenBack(incident: Incident): Refusal | undefined {
  if (incident.state === 'rollback-proposed' && incident.rollback?.planHash !== undefined) return undefined;
  const why = whyNotBack[incident.state]?.(incident) ?? `No rollback of incident ${incident.id} is proposed.`;
  return refused('not-proposed', `${why} Nothing waits for this decision.`);
}

const expired = ({ id, expiresAt }: Incident, back: boolean): Refusal =>
  refused(
    'expired',
    `The time to decide on ${back ? 'the rollback of ' : ''}incident ${id} is over${expiresAt ? ` since ${utc(expiresAt)}` : ''}. ${back ? 'Ask for it again.' : 'The next failure of the same cause proposes it again.'}`,
  );

import { randomUUID } from 'node:crypto';
import { vaultName } from '../core/arn';
import { diagnose } from '../core/diagnose';
import { copyOf, isRefused, type Evidence } from '../core/evidence';
import { appliesUnasked } from '../core/incident/auto';
import type { Decision, Incident } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import { idOf } from '../core/incident/proposals';
import { TIMES } from '../core/incident/times';
import type { Plan } from '../core/plan/plan';
import { planAgain, withLivePolicy, type PlannedAgain } from '../core/plan/plan-again';
import { clean } from '../core/text/clean';
import { anotherPlan, notMade as words, onlyTold, roleLacks } from '../core/text/en/refusals';
import { applyFix, type ApplyResult } from './apply-fix';
import { endedOf } from './effect-ended';
import type { EffectServices } from './effect-services';
import { gather } from './gather-evidence';
import { diagnoseAgain } from './look-again';
import { NotReadableError, passesByItself, Readers } from './readers';
import { templateOwnership, type TemplateServices } from './template-owner';

export interface ApplyServices extends EffectServices, TemplateServices {
  /** Waits so many milliseconds, before a call is made again or a change is looked for. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

type Ended = Omit<Extract<IncidentEvent, { kind: 'apply-ended' }>, 'kind' | 'at'>;
/** Trouble that passes by itself: nothing is changed, and it is tried again. */
type Later = { readonly outcome: 'later'; readonly because: string };

/** Longer than the function runs. */
const LEASE_MS = 3 * 60_000;
/** For so long what passes by itself is tried again; then a person is told. */
const TRIED_FOR = 60 * 60_000;

/**
 * Makes the change of an incident: by a decision that is read anew, or where the settings allow it without asking. What
 * is written is planned from what AWS says now. Every way out but one leaves the policy as it was, and says why.
 */
export async function applyChange({ id, resource }: Incident, services: ApplyServices): Promise<void> {
  const { incidents } = services;
  const owner = randomUUID();
  // Incidents that change one vault wait for each other: what finds it taken stays due.
  if (!(await incidents.lease(resource, owner, LEASE_MS))) return;
  try {
    await applyAlone(id, services);
  } finally {
    await incidents.release(resource, owner);
  }
}

async function applyAlone(id: string, services: ApplyServices): Promise<void> {
  const { incidents, now, credentialsOf } = services;
  const begun = await incidents.change(id, { kind: 'applying', at: now().toISOString() });
  const incident = begun.after;
  if (!begun.changed || incident?.state !== 'applying') return;
  // What this batch has read may be older than what somebody has changed since.
  const fresh = { ...services, readers: new Readers(credentialsOf, { now: () => now().getTime() }) };
  const tried = await tryToApply(incident, fresh);
  if (tried.outcome === 'later' && !isOver(incident, now())) return;
  const ended: Ended = tried.outcome === 'later' ? { ...tried, outcome: 'refused' } : tried;
  const { after } = await incidents.change(id, { kind: 'apply-ended', at: now().toISOString(), ...ended });
  // What does not hold any more is proposed again at once, where it can be: one mail tells both.
  if (ended.outcome !== 'stale' || after?.state !== 'stale') return;
  const at = now().toISOString();
  const policy = await diagnoseAgain(after, fresh);
  if (policy !== 'proposed-again') await incidents.change(id, { kind: 'looked', at, policy, listed: false });
}

const isOver = ({ decision, openedAt }: Incident, now: Date): boolean =>
  now.getTime() - Date.parse(decision?.at ?? openedAt) > TRIED_FOR;

async function tryToApply(incident: Incident, services: ApplyServices): Promise<Ended | Later> {
  const { incidents } = services;
  const authority = await authorityFor(incident, services);
  if ('because' in authority) return refused(authority.because);
  const { decision, expectedHash } = authority;

  if (decision?.evenThoughATemplateOwnsIt !== true) {
    const ownership = await templateOwnership(incident, services);
    if (ownership.status === 'unknown') return { outcome: 'later', because: words.ownerNotRead(incident.owner) };
    if (ownership.status === 'owned') return { outcome: 'owned', template: ownership.template };
  }

  const [opening] = await incidents.evidence(incident.id);
  if (!opening) return refused(words.noEvidence);
  const { evidence } = await gather(opening.evidence.failure, services.readers);
  const passing = Object.values(evidence.responses)
    .filter(isRefused)
    .find(({ error }) => passesByItself(error));
  if (passing) return { outcome: 'later', because: words.notReadForNow(passing.error) };
  if (!copyOf(evidence).recorded) return refused(words.recordGone(opening.copyJobId));

  const unasked: { because?: string } = {};
  const judge = (with_: Evidence) => planNow(with_, incident, decision, services, unasked);
  const seen = judge(evidence);
  if (unasked.because !== undefined) return { outcome: 'ask', because: unasked.because };
  if (seen.outcome === 'refused') return refused(seen.reason);
  if (seen.outcome === 'in-place') return inPlace(incident, services);
  const { plan } = seen;
  if (plan.hash !== expectedHash) return { outcome: 'stale', because: anotherPlan };

  if (!decision && !(await isWithinTheDay(incident, plan, services))) return { outcome: 'ask', because: words.tooMany };
  const result = await write(incident, plan, { expectedHash, by: decision?.by, judge, evidence }, services);
  if ('later' in result) return { outcome: 'later', because: result.later };
  if (unasked.because !== undefined) return { outcome: 'ask', because: unasked.because };
  if (result.outcome === 'already-there') return inPlace(incident, services);
  return endedOf(result, roleOf(plan, services));
}

interface Writing {
  readonly expectedHash: string;
  readonly by: string | undefined;
  readonly judge: (evidence: Evidence) => PlannedAgain;
  readonly evidence: Evidence;
}

async function write(
  incident: Incident,
  plan: Plan,
  { expectedHash, by, judge, evidence }: Writing,
  services: ApplyServices,
): Promise<ApplyResult | { readonly later: string }> {
  const { incidents, openSession, now, sleep } = services;
  const { id, revision } = incident;
  try {
    const credentials = await openSession({ role: 'vault-writer', account: plan.owner, incident: id, revision, by });
    return await applyFix({
      plan,
      expectedHash,
      credentials,
      replan: (live) => judge(withLivePolicy(evidence, plan.kind, plan.resource, live)),
      keep: (policy) => incidents.putBefore(id, revision, { policy, at: now().toISOString() }),
      ...(sleep ? { sleep } : {}),
    });
  } catch (error) {
    if (!(error instanceof NotReadableError)) throw error;
    if (passesByItself(error.error)) return { later: error.message };
    return { outcome: 'refused', reason: `${roleOf(plan, services)} ${clean(error.message, 300)}` };
  }
}

type Authority =
  { readonly decision: Decision | undefined; readonly expectedHash: string } | { readonly because: string };

/** HEAD says what is to be looked for, and never that it may be done: whoever can write the table can write HEAD. */
async function authorityFor(incident: Incident, { incidents, settings, now }: ApplyServices): Promise<Authority> {
  const { id, revision, kind, planHash, auto } = incident;
  if (kind !== 'vault-policy') return { because: words.notOurs };
  if ((settings.vaultPolicy ?? 'approve') !== 'approve') return { because: onlyTold };
  if (planHash === undefined) return { because: words.noPlan };
  const [decision, rollback] = await Promise.all([
    incidents.decision(id, revision),
    incidents.rollbackRequest(id, revision),
  ]);
  // A revision is carried out once. Its rollback can be asked for only after that.
  if (rollback) return { because: words.carriedOut };
  if (!decision) return auto === true ? { decision, expectedHash: planHash } : { because: words.noDecision };
  const meant =
    decision.incident === id &&
    decision.revision === revision &&
    (decision.about ?? 'change') === 'change' &&
    decision.decision === 'approved' &&
    decision.planHash === planHash;
  if (!meant) return { because: words.otherDecision };
  // Whoever can write HEAD could have it carried out once more, days later.
  const age = now().getTime() - Date.parse(decision.at);
  return age <= TIMES.decisionHolds ? { decision, expectedHash: planHash } : { because: words.oldDecision };
}

/** The plan of this moment. Without a decision `unasked` says why a person has to be asked. */
function planNow(
  evidence: Evidence,
  { id, resource, causes }: Incident,
  decision: Decision | undefined,
  { settings }: ApplyServices,
  unasked: { because?: string },
): PlannedAgain {
  const again = planAgain(evidence, { kind: 'vault-policy', resource, causes }, settings);
  if (again.outcome !== 'planned') return again;
  const { plan } = again;
  if (idOf(plan.kind, plan.resource, plan.grantee) !== id) return { outcome: 'refused', reason: words.otherIncident };
  if (decision) return again;
  const allowed = appliesUnasked(evidence, diagnose(evidence), plan, settings);
  if (allowed.ok) return again;
  unasked.because = allowed.because;
  return { outcome: 'refused', reason: allowed.because };
}

const isWithinTheDay = ({ id, revision }: Incident, { resource }: Plan, { incidents, now }: ApplyServices) =>
  incidents.claimAuto(resource, now().toISOString().slice(0, 10), id, revision);

/** In place after this revision had begun to write: it was this service, and a crash has lost the answer. */
async function inPlace({ id, revision }: Incident, { incidents }: ApplyServices): Promise<Ended> {
  return { outcome: (await incidents.before(id, revision)) ? 'applied' : 'already-there' };
}

const refused = (because: string): Ended => ({ outcome: 'refused', because });

const roleOf = ({ owner, resource }: Plan, { config }: ApplyServices): string =>
  roleLacks(config.vaultWriterRoleName, owner, vaultName(resource), 'make the change');

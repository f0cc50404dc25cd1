import { randomUUID } from 'node:crypto';
import { vaultName } from '../core/arn';
import { isRefused } from '../core/evidence';
import type { Decision, Incident } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import { TIMES } from '../core/incident/times';
import type { Plan } from '../core/plan/plan';
import { readRefused } from '../core/plan/put-refused';
import { planRollback, type RollbackResult, type Since } from '../core/plan/rollback-plan';
import { parsePolicy } from '../core/policy/parse';
import { clean } from '../core/text/clean';
import { anotherPlan, notTakenBack as words, roleLacks } from '../core/text/en/refusals';
import { applyFix } from './apply-fix';
import type { ApplyServices } from './apply-change';
import { endedOf } from './effect-ended';
import { NotReadableError, passesByItself, Readers } from './readers';

// Takes back what the service has changed, and nothing else: the only place that removes anything.

type Ended = Omit<Extract<IncidentEvent, { kind: 'rollback-ended' }>, 'kind' | 'at'>;
type Later = { readonly outcome: 'later'; readonly because: string };

/** Longer than the function runs. */
const LEASE_MS = 3 * 60_000;
/** For so long what passes by itself is tried again; then a person is told. */
const TRIED_FOR = 60 * 60_000;

/** Plans what a rollback would remove, and proposes it; or says why there is none. Writes no policy. */
export async function planRollbackNow(incident: Incident, request: Decision, services: ApplyServices): Promise<void> {
  const { incidents, now } = services;
  const { id, revision } = incident;
  const planned = await planFor(incident, request.at, fresh(services));
  if (planned.ok) await incidents.putPlan(id, revision, planned.plan);
  await incidents.change(id, {
    kind: 'rollback-planned',
    at: now().toISOString(),
    request,
    ...(planned.ok ? { planHash: planned.plan.hash } : { because: planned.reason }),
  });
}

/** Removes what was decided on, if a plan of now is still the same. Every other way out leaves the policy as it was. */
export async function rollBack({ id, resource }: Incident, services: ApplyServices): Promise<void> {
  const { incidents, now } = services;
  const owner = randomUUID();
  // What changes the same vault waits: what finds it taken stays due.
  if (!(await incidents.lease(resource, owner, LEASE_MS))) return;
  try {
    const incident = await incidents.head(id);
    if (incident?.state !== 'rollback-approved') return;
    const tried = await tryToRollBack(incident, fresh(services));
    const since = Date.parse(incident.rollback?.decision?.at ?? incident.since);
    if (tried.outcome === 'later' && now().getTime() - since <= TRIED_FOR) return;
    const ended: Ended = tried.outcome === 'later' ? { ...tried, outcome: 'refused' } : tried;
    await incidents.change(id, { kind: 'rollback-ended', at: now().toISOString(), ...ended });
  } finally {
    await incidents.release(resource, owner);
  }
}

async function tryToRollBack(incident: Incident, services: ApplyServices): Promise<Ended | Later> {
  const { incidents, openSession, config, now, sleep } = services;
  const { id, revision, rollback } = incident;
  const decision =
    rollback?.planHash === undefined
      ? undefined
      : await incidents.decision(id, revision, 'rollback', rollback.planHash);
  if (!decision || !rollback?.planHash || !isApproval(decision, incident)) return refused(words.noDecision);
  if (!(now().getTime() - Date.parse(decision.at) <= TIMES.decisionHolds)) return refused(words.oldDecision);

  const change = await changeOf(incident, rollback.requestedAt, services);
  if ('because' in change) return refused(change.because);
  const live = await readLive(change, services);
  if ('because' in live) return live.passes ? { outcome: 'later', because: live.because } : refused(live.because);
  const again = planRollback(documentIn(live.text), change);
  if (!again.ok) return again.gone ? { outcome: 'already-there' } : refused(again.reason);
  if (again.plan.hash !== decision.planHash) return { outcome: 'stale', because: anotherPlan };

  const role = roleLacks(config.vaultWriterRoleName, change.owner, vaultName(change.resource), 'remove the statement');
  try {
    const wanted = { role: 'vault-writer', account: change.owner, incident: id, revision, by: decision.by } as const;
    const result = await applyFix({
      plan: again.plan,
      expectedHash: decision.planHash,
      credentials: await openSession(wanted),
      replan: (text) => plannedAgain(planRollback(documentIn(text), change)),
      ...(sleep ? { sleep } : {}),
    });
    return endedOf(result, role);
  } catch (error) {
    if (!(error instanceof NotReadableError)) throw error;
    if (passesByItself(error.error)) return { outcome: 'later', because: error.message };
    return refused(`${role} ${clean(error.message, 300)}`);
  }
}

const isApproval = (decision: Decision, { id, revision, rollback }: Incident): boolean =>
  decision.incident === id &&
  decision.revision === revision &&
  decision.about === 'rollback' &&
  decision.decision === 'approved' &&
  decision.planHash === rollback?.planHash;

const plannedAgain = (result: RollbackResult) =>
  result.ok
    ? ({ outcome: 'planned', plan: result.plan } as const)
    : result.gone
      ? ({ outcome: 'in-place' } as const)
      : ({ outcome: 'refused', reason: result.reason } as const);

async function planFor(incident: Incident, askedAt: string, services: ApplyServices): Promise<RollbackResult> {
  const no = (reason: string): RollbackResult => ({ ok: false, gone: false, reason });
  const change = await changeOf(incident, askedAt, services);
  if ('because' in change) return no(change.because);
  const live = await readLive(change, services);
  if ('because' in live) {
    // The message comes again.
    if (live.passes) throw new Error(live.because);
    return no(live.because);
  }
  return planRollback(documentIn(live.text), change, await copiesSince(incident, change, services));
}

/** The change as it was decided on, asked back then. The kept plan may have been altered; a decision tells its hash. */
async function changeOf(
  incident: Incident,
  askedAt: string,
  { incidents }: ApplyServices,
): Promise<Plan | { because: string }> {
  const { id, revision, planHash, change } = incident;
  if (!change || planHash === undefined) return { because: words.notOurs };
  const [plan, decision] = await Promise.all([
    incidents.plan(id, revision, planHash),
    incidents.decision(id, revision),
  ]);
  if (!plan) return { because: words.noPlan };
  const same = plan.hash === planHash && plan.resource === incident.resource;
  if (!same || (decision && decision.planHash !== planHash)) return { because: words.altered };
  return { ...plan, askedAt };
}

type Live = { readonly text: unknown } | { readonly because: string; readonly passes: boolean };

async function readLive(change: Plan, { readers }: ApplyServices): Promise<Live> {
  const { resource, owner, region } = change;
  const answer = await readers.read(
    'backup:GetBackupVaultAccessPolicy',
    { account: owner, region },
    { input: { BackupVaultName: vaultName(resource) }, resource },
  );
  if (!isRefused(answer)) return { text: answer['Policy'] };
  if (answer.error === 'ResourceNotFoundException') return { text: undefined };
  const { reason } = readRefused({ name: answer.error, message: answer.message ?? '' }, change);
  return { because: reason, passes: passesByItself(answer.error) };
}

/** As planRollback wants it. */
function documentIn(text: unknown) {
  if (text === undefined) return null;
  const parsed = parsePolicy(text);
  return parsed.ok ? parsed.document : undefined;
}

/** Copies of the account that gained access, from every Region that the incident knows. */
async function copiesSince(
  { id, change }: Incident,
  { resource, grantee }: Plan,
  { incidents, completed }: ApplyServices,
): Promise<Since | undefined> {
  if (!change) return undefined;
  const regions = new Set<string>();
  for await (const { failure } of incidents.jobs(id)) if (failure.account === grantee) regions.add(failure.region);
  const lists = await Promise.all(
    [...regions].map((region) => completed({ account: grantee, region }, resource, change.at)),
  );
  const copies = lists.reduce<number | undefined>(
    (sum, list) =>
      sum === undefined || list === undefined
        ? undefined
        : sum + list.copies.filter(({ completedAt }) => completedAt > change.at).length,
    regions.size > 0 ? 0 : undefined,
  );
  return { at: change.at, copies };
}

/** What this batch has read may be older than what somebody has changed since. */
const fresh = (services: ApplyServices): ApplyServices => ({
  ...services,
  readers: new Readers(services.credentialsOf, { now: () => services.now().getTime() }),
});

const refused = (because: string): Ended => ({ outcome: 'refused', because });

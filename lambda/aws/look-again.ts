import { diagnose } from '../core/diagnose';
import { isRefused, type Response } from '../core/evidence';
import type { Incident, IncidentEvent } from '../core/incident/incident';
import { newerCopies } from '../core/incident/newer-copies';
import { proposalsOf } from '../core/incident/proposals';
import type { Job } from '../core/incident/shown';
import { causesStand, policyStands } from '../core/plan/policy-stands';
import type { Plan, PlanSettings } from '../core/plan/plan';
import { parsePolicy } from '../core/policy/parse';
import type { PolicyDocument } from '../core/policy/policy';
import { vaultName } from '../core/arn';
import type { CompletedCopies } from './completed-copies';
import { gather } from './gather-evidence';
import type { Incidents } from './incidents';
import { join, type JoinServices } from './join-failure';
import type { Readers } from './readers';

export interface LookServices extends JoinServices {
  readonly incidents: Incidents;
  readonly readers: Readers;
  readonly completed: CompletedCopies;
  readonly settings: PlanSettings;
  readonly now: () => Date;
}

/** Successful copies are listed at most once in so many milliseconds; so many failures are taken off in one look. */
const LIST_EVERY = 60 * 60_000;
const MOST_MARKS = 500;
const AT_ONCE = 10;

type Seen = Extract<IncidentEvent, { kind: 'looked' }>['policy'];

/**
 * Looks whether the change of an incident is in place, whether the policy is still the one that its plan was made for,
 * and which failures have a newer copy. What cannot be read changes nothing; a look that failed moves on as well.
 */
export async function lookAgain(incident: Incident, services: LookServices): Promise<void> {
  const { incidents, now } = services;
  // As of its beginning: what came after it says more.
  const at = now().toISOString();
  const copies = await lookForCopies(incident, services);
  const policy = copies.open === 0 ? 'unknown' : await lookAtPolicy(incident, services);
  // The next revision has its own time to look.
  if (policy === 'proposed-again') return;
  await incidents.change(incident.id, { kind: 'looked', at, policy, ...copies });
}

async function lookAtPolicy(incident: Incident, services: LookServices): Promise<Seen | 'proposed-again'> {
  const { id, revision, planHash, state } = incident;
  if (planHash === undefined || (state !== 'proposed' && state !== 'approved' && state !== 'stale')) {
    return 'unknown';
  }
  const plan = await services.incidents.plan(id, revision, planHash);
  if (!plan) return 'unknown';
  const response = await livePolicy(plan, services.readers);
  const policy = documentIn(response);
  if (policy === 'unreadable') return 'unknown';
  // What went stale is proposed again also where the policy is back to what it was.
  if (policyStands(policy.document, plan) === 'before' && state !== 'stale') return 'as-planned';
  return diagnoseAgain(incident, services);
}

/** The same failure against what is there now; what it finds joins as any failure does. */
async function diagnoseAgain(incident: Incident, services: LookServices): Promise<Seen | 'proposed-again'> {
  const { id, revision, planHash } = incident;
  const { incidents, readers, settings } = services;
  const [opening] = await incidents.evidence(id);
  if (!opening) return 'unknown';
  // A failure of the past was told in a summary; what has become of it since is not.
  const failure = { ...opening.evidence.failure, summary: false };
  const { evidence, readAt } = await gather(failure, readers);
  const diagnosis = diagnose(evidence);
  const stands = causesStand(incident, diagnosis);
  if (stands === 'gone') return 'in-place';
  if (stands === 'unknown' || Object.values(evidence.responses).some(passes)) return 'unknown';
  const proposed = proposalsOf(evidence, diagnosis, settings);
  await join(failure, evidence, new Date(readAt).toISOString(), proposed, services);
  const after = await incidents.head(id);
  if (after && after.revision !== revision) return 'proposed-again';
  const same = proposed.some(({ proposal }) => proposal.id === id && proposal.planHash === planHash);
  return same ? 'as-planned' : 'changed';
}

/** Trouble that is gone a moment later: the next look knows more. */
const passes = (response: Response): boolean =>
  isRefused(response) &&
  /^(TooManyRequests|RequestLimit|ServiceUnavailable|Internal|TimeoutError)|Throttl/.test(response.error);

const livePolicy = ({ kind, resource, owner, region }: Plan, readers: Readers): Promise<Response> => {
  const place = { account: owner, region };
  return kind === 'vault-policy'
    ? readers.read('backup:GetBackupVaultAccessPolicy', place, {
        input: { BackupVaultName: vaultName(resource) },
        resource,
      })
    : readers.read('kms:GetKeyPolicy', place, { input: { KeyId: resource, PolicyName: 'default' }, resource });
};

/** `document`: as policyStands wants it. */
function documentIn(response: Response): { readonly document: PolicyDocument | null | undefined } | 'unreadable' {
  if (isRefused(response)) return response.error === 'ResourceNotFoundException' ? { document: null } : 'unreadable';
  const text = response['Policy'];
  if (text === undefined) return { document: null };
  const parsed = parsePolicy(text);
  return { document: parsed.ok ? parsed.document : undefined };
}

interface Copies {
  readonly listed: boolean;
  readonly open?: number;
}

async function lookForCopies(incident: Incident, services: LookServices): Promise<Copies> {
  const { incidents, completed, now } = services;
  const { id, state, listedAt } = incident;
  const lately = listedAt !== undefined && now().getTime() - Date.parse(listedAt) < LIST_EVERY;
  // The last look at what is resolved is for failures that came in while it was being resolved.
  if (lately && state !== 'resolved') return { listed: false };
  const jobs = await all(incidents.jobs(id, { openOnly: true }));
  if (jobs.length === 0) return (await isEmpty(incidents.jobs(id))) ? { listed: false } : { listed: false, open: 0 };
  const answers = await Promise.all(
    targetsOf(jobs).map(({ source, vaultArn, since }) => completed(source, vaultArn, since)),
  );
  const copies = answers.flatMap((answer) => answer ?? []);
  const found = newerCopies(jobs, copies).slice(0, MOST_MARKS);
  for (let start = 0; start < found.length; start += AT_ONCE) {
    const part = found.slice(start, start + AT_ONCE);
    await Promise.all(part.map(({ copyJobId, by }) => incidents.markCopied(id, copyJobId, by)));
  }
  if (answers.includes(undefined)) return { listed: false };
  return { listed: found.length < MOST_MARKS, open: jobs.length - found.length };
}

/** What has to be listed for these failures, and since when. */
function targetsOf(jobs: readonly Job[]) {
  const targets = new Map<string, { source: { account: string; region: string }; vaultArn: string; since: string }>();
  for (const { failure, failedAt } of jobs) {
    const { account, region, destinationVaultArn: vaultArn } = failure;
    const key = `${account}/${region}#${vaultArn}`;
    const known = targets.get(key);
    if (!known || failedAt < known.since) targets.set(key, { source: { account, region }, vaultArn, since: failedAt });
  }
  return [...targets.values()];
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

async function isEmpty(list: AsyncIterable<unknown>): Promise<boolean> {
  for await (const one of list) return one === undefined;
  return true;
}

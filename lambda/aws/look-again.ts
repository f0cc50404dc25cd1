import { aboutKey } from '../core/copy-keys';
import { diagnose } from '../core/diagnose';
import { isRefused, type Response } from '../core/evidence';
import type { Incident, IncidentState } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import { causesStand, policyStands } from '../core/plan/policy-stands';
import type { Plan, PlanSettings } from '../core/plan/plan';
import { parsePolicy } from '../core/policy/parse';
import type { PolicyDocument } from '../core/policy/policy';
import { vaultName } from '../core/arn';
import type { CompletedCopies } from './completed-copies';
import { diagnoseNow } from './diagnose-now';
import type { Incidents } from './incidents';
import { join, type JoinServices } from './join-failure';
import { all, markCopied, MOST_MARKS } from './mark-copied';
import { refreshNewestCopies } from './newest-copies';
import type { Readers } from './readers';

export interface LookServices extends JoinServices {
  readonly incidents: Incidents;
  readonly readers: Readers;
  readonly completed: CompletedCopies;
  readonly settings: PlanSettings;
  readonly now: () => Date;
}

/** Successful copies are listed at most once in so many milliseconds. */
const LIST_EVERY = 60 * 60_000;

/** States in which somebody may still make the change. */
const CHANGEABLE: readonly IncidentState[] = ['proposed', 'approved', 'stale', 'refused'];

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
  await incidents.change(incident.id, {
    kind: 'looked',
    at,
    endedAt: now().toISOString(),
    policy,
    ...copies,
  });
}

async function lookAtPolicy(incident: Incident, services: LookServices): Promise<Seen | 'proposed-again'> {
  const { id, revision, planHash, state } = incident;
  if (planHash === undefined || !CHANGEABLE.includes(state)) return 'unknown';
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
export async function diagnoseAgain(incident: Incident, services: LookServices): Promise<Seen | 'proposed-again'> {
  const { id, revision, planHash } = incident;
  const { incidents } = services;
  const [opening] = await incidents.evidence(id);
  if (!opening) return 'unknown';
  // A failure of the past was told in a summary; what has become of it since is not.
  const failure = { ...opening.evidence.failure, summary: false };
  const { evidence, readAt, diagnosis, proposed, passing } = await diagnoseNow(failure, services);
  // Of several keys behind an image, each has an incident of its own.
  const own = incident.kind === 'key-policy' ? diagnose(aboutKey(evidence, incident.resource)) : diagnosis;
  const stands = causesStand(incident, own);
  if (stands === 'gone') return 'in-place';
  if (stands === 'unknown' || passing) return 'unknown';
  await join(failure, evidence, readAt, proposed, services);
  const after = await incidents.head(id);
  if (after && after.revision !== revision) return 'proposed-again';
  const same = proposed.some(({ proposal }) => proposal.id === id && proposal.planHash === planHash);
  return same ? 'as-planned' : 'changed';
}

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
  readonly cut?: boolean;
  readonly open?: number;
}

async function lookForCopies(incident: Incident, services: LookServices): Promise<Copies> {
  const { incidents, now } = services;
  const { id, state, listedAt } = incident;
  const lately = listedAt !== undefined && now().getTime() - Date.parse(listedAt) < LIST_EVERY;
  // The last look at what is resolved is for failures that came in while it was being resolved.
  if (lately && state !== 'resolved') return { listed: false };
  const jobs = await all(incidents.jobs(id));
  // What is left out has no copy either: only a newer one mends it. Once it was told so, it opens nothing again.
  const open = jobs.filter(
    ({ copiedBy, leftOut }) => copiedBy === undefined && (state !== 'resolved' || leftOut === undefined),
  );
  if (open.length === 0) return jobs.length === 0 ? { listed: false } : { listed: false, open: 0 };
  // First, since it looks further back: the same list then answers both.
  await refreshNewestCopies(incident, services);
  const { found, complete, cut } = await markCopied(id, open, services);
  if (!complete && found.length < MOST_MARKS) return { listed: false };
  return { listed: complete, cut, open: open.length - found.length };
}

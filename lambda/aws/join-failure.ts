import type { Config } from '../config';
import type { CopyFailure } from '../core/copy-failure';
import { copyJob, type Evidence } from '../core/evidence';
import { AT_REST, nextDue, type Incident } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import type { Proposed } from '../core/incident/proposals';
import { reduce } from '../core/incident/reduce';
import type { Job, StoredEvidence } from '../core/incident/shown';
import type { Incidents } from './incidents';
import { hint } from './outbox';

export interface JoinServices {
  readonly incidents: Incidents;
  readonly config: Pick<Config, 'workQueueUrl' | 'region'>;
  readonly now: () => Date;
}

export interface JoinOptions {
  /** True: an incident that is open already keeps this evidence too, if it has less than 3. */
  readonly further?: boolean;
  /** True: the cause was seen just now, long after the failure. What is mended by its own account is not, and opens again. */
  readonly seenNow?: boolean;
}

/**
 * A failure that was diagnosed in full joins the incidents of its causes, or opens them; gives them as they are then.
 * COPYJOB and JOB are written before HEAD and put if absent, so that a second try completes what a crash left.
 */
export async function join(
  failure: CopyFailure,
  evidence: Evidence,
  readAt: string,
  proposals: readonly Proposed[],
  services: JoinServices,
  { further = false, seenNow = false }: JoinOptions = {},
): Promise<readonly Incident[]> {
  const { incidents, now } = services;
  const { copyJobId } = failure;
  await incidents.putCopyJob(
    copyJobId,
    proposals.map(({ proposal }) => proposal.id),
  );
  // One time for all, so that incidents of one failure are told in one mail.
  const at = now().toISOString();
  const joined = await Promise.all(
    proposals.map(async ({ proposal, planned }) => {
      const { id } = proposal;
      const head = await incidents.head(id);
      const mended = seenNow && (head?.state === 'resolved' || head?.state === 'applied');
      const event: IncidentEvent = {
        kind: 'failed',
        at,
        failedAt: mended ? readAt : failedAt(failure),
        copyJobId,
        readAt,
        proposal,
        ...(failure.summary ? { summary: true } : {}),
      };
      const expected = reduce(head, event).incident;
      await incidents.putJob(id, jobOf(failure, 'diagnosed', expected?.revision ?? 1, sizeIn(evidence)));
      const stored = ({ revision }: Incident): StoredEvidence => ({ evidence, readAt, copyJobId, revision });
      const { after, changed } = await incidents.change(id, event, async (next) => {
        if (planned?.ok) await incidents.putPlan(id, next.revision, planned.plan);
        await incidents.putEvidence(id, 1, stored(next));
      });
      if (!after) throw new Error(`incident ${id} is not there after copy job ${copyJobId} joined it`);
      if (changed) await hintAt(after, services);
      else if (further) await keepFurther(after, stored(after), incidents);
      return after;
    }),
  );
  return joined;
}

/** A failure as an incident holds it. */
export const jobOf = (
  failure: CopyFailure,
  way: Job['way'],
  revision: number,
  bytes: number | undefined = failure.bytes,
): Job => ({
  copyJobId: failure.copyJobId,
  way,
  failedAt: failedAt(failure),
  failure,
  revision,
  ...(bytes === undefined ? {} : { bytes }),
});

/**
 * True: the incident stands for this failure. What rests does not, if the copy failed after it came to rest: then the
 * failure has to open the next revision, or nobody is told about it.
 */
export const standsFor = ({ state, since }: Incident, failure: CopyFailure): boolean =>
  !AT_REST.includes(state) || failedAt(failure) <= since;

/** In the one form in which times compare as texts. */
const failedAt = ({ time }: CopyFailure): string => new Date(time).toISOString();

function sizeIn(evidence: Evidence): number | undefined {
  const record = copyJob(evidence);
  const size = record.ok ? record.value['BackupSizeInBytes'] : undefined;
  return evidence.failure.bytes ?? (typeof size === 'number' && size >= 0 ? size : undefined);
}

async function hintAt(incident: Incident, { config, now }: JoinServices): Promise<void> {
  const next = nextDue(incident);
  if (!next) return;
  try {
    await hint(config.workQueueUrl, config.region, incident.id, next.due, now());
  } catch {
    // Only speed is lost: the tick sends it, and fails loudly if nothing can be sent at all.
  }
}

async function keepFurther(incident: Incident, stored: StoredEvidence, incidents: Incidents): Promise<void> {
  if (incident.openedBy === stored.copyJobId) return;
  if (await incidents.putEvidence(incident.id, 2, stored)) return;
  await incidents.putEvidence(incident.id, 3, stored);
}

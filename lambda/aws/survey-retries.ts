import { lineageOf, surveyed, type Round, type Survey } from '../core/incident/retries';
import type { Incident } from '../core/incident/incident';
import type { Job } from '../core/incident/shown';
import type { Incidents } from './incidents';
import { all, inParts } from './mark-copied';

export interface Surveyed {
  /** All failures of the incident, as they were read. */
  readonly jobs: readonly Job[];
  readonly round: Round;
  readonly survey: Survey;
}

/** Finds out what of an incident has to be copied again, and marks what is not. */
export async function surveyRetries(
  incident: Incident,
  incidents: Incidents,
  retryScope: 'newest' | 'all',
): Promise<Surveyed> {
  const jobs = await all(incidents.jobs(incident.id));
  const open = jobs.filter(({ copiedBy }) => copiedBy === undefined);
  const round = await roundOf(incident, open, incidents);
  const survey = surveyed(open, round, { retryScope });
  await inParts(survey.leaveOut, ({ copyJobId, reason }) => incidents.leaveOut(incident.id, copyJobId, reason));
  return { jobs, round, survey };
}

/** What these failures are judged by. */
export async function roundOf(incident: Incident, jobs: readonly Job[], incidents: Incidents): Promise<Round> {
  const lineages = await incidents.knownCopyJobs(jobs.map(({ copyJobId }) => copyJobId));
  const others = new Set(jobs.flatMap((job) => lineageOf(job, { lineages }).incidents));
  others.delete(incident.id);
  const heads = await incidents.heads([...others]);
  return { incident, lineages, others: new Map(heads.map((head) => [head.id, head])) };
}

import type { Incident } from '../../lambda/core/incident/incident';
import type { NewestCopies } from '../../lambda/core/incident/newest-copies';
import type { Counted, LogEntry, Retried, StoredEvidence } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';
import { awsError } from './aws-errors';
import { commandFor, type Hub } from './hub';
import { CliError, progress, type Io } from './io';
import { incidentsOf, isDenied } from './table-of-hub';

/** Everything that is known of an incident. */
export interface Story {
  readonly incident: Incident;
  readonly plan?: Plan | undefined;
  readonly counted: Counted;
  readonly evidence: readonly StoredEvidence[];
  readonly retried?: Retried | undefined;
  /** How old the newest good copies were when that was last looked at. */
  readonly newest?: NewestCopies | undefined;
  /** What a rollback takes away, or took away. */
  readonly rollback?: Plan | undefined;
  /** Undefined: not readable for the caller. */
  readonly log?: readonly LogEntry[] | undefined;
}

/** From the table; for whoever may not read it, from the approve function, which says less. */
export async function storyOf(io: Io, hub: Hub, id: string): Promise<Story> {
  try {
    return await fromTable(hub, id);
  } catch (error) {
    if (!isDenied(error)) throw awsError(`DynamoDB, table ${hub.outputs['TableName']}`, error);
  }
  progress(io, 'You may not read the table, so this comes from the approve function, without the log.');
  const shown = await hub.incident(id);
  return { ...shown, evidence: shown.evidence ? [shown.evidence] : [] };
}

async function fromTable(hub: Hub, id: string): Promise<Story> {
  const incidents = incidentsOf(hub);
  const incident = await incidents.head(id);
  if (!incident) {
    throw new CliError(
      `there is no incident ${id} in account ${hub.account}, Region ${hub.region}: \`${commandFor(hub, 'incidents', '--all')}\` lists all`,
    );
  }
  const planOf = (hash: string | undefined) =>
    hash === undefined ? undefined : incidents.plan(id, incident.revision, hash);
  const [plan, rollback, { counted, retried }, newest, evidence, log] = await Promise.all([
    planOf(incident.planHash),
    planOf(incident.rollback?.planHash),
    incidents.countBoth(id),
    incidents.newest(id),
    incidents.evidence(id),
    incidents.log(id),
  ]);
  return { incident, plan, rollback, counted, retried, newest, evidence, log };
}

import type { DiagnoseConfig } from '../config';
import type { CopyFailure } from '../core/copy-failure';
import { diagnose } from '../core/diagnose';
import { isRefused, type Evidence } from '../core/evidence';
import type { Incident } from '../core/incident/incident';
import { proposalsOf } from '../core/incident/proposals';
import { gather, type GatherOptions } from './gather-evidence';
import type { Incidents } from './incidents';
import { join, standsFor, type JoinOptions, type JoinServices } from './join-failure';
import type { KeptAnswers } from './kept-answers';
import { Readers, type CredentialsOf } from './readers';
import type { UnknownTexts } from './unknown-messages';

/** A failure and the message that told of it. */
export interface Told {
  readonly messageId: string;
  readonly failure: CopyFailure;
  /** How often the queue has handed it out, this time included. */
  readonly received: number;
  /** A copy that the service started again: it tells of itself alone, and nothing is assumed of it. */
  readonly retry?: boolean;
}

export interface DiagnoseServices extends JoinServices {
  readonly incidents: Incidents;
  readonly config: DiagnoseConfig;
  readonly credentialsOf: CredentialsOf;
  readonly kept: KeptAnswers;
  readonly log: Log;
}

/** Structured: a text and what it is about. */
export type Log = Readonly<Record<'info' | 'warn' | 'error', (text: string, about: Record<string, unknown>) => void>>;

/** What one batch has in common. */
export interface Batch extends DiagnoseServices {
  readonly readers: Readers;
  /** Incidents as they were when they were last read or written. */
  readonly heads: Map<string, Incident>;
  readonly unknown: UnknownTexts;
}

/** What a full diagnosis tells about failures of the same kind. */
export interface Found {
  readonly incidents: readonly string[];
  readonly causes: readonly string[];
}

/** Reads, diagnoses and joins one failure. Undefined: nothing is learned from it about others. */
export async function diagnoseInFull(
  { failure, received, retry = false }: Told,
  batch: Batch,
  options: GatherOptions & JoinOptions,
): Promise<Found | undefined> {
  const { config, credentialsOf, now, log } = batch;
  const once = async (readers: Readers) => {
    const { evidence, readAt } = await gather(failure, readers, options);
    const passing = passingTrouble(evidence);
    // Once more for what passes by itself; the second time the mail says what could not be read.
    if (passing !== undefined && received < 2) throw new Error(passing);
    const diagnosis = diagnose(evidence);
    const proposals = proposalsOf(evidence, diagnosis, config.settings);
    const joined = await join(failure, evidence, new Date(readAt).toISOString(), proposals, batch, options);
    remember(batch, joined);
    return { diagnosis, joined, passing };
  };
  let { diagnosis, joined, passing } = await once(batch.readers);
  if (!joined.every((head) => standsFor(head, failure))) {
    // An incident came to rest after an answer that is still kept was read: only fresh ones open it again.
    ({ diagnosis, joined, passing } = await once(new Readers(credentialsOf, { now: () => now().getTime() })));
    const resting = joined.find((head) => !standsFor(head, failure));
    if (resting) throw new Error(`incident ${resting.id} was ${resting.state} a moment ago, and has to open again`);
  }
  const causes = diagnosis.causes.map(({ id }) => id);
  log.info('diagnosed', {
    copyJobId: failure.copyJobId,
    causes: diagnosis.causes.map(({ id, confidence }) => `${id}:${confidence}`),
    notCheckable: diagnosis.notCheckable.map(({ id }) => id),
    incidents: joined.map(({ id, state, revision }) => `${id}:${state}:${revision}`),
  });
  if (!failure.drill) {
    const { copyJobId, statusMessage, resourceType } = diagnosis.copy;
    batch.unknown.add(statusMessage, { copyJobId, resourceType, incident: joined[0]?.id, causes });
  }
  // What could not be read, for a moment or for want of a record, stands for no other copy.
  if (failure.drill || retry || passing !== undefined || !diagnosis.copy.recorded) return undefined;
  return { incidents: joined.map(({ id }) => id), causes };
}

/** Errors that are gone a moment later: no reason to tell a person that something is not readable. */
const PASSING = /^(Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|Internal|TimeoutError)|Throttl/;

function passingTrouble({ responses }: Evidence): string | undefined {
  const hit = Object.entries(responses).find(([, response]) => isRefused(response) && PASSING.test(response.error));
  return hit && `${hit[0]} answered ${JSON.stringify(hit[1]['error'])}`;
}

export function remember({ heads }: Batch, incidents: readonly Incident[]): void {
  for (const incident of incidents) heads.set(incident.id, incident);
}

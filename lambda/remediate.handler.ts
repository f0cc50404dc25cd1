import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import type { ApplyServices } from './aws/apply-change';
import { completedCopies } from './aws/completed-copies';
import { toDeadLetters } from './aws/dead-letters';
import { effectSessions } from './aws/effect-session';
import { flush, type FlushServices } from './aws/flush';
import { followRetries } from './aws/follow-retries';
import { reportChange } from './aws/incident-metrics';
import { Incidents } from './aws/incidents';
import { lookAgain } from './aws/look-again';
import { readerSessions } from './aws/reader-sessions';
import { Readers } from './aws/readers';
import { readRemediateConfig } from './config';
import { parseArn } from './core/arn';
import type { Reading } from './core/copy-failure';
import { EFFECTS, type Effect, type Incident } from './core/incident/incident';
import { INCIDENT_ID } from './core/incident/proposals';

const logger = new Logger({ serviceName: 'copy-doctor-remediate' });

export const handler = handlerWith(() => new Date());

/**
 * One batch of incidents with something to do, each: absorb what was decided or asked for, do what is due. Then one flush tells all that
 * is to be told. Whatever fails comes again; nothing is lost with a message, for the tick sends what is still due.
 */
export function handlerWith(now: () => Date): (event: SQSEvent) => Promise<SQSBatchResponse> {
  let deployed: ReturnType<typeof readDeployment> | undefined;
  return async ({ Records }) => {
    deployed ??= readDeployment(now);
    const services = forOneBatch(deployed);
    const done = await Promise.all(Records.map((record) => remediateOne(record, services)));
    const untold = done.some(({ tell }) => tell) && !(await told(services));
    const failed = done.filter(({ ok, tell }) => !ok || (tell && untold));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

type Services = FlushServices & ApplyServices;

/** What became of a message: `tell` = its incident has something to tell by now. */
interface Done {
  readonly messageId: string;
  readonly ok: boolean;
  readonly tell: boolean;
}

async function remediateOne(record: SQSRecord, services: Services): Promise<Done> {
  const { messageId } = record;
  try {
    const id = incidentIn(record.body);
    if (!id.ok) {
      logger.warn('message refused', { messageId, reason: id.reason });
      const { deadLetterQueueUrl, region } = services.config;
      await toDeadLetters(deadLetterQueueUrl, region, record.body, id.reason);
      return { messageId, ok: true, tell: false };
    }
    const incident = await absorb(id.value, services);
    if (!incident) {
      // A hint may be older than a write that was lost to another.
      logger.info('no such incident', { messageId, incident: id.value });
      return { messageId, ok: true, tell: false };
    }
    const after = await doWhatIsDue(incident, services);
    return { messageId, ok: true, tell: isDue(after, 'notify', services.now()) };
  } catch (error) {
    logger.error('message failed, it comes again', { messageId, error: asError(error) });
    return { messageId, ok: false, tell: false };
  }
}

/** First of all: what a person decided in time counts, whatever has become due since. */
async function absorb(id: string, services: Services): Promise<Incident | undefined> {
  const incident = await services.incidents.head(id);
  if (incident?.state === 'proposed' || incident?.state === 'expired') {
    return absorbDecision(incident, 'change', incident.planHash, services);
  }
  if (incident?.state === 'rollback-proposed') {
    return absorbDecision(incident, 'rollback', incident.rollback?.planHash, services);
  }
  return incident && CAN_BE_TAKEN_BACK.includes(incident.state) ? absorbRollbackRequest(incident, services) : incident;
}

/** Nothing is under way. */
const CAN_BE_TAKEN_BACK: readonly Incident['state'][] = ['resolved', 'not-cured', 'applied', 'reopened'];

async function absorbDecision(
  incident: Incident,
  about: 'change' | 'rollback',
  planHash: string | undefined,
  { incidents, now }: Services,
): Promise<Incident | undefined> {
  const { id, revision } = incident;
  const decision = await incidents.decision(id, revision, about, planHash);
  if (!decision) return incident;
  const kind = about === 'change' ? 'decided' : 'rollback-decided';
  const { after, changed } = await incidents.change(id, { kind, at: now().toISOString(), decision });
  if (changed) logger.info(kind, { incident: id, decision: decision.decision, by: decision.by });
  return after;
}

/** Planned at once: whoever asks waits for it. A request is answered once, and a newer one is another. */
async function absorbRollbackRequest(incident: Incident, services: Services): Promise<Incident | undefined> {
  const { incidents } = services;
  const { id, revision, change, rollback } = incident;
  if (!change) return incident;
  const request = await incidents.rollbackRequest(id, revision);
  if (!request || request.at <= (rollback?.requestedAt ?? '')) return incident;
  await alone(incident, services, async () => (await rollbacks()).planRollbackNow(incident, request, services));
  const after = await incidents.head(id);
  logger.info('rollback asked for', { incident: id, by: request.by, to: after?.state });
  return after;
}

/**
 * One may make the next due; the tick brings what is left after that. After so many milliseconds none is begun: one may
 * take half a minute, such as starting 25 copies, and mails are told after it, all within the function's 2 minutes.
 */
const MOST_ROUNDS = 4;
const LONGEST = 30_000;

/** Everything but mails, which are told together. */
async function doWhatIsDue(incident: Incident, services: Services): Promise<Incident> {
  const end = services.now().getTime() + LONGEST;
  let before = incident;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const effect = EFFECTS.find((one) => one !== 'notify' && isDue(before, one, services.now()));
    if (!effect) break;
    const due = before.agenda[effect];
    await run(effect, before, services);
    const after = await services.incidents.head(before.id);
    if (!after) break;
    logger.info(effect, { incident: after.id, from: before.state, to: after.state });
    before = after;
    if (after.agenda[effect] === due || services.now().getTime() > end) break;
  }
  return before;
}

async function run(effect: Effect, incident: Incident, services: Services): Promise<void> {
  const at = services.now().toISOString();
  switch (effect) {
    case 'expire':
    case 'remind':
    case 'settle':
      await services.incidents.change(incident.id, { kind: effect, at });
      return;
    case 'apply':
      return alone(incident, services, async () => (await changes()).applyChange(incident, services));
    case 'rollback':
      return alone(incident, services, async () => (await rollbacks()).rollBack(incident, services));
    case 'retry':
      return alone(incident, services, async () => (await retries()).retryCopies(incident, services));
    case 'follow':
      return alone(incident, services, () => followRetries(incident, services));
    case 'look-again':
      return lookAgain(incident, services);
    case 'notify':
      return;
  }
}

// Chunks of their own: most messages are about mails, which change nothing anywhere.
const changes = () => import('./aws/apply-change');
const rollbacks = () => import('./aws/rollback');
const retries = () => import('./aws/retry-copy');

/** Longer than the function runs, so that two never do the same. */
const LEASE_MS = 3 * 60_000;

/** One at a time for an incident. What another one is at stays due, and comes again. */
async function alone({ id }: Incident, { incidents }: Services, act: () => Promise<void>): Promise<void> {
  const [name, owner] = [`INCIDENT#${id}`, randomUUID()];
  if (!(await incidents.lease(name, owner, LEASE_MS))) return;
  try {
    await act();
  } finally {
    await incidents.release(name, owner);
  }
}

const isDue = ({ agenda }: Incident, effect: Effect, now: Date): boolean => {
  const due = agenda[effect];
  return due !== undefined && due <= now.toISOString();
};

/** False: something could not be told. */
async function told(services: Services): Promise<boolean> {
  try {
    const flushed = await flush(services);
    if (flushed.held > 0) logger.warn('held back: nobody has confirmed the subscription', { ...flushed });
    else logger.info('told', { ...flushed });
    return true;
  } catch (error) {
    logger.error('not told, it comes again', { error: asError(error) });
    return false;
  }
}

/** `{"incident": "<id>"}`, and nothing else. */
function incidentIn(body: string): Reading<string> {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return { ok: false, reason: 'the message is not JSON' };
  }
  const id = typeof message === 'object' && message !== null ? Object.entries(message) : [];
  const [[name, value] = [], ...others] = id;
  if (name !== 'incident' || others.length > 0) return { ok: false, reason: 'the message is not {"incident": "<id>"}' };
  if (typeof value === 'string' && INCIDENT_ID.test(value)) return { ok: true, value };
  return { ok: false, reason: '"incident" is not the id of an incident' };
}

/** What lives as long as the function. */
function readDeployment(now: () => Date) {
  const config = readRemediateConfig();
  const { settings, hubAccount, region, topicArn, tableName } = config;
  const place = {
    partition: parseArn(topicArn)?.partition ?? 'aws',
    region,
    accounts: new Set([hubAccount, ...settings.destinations.map((arn) => parseArn(arn)?.account ?? '')]),
  };
  const credentialsOf = readerSessions({
    ...place,
    readerRoleName: config.readerRoleName,
    organizationReaderArn: config.organizationReaderArn,
    keyAccounts: config.keyAccounts,
    now: () => now().getTime(),
    sessionName: 'copy-doctor-remediate',
  });
  const roleNames = { 'vault-writer': config.vaultWriterRoleName, retrier: config.retrierRoleName };
  const openSession = effectSessions({ ...place, roleNames });
  const incidents = new Incidents(tableName, region, now, undefined, reportChange(config.deployment));
  return { config, settings, credentialsOf, openSession, incidents, now };
}

/** What is read is shared within one batch, and read again for the next. */
function forOneBatch(deployed: ReturnType<typeof readDeployment>): Services {
  const readers = new Readers(deployed.credentialsOf, { now: () => deployed.now().getTime() });
  return { ...deployed, readers, completed: completedCopies(readers) };
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

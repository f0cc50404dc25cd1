import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RemediateConfig } from '../config';
import type { Telling } from '../core/incident/incident';
import { retryOf } from '../core/incident/judge-decision';
import { mailsDue, tellingBy, type TellingIncident } from '../core/incident/mails-due';
import { isOwnPlan } from '../core/plan/own-plan';
import { renderDigest, renderTelling, type MailContext, type ToldIncident } from '../core/render/incident-mail';
import type { CompletedCopies } from './completed-copies';
import { reportHeld } from './held-metric';
import type { Incidents } from './incidents';
import { readNewestCopies } from './newest-copies';
import { newestLists, type NewestLists } from './newest-lists';
import { publish } from './notify';
import { hasConfirmedSubscriber } from './subscriptions';
import { templateOwner, type TemplateServices } from './template-owner';

export interface FlushServices extends TemplateServices {
  readonly config: RemediateConfig;
  readonly incidents: Incidents;
  readonly now: () => Date;
  /** Without it no mail tells how old the newest copies are. */
  readonly completed?: CompletedCopies;
  /** Within bounds that all mails share. */
  readonly lists?: NewestLists;
  /** Waits so many milliseconds between two mails. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** What came of it: mails that went out, incidents that are held back, mails that are left to the next tick. */
export interface Flushed {
  readonly mails: number;
  readonly held: number;
  readonly left: number;
}

const LEASE = 'notify';
/** Longer than the function runs, so that two never publish the same. */
const LEASE_MS = 3 * 60_000;
/** One invocation's share, in incidents that are read, mails and milliseconds. */
const MOST_INCIDENTS = 1_000;
const MOST_MAILS = 40;
const LONGEST = 60_000;
/** At most 5 publishes a second. */
const PACE = 200;
/** So many owners are looked up for one mail; so many calls to the table are made at once. */
const MOST_OWNERS = 20;
const AT_ONCE = 10;
/** Where the owner of the resource may have to make the change. */
const FOR_OWNERS: readonly Telling[] = ['opened', 'stale', 'reminder', 'refused'];
/** How old the newest good copies are is told. */
const WITH_NEWEST: readonly Telling[] = ['opened', 'stale', 'applied', 'reminder'];
/** What came of copying again is told. */
const WITH_RETRIED: readonly Telling[] = ['left-out', 'reopened', 'not-cured', 'resolved'];

/**
 * Tells everything that is due, of all incidents: several become one mail. Each is marked as told only after its mail
 * went out, so that a crash costs one mail twice and never one. Throws the first error after all others were tried.
 */
export async function flush(services: FlushServices): Promise<Flushed> {
  const { incidents } = services;
  const owner = randomUUID();
  // Another one is at it; what it does not see, the next tick does.
  if (!(await incidents.lease(LEASE, owner, LEASE_MS))) return { mails: 0, held: 0, left: 0 };
  try {
    return await flushAlone(services);
  } finally {
    await incidents.release(LEASE, owner);
  }
}

async function flushAlone(services: FlushServices): Promise<Flushed> {
  const { config, incidents, now, pause = wait } = services;
  const started = now();
  const at = started.toISOString();
  const due = tellingBy(await incidents.heads(await incidents.due(at, MOST_INCIDENTS)), at);
  if (due.length === 0) return { mails: 0, held: 0, left: 0 };
  // SNS takes a message that nobody gets without a word: nothing is told until somebody would read it.
  if (!(await hasConfirmedSubscriber(config.topicArn, config.region))) {
    reportHeld(config.deployment, due.length);
    return { mails: 0, held: due.length, left: 0 };
  }
  const { mails, digest } = mailsDue(due, at);
  const all = [
    ...(digest ? [{ group: digest, asDigest: true }] : []),
    ...mails.map((group) => ({ group, asDigest: false })),
  ];
  const { completed } = services;
  const withLists = { ...services, ...(completed ? { lists: newestLists(completed) } : {}) };
  const errors: unknown[] = [];
  let tried = 0;
  for (const mail of all) {
    if (tried === MOST_MAILS || now().getTime() - started.getTime() > LONGEST) break;
    if (tried > 0) await pause(PACE);
    tried += 1;
    try {
      await tell(mail, at, withLists);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return { mails: tried, held: 0, left: all.length - tried };
}

interface Mail {
  readonly group: readonly TellingIncident[];
  readonly asDigest: boolean;
}

/** One mail, and then the event for each incident in it. */
async function tell({ group, asDigest }: Mail, at: string, services: FlushServices): Promise<void> {
  const { config, incidents } = services;
  const [first] = group;
  if (!first) return;
  const withOwners = await eachOf(group, (incident, index) =>
    index < MOST_OWNERS ? withOwner(incident, services) : Promise.resolve(incident),
  );
  const told = await eachOf(withOwners, async (incident) => ({
    ...(await toldIncident(incident, services)),
    // A mail about many has no room for it.
    ...(asDigest ? {} : await withNewest(incident, services)),
  }));
  const context = contextOf(config, at);
  if (asDigest) {
    await publish(config.topicArn, config.region, renderDigest(told, context), config.hubAccount);
  } else {
    const evidence = (await incidents.evidence(first.id)).find(({ revision }) => revision === first.revision);
    const message = renderTelling(first.tell, told, evidence, context);
    await publish(config.topicArn, config.region, message, evidence?.evidence.failure.account ?? config.hubAccount);
  }
  // As of when it was read: what has become due since has not been told.
  await eachOf(withOwners, ({ id, tell: telling, revision, template }) =>
    incidents.change(id, { kind: 'told', at, telling, revision, ...(template ? { template } : {}) }),
  );
}

/** Who mends it has to know whether a stack would undo that. */
async function withOwner(incident: TellingIncident, services: TemplateServices): Promise<TellingIncident> {
  const { tell: telling } = incident;
  if (incident.template || !FOR_OWNERS.includes(telling)) return incident;
  const template = await templateOwner(incident, services);
  return template ? { ...incident, template } : incident;
}

async function toldIncident(incident: TellingIncident, { incidents, config }: FlushServices): Promise<ToldIncident> {
  const { id, revision, planHash, rollback, tell: telling } = incident;
  const planOf = async (hash: string | undefined) => {
    const plan = hash === undefined ? undefined : await incidents.plan(id, revision, hash);
    return plan && isOwnPlan(plan, hash) ? plan : undefined;
  };
  const count = async () => ({ counted: await incidents.count(id), retried: undefined });
  const [{ counted, retried }, plan, rollbackPlan] = await Promise.all([
    WITH_RETRIED.includes(telling) ? incidents.countBoth(id) : count(),
    planOf(planHash),
    telling === 'rollback-proposed' ? planOf(rollback?.planHash) : undefined,
  ]);
  return {
    // As the settings are now: what is told is what will be done.
    incident: { ...incident, retry: retryOf(incident, config.settings) },
    counted,
    ...(plan ? { plan } : {}),
    ...(retried ? { retried } : {}),
    ...(rollbackPlan ? { rollbackPlan } : {}),
  };
}

/** Only a line in a mail: whatever fails here, the mail goes out without it. */
async function withNewest(
  incident: TellingIncident,
  { incidents, completed, lists, now }: FlushServices,
): Promise<Pick<ToldIncident, 'newest'>> {
  if (!completed || !WITH_NEWEST.includes(incident.tell)) return {};
  try {
    const newest = await readNewestCopies(incident, { incidents, completed, now, ...(lists ? { lists } : {}) });
    return newest ? { newest } : {};
  } catch {
    return {};
  }
}

const contextOf = (config: RemediateConfig, now: string): MailContext => ({
  now,
  mailDetail: config.mailDetail,
  retryScope: config.retryScope,
  deployment: {
    name: config.deployment,
    stackName: config.stackName,
    region: config.region,
    hubAccount: config.hubAccount,
    organizationId: config.organizationId,
    destinations: config.settings.destinations,
  },
});

/** In order, a few at a time. */
async function eachOf<T, R>(list: readonly T[], act: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let start = 0; start < list.length; start += AT_ONCE) {
    const part = list.slice(start, start + AT_ONCE);
    done.push(...(await Promise.all(part.map((one, offset) => act(one, start + offset)))));
  }
  return done;
}

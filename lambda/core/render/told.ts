import { parseArn, shortName, vaultName } from '../arn';
import type { Incident } from '../incident/incident';
import type { NewestCopies } from '../incident/newest-copies';
import type { Counted, Retried } from '../incident/shown';
import { later, TIMES } from '../incident/times';
import type { Plan } from '../plan/plan';
import type { Deployment } from '../report';
import { incident as words, type Hub, type Thing } from '../text/en/incident';
import { mail } from '../text/en/mail';
import { sizeOf } from '../text/size';
import { plain } from './layout';

/** An incident that has something to tell, with what belongs to it. */
export interface ToldIncident {
  readonly incident: Incident;
  readonly plan?: Plan | undefined;
  readonly counted: Counted;
  /** How old the newest good copies are, where that is told. */
  readonly newest?: NewestCopies | undefined;
  /** What came of copying again, where that is told. */
  readonly retried?: Retried | undefined;
  /** What a rollback would remove, where one is to be decided. */
  readonly rollbackPlan?: Plan | undefined;
}

export interface MailContext {
  readonly deployment: Deployment;
  /** `short`: no policies, and no ids but the incident's. */
  readonly mailDetail: 'full' | 'short';
  /** ISO. */
  readonly now: string;
  /** Which failed copies are started again; absent: the newest of each resource. */
  readonly retryScope?: 'newest' | 'all';
}

// How an incident, its numbers and its times are called in a mail.

/** What the incident is about. In a short mail only vaults have a name. */
export function thingOf({ resource, owner }: Incident, { mailDetail }: MailContext): Thing {
  const full = mailDetail === 'full';
  const { things } = words;
  const isVault = resource.includes(':backup-vault:');
  const isKey = parseArn(resource)?.service === 'kms';
  const id = full ? plain(shortName(resource), 100) : undefined;
  const name = isVault
    ? things.vault(plain(vaultName(resource), 100))
    : isKey
      ? things.key(id)
      : things.resource(id || undefined);
  return {
    name,
    policy: isVault ? things.vaultPolicy(name) : things.policy(name),
    owner: full ? things.account(plain(owner, 20)) : things.nobody,
    at: full ? things.at(plain(owner, 20)) : '',
  };
}

/** Several causes without a plan are those that AWS's message alone points to: none of them is certain. */
const isUnsettled = ({ kind, causes }: Incident) =>
  causes.length > 1 && kind !== 'vault-policy' && kind !== 'key-policy';

const POSSIBLE = mail.possiblyAlone('');

/** As much of its title as a subject has room for; the title says itself what is not settled. */
export function shortTitleOf(incident: Incident): string {
  const { causes, title } = incident;
  if (isUnsettled(incident)) return mail.several(causes.length);
  const [id = ''] = causes;
  return title.startsWith(POSSIBLE)
    ? mail.possibly(mail.inSubject(id, title.slice(POSSIBLE.length)))
    : mail.inSubject(id, title);
}

/** Why it has no plan, where none was refused: to be continued with a full stop. */
export function whyNoPlan(incident: Incident): string {
  const { kind, causes, title } = incident;
  const { noChange } = words;
  const [id = ''] = causes;
  if (kind === 'drill') return noChange.drill;
  if (kind === 'retry-later') return noChange.passes;
  // The plan of a policy goes with its revision; a look at late failures opens one without.
  if (kind !== 'manual') return noChange.unread;
  if (isUnsettled(incident)) return noChange.unsettled(causes.length);
  if (id === 'uncatalogued') return noChange.unknown;
  return title.startsWith(POSSIBLE) ? noChange.possible(id) : noChange.byHand(id);
}

/** As in a subject: `vault dr`. */
export const bare = (name: string): string => name.replace(/^the /, '');

export function hubOf({ deployment, mailDetail }: MailContext): Hub {
  const { region, hubAccount, stackName } = deployment;
  return {
    region,
    ...(mailDetail === 'full' ? { account: hubAccount } : {}),
    // The commands find a stack of this name by themselves.
    ...(stackName === `copy-doctor-${region}` ? {} : { stack: stackName }),
  };
}

/** A person can decide on it. */
export const isAsked = ({ incident }: ToldIncident): boolean =>
  incident.state === 'proposed' && incident.planHash !== undefined;

/** A person can decide on taking it back. */
export const isRollbackAsked = ({ incident }: ToldIncident): boolean =>
  incident.state === 'rollback-proposed' && incident.rollback?.planHash !== undefined;

/** Its cause passes by itself, and it is copied again without asking. */
export const isWaiting = ({ incident: { kind, state } }: ToldIncident): boolean =>
  kind === 'retry-later' && (state === 'waiting' || state === 'canary' || state === 'retrying');

/** The service has made the change, and nobody was asked. */
export const isUnasked = ({ change, decision }: Incident): boolean => change !== undefined && decision === undefined;

/** Whether the service makes the change once it is approved; a template's resource is changed in the template. */
export const isMadeByService = ({ applies, template }: Incident): boolean =>
  applies === 'service' && template === undefined;

/** Nothing where no copy waits. */
export function countedText({ copies, resources, bytes, withoutSize }: Counted): string | undefined {
  if (copies === 0) return undefined;
  const parts = [
    ...(bytes > 0 ? [sizeOf(bytes)] : []),
    ...(bytes > 0 && withoutSize > 0 ? [words.unknownSize(withoutSize)] : []),
  ];
  return words.counted({ copies, resources, size: parts.join(', ') });
}

/** When the time to answer ends; it begins with the first mail, so with this one where there was none. */
export const expiryOf = ({ expiresAt }: Incident, { now }: MailContext): string =>
  expiresAt ?? later(now, TIMES.expiry);

/** The same for taking a change back. */
export const rollbackExpiryOf = ({ agenda, since }: Incident): string =>
  agenda.expire ?? later(since, TIMES.rollbackExpiry);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long from one time to another, in words. */
export function span(from: string, to: string): string {
  const passed = Math.max(Date.parse(to) - Date.parse(from), 0);
  if (passed < 2 * HOUR) return words.minutes(Math.round(passed / MINUTE));
  return passed < 100 * HOUR ? words.hours(Math.round(passed / HOUR)) : words.days(Math.round(passed / (24 * HOUR)));
}

/** What `approve` asks for. */
export const firstOf = (hash: string): string => hash.slice(0, 12);

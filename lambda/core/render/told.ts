import { parseArn, shortName, vaultName } from '../arn';
import type { Incident } from '../incident/incident';
import { later, TIMES } from '../incident/reduce';
import type { Counted } from '../incident/shown';
import type { Plan } from '../plan/plan';
import type { Deployment } from '../report';
import { incident as words, type Hub, type Thing } from '../text/en/incident';
import { mail } from '../text/en/mail';
import { plain } from './layout';

/** An incident that has something to tell, with what belongs to it. */
export interface ToldIncident {
  readonly incident: Incident;
  readonly plan?: Plan | undefined;
  readonly counted: Counted;
}

export interface MailContext {
  readonly deployment: Deployment;
  /** `short`: no policies, and no ids but the incident's. */
  readonly mailDetail: 'full' | 'short';
  /** ISO. */
  readonly now: string;
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

/** What the incident is about, as far as it is known. */
export const titleOf = (incident: Incident): string =>
  isUnsettled(incident) ? mail.severalFrom(incident.causes.length, incident.title) : incident.title;

/** As much of that as a subject has room for. */
export const shortTitleOf = (incident: Incident): string =>
  isUnsettled(incident)
    ? mail.several(incident.causes.length)
    : mail.inSubject(incident.causes[0] ?? '', incident.title);

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

/** Nothing where no copy waits. */
export function countedText({ copies, resources, bytes, withoutSize }: Counted): string | undefined {
  if (copies === 0) return undefined;
  const parts = [
    ...(bytes > 0 ? [sizeOf(bytes)] : []),
    ...(bytes > 0 && withoutSize > 0 ? [words.unknownSize(withoutSize)] : []),
  ];
  return words.counted({ copies, resources, size: parts.join(', ') });
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

function sizeOf(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const count = bytes / 1000 ** step;
  return `${count < 10 && step > 0 ? Math.round(count * 10) / 10 : Math.round(count)} ${UNITS[step]}`;
}

/** When the time to answer ends; it begins with the first mail, so with this one where there was none. */
export const expiryOf = ({ expiresAt }: Incident, { now }: MailContext): string =>
  expiresAt ?? later(now, TIMES.expiry);

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

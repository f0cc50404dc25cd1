import { wantsRetry, type Incident } from '../incident/incident';
import { copyOf, type Copy } from '../evidence';
import type { StoredEvidence } from '../incident/shown';
import { heal } from '../text/en/heal';
import { incident as words } from '../text/en/incident';
import { mail } from '../text/en/mail';
import { utc } from '../text/utc';
import { plain, quoted, wrap, type Lines } from './layout';
import { countedText, hubOf, isUnasked, thingOf, type MailContext, type ToldIncident } from './told';

/** What there is to tell about one incident: the subject, and the lines under each heading. */
export interface Notice {
  readonly subject: string;
  readonly happened: Lines;
  /** Above the cause; absent: "why". */
  readonly causeHeading?: string;
  readonly toDo?: Lines;
  readonly change?: boolean;
  /** What a rollback removes, and what may rely on it. */
  readonly removal?: Lines;
  readonly relies?: Lines;
  readonly ifApprove?: Lines;
  readonly ifNot?: Lines;
  readonly next?: Lines;
}

// Lines that several notices have.

export const stopped = ({ counted }: ToldIncident): Lines => {
  const text = countedText(counted);
  return text === undefined ? [] : wrap(words.stopped(text));
};

export const show = (text: string, { incident }: ToldIncident, context: MailContext): Lines => [
  ...wrap(text),
  `  ${words.commands.show(hubOf(context), incident.id)}`,
];

/** Who decided, and when; the reason on one line of its own, so that nothing in it looks like ours. */
export function decided({ incident }: ToldIncident, did: string, context: MailContext): Lines {
  const { decision } = incident;
  const full = context.mailDetail === 'full';
  const who = full && decision ? plain(decision.by, 300) : undefined;
  const when = utc(decision?.at ?? incident.since);
  return [
    ...wrap(words.decided(thingOf(incident, context), who, did, when)),
    ...(full && decision?.reason ? [words.reason(quoted(decision.reason))] : []),
  ];
}

/** By whom, as far as it is known, and whether the service made the change. */
export function made(told: ToldIncident, context: MailContext): Lines {
  const { incident } = told;
  const { change, decision } = incident;
  if (isUnasked(incident)) return unaskedLines(told, context);
  return [
    ...(decision?.decision === 'approved' ? decided(told, words.by.approved, context) : []),
    ...(change ? wrap(heal.made(thingOf(incident, context), utc(change.at))) : []),
  ];
}

export const unaskedLines = ({ incident }: ToldIncident, context: MailContext): Lines =>
  wrap(heal.unasked(thingOf(incident, context), utc(incident.change?.at ?? incident.since)));

/** Nothing is left to do, and how to undo it. */
export const takeBack = ({ incident }: ToldIncident, context: MailContext): Lines => [
  heal.nothingToDo,
  ...(incident.change
    ? rollbackCommand(wantsRetry(incident) ? heal.takeBackLater : heal.takeBack, incident, context)
    : []),
];

export const rollbackCommand = (text: string, { id }: Incident, context: MailContext): Lines => [
  ...wrap(text),
  `  ${words.commands.rollback(hubOf(context), id)}`,
  ...wrap(words.toDo.runIt(hubOf(context))),
];

/** AWS's reason, or ours; it may hold names and ids of any kind. */
export const reason = ({ because }: Incident, { mailDetail }: MailContext): Lines =>
  because === undefined || mailDetail === 'short' ? [] : wrap(heal.because(plain(because, 1500)));

export const copyIn = (evidence: StoredEvidence | undefined): Copy | undefined => evidence && copyOf(evidence.evidence);

/** A key of a third account has to be read too. */
export function diagnoseAgain(text: string, copy: Copy, { kind, owner }: Incident): Lines {
  const third = kind === 'key-policy' && ![copy.sourceAccount, copy.destinationAccount].includes(owner);
  const keyOwner = third ? plain(owner, 20) : undefined;
  return [...wrap(`${text}${mail.withProfiles(copy, keyOwner)}:`), `  ${mail.diagnoseAgain(copy, keyOwner)}`];
}

import { vaultName } from '../arn';
import type { Incident, Telling } from '../incident/incident';
import type { StoredEvidence } from '../incident/shown';
import { copyOf } from '../evidence';
import { incident as words } from '../text/en/incident';
import { mail } from '../text/en/mail';
import { utc } from '../text/utc';
import { apply, applyUnasked, changeLines, decide, ifApprove, templateSection } from './change';
import { row } from './diagnosis';
import { bodyOf, plain, quoted, subjectOf, wrap, type Lines, type Mail, type Section } from './layout';
import {
  bare,
  countedText,
  expiryOf,
  hubOf,
  isAsked,
  shortTitleOf,
  span,
  thingOf,
  titleOf,
  type MailContext,
  type ToldIncident,
} from './told';

const { headings } = words;

/** What there is to tell about one incident: the subject, and the lines under each heading. */
interface Notice {
  readonly subject: string;
  readonly happened: Lines;
  readonly toDo?: Lines;
  readonly change?: boolean;
  readonly ifApprove?: Lines;
  readonly ifNot?: Lines;
  readonly next?: Lines;
}

/** Every telling but the full diagnosis: what has happened, what to do, the change once more. */
export function renderNotice(
  telling: Telling,
  told: readonly ToldIncident[],
  evidence: StoredEvidence | undefined,
  context: MailContext,
): Mail {
  const notices = told.map((one) => ({ one, notice: noticeOf(telling, one, evidence, context) }));
  const sections = notices.flatMap(({ one, notice }, index): readonly Section[] => {
    const of = (heading: string) => headings.of(heading, index + 1, told.length);
    const named = ([heading, lines]: Section): Section => [of(heading), lines];
    return [
      ...(notice.change ? [templateSection(one, context)] : []),
      [mail.headings.happened, notice.happened] as const,
      [causeHeading(telling), telling === 'drill' ? [] : wrap(causeOf(telling, one, context))] as const,
      [mail.headings.toDo, notice.toDo ?? []] as const,
      [headings.change, notice.change ? changeLines(one, context) : []] as const,
      [headings.ifApprove, notice.ifApprove ?? []] as const,
      [notice.ifApprove ? headings.ifNot : mail.headings.ifNot, notice.ifNot ?? []] as const,
      [headings.next, notice.next ?? []] as const,
      [mail.headings.details, telling === 'drill' ? [] : detailsOf(one, context)] as const,
    ].map(named);
  });
  const subject = words.subjects.more(notices[0]?.notice.subject ?? '', told.length - 1);
  return { subject: subjectOf(subject), body: bodyOf(sections) };
}

/** What is mended is told as something that was. */
const causeHeading = (telling: Telling) =>
  telling === 'in-place' || telling === 'resolved' ? headings.was : mail.headings.why;

/** With the resource, unless the line about what has happened names it, or it has no name here. */
function causeOf(telling: Telling, { incident }: ToldIncident, context: MailContext): string {
  const thing = thingOf(incident, context);
  const isNamed = ![words.things.key(undefined), words.things.resource(undefined)].includes(thing.name);
  return isNamed && (telling === 'opened' || telling === 'resolved')
    ? words.cause(titleOf(incident), thing)
    : words.causeAlone(titleOf(incident));
}

function detailsOf({ incident }: ToldIncident, { mailDetail }: MailContext): Lines {
  const { details: label } = words;
  const full = mailDetail === 'full';
  return [
    ...row(label.incident, incident.id),
    ...incident.causes.flatMap((id) => [...row(label.cause, id), ...row('', mail.explain(id))]),
    ...(full ? [...row(label.thing, incident.resource), ...row(label.copied, incident.openedBy)] : []),
    ...row(label.opened, utc(incident.openedAt)),
  ];
}

function noticeOf(
  telling: Telling,
  told: ToldIncident,
  evidence: StoredEvidence | undefined,
  context: MailContext,
): Notice {
  switch (telling) {
    case 'opened':
      return opened(told, evidence, context);
    case 'reminder':
      return reminder(told, context);
    case 'expired':
      return expired(told, context);
    case 'approved':
      return approved(told, context);
    case 'rejected':
      return rejected(told, context);
    case 'stale':
      return told.incident.state === 'stale'
        ? stale(told, evidence, context)
        : openedAgain(told, opened(told, evidence, context), context);
    case 'in-place':
      return inPlace(told, context);
    case 'resolved':
      return resolved(told);
    case 'drill':
      return { subject: words.subjects.drill(context.deployment.region), happened: wrap(words.drill) };
  }
}

const stopped = ({ counted }: ToldIncident): Lines => {
  const text = countedText(counted);
  return text === undefined ? [] : wrap(words.stopped(text));
};

const show = (text: string, { incident }: ToldIncident, context: MailContext): Lines => [
  ...wrap(text),
  `  ${words.commands.show(hubOf(context), incident.id)}`,
];

/** Without the evidence, or without what it tells. */
function opened(told: ToldIncident, evidence: StoredEvidence | undefined, context: MailContext): Notice {
  const { incident } = told;
  const asked = isAsked(told);
  const destination = evidence ? copyOf(evidence.evidence).destinationVaultArn : incident.resource;
  const vault = destination.includes(':backup-vault:') ? plain(vaultName(destination), 100) : undefined;
  const full = context.mailDetail === 'full';
  const refused = () =>
    full ? wrap(words.toDo.refused(plain(incident.refused ?? ''))) : [words.toDo.refusedUnseen].flatMap(wrap);
  const ways = (): Lines => {
    if (asked) return decide(told, context);
    if (told.plan) return applyUnasked(told, context);
    const { id } = incident;
    const command = `  ${words.commands.show(hubOf(context), id)}`;
    return incident.refused === undefined ? show(words.toDo.show, told, context) : [...refused(), command];
  };
  return {
    subject: words.subjects.opened(shortTitleOf(incident), asked),
    happened: [...wrap(words.fail(vault)), ...stopped(told)],
    toDo: ways(),
    change: true,
    ...(asked ? { ifApprove: ifApprove([told], context) } : {}),
    ifNot: wrap(
      asked
        ? words.ifNot.asked(words.ifNot.nothingChanges, utc(expiryOf(incident, context)))
        : words.ifNot.nothingChanges,
    ),
  };
}

function openedAgain(told: ToldIncident, notice: Notice, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    ...notice,
    subject: words.subjects.changed(bare(thing.name), isAsked(told)),
    happened: [...wrap(words.opened.changed(thing)), ...notice.happened],
  };
}

function reminder(told: ToldIncident, context: MailContext): Notice {
  const { incident, counted } = told;
  const thing = thingOf(incident, context);
  const until = expiryOf(incident, context);
  const open = span(incident.toldAt ?? incident.since, context.now);
  const left = span(context.now, until);
  return {
    subject: words.subjects.reminder(bare(thing.name), left, counted.copies),
    happened: [...wrap(words.reminder(thing, open, left)), ...stopped(told)],
    toDo: decide(told, context),
    change: true,
    ifApprove: [...wrap(words.ifApprove.recorded), ...wrap(words.ifApprove.mailed)],
    ifNot: wrap(words.ifNot.expires(utc(until))),
  };
}

function expired(told: ToldIncident, context: MailContext): Notice {
  const { incident } = told;
  const thing = thingOf(incident, context);
  return {
    subject: words.subjects.expired(bare(thing.name)),
    happened: [...wrap(words.expired.happened(thing, utc(incident.expiresAt ?? incident.since))), ...stopped(told)],
    next: wrap(words.expired.next),
  };
}

/** Who decided, and when; the reason on one line of its own, so that nothing in it looks like ours. */
function decided({ incident }: ToldIncident, did: string, context: MailContext): Lines {
  const { decision } = incident;
  const full = context.mailDetail === 'full';
  const who = full && decision ? plain(decision.by, 300) : undefined;
  const when = utc(decision?.at ?? incident.since);
  return [
    ...wrap(words.decided(thingOf(incident, context), who, did, when)),
    ...(full && decision?.reason ? [words.reason(quoted(decision.reason))] : []),
  ];
}

function approved(told: ToldIncident, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    subject: words.subjects.approved(bare(thing.name), thing.owner),
    happened: [...decided(told, words.by.approved, context), ...stopped(told)],
    toDo: [...apply(told, context), ...wrap(words.ifApprove.noticed)],
    change: true,
    ifNot: wrap(words.ifNot.unreminded),
  };
}

function rejected(told: ToldIncident, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    subject: words.subjects.rejected(bare(thing.name)),
    happened: [...decided(told, words.by.rejected, context), ...stopped(told)],
    next: wrap(words.rejected.next),
  };
}

function stale(told: ToldIncident, evidence: StoredEvidence | undefined, context: MailContext): Notice {
  const { incident } = told;
  const thing = thingOf(incident, context);
  const full = context.mailDetail === 'full';
  return {
    subject: words.subjects.stale(bare(thing.name)),
    happened: [
      ...wrap(words.stale.happened(thing, utc(incident.since))),
      ...approvalLost(incident, full),
      ...wrap(words.stale.again),
      ...stopped(told),
    ],
    toDo:
      full && evidence
        ? [...wrap(words.toDo.seeAgain), `  ${mail.diagnoseAgain(copyOf(evidence.evidence))}`]
        : show(words.toDo.show, told, context),
    next: wrap(words.stale.next),
  };
}

function approvalLost({ decision }: Incident, full: boolean): Lines {
  if (decision?.decision !== 'approved') return [];
  const who = full ? plain(decision.by, 300) : undefined;
  return wrap(words.stale.approved(who, utc(decision.at)));
}

function inPlace(told: ToldIncident, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    subject: words.subjects['in-place'](bare(thing.name)),
    happened: [...wrap(words.inPlace.happened(thing, utc(told.incident.since))), ...stopped(told)],
    next: wrap(words.inPlace.next),
  };
}

function resolved({ incident }: ToldIncident): Notice {
  return {
    subject: words.subjects.resolved(shortTitleOf(incident)),
    happened: wrap(words.resolved.happened(utc(incident.since), span(incident.openedAt, incident.since))),
    next: wrap(words.resolved.next),
  };
}

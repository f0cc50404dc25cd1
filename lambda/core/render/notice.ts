import type { Telling } from '../incident/incident';
import type { StoredEvidence } from '../incident/shown';
import { heal } from '../text/en/heal';
import { incident as words } from '../text/en/incident';
import { mail } from '../text/en/mail';
import { rollback as rollbackWords } from '../text/en/rollback';
import { utc } from '../text/utc';
import { changeLines, templateSection } from './change';
import { row } from './diagnosis';
import { bodyOf, subjectOf, wrap, type Lines, type Mail, type Section } from './layout';
import { newestSection } from './newest';
import { approved, expired, opened, openedAgain, rejected, reminder, stale } from './notice-decision';
import type { Notice } from './notice-parts';
import { applied, inPlace, leftOut, notCured, refused, reopened, resolved } from './notice-result';
import * as rollback from './notice-rollback';
import { thingOf, type MailContext, type ToldIncident } from './told';

const { headings } = words;

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
      ...(notice.change && !one.incident.change ? [templateSection(one, context)] : []),
      [mail.headings.happened, notice.happened] as const,
      newestSection([one], context),
      [
        notice.causeHeading ?? mail.headings.why,
        telling === 'drill' ? [] : wrap(causeOf(telling, one, context)),
      ] as const,
      [mail.headings.toDo, notice.toDo ?? []] as const,
      [headings.change, notice.change ? changeLines(one, context) : []] as const,
      [rollbackWords.headings.removal, notice.removal ?? []] as const,
      [rollbackWords.headings.relies, notice.relies ?? []] as const,
      [headings.ifApprove, notice.ifApprove ?? []] as const,
      [notice.ifApprove ? headings.ifNot : mail.headings.ifNot, notice.ifNot ?? []] as const,
      [headings.next, notice.next ?? []] as const,
      [mail.headings.details, telling === 'drill' ? [] : detailsOf(one, context)] as const,
    ].map(named);
  });
  const subject = words.subjects.more(notices[0]?.notice.subject ?? '', told.length - 1);
  return { subject: subjectOf(subject), body: bodyOf(sections) };
}

/** With the resource, unless the line about what has happened names it, or it has no name here. */
function causeOf(telling: Telling, { incident }: ToldIncident, context: MailContext): string {
  const thing = thingOf(incident, context);
  const isNamed = ![words.things.key(undefined), words.things.resource(undefined)].includes(thing.name);
  return isNamed && (telling === 'opened' || telling === 'resolved')
    ? words.cause(incident.title, thing)
    : words.causeAlone(incident.title);
}

function detailsOf({ incident }: ToldIncident, { mailDetail }: MailContext): Lines {
  const { details: label } = words;
  const full = mailDetail === 'full';
  return [
    ...row(label.incident, incident.id),
    ...incident.causes.flatMap((id) => [...row(label.cause, id), ...row('', mail.explain(id))]),
    ...(full ? [...row(label.thing, incident.resource), ...row(label.copied, incident.openedBy)] : []),
    ...row(label.opened, utc(incident.openedAt)),
    ...(full ? row(heal.requestId, incident.change?.requestId) : []),
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
      return reminder(told, evidence, context);
    case 'expired':
      return expired(told, context);
    case 'approved':
      return approved(told, evidence, context);
    case 'rejected':
      return rejected(told, context);
    case 'stale':
      return told.incident.state === 'stale'
        ? stale(told, evidence, context)
        : openedAgain(told, opened(told, evidence, context), context);
    case 'applied':
      return applied(told, evidence, context);
    case 'refused':
      return refused(told, evidence, context);
    case 'in-place':
      return inPlace(told, evidence, context);
    case 'left-out':
      return leftOut(told, evidence, context);
    case 'reopened':
      return reopened(told, context);
    case 'not-cured':
      return notCured(told, evidence, context);
    case 'resolved':
      return resolved(told, context);
    case 'rollback-proposed':
      return rollback.proposed(told, context);
    case 'rollback-refused':
      return rollback.refused(told, context);
    case 'rollback-expired':
      return rollback.expired(told, context);
    case 'rolled-back':
      return rollback.done(told, context);
    case 'drill':
      return { subject: words.subjects.drill(context.deployment.region), happened: wrap(words.drill) };
  }
}

import { wantsRetry, type Telling } from '../incident/incident';
import { digest } from '../text/en/digest';
import { incident as words } from '../text/en/incident';
import { utc } from '../text/utc';
import { isBenign, missing, startedAny } from './again';
import { bodyOf, hang, subjectOf, wrap, type Lines, type Mail, type Section } from './layout';
import { sentSize } from './message';
import {
  countedText,
  expiryOf,
  firstOf,
  hubOf,
  isAsked,
  isRollbackAsked,
  isUnasked,
  isWaiting,
  rollbackExpiryOf,
  thingOf,
  type MailContext,
  type ToldIncident,
} from './told';

/** About 100 incidents; the JSON needs room too. */
const LARGEST = 30_000;

type Group = keyof typeof digest.heading;

/** News that asks nothing of anybody. */
const NEWS: readonly (Telling | undefined)[] = [
  'expired',
  'rejected',
  'applied',
  'in-place',
  'resolved',
  'rollback-expired',
  'rolled-back',
  'drill',
];

const groupOf = (told: ToldIncident): Group => {
  const { incident, retried } = told;
  if (waitsForDecision(told)) return 'ask';
  if (NEWS.includes(incident.tell) || isWaiting(told)) return 'info';
  return incident.tell === 'left-out' && isBenign(retried) ? 'info' : 'act';
};

/** By a person, who is asked here. */
const waitsForDecision = (told: ToldIncident): boolean => isAsked(told) || isRollbackAsked(told);

/** One mail for many: a few lines each, those that stop most copies first. */
export function digestMail(told: readonly ToldIncident[], context: MailContext): Mail {
  const all = [...told].sort((a, b) => b.counted.copies - a.counted.copies);
  const shown = fitting(all, context);
  const hub = hubOf(context);
  const left = all.length - shown.length;
  const groups: readonly Group[] = ['ask', 'act', 'info'];
  const section = (group: Group): Section => [
    digest.heading[group],
    shown.flatMap((one) => (groupOf(one) === group ? entry(one, context) : [])),
  ];
  const sections: readonly Section[] = [
    [digest.start(all.length), intro(all, context)],
    ...groups.map(section),
    [words.headings.more, left > 0 ? [...wrap(digest.left(left)), `  ${words.commands.incidents(hub)}`] : []],
  ];
  return { subject: subjectOf(subject(all)), body: bodyOf(sections) };
}

function intro(all: readonly ToldIncident[], context: MailContext): Lines {
  const { summary, intro, asks, asksRollback, unanswered, unansweredRollback, owner } = digest;
  return [
    ...(all.some(isSummary) ? [summary(all.every(isSummary))] : []),
    intro(hubOf(context)),
    ...(all.some(isAsked) ? [asks(context.mailDetail === 'full'), unanswered] : []),
    ...(all.some(isRollbackAsked) ? [asksRollback, unansweredRollback] : []),
    ...(all.some(isApproved) ? [owner(hubOf(context))] : []),
  ].flatMap(wrap);
}

const isSummary = ({ incident }: ToldIncident) => incident.summary === true;
const isApproved = ({ incident }: ToldIncident) => incident.tell === 'approved';

function subject(all: readonly ToldIncident[]): string {
  const asked = all.filter(waitsForDecision).length;
  if (all.every((one) => groupOf(one) === 'info')) return digest.info(all.length);
  // One copy can wait for several incidents: a sum would count it twice.
  return digest.subject(all.length, asked, all[0]?.counted.copies ?? 0);
}

/** As many as fit, the first ones first. */
function fitting(all: readonly ToldIncident[], context: MailContext): readonly ToldIncident[] {
  let size = 0;
  const end = all.findIndex((one) => {
    size += sentSize(entry(one, context).join('\n'));
    return size > LARGEST;
  });
  return end === -1 ? all : all.slice(0, end);
}

function entry(told: ToldIncident, context: MailContext): Lines {
  const { incident, counted } = told;
  const { commands } = words;
  const thing = thingOf(incident, context);
  const hub = hubOf(context);
  const full = context.mailDetail === 'full';
  const facts = [
    `${thing.name}${thing.at}`,
    countedText(counted),
    toldOf(told),
    ...asked(told, context).flatMap(({ until, hash }) => [
      digest.until(utc(until)),
      ...(full ? [digest.plan(firstOf(hash))] : []),
    ]),
  ].filter((fact) => fact !== undefined);
  const command = () => {
    if (isAsked(told)) return commands.approve(hub, incident.id);
    if (isRollbackAsked(told)) return commands.rollback(hub, incident.id);
    return isApproved(told)
      ? commands.apply(hub, incident.id, incident.template !== undefined)
      : commands.show(hub, incident.id);
  };
  return [...hang(`- ${incident.title}`, '  ', ''), ...hang(facts.join('; '), '  ', '  '), `    ${command()}`];
}

/** Until when there is something to decide, and on which plan. */
function asked(told: ToldIncident, context: MailContext): readonly { readonly until: string; readonly hash: string }[] {
  const { incident } = told;
  if (isAsked(told)) return [{ until: expiryOf(incident, context), hash: incident.planHash ?? '' }];
  if (!isRollbackAsked(told)) return [];
  return [{ until: rollbackExpiryOf(incident), hash: incident.rollback?.planHash ?? '' }];
}

function toldOf(told: ToldIncident): string {
  const { incident, retried } = told;
  const { tell = 'opened', kind, because, notSeen, agenda } = incident;
  if (isWaiting(told) && tell === 'opened') return digest.waiting(agenda.retry && utc(agenda.retry));
  if (tell === 'applied' && isUnasked(incident)) return digest.unasked;
  if (tell === 'in-place' && wantsRetry(incident)) return digest.inPlaceCopies;
  if (tell === 'applied' && wantsRetry(incident)) return digest.appliedCopies;
  if (tell === 'refused' && notSeen) return digest.notSeen;
  if (tell === 'rollback-refused' && notSeen) return digest.notSeenRollback;
  if (tell === 'not-cured' && because !== undefined) return digest.notEnded;
  // Nothing was changed for what passes by itself.
  const passes = kind === 'retry-later';
  if (tell === 'left-out' && passes) return startedAny(retried) ? digest.notTriedAll : digest.notTried;
  if (tell === 'reopened' && passes) return digest.passed;
  if (tell === 'left-out' && isBenign(retried)) return digest.told['in-place'];
  const without = missing(retried);
  return tell === 'resolved' && without > 0 ? digest.resolvedWithout(without) : digest.told[tell];
}

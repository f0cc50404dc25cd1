import type { Telling } from '../incident/incident';
import { incident as words } from '../text/en/incident';
import { utc } from '../text/utc';
import { bodyOf, hang, subjectOf, wrap, type Lines, type Mail, type Section } from './layout';
import { sentSize } from './message';
import {
  countedText,
  expiryOf,
  firstOf,
  hubOf,
  isAsked,
  thingOf,
  titleOf,
  type MailContext,
  type ToldIncident,
} from './told';

/** About 100 incidents; the JSON needs room too. */
const LARGEST = 30_000;

type Group = keyof typeof words.digest.heading;

/** News that asks nothing of anybody. */
const NEWS: readonly (Telling | undefined)[] = ['expired', 'rejected', 'in-place', 'resolved', 'drill'];

const groupOf = (told: ToldIncident): Group => {
  if (isAsked(told)) return 'ask';
  return NEWS.includes(told.incident.tell) ? 'info' : 'act';
};

/** One mail for many: a few lines each, those that stop most copies first. */
export function digestMail(told: readonly ToldIncident[], context: MailContext): Mail {
  const all = [...told].sort((a, b) => b.counted.copies - a.counted.copies);
  const shown = fitting(all, context);
  const hub = hubOf(context);
  const { digest } = words;
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
  const { digest } = words;
  const { summary, intro, asks, unanswered, owner } = digest;
  return [
    ...(all.some(isSummary) ? [summary(all.every(isSummary))] : []),
    intro(hubOf(context)),
    ...(all.some(isAsked) ? [asks(context.mailDetail === 'full'), unanswered] : []),
    ...(all.some(isApproved) ? [owner(hubOf(context))] : []),
  ].flatMap(wrap);
}

const isSummary = ({ incident }: ToldIncident) => incident.summary === true;
const isApproved = ({ incident }: ToldIncident) => incident.tell === 'approved';

function subject(all: readonly ToldIncident[]): string {
  const asked = all.filter(isAsked).length;
  if (all.every((one) => groupOf(one) === 'info')) return words.subjects.digestInfo(all.length);
  // One copy can wait for several incidents: a sum would count it twice.
  return words.subjects.digest(all.length, asked, all[0]?.counted.copies ?? 0);
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
  const { digest, commands } = words;
  const thing = thingOf(incident, context);
  const hub = hubOf(context);
  const asked = isAsked(told);
  const full = context.mailDetail === 'full';
  const facts = [
    `${thing.name}${thing.at}`,
    countedText(counted),
    digest.told[incident.tell ?? 'opened'],
    ...(asked ? [digest.until(utc(expiryOf(incident, context)))] : []),
    ...(asked && full ? [digest.plan(firstOf(incident.planHash ?? ''))] : []),
  ].filter((fact) => fact !== undefined);
  const command = () => {
    if (asked) return commands.approve(hub, incident.id);
    return isApproved(told)
      ? commands.apply(hub, incident.id, incident.template !== undefined)
      : commands.show(hub, incident.id);
  };
  return [...hang(`- ${titleOf(incident)}`, '  ', ''), ...hang(facts.join('; '), '  ', '  '), `    ${command()}`];
}

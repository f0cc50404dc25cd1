import type { Cause, Diagnosis } from '../diagnose';
import { ownCauses } from '../incident/own-causes';
import type { StoredEvidence } from '../incident/shown';
import { WAIT_ROUNDS } from '../incident/times';
import { vaultName } from '../arn';
import { readingContext } from '../report';
import { again } from '../text/en/again';
import { heal } from '../text/en/heal';
import { incident as words } from '../text/en/incident';
import { mail } from '../text/en/mail';
import { utc } from '../text/utc';
import { copiesNow } from './again';
import { applyUnasked, asks, changeLines, decide, decideCommands, ifApprove, notAuto, templateSection } from './change';
import {
  alsoChecked,
  byDocument,
  confidence,
  details,
  happened,
  headline,
  row,
  toDo,
  unreadable,
  why,
  type Part,
} from './diagnosis';
import { bodyOf, plain, subjectOf, wrap, type Lines, type Mail, type Section } from './layout';
import { newestSection } from './newest';
import { takeBack, unaskedLines } from './notice-parts';
import { waiting } from './waiting';
import {
  bare,
  countedText,
  expiryOf,
  hubOf,
  isAsked,
  isUnasked,
  isWaiting,
  thingOf,
  type MailContext,
  type ToldIncident,
} from './told';

const { headings } = words;

/** The diagnosis of the failure that opened these incidents, and for each what there is to decide or to do. */
export function renderOpened(
  told: readonly ToldIncident[],
  { evidence, readAt }: StoredEvidence,
  diagnosis: Diagnosis,
  telling: 'opened' | 'stale' | 'applied',
  context: MailContext,
): Mail {
  const { copy, causes } = diagnosis;
  const reading = readingContext(evidence, readAt, context.deployment);
  const all = inOrder(told, causes);
  const asked = all.filter(isAsked);
  const counted = countedOf(all);
  const made = telling === 'applied' ? all.filter(({ incident }) => isUnasked(incident)) : [];
  const nothing =
    all.length > 0 && all.every(isWaiting) ? again.waiting.ifNothing(WAIT_ROUNDS) : mail.ifNothing(causes);
  const until = asked[0] ? utc(expiryOf(asked[0].incident, context)) : '';
  const sections: readonly Section[] = [
    ...all.map((one) => templateSection(one, context)),
    [headings.changed, telling === 'stale' ? all.flatMap(changedSince(context)) : []],
    unreadable(copy, reading),
    [
      mail.headings.happened,
      [
        ...happened(copy, reading),
        ...(counted ? wrap(words.stopped(counted)) : []),
        ...made.flatMap((told) => unaskedLines(told, context)),
      ],
    ],
    newestSection(all, context),
    [mail.headings.why, why(diagnosis, readAt)],
    [mail.headings.confidence, confidence(diagnosis)],
    [mail.headings.toDo, toDoLines(diagnosis, all, reading.listed, context)],
    ...changes(all, context),
    [headings.ifApprove, ifApprove(all, context, copy)],
    asked.length > 0
      ? [headings.ifNot, wrap(words.ifNot.asked(nothing, until))]
      : [mail.headings.ifNot, made.length > 0 ? [] : wrap(nothing)],
    [headings.next, made.flatMap((told) => copiesNow(told, context, copy))],
    [mail.headings.alsoChecked, alsoChecked(diagnosis)],
    [
      mail.headings.details,
      [...all.flatMap(({ incident }) => row(words.details.incident, incident.id)), ...details(diagnosis)],
    ],
  ];
  return { subject: subjectOf(subject(diagnosis, all, telling, context)), body: bodyOf(sections) };
}

/** As the diagnosis orders their causes. */
function inOrder(told: readonly ToldIncident[], causes: readonly Cause[]): readonly ToldIncident[] {
  const place = ({ incident }: ToldIncident) => {
    const [first] = ownCauses(incident, causes);
    const index = first ? causes.indexOf(first) : -1;
    return index === -1 ? causes.length : index;
  };
  return [...told].sort((a, b) => place(a) - place(b));
}

function subject(diagnosis: Diagnosis, all: readonly ToldIncident[], telling: string, context: MailContext): string {
  const { copy, causes } = diagnosis;
  const [first] = all;
  const asked = all.some(isAsked);
  if (telling === 'stale' && first) {
    return words.subjects.changed(bare(thingOf(first.incident, context).name), asked);
  }
  if (telling === 'applied' && first) return heal.subjects.unasked(bare(thingOf(first.incident, context).name));
  const title = headline(causes);
  if (all.length > 0 && all.every(isWaiting)) return again.waiting.subject(vaultName(copy.destinationVaultArn), title);
  return asked ? words.subjects.approve(vaultName(copy.destinationVaultArn), title) : mail.subject(copy, title);
}

const changedSince =
  (context: MailContext) =>
  ({ incident }: ToldIncident): Lines =>
    wrap(words.opened.changed(thingOf(incident, context)));

/** One failure has stopped the same copies for each of its causes, unless a cause was there before. */
const countedOf = (all: readonly ToldIncident[]): string | undefined => {
  const most = [...all].sort((a, b) => b.counted.copies - a.counted.copies)[0];
  return most && countedText(most.counted);
};

function changes(all: readonly ToldIncident[], context: MailContext): readonly Section[] {
  const withPlan = all.filter(({ plan }) => plan);
  return withPlan.map((told, index) => [
    headings.of(headings.change, index + 1, withPlan.length),
    changeLines(told, context),
  ]);
}

function toDoLines(diagnosis: Diagnosis, all: readonly ToldIncident[], listed: boolean, context: MailContext): Lines {
  const asked = all.filter(isAsked);
  const many = asked.length > 1;
  const until = asked[0] ? utc(expiryOf(asked[0].incident, context)) : '';
  return [
    ...(many ? wrap(words.toDo.manyChanges(until)) : []),
    // What the message alone points to is told as a group, below.
    ...all.filter((told) => isWaiting(told) && told.incident.causes.length > 1).flatMap((told) => waiting(told, all)),
    ...toDo(diagnosis, (causes) => partsOf(causes, all, { many, listed }, context)),
    ...(many ? wrap(words.toDo.run(hubOf(context), 'more')) : []),
  ];
}

/** What belongs to one incident is one part; what no incident here is about has one of its own elsewhere. */
function partsOf(
  causes: readonly Cause[],
  all: readonly ToldIncident[],
  { many, listed }: { readonly many: boolean; readonly listed: boolean },
  context: MailContext,
): readonly Part[] {
  const ofIncident = (told: ToldIncident) => ownCauses(told.incident, causes);
  const here = all.flatMap((told): readonly Part[] => {
    const own = ofIncident(told);
    if (own.length === 0) return [];
    const { refused } = told.incident;
    // That the vault is not on the list stands above already.
    if (refused !== undefined) {
      const why = listed ? [...wrap(words.toDo.refused(plain(refused))), words.toDo.byHand] : [];
      return [{ causes: own, before: why }];
    }
    if (isWaiting(told)) return [{ causes: own, instead: waiting(told, all) }];
    const instead = insteadOf(told, many, context);
    if (!instead) return byDocument(own);
    return [{ causes: own, label: words.toDo.change(thingOf(told.incident, context)), instead }];
  });
  const known = new Set(here.flatMap((part) => part.causes));
  const elsewhere = causes.filter((cause) => !known.has(cause));
  const lines = [...wrap(words.toDo.elsewhere), `  ${words.commands.incidents(hubOf(context))}`];
  const place = (part: Part) => (part.causes[0] ? causes.indexOf(part.causes[0]) : causes.length);
  return [...here, ...(elsewhere.length > 0 ? [{ causes: elsewhere, instead: lines }] : [])].sort(
    (a, b) => place(a) - place(b),
  );
}

/** What there is to do about a plan; nothing where there is none. */
function insteadOf(told: ToldIncident, many: boolean, context: MailContext): Lines | undefined {
  if (isUnasked(told.incident)) return takeBack(told, context);
  if (isAsked(told)) {
    return many
      ? [...notAuto(told, context), ...decideCommands(told, context), ...asks(told, context)]
      : decide(told, context);
  }
  return told.plan ? applyUnasked(told, context) : undefined;
}

import type { Copy } from '../evidence';
import type { StoredEvidence } from '../incident/shown';
import { wantsRetry } from '../incident/incident';
import { readingContext } from '../report';
import { again } from '../text/en/again';
import { heal } from '../text/en/heal';
import { incident as words } from '../text/en/incident';
import { utc } from '../text/utc';
import { copiesAgain, copiesNow, copiesOnceInPlace, isBenign, missing, startedAny } from './again';
import { apply } from './change';
import { plain, wrap, type Lines } from './layout';
import {
  copyIn,
  decided,
  diagnoseAgain,
  made,
  reason,
  rollbackCommand,
  show,
  stopped,
  takeBack,
  type Notice,
} from './notice-parts';
import { bare, hubOf, isUnasked, shortTitleOf, span, thingOf, type MailContext, type ToldIncident } from './told';

// What came of a change, and of the copies that were started after it.

type Evidence = StoredEvidence | undefined;

const { subjects } = heal;
const causeHeading = words.headings.was;

export function applied(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident } = told;
  const name = bare(thingOf(incident, context).name);
  const asApproved = wantsRetry(incident) ? subjects.appliedCopies : subjects.applied;
  return {
    subject: isUnasked(incident) ? subjects.unasked(name) : asApproved(name),
    happened: [...made(told, context), ...stopped(told)],
    causeHeading,
    toDo: takeBack(told, context),
    change: true,
    next: copiesNow(told, context, copyIn(evidence)),
  };
}

export function refused(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident } = told;
  const { notSeen = false, decision, auto, since } = incident;
  const thing = thingOf(incident, context);
  const { refused: text } = heal;
  const full = context.mailDetail === 'full';
  const happened = notSeen ? text.notSeen : text.happened;
  const asked = decision ? decided(told, words.by.approved, context) : auto ? wrap(text.approvedBySetting) : [];
  return {
    subject: (notSeen ? subjects.notSeen : subjects.refused)(bare(thing.name)),
    happened: [...asked, ...wrap(happened(thing, utc(since))), ...reason(incident, context), ...stopped(told)],
    toDo: [
      ...(full ? [] : show(text.reason, told, context)),
      ...(notSeen ? wrap(text.look) : []),
      ...apply(told, context),
      ...(notSeen ? [] : templateAgain(told, evidence, context)),
    ],
    change: true,
    ifNot: wrap(notSeen ? text.ifNotSeen : text.ifNot),
    next: copiesOnceInPlace(told, context, copyIn(evidence)),
  };
}

/** A vault's owner may have taken away the role that changes it. */
function templateAgain({ incident }: ToldIncident, evidence: Evidence, context: MailContext): Lines {
  if (!evidence || incident.kind !== 'vault-policy' || context.mailDetail === 'short') return [];
  const { destinationCommand } = readingContext(evidence.evidence, evidence.readAt, context.deployment);
  if (destinationCommand === undefined) return [];
  return [...wrap(heal.refused.role(plain(incident.owner, 20))), `  ${destinationCommand}`];
}

export function inPlace(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident } = told;
  const thing = thingOf(incident, context);
  const subject = wantsRetry(incident) ? subjects.inPlaceCopies : subjects.inPlace;
  return {
    subject: subject(bare(thing.name)),
    happened: [...wrap(heal.inPlace(thing, utc(incident.settledFrom ?? incident.since))), ...stopped(told)],
    causeHeading,
    next: copiesNow(told, context, copyIn(evidence)),
  };
}

export function leftOut(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident, retried } = told;
  const thing = thingOf(incident, context);
  const benign = isBenign(retried);
  const waited = incident.kind === 'retry-later';
  const some = startedAny(retried);
  const subject = benign ? subjects.leftOutByPlan : some ? subjects.leftOutSome : subjects.leftOut;
  const happened = benign ? heal.leftOut.byPlan : some ? heal.leftOut.some : heal.leftOut.happened;
  return {
    // Nothing was changed for what passes by itself.
    subject: waited
      ? subjects[benign ? 'notTriedByPlan' : 'notTried'](shortTitleOf(incident))
      : subject(bare(thing.name)),
    happened: [
      ...made(told, context),
      ...wrap(waited ? heal.leftOut.waited(some) : happened(thing)),
      ...reason(incident, context),
      ...copiesAgain(retried),
    ],
    ...(waited ? {} : { causeHeading }),
    toDo: benign ? [] : byHand(told, copyIn(evidence), context),
    next: wrap(waited ? heal.leftOut.next : again.theTest),
  };
}

/** Nothing is started for what was left out: which copies failed, AWS Backup lists. */
function byHand(told: ToldIncident, copy: Copy | undefined, context: MailContext): Lines {
  if (!copy || context.mailDetail === 'short') return show(heal.leftOut.show, told, context);
  return [...wrap(heal.leftOut.list(copy.sourceAccount)), `  ${words.commands.failedCopies(copy)}`];
}

export function reopened(told: ToldIncident, context: MailContext): Notice {
  const { incident, retried } = told;
  const { others = [], kind } = incident;
  // Nothing was changed for what passes by itself.
  const passes = kind === 'retry-later';
  const hub = hubOf(context);
  const commands =
    others.length > 0 ? others.map((id) => words.commands.show(hub, plain(id, 40))) : [words.commands.incidents(hub)];
  return {
    subject: passes
      ? subjects.passed(shortTitleOf(incident))
      : subjects.reopened(bare(thingOf(incident, context).name)),
    happened: [...made(told, context), ...wrap(heal.reopened[passes ? 'passed' : 'happened']), ...copiesAgain(retried)],
    ...(passes ? {} : { causeHeading }),
    toDo: [...wrap(heal.reopened.others), ...commands.map((command) => `  ${command}`)],
  };
}

export function notCured(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident, retried } = told;
  const { kind, change, because } = incident;
  const later = kind === 'retry-later';
  const thing = thingOf(incident, context);
  const { notCured: text } = heal;
  const copy = copyIn(evidence);
  return {
    subject: later
      ? subjects.triedInVain(shortTitleOf(incident))
      : subjects[because === undefined ? 'notCured' : 'notEnded'](bare(thing.name)),
    happened: [
      ...made(told, context),
      ...wrap(later ? text.later : change ? text.afterThat : text.after(thing)),
      ...(because === undefined ? wrap(text.same) : reason(incident, context)),
      ...copiesAgain(retried),
      ...stopped(told),
      later ? text.triedEnough : text.stays,
    ],
    toDo: [
      ...(copy && context.mailDetail === 'full'
        ? diagnoseAgain(because === undefined ? text.diagnose : text.seeAgain, copy, incident)
        : []),
      ...show(text.show, told, context),
      ...(change ? rollbackCommand(heal.takeBack, incident, context) : []),
    ],
    change: true,
    ifNot: wrap(later ? text.ifNotLater : text.ifNot),
    next: wrap(text.next),
  };
}

export function resolved(told: ToldIncident, context: MailContext): Notice {
  const { incident, retried } = told;
  const without = missing(retried);
  const { resolved: text } = heal;
  const title = shortTitleOf(incident);
  return {
    subject: without > 0 ? subjects.resolvedWithout(without, title) : subjects.resolved(title),
    happened: [
      ...wrap((without > 0 ? text.without : text.happened)(utc(incident.since))),
      ...copiesAgain(retried),
      ...made(told, context),
      text.open(span(incident.openedAt, incident.since)),
    ],
    causeHeading,
    next: wrap(without > 0 ? text.nextWithout : text.next),
  };
}

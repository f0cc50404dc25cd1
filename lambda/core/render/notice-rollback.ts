import { diffForMail } from '../plan/render-plan';
import { folder, withHub } from '../text/en/commands';
import { heal } from '../text/en/heal';
import { incident as words } from '../text/en/incident';
import { rollback as text } from '../text/en/rollback';
import { utc } from '../text/utc';
import { bullet, plain, wrap, type Lines } from './layout';
import { reason, rollbackCommand, show, type Notice } from './notice-parts';
import { bare, firstOf, hubOf, rollbackExpiryOf, thingOf, type MailContext, type ToldIncident } from './told';

// Taking a change back: asked for, decided, done or not.

const MOST_LINES = 60;
const MOST_RELYING = 20;
const causeHeading = heal.purpose;

export function proposed(told: ToldIncident, context: MailContext): Notice {
  const { incident, rollbackPlan } = told;
  const { change, rollback, id } = incident;
  const [thing, hub] = [thingOf(incident, context), hubOf(context)];
  const full = context.mailDetail === 'full';
  const until = utc(rollbackExpiryOf(incident));
  return {
    subject: text.subjects.proposed(bare(thing.name)),
    happened: [...asked(told, context), ...(change ? [text.made(utc(change.at))] : [])],
    causeHeading,
    toDo: [
      ...wrap(full && rollbackPlan ? text.decide(until) : text.decideUnseen(until)),
      `  ${words.commands.rollback(hub, id)}`,
      `  ${words.commands.reject(hub, id)}`,
      ...wrap(text.run(folder, withHub(hub))),
      ...wrap(text.asks(full ? firstOf(rollback?.planHash ?? '') : undefined)),
    ],
    removal: removal(told, context),
    relies: relies(told, context),
    ifApprove: [...wrap(text.ifApprove(thing)), ...wrap(text.thenFails)],
    ifNot: wrap(text.ifNot(until)),
  };
}

function asked({ incident }: ToldIncident, context: MailContext): Lines {
  const { rollback, since } = incident;
  const who = context.mailDetail === 'full' && rollback?.requestedBy ? plain(rollback.requestedBy, 300) : undefined;
  return wrap(text.asked(who, thingOf(incident, context), utc(rollback?.requestedAt ?? since)));
}

/** The removal itself; in a short mail there is none. */
function removal({ incident, rollbackPlan: plan }: ToldIncident, context: MailContext): Lines {
  if (!plan || context.mailDetail === 'short') return [];
  return [
    ...wrap(text.of(thingOf(incident, context), plan.region)),
    ...diffForMail(plan, MOST_LINES)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

/** Copies since the change that may need it. */
function relies({ rollbackPlan: plan }: ToldIncident, { mailDetail }: MailContext): Lines {
  if (!plan || mailDetail === 'short') return [];
  const left = plan.warnings.length - MOST_RELYING;
  return [
    ...plan.warnings.slice(0, MOST_RELYING).flatMap((warning) => bullet(plain(warning, 500))),
    ...(left > 0 ? [text.more(left)] : []),
  ];
}

export function refused(told: ToldIncident, context: MailContext): Notice {
  const { incident, plan } = told;
  const name = bare(thingOf(incident, context).name);
  const { notSeen = false } = incident;
  const full = context.mailDetail === 'full';
  return {
    subject: (notSeen ? text.subjects.notSeen : text.subjects.refused)(name),
    happened: [...asked(told, context), ...wrap(notSeen ? text.notSeen : text.refused), ...reason(incident, context)],
    causeHeading,
    toDo: [
      ...(full ? [] : show(text.show, told, context)),
      ...rollbackCommand(notSeen ? text.askAgainNotSeen : text.askAgain, incident, context),
      ...(full && plan ? wrap(text.byHand(plan.undo)) : []),
    ],
  };
}

export function expired(told: ToldIncident, context: MailContext): Notice {
  const { incident } = told;
  const thing = thingOf(incident, context);
  return {
    subject: text.subjects.expired(bare(thing.name)),
    happened: [...asked(told, context), ...wrap(text.expired)],
    causeHeading,
    toDo: rollbackCommand(text.askedOnce, incident, context),
  };
}

export function done(told: ToldIncident, context: MailContext): Notice {
  const { incident } = told;
  const { rollback, since } = incident;
  const thing = thingOf(incident, context);
  const { decision } = rollback ?? {};
  return {
    subject: text.subjects.rolledBack(bare(thing.name)),
    happened: [
      ...asked(told, context),
      ...(decision && context.mailDetail === 'full'
        ? wrap(text.decided(plain(decision.by, 300), utc(decision.at)))
        : []),
      ...wrap(text.done(thing, utc(since))),
    ],
    causeHeading,
    next: wrap(text.next),
  };
}

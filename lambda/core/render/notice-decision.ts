import { vaultName } from '../arn';
import type { Incident } from '../incident/incident';
import type { StoredEvidence } from '../incident/shown';
import { WAIT_ROUNDS } from '../incident/times';
import { again } from '../text/en/again';
import { incident as words } from '../text/en/incident';
import { utc } from '../text/utc';
import { copiesOnceInPlace } from './again';
import { apply, applyUnasked, decide, ifApprove, ifApproveInShort } from './change';
import { plain, wrap, type Lines } from './layout';
import { copyIn, decided, diagnoseAgain, show, stopped, type Notice } from './notice-parts';
import { waiting } from './waiting';
import {
  bare,
  expiryOf,
  hubOf,
  isAsked,
  isMadeByService,
  isWaiting,
  shortTitleOf,
  span,
  thingOf,
  type MailContext,
  type ToldIncident,
} from './told';

// What there is to decide, and what was decided.

type Evidence = StoredEvidence | undefined;

/** Without the evidence, or without what it tells. */
export function opened(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident } = told;
  const asked = isAsked(told);
  const copy = copyIn(evidence);
  const destination = copy?.destinationVaultArn ?? incident.resource;
  const vault = destination.includes(':backup-vault:') ? plain(vaultName(destination), 100) : undefined;
  const full = context.mailDetail === 'full';
  const refused = () =>
    full ? wrap(words.toDo.refused(plain(incident.refused ?? ''))) : [words.toDo.refusedUnseen].flatMap(wrap);
  const ways = (): Lines => {
    if (asked) return decide(told, context);
    if (isWaiting(told)) return waiting(told, [told]);
    if (told.plan) return applyUnasked(told, context);
    const { id } = incident;
    const command = `  ${words.commands.show(hubOf(context), id)}`;
    return incident.refused === undefined ? show(words.toDo.show, told, context) : [...refused(), command];
  };
  const ifNot = () => {
    if (isWaiting(told)) return again.waiting.ifNothing(WAIT_ROUNDS);
    const { asked: until, nothingChanges } = words.ifNot;
    return asked ? until(nothingChanges, utc(expiryOf(incident, context))) : nothingChanges;
  };
  return {
    subject: isWaiting(told)
      ? again.waiting.notice(shortTitleOf(incident))
      : words.subjects.opened(shortTitleOf(incident), asked),
    happened: [...wrap(words.fail(vault)), ...stopped(told)],
    toDo: ways(),
    change: true,
    ...(asked ? { ifApprove: ifApprove([told], context, copy) } : {}),
    ifNot: wrap(ifNot()),
  };
}

export function openedAgain(told: ToldIncident, notice: Notice, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    ...notice,
    subject: words.subjects.changed(bare(thing.name), isAsked(told)),
    happened: [...wrap(words.opened.changed(thing)), ...notice.happened],
  };
}

export function reminder(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
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
    ifApprove: ifApproveInShort(told, context, copyIn(evidence)),
    ifNot: wrap(words.ifNot.expires(utc(until))),
  };
}

export function expired(told: ToldIncident, context: MailContext): Notice {
  const { incident } = told;
  const thing = thingOf(incident, context);
  return {
    subject: words.subjects.expired(bare(thing.name)),
    happened: [...wrap(words.expired.happened(thing, utc(incident.expiresAt ?? incident.since))), ...stopped(told)],
    next: wrap(words.expired.next),
  };
}

export function approved(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    subject: words.subjects.approved(bare(thing.name), thing.owner),
    happened: [...decided(told, words.by.approved, context), ...stopped(told)],
    toDo: apply(told, context),
    change: true,
    ifNot: wrap(words.ifNot.unreminded),
    next: copiesOnceInPlace(told, context, copyIn(evidence)),
  };
}

export function rejected(told: ToldIncident, context: MailContext): Notice {
  const thing = thingOf(told.incident, context);
  return {
    subject: words.subjects.rejected(bare(thing.name)),
    happened: [...decided(told, words.by.rejected, context), ...stopped(told)],
    next: wrap(words.rejected.next),
  };
}

export function stale(told: ToldIncident, evidence: Evidence, context: MailContext): Notice {
  const { incident } = told;
  const thing = thingOf(incident, context);
  const full = context.mailDetail === 'full';
  const copy = copyIn(evidence);
  return {
    subject: words.subjects.stale(bare(thing.name)),
    happened: [
      ...wrap(words.stale.happened(thing, utc(incident.since))),
      ...approvalLost(incident, full),
      // The service looks only at the policy, a moment before it writes.
      ...(isMadeByService(incident) && incident.decision ? [] : wrap(words.stale.again)),
      ...stopped(told),
    ],
    toDo: full && copy ? diagnoseAgain(words.toDo.seeAgain, copy, incident) : show(words.toDo.show, told, context),
    next: wrap(words.stale.next),
  };
}

function approvalLost({ decision }: Incident, full: boolean): Lines {
  if (decision?.decision !== 'approved') return [];
  const who = full ? plain(decision.by, 300) : undefined;
  return wrap(words.stale.approved(who, utc(decision.at)));
}

import type { Copy } from '../evidence';
import { diffForMail, renderPlan } from '../plan/render-plan';
import { again } from '../text/en/again';
import { heal } from '../text/en/heal';
import { incident as words } from '../text/en/incident';
import { utc } from '../text/utc';
import { copiesIfApproved } from './again';
import { plain, wrap, type Lines, type Section } from './layout';
import {
  expiryOf,
  firstOf,
  hubOf,
  isAsked,
  isMadeByService,
  thingOf,
  type MailContext,
  type ToldIncident,
} from './told';

// What a mail says about one change: what it is, how to decide on it, who makes it.

const MOST_LINES = 60;
const line = (command: string) => `  ${command}`;

/** Said before all else: a change beside the template does not last. */
export function templateSection({ incident }: ToldIncident, context: MailContext): Section {
  const { template } = incident;
  if (!template) return [words.headings.template, []];
  const full = context.mailDetail === 'full';
  const [stack, logicalId] = full ? [template.stack, template.logicalId] : [];
  const name = (text: string | undefined) => (text === undefined ? undefined : plain(text, 200));
  return [
    words.headings.template,
    words.template(thingOf(incident, context), name(stack), name(logicalId)).flatMap(wrap),
  ];
}

/** The change itself; in a short mail there is none. */
export function changeLines({ incident, plan }: ToldIncident, context: MailContext): Lines {
  if (!plan || context.mailDetail === 'short') return [];
  const { change } = words;
  const indented = (text: string) => text.trimEnd().split('\n').map(line);
  return [
    ...wrap(change.of(thingOf(incident, context), plan.region)),
    ...(incident.template ? [change.inTemplate, ...indented(renderPlan(plan, 'cfn')), change.inPolicy] : []),
    ...indented(diffForMail(plan, MOST_LINES)),
    ...(plan.diff.trimEnd().split('\n').length > MOST_LINES
      ? [change.whole, line(words.commands.show(hubOf(context), incident.id))]
      : []),
    ...plan.permits.flatMap((text) => wrap(change.permits(text))),
    ...(plan.doesNotPermit.length > 0 ? wrap(change.doesNotPermit(plan.doesNotPermit.join(' '))) : []),
    ...wrap(change.undo(plan.undo)),
    ...plan.warnings.flatMap((text) => wrap(change.warning(plain(text)))),
  ];
}

/** The commands that decide. */
export const decideCommands = ({ incident }: ToldIncident, context: MailContext): Lines => {
  const hub = hubOf(context);
  const seen = context.mailDetail === 'short' ? [words.commands.show(hub, incident.id)] : [];
  return [...seen, words.commands.approve(hub, incident.id), words.commands.reject(hub, incident.id)].map(line);
};

/** Read, then decide: complete. */
export function decide(told: ToldIncident, context: MailContext): Lines {
  const until = utc(expiryOf(told.incident, context));
  const unseen = context.mailDetail === 'short' || !told.plan;
  return [
    ...notAuto(told, context),
    ...wrap(unseen ? words.toDo.decideUnseen(until) : words.toDo.decide(until)),
    ...decideCommands(told, context),
    ...wrap(words.toDo.run(hubOf(context), context.mailDetail === 'full' ? 'two' : 'more')),
    ...asks(told, context),
  ];
}

/** It would have been made without asking, but for this. */
export function notAuto({ incident: { because } }: ToldIncident, { mailDetail }: MailContext): Lines {
  if (because === undefined) return [];
  return [...wrap(heal.auto.asked), ...(mailDetail === 'full' ? wrap(heal.because(plain(because, 500))) : [])];
}

export const asks = ({ incident }: ToldIncident, { mailDetail }: MailContext): Lines =>
  wrap(words.toDo.asks(mailDetail === 'full' ? firstOf(incident.planHash ?? '') : undefined));

/** For the owner: how to make it. */
export function apply(told: ToldIncident, context: MailContext): Lines {
  const { id, template } = told.incident;
  const thing = thingOf(told.incident, context);
  const hub = hubOf(context);
  const { toDo, commands } = words;
  const unseen = context.mailDetail === 'short' || !told.plan;
  const inTemplate = () =>
    unseen ? [...wrap(toDo.applyTemplateUnseen), line(commands.showAs(hub, id, 'cfn'))] : wrap(toDo.applyTemplate);
  return [
    ...(template
      ? [...inTemplate(), ...wrap(toDo.applyDirectly(thing, hub))]
      : wrap(unseen ? toDo.applyUnseen(thing, hub) : toDo.apply(thing, hub))),
    line(commands.apply(hub, id, template !== undefined)),
    ...hubProfile([told], context),
    ...wrap(toDo.applyReads),
  ];
}

/** Once for each owner that is not the deployment's own account. */
function hubProfile(all: readonly ToldIncident[], context: MailContext): Lines {
  const hub = hubOf(context);
  if (hub.account === undefined) return [];
  const lines = all
    .filter(({ incident }) => incident.owner !== hub.account)
    .map(({ incident }) => words.toDo.hubProfile(thingOf(incident, context), hub));
  return [...new Set(lines)].flatMap(wrap);
}

/** A change that is only told: no decision, and whatever way its owner likes. */
export const applyUnasked = (told: ToldIncident, context: MailContext): Lines => [
  ...apply(told, context),
  ...(told.incident.template
    ? []
    : [...wrap(words.toDo.otherWays), line(words.commands.showAs(hubOf(context), told.incident.id, 'cli'))]),
  ...wrap(words.toDo.notAsked),
];

/** What follows an approval: the service makes the change, or its owner does; then copies are started again, or not. */
export function ifApprove(all: readonly ToldIncident[], context: MailContext, copy: Copy | undefined): Lines {
  const asked = all.filter(isAsked);
  const byService = asked.filter(({ incident }) => isMadeByService(incident));
  const byOwner = asked.filter((told) => !byService.includes(told));
  if (asked.length === 0) return [];
  return [
    ...(byOwner.length === asked.length ? wrap(words.ifApprove.recorded) : []),
    ...[...byService, ...byOwner].flatMap((told) => maker(told, context)),
    ...hubProfile(byOwner, context),
    ...(byOwner.length > 0 ? [...wrap(words.toDo.applyReads), ...wrap(again.noticed)] : []),
    ...(byOwner.some(({ incident }) => incident.template && incident.applies === 'service')
      ? wrap(words.ifApprove.serviceInTemplate)
      : []),
    ...copiesIfApproved(asked, context, copy),
  ];
}

/** The same in a reminder: the owner's command comes with the mail about the approval. */
export function ifApproveInShort(told: ToldIncident, context: MailContext, copy: Copy | undefined): Lines {
  const { service, recorded, mailed } = words.ifApprove;
  return [
    ...(isMadeByService(told.incident)
      ? wrap(service(thingOf(told.incident, context)))
      : [...wrap(recorded), ...wrap(mailed)]),
    ...copiesIfApproved([told], context, copy),
  ];
}

function maker({ incident }: ToldIncident, context: MailContext): Lines {
  const { id, template } = incident;
  const { service, owner, template: inTemplate } = words.ifApprove;
  const [thing, hub] = [thingOf(incident, context), hubOf(context)];
  if (isMadeByService(incident)) return wrap(service(thing));
  return [
    ...wrap(template ? inTemplate(thing, hub) : owner(thing, hub)),
    line(words.commands.apply(hub, id, template !== undefined)),
  ];
}

import { shortName } from '../arn';
import type { Cause, Diagnosis } from '../diagnose';
import type { Copy } from '../evidence';
import { clean } from '../text/clean';
import { mail } from '../text/en/mail';
import { utc } from '../text/utc';
import { bullet, hang, plain, wrap, type Lines, type Section } from './layout';

// The sections of a mail that tell a diagnosis.

/** What a mail about a copy says beyond its diagnosis. */
export interface ReadingContext {
  /** When the evidence was read, ISO. */
  readonly readAt: string;
  readonly state: 'FAILED' | 'PARTIAL';
  /** False: the destination vault is not on the deployment's list. */
  readonly listed: boolean;
  /** True: nothing in that account could be read. */
  readonly sourceUnreadable: boolean;
  readonly destinationUnreadable: boolean;
  /** The command that puts the reader role into the destination account, where the deployment is known. */
  readonly destinationCommand?: string;
}

/** A group that evidence does not separate has no cause to put first. */
export function headline(causes: readonly Cause[]): string {
  const [first] = causes;
  if (!first) return '';
  if (first.byMessageOnly && causes.length > 1) return mail.several(causes.length);
  const title = mail.inSubject(first.id, first.title);
  return first.confidence === 'possible' && first.id !== 'uncatalogued' ? mail.possibly(title) : title;
}

/** What stands before all else: whether the destination may be looked at, and changed. */
export function unreadable(copy: Copy, context: ReadingContext): Section {
  const { headings } = mail;
  if (!context.listed) return [headings.notListed, wrap(mail.notListed(copy, context.destinationUnreadable))];
  return [
    headings.destinationUnreadable,
    context.destinationUnreadable ? mail.destinationUnreadable(copy, context.destinationCommand).flatMap(wrap) : [],
  ];
}

export function happened(copy: Copy, { state }: Pick<ReadingContext, 'state'>): Lines {
  const name = copy.resourceArn ? shortName(copy.resourceArn) : undefined;
  const resource = [copy.resourceType, name].filter(Boolean).join(' ') || 'an unnamed resource';
  return [
    ...wrap(mail.happened(copy, plain(resource, 200), state === 'PARTIAL')),
    ...wrap(copy.statusMessage ? mail.awsSaid(plain(copy.statusMessage)) : mail.awsSaidNothing),
  ];
}

export function why({ causes, copy }: Diagnosis, readAt: string): Lines {
  const grouped = groupOf(causes);
  const title = (cause: Cause) => wrap(`${causes.length > 1 ? `${causes.indexOf(cause) + 1}. ` : ''}${cause.title}.`);
  const told = (cause: Cause) => [...title(cause), ...cause.because.flatMap((line) => bullet(line))];
  // With a refused read it stands under "Not checked".
  const left = ({ unsettled, missing }: Cause) =>
    unsettled && missing.length === 0 ? bullet(mail.unsettled(unsettled)) : [];
  return [
    ...(copy.recorded ? [] : wrap(mail.notRecorded)),
    ...causes.filter((cause) => !grouped.includes(cause)).flatMap(told),
    ...(grouped.length > 0 ? wrap(mail.group(grouped.length)) : []),
    ...grouped.flatMap((cause) => [...title(cause), ...left(cause)]),
    ...(grouped.some(({ missing }) => missing.length > 0)
      ? bullet(mail.notRead(grouped.flatMap(({ missing }) => missing)))
      : []),
    mail.readAt(utc(readAt)),
  ];
}

/** Causes that one text fits and that evidence does not separate are told as one; a single one is told as itself. */
function groupOf(causes: readonly Cause[]): readonly Cause[] {
  const byMessage = causes.filter(({ byMessageOnly }) => byMessageOnly);
  return byMessage.length > 1 ? byMessage : [];
}

export function confidence({ causes, copy: { recorded } }: Pick<Diagnosis, 'causes' | 'copy'>): Lines {
  const words = (cause: Cause) => {
    if (cause.id === 'uncatalogued') return mail.confidence.uncatalogued;
    if (cause.confidence === 'likely' && cause.byMessageOnly) return mail.confidence.likelyByMessage;
    if (cause.confidence === 'possible' && recorded && !cause.byMessageOnly) return mail.confidence.possibleByEvidence;
    return mail.confidence[cause.confidence];
  };
  const distinct = [...new Set(causes.map(words))];
  if (distinct.length === 1) return wrap(distinct[0] ?? '');
  return causes.flatMap((cause, index) => wrap(`${index + 1}. ${words(cause)}`));
}

/** Causes that are mended together. */
export interface Part {
  readonly causes: readonly Cause[];
  /** Stands in place of the causes' titles. */
  readonly label?: string;
  /** Comes before the causes' steps, or stands in their place. */
  readonly before?: Lines;
  readonly instead?: Lines;
}

/** Steps of every cause in the order to mend them; what several have in common is told once. */
export function toDo({ causes, copy }: Diagnosis, partsOf: (causes: readonly Cause[]) => readonly Part[] = byDocument) {
  const grouped = groupOf(causes);
  const parts = partsOf(causes.filter((cause) => !grouped.includes(cause)));
  const alone = parts.length + (grouped.length > 0 ? 1 : 0) === 1;
  const told = new Set<string>();
  const steps = parts.flatMap((part) => [
    ...(alone ? [] : labelOf(part, causes)),
    ...(part.before ?? []),
    ...(part.instead ?? numbered(stepsOf(part, told), alone ? '' : `${numberOf(part.causes[0], causes)}.`)),
  ]);
  if (grouped.length === 0) return steps;
  const look = mail.lookYourself(
    grouped.map(({ id }) => id),
    copy,
    grouped.flatMap(({ missing }) => missing),
  );
  return [...steps, ...numbered(look, '')];
}

/** A single step needs no number; under a numbered cause, its number comes first. */
function numbered(steps: Lines, before: string): Lines {
  if (steps.length === 1) return steps.flatMap((step) => bullet(step));
  return steps.flatMap((step, index) => bullet(step, `${before}${index + 1}${before ? '' : '.'}`));
}

const numberOf = (cause: Cause | undefined, all: readonly Cause[]): string =>
  String(cause ? all.indexOf(cause) + 1 : '');

function labelOf({ causes, label }: Part, all: readonly Cause[]): Lines {
  return label === undefined
    ? causes.flatMap((cause) => wrap(`${numberOf(cause, all)}. ${cause.title}:`))
    : wrap(`${causes.map((cause) => numberOf(cause, all)).join(', ')}. ${label}:`);
}

function stepsOf({ causes }: Part, told: Set<string>): Lines {
  const list = merged(causes.map((cause) => cause.steps));
  const again = list.every((step) => told.has(step));
  for (const step of list) told.add(step);
  return again ? [mail.sameSteps] : list;
}

/** Neighbors that are mended in one document, such as two statements that a key policy lacks. */
export function byDocument(causes: readonly Cause[]): readonly Part[] {
  const parts: Cause[][] = [];
  for (const cause of causes) {
    const before = parts.at(-1);
    const last = before?.[0];
    if (before && last?.resource === cause.resource && last?.fix === cause.fix && cause.fix !== 'manual')
      before.push(cause);
    else parts.push([cause]);
  }
  return parts.map((part) => ({ causes: part }));
}

/** Read once, add each, store once: what all lists begin and end with is kept once. */
function merged(lists: readonly Lines[]): Lines {
  const [first = [], ...rest] = lists;
  if (rest.length === 0) return first;
  const shared = (at: (list: Lines, index: number) => string | undefined) => {
    let count = 0;
    while (count < first.length && rest.every((list) => at(list, count) === at(first, count))) count += 1;
    return count;
  };
  const head = shared((list, index) => list[index]);
  const tail = Math.min(
    shared((list, index) => list.at(-1 - index)),
    first.length - head,
  );
  const middles = lists.flatMap((list) => list.slice(head, list.length - tail));
  return [...first.slice(0, head), ...middles, ...first.slice(first.length - tail)];
}

/** What was fine, and what was not checked, by the reason: one refused read stops many checks. */
export function alsoChecked({ ruledOut, notCheckable }: Diagnosis): Lines {
  const byReason = new Map<string, string[]>();
  for (const { id, missing, because } of notCheckable) {
    const reason = [...new Set([...missing.map(mail.missingRead), ...(because ? [because.replace(/\.$/, '')] : [])])];
    const key = clean(reason.join('; '), 400);
    byReason.set(key, [...(byReason.get(key) ?? []), id]);
  }
  const unread = [...byReason].flatMap(([reason, ids]) => [
    ...hang(`- ${reason}:`, '  ', ''),
    ...hang(ids.join(', '), '  ', '  '),
  ]);
  return [
    ...hang(`${mail.ruledOut}: ${ruledOut.join(', ') || mail.noneRuledOut}`, '  ', ''),
    ...(unread.length > 0 ? [`${mail.notChecked}:`, ...unread] : []),
  ];
}

/** One row of the details; none where there is no value. */
export const row = (label: string, value: string | undefined): Lines =>
  value === undefined ? [] : [`${label.padEnd(18)} ${clean(value, 400)}`];

export function details({ copy, causes }: Diagnosis): Lines {
  const { details: label } = mail;
  return [
    ...[...new Set(causes.map(({ id }) => id))].flatMap((id) => [
      ...row(label.check, id),
      // A group's explanations stand among its steps already.
      ...(groupOf(causes).length > 0 ? [] : row('', mail.explain(id))),
    ]),
    ...row(label.job, copy.copyJobId),
    ...row(label.parent, copy.parentJobId),
    ...row(label.failed, utc(copy.time)),
    ...row(label.recoveryPoint, copy.recoveryPointArn),
    ...row(label.resource, copy.resourceArn),
    ...row(label.source, copy.sourceVaultArn),
    ...row(label.destination, copy.destinationVaultArn),
    ...row(label.role, copy.roleArn),
  ];
}

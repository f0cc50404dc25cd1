import { shortName } from '../arn';
import type { Cause, Diagnosis } from '../diagnose';
import type { Copy } from '../evidence';
import { clean } from '../text/clean';
import { utc } from '../text/utc';
import { mail } from '../text/en/mail';

export interface Mail {
  /** Printable ASCII, under 100 characters: what SNS takes. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly subject: string;
  /** Plain text for people, lines of at most about 80 characters, commands never broken. */
  readonly body: string;
}

export interface MailContext {
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

const WIDTH = 80;

/** A diagnosis as the mail that a person gets: fixed sections in fixed order, empty ones left out. */
export function renderMail(diagnosis: Diagnosis, context: MailContext): Mail {
  const { copy, causes } = diagnosis;
  const { headings } = mail;
  if (diagnosis.drill) return renderDrill(copy, context);
  const sections: Sections = [
    [headings.destinationUnreadable, unreadable(copy, context)],
    [headings.happened, happened(copy, context)],
    [headings.why, why(diagnosis, context)],
    [headings.confidence, confidence(causes)],
    [headings.toDo, toDo(diagnosis)],
    [headings.ifNot, wrap(mail.ifNothing(causes))],
    [headings.alsoChecked, alsoChecked(diagnosis)],
    [headings.details, details(diagnosis)],
  ];
  return { subject: subject(mail.subject(copy, headline(causes))), body: bodyOf(sections) };
}

type Sections = readonly (readonly [string, readonly string[]])[];

function bodyOf(sections: Sections): string {
  const told = sections.filter(([, lines]) => lines.length > 0);
  return `${told.map(([heading, lines]) => [heading, ...lines.map((line) => `  ${line}`)].join('\n')).join('\n\n')}\n`;
}

/** No copy failed: the mail says only that mails arrive, and which accounts can be read. */
function renderDrill(copy: Copy, context: MailContext): Mail {
  const { headings } = mail;
  const body = bodyOf([
    [headings.drill, wrap(mail.drill)],
    [headings.destinationUnreadable, unreadable(copy, context)],
    [headings.readable, mail.readable(copy, context).flatMap(bullet)],
  ]);
  return { subject: subject(mail.drillSubject(copy)), body };
}

function subject(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?');
  return ascii.length < 100 ? ascii : `${ascii.slice(0, 96).replace(/ \S*$/, '')}...`;
}

/** A group that evidence does not separate has no cause to put first. */
function headline(causes: readonly Cause[]): string {
  const [first] = causes;
  if (!first) return '';
  if (first.byMessageOnly && causes.length > 1) return mail.several(causes.length);
  return first.confidence === 'possible' && first.id !== 'uncatalogued' ? mail.possibly(first.title) : first.title;
}

function unreadable(copy: Copy, context: MailContext): readonly string[] {
  if (!context.listed) return wrap(mail.notListed(copy));
  return context.destinationUnreadable
    ? mail.destinationUnreadable(copy, context.destinationCommand).flatMap(wrap)
    : [];
}

function happened(copy: Copy, context: MailContext): readonly string[] {
  const name = copy.resourceArn ? shortName(copy.resourceArn) : undefined;
  const resource = [copy.resourceType, name].filter(Boolean).join(' ') || 'an unnamed resource';
  return [
    ...wrap(mail.happened(copy, clean(resource, 200), context.state === 'PARTIAL')),
    ...wrap(copy.statusMessage ? mail.awsSaid(clean(copy.statusMessage)) : mail.awsSaidNothing),
  ];
}

function why({ causes, copy }: Diagnosis, context: MailContext): readonly string[] {
  const grouped = groupOf(causes);
  const title = (cause: Cause) => wrap(`${causes.length > 1 ? `${causes.indexOf(cause) + 1}. ` : ''}${cause.title}.`);
  const told = (cause: Cause) => [...title(cause), ...cause.because.flatMap(bullet)];
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
    mail.readAt(utc(context.readAt)),
  ];
}

/** Causes that one text fits and that evidence does not separate are told as one; a single one is told as itself. */
function groupOf(causes: readonly Cause[]): readonly Cause[] {
  const byMessage = causes.filter(({ byMessageOnly }) => byMessageOnly);
  return byMessage.length > 1 ? byMessage : [];
}

function confidence(causes: readonly Cause[]): readonly string[] {
  const words = (cause: Cause) => {
    if (cause.id === 'uncatalogued') return mail.confidence.uncatalogued;
    return cause.confidence === 'likely' && cause.byMessageOnly
      ? mail.confidence.likelyByMessage
      : mail.confidence[cause.confidence];
  };
  const distinct = [...new Set(causes.map(words))];
  if (distinct.length === 1) return wrap(distinct[0] ?? '');
  return causes.flatMap((cause, index) => wrap(`${index + 1}. ${words(cause)}`));
}

/** Steps of every cause in the order to mend them; what several have in common is told once. */
function toDo({ causes, copy }: Diagnosis): readonly string[] {
  const grouped = groupOf(causes);
  const parts = sameDocument(causes.filter((cause) => !grouped.includes(cause)));
  const told = new Set<string>();
  const steps = parts.flatMap((part) => {
    const list = merged(part.map((cause) => cause.steps));
    const again = list.every((step) => told.has(step));
    for (const step of list) told.add(step);
    return [
      ...(causes.length > 1 ? part.flatMap((cause) => wrap(`${causes.indexOf(cause) + 1}. ${cause.title}:`)) : []),
      ...(again ? [mail.sameSteps] : list).flatMap(bullet),
    ];
  });
  if (grouped.length === 0) return steps;
  const look = mail.lookYourself(
    grouped.map(({ id }) => id),
    copy,
    grouped.flatMap(({ missing }) => missing),
  );
  return [...steps, ...look.flatMap(bullet)];
}

/** Neighbors that are mended in one document, such as two statements that a key policy lacks. */
function sameDocument(causes: readonly Cause[]): readonly (readonly Cause[])[] {
  const parts: Cause[][] = [];
  for (const cause of causes) {
    const before = parts.at(-1);
    const last = before?.[0];
    if (before && last?.resource === cause.resource && last?.fix === cause.fix && cause.fix !== 'manual')
      before.push(cause);
    else parts.push([cause]);
  }
  return parts;
}

/** Read once, add each, store once: what all lists begin and end with is kept once. */
function merged(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...rest] = lists;
  if (rest.length === 0) return first;
  const shared = (at: (list: readonly string[], index: number) => string | undefined) => {
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
function alsoChecked({ ruledOut, notCheckable }: Diagnosis): readonly string[] {
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
    ...hang(`${mail.fine}: ${ruledOut.join(', ') || mail.noneFine}`, '  ', ''),
    ...(unread.length > 0 ? [`${mail.notChecked}:`, ...unread] : []),
  ];
}

function details({ copy, causes }: Diagnosis): readonly string[] {
  const row = (label: string, value: string | undefined) =>
    value === undefined ? [] : [`${label.padEnd(18)} ${clean(value, 400)}`];
  const { details: label } = mail;
  return [
    ...causes.flatMap(({ id }) => [
      ...row(label.check, id),
      // A group's explanations stand among its steps already.
      ...(groupOf(causes).length > 0 ? [] : row('', mail.explain(id))),
    ]),
    ...row(label.job, copy.copyJobId),
    ...row(label.failed, utc(copy.time)),
    ...row(label.recoveryPoint, copy.recoveryPointArn),
    ...row(label.resource, copy.resourceArn),
    ...row(label.source, copy.sourceVaultArn),
    ...row(label.destination, copy.destinationVaultArn),
    ...row(label.role, copy.roleArn),
  ];
}

/** A bullet: prose is wrapped; lines after the first (commands, documents, policy lines) stand as they are. */
function bullet(text: string): readonly string[] {
  const [first = '', ...rest] = text.split('\n');
  return [...hang(`- ${clean(first)}`, '  ', ''), ...rest.map((line) => `    ${clean(line, 4000)}`)];
}

const wrap = (text: string): readonly string[] => (text.startsWith('  ') ? [text] : hang(text, '', ''));

/** Breaks prose at spaces; a word is never broken, so ARNs stay whole. */
function hang(text: string, indent: string, firstIndent: string): readonly string[] {
  const lines: string[] = [];
  let line = firstIndent;
  for (const word of text.split(' ')) {
    const fits = ['', '-'].includes(line.trim()) || line.length + 1 + word.length <= WIDTH - 2;
    if (fits) line = line === '' || line === firstIndent || line === indent ? line + word : `${line} ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  lines.push(line);
  return lines;
}

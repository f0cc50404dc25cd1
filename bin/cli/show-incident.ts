import { nextDue, type Decision, type Incident } from '../../lambda/core/incident/incident';
import type { LogEntry, StoredEvidence } from '../../lambda/core/incident/shown';
import { newestRows } from '../../lambda/core/render/newest';
import { clean } from '../../lambda/core/text/clean';
import { newest as words } from '../../lambda/core/text/en/newest';
import { utc } from '../../lambda/core/text/utc';
import { commandFor, type Hub } from './hub';
import { styles, type Io } from './io';
import { nextLines } from './show-next';
import { otherLines, retriedLines } from './show-outcome';
import { planScreen, rollbackSections } from './show-plan';
import { EFFECT_WORDS, stateSentence } from './state-words';
import type { Story } from './story';
import { CAUSE_TITLES } from './table-of-hub';

/** An incident as a person reads it: the change, how it came to it, what can be done. */
export function incidentScreen(io: Io, hub: Hub, story: Story): string {
  const style = styles(io);
  const { incident, plan, counted, evidence, log, rollback } = story;
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', style('bold', title), ...lines.map((line) => `  ${line}`)] : [];
  const owned = section('THE TEMPLATE OWNS IT', templateLines(hub, incident)).slice(1);
  return [
    ...(owned.length > 0 ? [...owned, ''] : []),
    planScreen(io, { incident: onScreen(story), plan, counted }, hub).trimEnd(),
    ...section('PLAN', plan ? [hashLine(plan.hash)] : []),
    ...(rollback ? rollbackSections(io, rollback) : []),
    ...section('ROLLBACK', rollbackLines(story)),
    ...section('CAUSES', causeLines(incident)),
    ...section('NEWEST GOOD COPY', newestLines(story)),
    ...section('COPIED AGAIN', retriedLines(story.retried)),
    ...section('OTHER INCIDENTS', otherLines(hub, incident)),
    ...section('WHAT HAPPENED', storyLines(story, new Date().toISOString())),
    ...section('LOG', log ? log.map(logLine) : []),
    ...section('EVIDENCE', evidenceLines(hub, incident, evidence)),
    ...section('NEXT', nextLines(hub, story)),
    '',
  ].join('\n');
}

/** What `approve` and `rollback` ask for, and the rest. */
const hashLine = (hash: string) => `${hash.slice(0, 12)}   (${hash})`;

/** The template has a section of its own, with the commands; a plan that is not there has a reason. */
function onScreen({ incident, plan }: Story): Incident {
  const lost = plan === undefined && incident.planHash !== undefined;
  const refused = 'The plan cannot be read, or is not the one that its hash names. Do not decide on this incident.';
  return { ...incident, template: undefined, ...(lost ? { refused } : {}) };
}

const causeLines = ({ causes }: Incident): readonly string[] =>
  causes.map((id) => `${clean(id, 80)}: ${CAUSE_TITLES.get(id) ?? 'a cause that this version does not know'}`);

/** As old as they are now; a copy that came since was not looked for. */
function newestLines({ newest }: Story): readonly string[] {
  if (!newest) return [];
  const { readAt, resources, unread } = newest;
  return [
    ...newestRows(newest, new Date().toISOString()),
    ...(unread > 0 ? [words.unread(unread, unread === resources)] : []),
    words.records,
    ...(newest.worst.some((row) => row.unsure) ? [words.kept] : []),
    `Looked at ${utc(readAt)}.`,
  ];
}

/** Sentences in the order of time. */
function storyLines({ incident, log }: Story, now: string): readonly string[] {
  const { revision, openedAt, openedBy, readAt, decision, firstFailedAt } = incident;
  const first = log?.[0]?.at;
  return [
    ...(revision > 1 && first ? [`It was first seen at ${utc(first)}.`] : []),
    ...(firstFailedAt ? [`The oldest copy that it stops failed at ${utc(firstFailedAt)}.`] : []),
    `${revision > 1 ? `Revision ${revision} was opened` : 'It was opened'} at ${utc(openedAt)} by copy job ${clean(openedBy, 128)}, from what was read at ${utc(readAt)}.`,
    toldLine(incident, now),
    ...(decision ? [decisionLine(decision)] : []),
    ...changeLine(incident),
    stateSentence(incident),
    ...becauseLine(incident),
    ...dueLine(incident, now),
  ];
}

function toldLine({ toldAt, reminders, agenda: { notify } }: Incident, now: string): string {
  if (toldAt === undefined) {
    if (notify === undefined) return 'Nobody was told yet.';
    const late = notify < now ? ': the tick sends it, once somebody has confirmed the subscription' : '';
    return `Nobody was told yet; the mail is due at ${utc(notify)}${late}.`;
  }
  const times = reminders === 1 ? 'once' : `${reminders} times`;
  return `People were told at ${utc(toldAt)}${reminders > 0 ? `, and reminded ${times}` : ''}.`;
}

function decisionLine({ decision, by, at, reason, retry, evenThoughATemplateOwnsIt }: Decision): string {
  const more = [
    ...(retry === undefined ? [] : [retry ? 'copies are started again' : 'no copy is started again']),
    ...(evenThoughATemplateOwnsIt ? ['even though a template owns the resource'] : []),
  ];
  const extras = more.length > 0 ? ` (${more.join('; ')})` : '';
  const said = reason ? `: "${clean(reason, 500)}"` : '';
  return `${decision === 'approved' ? 'Approved' : 'Rejected'} by ${clean(by, 300)} at ${utc(at)}${extras}${said}.`;
}

function changeLine({ change, decision }: Incident): readonly string[] {
  if (!change) return [];
  const unasked = decision ? '' : ' without asking, since the setting autoApply names this vault';
  const request = change.requestId ? ` (AWS request ${clean(change.requestId, 100)})` : '';
  return [`The service made the change at ${utc(change.at)}${unasked}${request}.`];
}

/** The other states have it in their own sentence. */
function becauseLine({ because, state }: Incident): readonly string[] {
  const said = ['refused', 'applied', 'reopened', 'not-cured'].includes(state);
  return because && !said ? [`The service said: ${clean(because, 900)}`] : [];
}

function dueLine(incident: Incident, now: string): readonly string[] {
  const next = nextDue(incident);
  if (!next) return [];
  return [`Next, ${next.due > now ? `at ${utc(next.due)}` : 'within minutes'}, ${EFFECT_WORDS[next.effect]}.`];
}

function rollbackLines({ incident: { rollback: asked }, rollback: plan }: Story): readonly string[] {
  if (!asked) return [];
  return [
    ...(plan ? [hashLine(plan.hash)] : []),
    `Asked for by ${clean(asked.requestedBy, 300)} at ${utc(asked.requestedAt)}.`,
    ...(asked.decision ? [decisionLine(asked.decision)] : []),
    ...(asked.requestId ? [`Taken back by AWS request ${clean(asked.requestId, 100)}.`] : []),
  ];
}

function templateLines(hub: Hub, { id, template, planHash }: Incident): readonly string[] {
  if (!template) return [];
  const { stack, logicalId } = template;
  return [
    `The CloudFormation stack ${clean(stack, 200)} owns this resource${logicalId ? `, there called ${clean(logicalId, 200)}` : ''}.`,
    'A change made directly is lost when the stack next updates that property: change the template instead.',
    ...(planHash ? (['cdk', 'cfn'] as const).map((form) => commandFor(hub, `show ${id}`, `--as ${form}`)) : []),
  ];
}

function logLine({ at, what, by, from, to, requestId }: LogEntry): string {
  const states = from && to ? `${from} -> ${to}` : '';
  const parts = [
    utc(at),
    clean(what, 40).padEnd(20),
    clean(states, 60).padEnd(22),
    ...(by ? [`by ${clean(by, 300)}`] : []),
    ...(requestId ? [`AWS request ${clean(requestId, 100)}`] : []),
  ];
  return parts.join('  ').trimEnd();
}

function evidenceLines(hub: Hub, { id, revision }: Incident, evidence: readonly StoredEvidence[]): readonly string[] {
  if (evidence.length === 0) return [];
  return [
    ...evidence.map(({ copyJobId, readAt, evidence: { responses }, revision: of }) => {
      const older = of === revision ? '' : `, of revision ${of}`;
      return `${Object.keys(responses).length} answers of AWS about copy job ${clean(copyJobId, 128)}, read at ${utc(readAt)}${older}`;
    }),
    'Diagnose it again, offline; this prints the steps by hand too:',
    `  ${commandFor(hub, `show ${id}`, '--evidence > case.json')}`,
    '  npx --no-install copy-doctor diagnose --case case.json',
  ];
}

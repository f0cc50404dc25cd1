import { isOpen, nextDue, type Effect, type Incident } from '../../lambda/core/incident/incident';
import type { LogEntry, StoredEvidence } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { commandFor, type Hub } from './hub';
import { ownerLines } from './owner-lines';
import { styles, type Io } from './io';
import type { Story } from './show';
import { planScreen } from './show-plan';
import { CAUSE_TITLES } from './table-of-hub';

/** An incident as a person reads it: the change, how it came to it, what can be done. */
export function incidentScreen(io: Io, hub: Hub, story: Story): string {
  const style = styles(io);
  const { incident, plan, counted, evidence, log } = story;
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', style('bold', title), ...lines.map((line) => `  ${line}`)] : [];
  const owned = section('THE TEMPLATE OWNS IT', templateLines(hub, incident)).slice(1);
  return [
    ...(owned.length > 0 ? [...owned, ''] : []),
    planScreen(io, { incident: onScreen(story), plan, counted, settings: NO_SETTINGS }, hub).trimEnd(),
    ...section('PLAN', plan ? [`${plan.hash.slice(0, 12)}   (${plan.hash})`] : []),
    ...section('CAUSES', causeLines(incident)),
    ...section('WHAT HAPPENED', storyLines(story, new Date().toISOString())),
    ...section('LOG', log ? log.map(logLine) : []),
    ...section('EVIDENCE', evidenceLines(hub, incident, evidence)),
    ...section('NEXT', nextLines(hub, story)),
    '',
  ].join('\n');
}

/** The screen shows plans and copies, whatever the settings are. */
const NO_SETTINGS = { destinations: [], keyGrantee: 'role' } as const;

/** The template has a section of its own, with the commands; a plan that is not there has a reason. */
function onScreen({ incident, plan }: Story): Incident {
  const lost = plan === undefined && incident.planHash !== undefined;
  const refused = 'The plan cannot be read, or is not the one that its hash names. Do not decide on this incident.';
  return { ...incident, template: undefined, ...(lost ? { refused } : {}) };
}

const causeLines = ({ causes }: Incident): readonly string[] =>
  causes.map((id) => `${clean(id, 80)}: ${CAUSE_TITLES.get(id) ?? 'a cause that this version does not know'}`);

/** Sentences in the order of time. */
function storyLines({ incident, log }: Story, now: string): readonly string[] {
  const { revision, openedAt, openedBy, readAt, decision } = incident;
  const first = log?.[0]?.at;
  return [
    ...(revision > 1 && first ? [`It was first seen at ${utc(first)}.`] : []),
    `${revision > 1 ? `Revision ${revision} was opened` : 'It was opened'} at ${utc(openedAt)} by copy job ${clean(openedBy, 128)}, from what was read at ${utc(readAt)}.`,
    toldLine(incident, now),
    ...(decision
      ? [
          `${decision.decision === 'approved' ? 'Approved' : 'Rejected'} by ${clean(decision.by, 300)} at ${utc(decision.at)}${decision.reason ? `: "${clean(decision.reason, 500)}"` : ''}.`,
        ]
      : []),
    stateSentence(incident),
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

function stateSentence({ state, since, expiresAt, kind, planHash, refused }: Incident): string {
  const at = utc(since);
  switch (state) {
    case 'reported':
      if (refused) return 'There is nothing to decide: no change is proposed.';
      if (planHash) return 'There is nothing to decide: the owner of the resource can make the change.';
      return kind === 'retry-later'
        ? 'There is nothing to decide: this passes, and the next copy shows whether it did.'
        : 'There is nothing to decide: the cause is mended by hand.';
    case 'proposed':
      return `The change waits for a decision${expiresAt ? ` until ${utc(expiresAt)}` : ''}.`;
    case 'approved':
      return 'The change waits for the owner of the resource, who makes it.';
    case 'rejected':
      return 'A new failure asks again; a later success ends it.';
    case 'expired':
      return `The time to decide ended ${utc(expiresAt ?? since)} without a decision. A new failure asks again; a later success ends it.`;
    case 'stale':
      return `At ${at} the policy was no longer the one that the plan was made from, and no new plan came of it.`;
    case 'settling':
      return `The change was seen in place at ${at}; policies take minutes to reach all of AWS.`;
    case 'applied':
      return `The change is in place since ${at}; the next copy shows whether it worked.`;
    case 'resolved':
      return `It is over since ${at}: what failed was copied since, or it was a drill.`;
  }
}

const EFFECT: Readonly<Record<Effect, string>> = {
  notify: 'a mail is sent',
  expire: 'the time to decide ends',
  remind: 'people are reminded',
  'look-again': 'the service looks again at the policy and for newer copies',
};

function dueLine(incident: Incident, now: string): readonly string[] {
  const next = nextDue(incident);
  if (!next) return [];
  return [`Next, ${next.due > now ? `at ${utc(next.due)}` : 'within minutes'}, ${EFFECT[next.effect]}.`];
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

function logLine({ at, what, by, from, to }: LogEntry): string {
  const states = from && to ? `${from} -> ${to}` : '';
  const parts = [utc(at), clean(what, 40).padEnd(20), clean(states, 40).padEnd(22), by ? `by ${clean(by, 300)}` : ''];
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

function nextLines(hub: Hub, { incident, plan }: Story): readonly string[] {
  const { id, state, causes } = incident;
  const command = (verb: string, more = '') => `  ${commandFor(hub, `${verb} ${id}`, more)}`;
  const decide = state === 'proposed' && plan !== undefined;
  const apply = plan !== undefined && isOpen(incident);
  const lines = [
    ...(decide ? ['Decide:', command('approve'), command('reject')] : []),
    ...(apply ? ownerLines(hub, incident) : []),
  ];
  if (lines.length > 0 || state === 'resolved') return lines;
  if (state === 'settling' || state === 'applied') return ['Nothing to do: wait for the next scheduled copy.'];
  return [
    'What the cause means, and what mends it:',
    ...causes.map((cause) => `  npx --no-install copy-doctor explain ${clean(cause, 80)}`),
  ];
}

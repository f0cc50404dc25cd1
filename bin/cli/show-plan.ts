import { shortName, vaultName } from '../../lambda/core/arn';
import type { Incident } from '../../lambda/core/incident/incident';
import type { Counted, ShownIncident } from '../../lambda/core/incident/shown';
import type { Plan } from '../../lambda/core/plan/plan';
import { whyNoPlan } from '../../lambda/core/render/told';
import { clean } from '../../lambda/core/text/clean';
import { incident as words } from '../../lambda/core/text/en/incident';
import { sizeOf } from '../../lambda/core/text/size';
import { utc } from '../../lambda/core/text/utc';
import { commandFor, type HubPlace } from './hub';
import { styles, type Io, type Out } from './io';

/** Longer than any line of a policy that AWS stores: what is decided on is shown whole. */
const WHOLE_LINE = 40_000;

/**
 * A plan as a person reads it before deciding or applying: everything but its hash, which the person must have seen
 * elsewhere. `out` is where it will be written.
 */
export function planScreen(
  io: Io,
  { incident, plan, counted }: Pick<ShownIncident, 'incident' | 'plan' | 'counted'>,
  hub: HubPlace,
  out: Out = io.stdout,
): string {
  const style = styles(io, out);
  const none = [clean(incident.refused ?? words.noChange.sentence(whyNoPlan(incident)))];
  return [
    ...templateLines(incident, hub).map((line) => style('yellow', line)),
    style('bold', clean(incident.title)),
    ...headLines(incident),
    ...(plan ? changeSections(io, 'THE EXACT CHANGE', plan, out) : sectionOf(style, 'NO PLAN', none)),
    ...sectionOf(style, 'STOPPED COPIES', [waiting(counted)]),
    '',
  ].join('\n');
}

/** What a rollback takes away, as a person reads it before deciding. */
export function rollbackScreen(io: Io, incident: Incident, plan: Plan, out: Out = io.stdout): string {
  const style = styles(io, out);
  return [
    style('bold', `Taking back the change for: ${clean(incident.title)}`),
    ...headLines(incident),
    ...rollbackSections(io, plan, out),
    '',
  ].join('\n');
}

export const rollbackSections = (io: Io, plan: Plan, out: Out = io.stdout): readonly string[] =>
  changeSections(io, 'WHAT IS TAKEN AWAY', plan, out);

type Style = ReturnType<typeof styles>;

const sectionOf = (style: Style, title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ['', style('bold', title), ...lines.map((line) => `  ${line}`)] : [];

const headLines = (incident: Incident): readonly string[] => [
  `  Incident   ${incident.id}, revision ${incident.revision}`,
  `  State      ${stateOf(incident)}`,
  `  Resource   ${clean(incident.resource)}`,
  `  Owner      account ${clean(incident.owner)}, Region ${clean(incident.region)}`,
];

function changeSections(io: Io, title: string, plan: Plan, out: Out): readonly string[] {
  const style = styles(io, out);
  const cleaned = (lines: readonly string[]) => lines.map((line) => clean(line));
  return [
    ...sectionOf(style, `${title}   ${subjectOf(plan)}`, coloured(plan, style)),
    ...sectionOf(style, 'PERMITS', cleaned(plan.permits)),
    ...sectionOf(style, 'DOES NOT PERMIT', cleaned(plan.doesNotPermit)),
    ...sectionOf(
      style,
      'WARNING',
      cleaned(plan.warnings).map((line) => style('yellow', line)),
    ),
    ...sectionOf(style, 'TO UNDO', cleaned([plan.undo])),
  ];
}

/** Before everything else: a change by hand does not last where a template says otherwise. */
function templateLines({ template, id }: Incident, hub: HubPlace): readonly string[] {
  if (!template) return [];
  const { stack, logicalId } = template;
  const name = logicalId ? `, there called ${clean(logicalId, 200)}` : '';
  return [
    `The CloudFormation stack ${clean(stack, 200)} owns this resource${name}.`,
    'A change made directly is lost when the stack next updates that property: change the template instead.',
    `How: ${commandFor(hub, `show ${id}`, '--as cfn')}`,
    '',
  ];
}

function stateOf({ state, since, expiresAt, decision, agenda }: Incident): string {
  if (state === 'rollback-proposed') {
    return `rollback-proposed, taking the change back waits for a decision${agenda.expire ? ` until ${utc(agenda.expire)}` : ''}`;
  }
  if (decision) {
    const decided = `${clean(decision.decision, 20)} by ${clean(decision.by, 300)} at ${utc(decision.at)}`;
    return state === decision.decision ? decided : `${state} since ${utc(since)}; ${decided}`;
  }
  if (state === 'proposed') return `proposed, waits for a decision${expiresAt ? ` until ${utc(expiresAt)}` : ''}`;
  return `${state} since ${utc(since)}`;
}

const subjectOf = ({ kind, resource, owner }: Plan): string =>
  kind === 'vault-policy'
    ? `access policy of vault ${clean(vaultName(resource), 100)}, account ${clean(owner)}`
    : `key policy of ${clean(shortName(resource), 100)}, account ${clean(owner)}`;

function coloured({ diff }: Plan, style: Style): readonly string[] {
  const COLOURS = { '+': 'green', '-': 'red', '@': 'cyan' } as const;
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      const colour = COLOURS[line[0] as keyof typeof COLOURS];
      const shown = clean(line, WHOLE_LINE);
      return colour ? style(colour, shown) : shown;
    });
}

/** How many copies nothing has made up for, and what trying them again would move. */
function waiting(counted: Counted): string {
  if (counted.copies === 0) return 'None: every resource was copied since, or is not copied again.';
  const { copies, resources } = many(counted);
  return `${copies} of ${resources}. Copying each resource once more moves ${sizeText(counted)}.`;
}

export const many = ({ copies, resources }: Pick<Counted, 'copies' | 'resources'>) => ({
  copies: plural(copies, 'copy', 'copies'),
  resources: plural(resources, 'resource'),
});

export function sizeText({ bytes, withoutSize }: Pick<Counted, 'bytes' | 'withoutSize'>): string {
  const unknown = withoutSize > 0 ? `, and ${plural(withoutSize, 'resource')} of a size that AWS did not tell` : '';
  return `${sizeOf(bytes)}${unknown}`;
}

export const plural = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

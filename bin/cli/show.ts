import { Option, type Command } from 'commander';
import { isOwnPlan } from '../../lambda/core/plan/own-plan';
import { renderPlan, type PlanForm } from '../../lambda/core/plan/render-plan';
import type { Plan } from '../../lambda/core/plan/plan';
import { whyNoPlan } from '../../lambda/core/render/told';
import { clean } from '../../lambda/core/text/clean';
import { caseOf } from './case-of';
import { incidentId, openHub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, type Io } from './io';
import { incidentScreen } from './show-incident';
import { storyOf, type Story } from './story';
import { addHubOptions } from './table-of-hub';

export interface ShowOptions extends HubOptions {
  readonly as?: PlanForm;
  readonly evidence?: boolean;
  readonly json?: boolean;
}

const FORMS: readonly PlanForm[] = ['cli', 'cdk', 'cfn', 'terraform'];

export function registerShow(program: Command, io: Io, done: (code: number) => void): void {
  addHubOptions(program.command('show'))
    .description('Shows an incident: what happened, the exact change, who gains what, what waits. Changes nothing.')
    .argument('<incident>', "the incident's id, from the mail or from `incidents`")
    .addOption(new Option('--as <form>', 'print only the change, as commands or as code').choices(FORMS))
    .option('--evidence', 'print only what AWS answered, as a case file for `diagnose --case`')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor show K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111
  npx --no-install copy-doctor show K3QZ7MPA2X2VB4TC --as cdk
  npx --no-install copy-doctor show K3QZ7MPA2X2VB4TC --evidence > case.json

Needs the managed policy copy-doctor-<deployment>-operator; with the approver role it shows all but the log.

Exit codes: 0 done; 1 AWS refused, or the plan cannot be trusted; 2 wrong input, or no such incident, plan or evidence.`,
    )
    .action(async (id: string, options: ShowOptions) => done(await show(io, id, options)));
}

async function show(io: Io, given: string, options: ShowOptions): Promise<number> {
  const id = incidentId(given);
  if (options.as && options.evidence) throw new CliError('--as and --evidence do not go together: give one of them');
  if (options.as && options.json) throw new CliError('--as prints no JSON: leave --json out');
  const hub = await openHub(io, options);
  progress(io, `Reading incident ${id}...`);
  const story = await storyOf(io, hub, id);
  const shown = trusted(story);
  const forged = shown.plan !== story.plan || shown.rollback !== story.rollback;
  if (options.as) io.stdout.write(renderPlan(planOf(story), options.as));
  else if (options.evidence) printJson(io, firstCase(story));
  else if (options.json) printJson(io, jsonOf(shown));
  else io.stdout.write(incidentScreen(io, hub, shown));
  if (forged) {
    io.stderr.write(`copy-doctor: warning: ${notOwn(id)}\n`);
    return EXIT.notWorking;
  }
  return EXIT.done;
}

/** The plans are those that their hashes name, and the incident names these hashes. */
function trusted({ plan, rollback, ...story }: Story): Story {
  const { planHash, rollback: asked } = story.incident;
  return {
    ...story,
    plan: plan && isOwnPlan(plan, planHash) ? plan : undefined,
    rollback: rollback && isOwnPlan(rollback, asked?.planHash) ? rollback : undefined,
  };
}

const notOwn = (id: string) =>
  `the plan of incident ${id} is not the one that its hash names. Do not use it; the runbook says what to look at`;

function planOf(story: Story): Plan {
  const { incident, plan } = story;
  if (plan && !isOwnPlan(plan, incident.planHash)) throw new CliError(notOwn(incident.id), EXIT.notWorking);
  if (plan) return plan;
  const why = clean(incident.refused ?? whyNoPlan(incident), 900);
  throw new CliError(
    incident.planHash
      ? `the plan of incident ${incident.id} cannot be read: the item is gone`
      : `incident ${incident.id} has no plan: ${why.replace(/\.$/, '')}`,
  );
}

/** The evidence that opened the current revision, as `diagnose --case` takes it. */
function firstCase({ incident, evidence }: Story): object {
  const [first] = evidence;
  if (!first) throw new CliError(`no evidence is kept of incident ${incident.id}`);
  return caseOf(first);
}

const jsonOf = ({ incident, plan, rollback, counted, retried, newest, evidence, log }: Story) => ({
  incident: {
    ...incident,
    planHash: incident.planHash ?? null,
    rollbackHash: incident.rollback?.planHash ?? null,
    because: incident.because ?? null,
    expiresAt: incident.expiresAt ?? null,
  },
  plan: plan ?? null,
  rollback: rollback ?? null,
  counted,
  retried: retried ?? null,
  newest: newest ?? null,
  evidence: evidence.map(({ evidence: { responses }, ...rest }) => ({
    ...rest,
    answers: Object.keys(responses).length,
  })),
  log: log ?? null,
});

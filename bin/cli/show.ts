import { Option, type Command } from 'commander';
import { eventOf } from '../../lambda/core/copy-job-event';
import { renderPlan, type PlanForm } from '../../lambda/core/plan/render-plan';
import { planHash } from '../../lambda/core/plan/plan-fix';
import type { Plan } from '../../lambda/core/plan/plan';
import type { Incident } from '../../lambda/core/incident/incident';
import type { Counted, LogEntry, StoredEvidence } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { awsError } from './aws-errors';
import { commandFor, incidentId, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, type Io } from './io';
import { incidentScreen } from './show-incident';
import { addHubOptions, incidentsOf, isDenied } from './table-of-hub';

export interface ShowOptions extends HubOptions {
  readonly as?: PlanForm;
  readonly evidence?: boolean;
  readonly json?: boolean;
}

/** Everything that is known of an incident. */
export interface Story {
  readonly incident: Incident;
  readonly plan?: Plan | undefined;
  readonly counted: Counted;
  readonly evidence: readonly StoredEvidence[];
  /** Undefined: not readable for the caller. */
  readonly log?: readonly LogEntry[] | undefined;
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

export async function show(io: Io, given: string, options: ShowOptions): Promise<number> {
  const id = incidentId(given);
  if (options.as && options.evidence) throw new CliError('--as and --evidence do not go together: give one of them');
  if (options.as && options.json) throw new CliError('--as prints no JSON: leave --json out');
  const hub = await openHub(io, options);
  progress(io, `Reading incident ${id}...`);
  const story = await storyOf(io, hub, id);
  const trusted = isOwn(story);
  const shown = trusted ? story : { ...story, plan: undefined };
  if (options.as) io.stdout.write(renderPlan(planOf(story), options.as));
  else if (options.evidence) printJson(io, caseOf(story));
  else if (options.json) printJson(io, jsonOf(shown));
  else io.stdout.write(incidentScreen(io, hub, shown));
  if (!trusted) {
    io.stderr.write(`copy-doctor: warning: ${notOwn(id)}\n`);
    return EXIT.notWorking;
  }
  return EXIT.done;
}

/** From the table; for whoever may not read it, from the approve function, which says less. */
async function storyOf(io: Io, hub: Hub, id: string): Promise<Story> {
  try {
    return await fromTable(hub, id);
  } catch (error) {
    if (!isDenied(error)) throw awsError(`DynamoDB, table ${hub.outputs['TableName']}`, error);
  }
  progress(io, 'You may not read the table, so this comes from the approve function, without the log.');
  const { incident, plan, counted, evidence } = await hub.incident(id);
  return { incident, plan, counted, evidence: evidence ? [evidence] : [] };
}

async function fromTable(hub: Hub, id: string): Promise<Story> {
  const incidents = incidentsOf(hub);
  const incident = await incidents.head(id);
  if (!incident) {
    throw new CliError(
      `there is no incident ${id} in account ${hub.account}, Region ${hub.region}: \`${commandFor(hub, 'incidents', '--all')}\` lists all`,
    );
  }
  const { revision, planHash: hash } = incident;
  const [plan, counted, evidence, log] = await Promise.all([
    hash === undefined ? undefined : incidents.plan(id, revision, hash),
    incidents.count(id),
    incidents.evidence(id),
    incidents.log(id),
  ]);
  return { incident, plan, counted, evidence, log };
}

/** The plan is the one that its hash names, and the incident names that hash. */
function isOwn({ incident, plan }: Story): boolean {
  if (!plan) return true;
  const { resource, before, after, partition, hash } = plan;
  return hash === incident.planHash && hash === planHash(resource, before, after, partition);
}

const notOwn = (id: string) =>
  `the plan of incident ${id} is not the one that its hash names. Do not use it; the runbook says what to look at`;

function planOf(story: Story): Plan {
  const { incident, plan } = story;
  if (!isOwn(story)) throw new CliError(notOwn(incident.id), EXIT.notWorking);
  if (plan) return plan;
  const why = incident.refused ? clean(incident.refused, 900) : 'no policy change would cure its cause';
  throw new CliError(
    incident.planHash
      ? `the plan of incident ${incident.id} cannot be read: the item is gone`
      : `incident ${incident.id} has no plan: ${why.replace(/\.$/, '')}`,
  );
}

/** The evidence that opened the current revision, as `diagnose --case` takes it. */
function caseOf({ incident, evidence }: Story): object {
  const [first] = evidence;
  if (!first) throw new CliError(`no evidence is kept of incident ${incident.id}`);
  const { failure, responses } = first.evidence;
  const event = eventOf(
    {
      CopyJobId: failure.copyJobId,
      State: failure.state,
      StatusMessage: failure.statusMessage,
      CompletionDate: failure.time,
      BackupSizeInBytes: failure.bytes,
      IamRoleArn: failure.roleArn,
      ResourceArn: failure.resourceArn,
      ResourceType: failure.resourceType,
      SourceBackupVaultArn: failure.sourceVaultArn,
      SourceRecoveryPointArn: failure.recoveryPointArn,
      DestinationBackupVaultArn: failure.destinationVaultArn,
    },
    failure,
  );
  const drill = failure.drill ? { detail: { ...(event['detail'] as object), copyDoctorDrill: true } } : {};
  return { event: { ...event, ...drill }, readAt: first.readAt, responses };
}

const jsonOf = ({ incident, plan, counted, evidence, log }: Story) => ({
  incident,
  plan: plan ?? null,
  counted,
  evidence: evidence.map(({ evidence: { responses }, ...rest }) => ({
    ...rest,
    answers: Object.keys(responses).length,
  })),
  log: log ?? null,
});

import { Option, type Command } from 'commander';
import { applyFix, planLive, type ApplyRequest, type ApplyResult } from '../../lambda/aws/apply-fix';
import type { Incident, IncidentState } from '../../lambda/core/incident/incident';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import { isOwnPlan } from '../../lambda/core/plan/own-plan';
import type { Plan } from '../../lambda/core/plan/plan';
import { planAgain, withLivePolicy } from '../../lambda/core/plan/plan-again';
import { renderPlan } from '../../lambda/core/plan/render-plan';
import { whyNoPlan } from '../../lambda/core/render/told';
import { clean } from '../../lambda/core/text/clean';
import { arg } from '../../lambda/core/text/en/policy-words';
import { askForHash, atTerminal, checkHashOptions, meansPlan, SHOWN_OF_HASH } from './ask';
import { tellApplied, tellNotApplied, type Kept, type Told } from './apply-result';
import { keepBefore, undoCommand } from './before-file';
import { commandFor, incidentId, openHub, type Hub } from './hub';
import { CliError, EXIT, progress, type Io } from './io';
import { hubSession, type Session } from './sessions';
import { planScreen } from './show-plan';
import * as values from './values';

export interface ApplyOptions {
  readonly profile?: string;
  readonly hubProfile?: string;
  readonly region?: string;
  readonly account?: string;
  readonly stack?: string;
  readonly plan?: string;
  readonly yes?: boolean;
  readonly out?: string;
  readonly evenThoughATemplateOwnsIt?: boolean;
  readonly json?: boolean;
}

export function registerApply(program: Command, io: Io, done: (code: number) => void): void {
  program
    .command('apply')
    .description(
      `Makes the change that an incident proposes, with the credentials of whoever owns the resource. Plans again from the policy of now, and asks for the first ${SHOWN_OF_HASH} characters of the plan's hash. Saves the policy as it was.`,
    )
    .argument('<incident>', "the incident's id, from the mail")
    .option('--profile <name>', 'AWS profile of the account that owns the resource')
    .option(
      '--hub-profile <name>',
      "AWS profile that reaches the deployment (default: --profile, by the approver's role)",
    )
    .addOption(
      new Option('--region <region>', "the deployment's Region (default: AWS_REGION)").argParser(values.region),
    )
    .addOption(new Option('--account <id>', "the deployment's account").argParser(values.account))
    .option('--stack <name>', "the deployment's CloudFormation stack (default: copy-doctor-<region>)")
    .option('--plan <hash>', `with --yes: the plan that is meant, at least ${SHOWN_OF_HASH} characters of its hash`)
    .option('--yes', 'change without asking, for scripts; needs --plan')
    .option('--out <folder>', 'where the policy as it was is saved (default: the current folder)')
    .option('--even-though-a-template-owns-it', 'change what a CloudFormation stack owns, until its next deployment')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor apply K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --profile dr-admin
  npx --no-install copy-doctor apply K3QZ7MPA2X2VB4TC --region eu-west-1 --account 111111111111 --profile dr-admin --plan 7f3c91b2a04e --yes

An approved change of a vault's policy is made by the deployment itself; a key's policy is always changed by its owner,
as is what a template owns. The deployment sees by itself that this change is there.

Exit codes: 0 the change is there; 1 not changed, or not known to be; 2 wrong input, or nothing was typed.`,
    )
    .action(async (id: string, options: ApplyOptions) => done(await apply(io, id, options)));
}

/** Shows, asks, saves, writes, reads back. Every way out but the last leaves everything as it was. */
async function apply(io: Io, given: string, options: ApplyOptions): Promise<number> {
  const id = incidentId(given);
  checkHashOptions(io, options);
  const { region, account, stack, profile, hubProfile } = options;
  const hub = await openHub(io, { region, account, stack, profile: hubProfile ?? profile }).catch((error: unknown) => {
    throw hubProfile === undefined ? withHubProfile(error) : error;
  });
  progress(io, `Reading incident ${id}...`);
  const shown = await hub.incident(id);
  const plan = planOf(shown, hub);
  if (options.plan !== undefined && !meansPlan(options.plan, plan.hash)) {
    throw notChanged(`incident ${id} has another plan than --plan ${clean(options.plan, 70)}. ${next(hub, id)}`);
  }
  checkTemplate(io, hub, shown.incident, plan, options);
  const owner = await ownerSession(io, plan, options);

  progress(io, `Reading the policy in account ${owner.account}...`);
  const kept: { file?: Kept } = {};
  const request = requestOf(io, shown, plan, owner, options, kept);
  const told: Told = { shown, plan, hub, json: options.json === true, kept };
  const ready = await planLive(request);
  if (ready.outcome !== 'ready') return end(io, told, ready);
  if (options.plan === undefined) {
    // With --json stdout is for the result alone. The plan is the one that was just made here.
    const out = options.json ? io.stderr : io.stdout;
    out.write(`${planScreen(io, { ...shown, plan: ready.plan }, hub, out)}\n`);
    await atTerminal(io, (question) => askForHash(io, question, plan.hash, 'make this change'));
  }
  return end(io, told, await applyFix(request));
}

const end = (io: Io, told: Told, result: ApplyResult): number =>
  result.outcome === 'applied' || result.outcome === 'already-there'
    ? tellApplied(io, told, result)
    : tellNotApplied(io, told, result);

/** Whoever owns the resource need not be of the deployment's account. */
const withHubProfile = (error: unknown): unknown =>
  error instanceof CliError && error.message.includes('you may not take the role')
    ? new CliError(`${error.message}; or give --hub-profile, a profile that reaches the deployment`, error.exitCode, {
        cause: error,
      })
    : error;

const notChanged = (why: string) => new CliError(`not changed: ${why}`, EXIT.notWorking);
const next = (hub: Hub, id: string) => `Next: ${commandFor(hub, `show ${id}`)}`;

const IN_PLACE = 'is in place already';
const AGAIN = 'the next failure of the same cause proposes it again';

/** Why nothing is changed for an incident in this state; undefined: the owner may make its change. */
const CLOSED: Readonly<Record<IncidentState, string | undefined>> = {
  reported: undefined,
  proposed: undefined,
  approved: undefined,
  refused: undefined,
  waiting: 'is nothing: its cause passes by itself',
  applying: 'is being made by the deployment now; a mail says what came of it',
  rejected: `was rejected; ${AGAIN}`,
  expired: `expired without a decision; ${AGAIN}`,
  stale: 'is stale: the policy is no longer the one that the plan was made for, and a new plan is told by mail',
  settling: `${IN_PLACE} and takes effect now`,
  canary: `${IN_PLACE}, and one copy is tried now`,
  retrying: `${IN_PLACE}, and the copies are tried again now`,
  applied: IN_PLACE,
  reopened: `${IN_PLACE}; the copies fail for another cause, which has an incident of its own`,
  'not-cured': `${IN_PLACE}, and did not help`,
  resolved: 'is over: every resource was copied since',
  'rollback-proposed': `${IN_PLACE}, and taking it back waits for a decision`,
  'rollback-approved': 'is being taken back by the deployment now',
  'rolled-back': `was taken back; ${AGAIN}`,
};

/** The plan, if it may be applied and is the one that its hash names. */
function planOf({ incident, plan, evidence }: ShownIncident, hub: Hub): Plan {
  const { id, state, refused } = incident;
  const closed = CLOSED[state];
  if (closed) throw notChanged(`what incident ${id} proposes ${closed}. ${next(hub, id)}`);
  if (incident.planHash === undefined) {
    const why = refused ?? whyNoPlan(incident);
    throw notChanged(`incident ${id} has no plan: ${clean(why, 500).replace(/\.$/, '')}. ${next(hub, id)}`);
  }
  if (!plan || !evidence) throw notChanged(`the plan of incident ${id} cannot be read. ${next(hub, id)}`);
  if (!isOwnPlan(plan, incident.planHash)) {
    throw notChanged(`the plan of incident ${id} is not the one that its hash names; the runbook says what to look at`);
  }
  return plan;
}

/** What a template says comes back when the stack next updates that property: the change belongs into the template. */
function checkTemplate(io: Io, hub: Hub, { id, template }: Incident, plan: Plan, options: ApplyOptions): void {
  if (!template || options.evenThoughATemplateOwnsIt) return;
  const { stack, logicalId } = template;
  const owner = `the CloudFormation stack ${clean(stack, 200)} owns ${clean(plan.resource, 300)}`;
  const out = options.json ? io.stderr : io.stdout;
  const called = logicalId ? `, there called ${clean(logicalId, 200)}` : '';
  const first = `${owner.replace(/^t/, 'T')}${called}. A change made directly is lost when the stack next updates that property.`;
  out.write(`${first}\nChange its template instead:\n\n${renderPlan(plan, 'cfn')}\n`);
  const { profile, hubProfile } = options;
  const again = [
    ...(profile === undefined ? [] : [`--profile ${arg(profile)}`]),
    ...(hubProfile === undefined ? [] : [`--hub-profile ${arg(hubProfile)}`]),
    '--even-though-a-template-owns-it',
  ];
  throw notChanged(
    `${owner}: change its template as shown. Or change it all the same: ${commandFor({ ...hub, profile: undefined }, `apply ${id}`, again.join(' '))}`,
  );
}

async function ownerSession(io: Io, plan: Plan, { profile }: ApplyOptions): Promise<Session> {
  const session = await hubSession(io, { profile, region: plan.region });
  if (session.account === plan.owner) return session;
  throw new CliError(
    `not changed: your credentials${profile ? ` (profile ${profile})` : ''} are of account ${session.account}, and account ${plan.owner} owns ${clean(plan.resource, 300)}: ` +
      `give a profile of account ${plan.owner} with --profile, and one that reaches the deployment with --hub-profile`,
  );
}

function requestOf(
  io: Io,
  { incident, evidence, settings }: ShownIncident,
  plan: Plan,
  { credentials }: Session,
  { out = '.', profile }: ApplyOptions,
  kept: { file?: Kept },
): ApplyRequest {
  return {
    plan,
    expectedHash: plan.hash,
    credentials,
    replan(live) {
      if (!evidence) return { outcome: 'refused', reason: 'There is no evidence to plan with.' };
      const { kind, resource } = plan;
      return planAgain(withLivePolicy(evidence.evidence, kind, resource, live), plan, settings);
    },
    async keep(policy) {
      const path = await keepBefore(out, incident.id, plan, policy, new Date().toISOString());
      kept.file = { path, undo: undoCommand(plan, { path, policy }, profile) };
      progress(io, `The policy as it was: ${path}`);
      progress(io, `To take the change back: ${kept.file.undo}`);
      progress(io, 'Changing the policy, then reading it back for up to a minute...');
    },
  };
}

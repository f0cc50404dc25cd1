import type { Confidence } from '../../../lambda/core/finding';
import type { Incident } from '../../../lambda/core/incident/incident';
import { newArns } from '../arn';
import type { CopyJob } from '../model';
import { cure, NOTHING_DONE, type Cured, type FinalPolicy, type StartedCopy } from './cure';
import { headOf, incidentsOf } from './heads';
import { copyOf, TODAY, type Expected, type Scenario } from './scenario';
import { setStage, type Stage } from './stage';
import type { World } from './world';

export { headOf, incidentsOf };

/** What the demo prints with `--json`, a scenario each. */
export interface Outcome {
  readonly scenario: string;
  readonly injected: boolean;
  readonly causes: readonly { readonly id: string; readonly confidence: string; readonly fix: string }[];
  readonly ruledOut: readonly string[];
  readonly notCheckable: readonly {
    readonly id: string;
    readonly missing: readonly { readonly permission: string; readonly account: string; readonly reason: string }[];
  }[];
  readonly mail: { readonly subject: string; readonly body: string };
  /** Id of the first incident, in the order to mend. */
  readonly incident: string;
  /** How it ended: `reported` where nothing that the service does cures it, `resolved` where all is copied. */
  readonly outcome: string;
  /** Copies that the service has started. */
  readonly retries: readonly StartedCopy[];
  /** What people were told at the end; null: nothing but the diagnosis. */
  readonly resultMail: { readonly subject: string; readonly body: string } | null;
  readonly finalPolicies: readonly FinalPolicy[];
}

/** What a failure became: what people were told, and the incidents that hold it. */
export interface Told extends Omit<Outcome, 'incident' | 'outcome' | keyof Cured> {
  readonly incidents: readonly Incident[];
}

/** What was staged for a copy, and its job. */
export interface Failed {
  readonly stage: Stage;
  readonly job: CopyJob;
  readonly event: object;
}

/** Lets AWS Backup run a scenario's copy; what was broken for all is mended after `look`. */
export async function fail<T>(world: World, scenario: Scenario, look: (failed: Failed) => Promise<T>): Promise<T> {
  const { sandbox, organization, hub } = world;
  const stage = setStage(sandbox, organization, hub, scenario);
  copiedBefore(stage, scenario.copiedBefore);
  const mend = scenario.arrange?.(stage);
  try {
    const job = await sandbox.runCopy({
      recoveryPoint: stage.recoveryPoint,
      destinationVaultArn: stage.destinationVault.arn,
      role: stage.role.arn,
      ...(scenario.injected ? { injectFailure: scenario.injected } : {}),
    });
    // Told by hand below: what a test does between the failure and its event is its own.
    world.heldBack.add(job.id);
    scenario.duringCopy?.(stage);
    await sandbox.finishCopies();
    const event = sandbox.events.all.find(
      ({ detail }) => detail.copyJobId === job.id && detail.state !== 'CREATED' && detail.state !== 'RUNNING',
    );
    if (!event || event.detail.state === 'COMPLETED') {
      throw new Error(`the copy of ${copyOf(scenario).type} did not fail: ${event?.detail.state ?? 'no event'}`);
    }
    return await look({ stage, job, event });
  } finally {
    mend?.();
  }
}

/** The copy that worked before: of another recovery point, which has expired since. */
function copiedBefore({ sandbox, recoveryPoint, destinationVault, role }: Stage, daysAgo = 3): void {
  if (daysAgo === 0) return;
  const options = { recoveryPoint, destinationVaultArn: destinationVault.arn, role: role.arn };
  const job = sandbox.backup.addCompleted(options, daysAgo);
  job.sourceRecoveryPointArn = newArns(
    recoveryPoint.type,
    recoveryPoint.vault.region,
    recoveryPoint.vault.account,
  ).recoveryPoint;
}

/** Plays one scenario: to its mail, and where it can be cured through a decision, change and retry to the result. */
export async function play(
  world: World,
  scenario: Scenario,
  say: (text: string) => void = () => undefined,
  show: (mail: Outcome['mail'], injected: boolean) => void = () => undefined,
): Promise<Outcome> {
  const at = new Date(scenario.at ?? TODAY);
  if (world.sandbox.clock.now() < at) await world.sandbox.clock.set(at);
  return fail(world, scenario, async (failed) => {
    const told = await diagnosed(world, failed.event, scenario.name, scenario.injected !== undefined);
    show(told.mail, told.injected);
    const cured = await cure(world, failed, told.incidents, say);
    if (cured.resultMail) show(cured.resultMail, false);
    return outcomeOf(told, await Promise.all(told.incidents.map(({ id }) => headOf(world, id))), cured);
  });
}

export function outcomeOf(
  { incidents, ...told }: Told,
  now: readonly Incident[] = incidents,
  cured: Cured = NOTHING_DONE,
): Outcome {
  // One that is not closed is what a reader has to know of.
  const last = now.find(({ state }) => state !== 'resolved') ?? now[0];
  const { finalPolicies, retries, resultMail } = cured;
  return { ...told, incident: incidents[0]?.id ?? '', outcome: last?.state ?? '', finalPolicies, retries, resultMail };
}

const FIRST_MAIL = 60_000;

/** One event through rule, queues and functions, to what people were told. */
export async function diagnosed(world: World, event: object, scenario: string, injected: boolean): Promise<Told> {
  const { sandbox } = world;
  const before = sandbox.published.length;
  const { copyJobId } = (event as { detail: { copyJobId: string } }).detail;
  if (!(await world.deliver(event))) throw new Error('the rule does not let the event through');
  await world.pass(FIRST_MAIL);
  const published = sandbox.published.slice(before).filter(({ message }) => isAbout(message, copyJobId));
  const [message] = published;
  if (!message || published.length > 1) {
    const why = [...world.errors, ...world.deadLetters()].slice(0, 3).join('; ');
    throw new Error(`${published.length} messages were published instead of 1${why ? `: ${why}` : ''}`);
  }
  const texts = JSON.parse(message.message) as { email: string; sqs: string };
  const { causes, ruledOut, notCheckable } = JSON.parse(texts.sqs) as Outcome;
  return {
    scenario,
    injected,
    causes: causes.map(({ id, confidence, fix }) => ({ id, confidence, fix })),
    ruledOut,
    notCheckable: notCheckable.map(({ id, missing }) => ({
      id,
      missing: missing.map(({ permission, account, reason }) => ({ permission, account, reason })),
    })),
    mail: { subject: message.subject ?? '', body: texts.email },
    incidents: await incidentsOf(world, copyJobId),
  };
}

/** The mail of a nested job names the composite job, and is about another copy. */
function isAbout(message: string, copyJobId: string): boolean {
  const { sqs = '{}' } = JSON.parse(message) as { sqs?: string };
  const about = (JSON.parse(sqs) as { copyJobId?: string }).copyJobId;
  return about === undefined ? message.includes(copyJobId) : about === copyJobId;
}

const CONFIDENCES: readonly string[] = ['possible', 'likely', 'confirmed'] satisfies Confidence[];

/** Why an outcome is not what had been broken; undefined: it is. */
export function mismatch(outcome: Pick<Outcome, 'causes'>, expected: readonly Expected[]): string | undefined {
  const told = outcome.causes.map(({ id, confidence }) => `${id} (${confidence})`).join(', ');
  const wanted = expected.map(({ id, atLeast }) => `${id} (at least ${atLeast})`).join(', ');
  const same =
    outcome.causes.length === expected.length &&
    expected.every(({ id, atLeast }, index) => {
      const cause = outcome.causes[index];
      return cause?.id === id && CONFIDENCES.indexOf(cause.confidence) >= CONFIDENCES.indexOf(atLeast);
    });
  return same ? undefined : `diagnosed as ${told || 'nothing'} instead of ${wanted}`;
}

const CURABLE = ['vault-policy', 'key-policy', 'retry-later'];

/** Why a scenario that the service can see through did not end cured; undefined: it did, or it cannot. */
export function notCured({ causes, outcome, finalPolicies, retries, resultMail }: Outcome): string | undefined {
  const curable = causes.length > 0 && causes.every(({ fix }) => CURABLE.includes(fix));
  if (!curable) return outcome === 'reported' ? undefined : `ended ${outcome} instead of reported`;
  if (outcome !== 'resolved') return `ended ${outcome} instead of resolved`;
  if (!retries.some(({ state }) => state === 'COMPLETED')) return 'no copy that the service started has succeeded';
  if (!resultMail) return 'nobody was told of the result';
  const lost = finalPolicies.find(({ before, after }) => !keepsAll(before, after));
  return lost && `a statement of ${lost.resource} was lost or changed`;
}

/** Every statement that was there is still there, equal and in order. */
function keepsAll(before: FinalPolicy['before'], after: FinalPolicy['after']): boolean {
  const old = before?.Statement ?? [];
  const now = after?.Statement ?? [];
  return (
    now.length > old.length && old.every((statement, index) => JSON.stringify(statement) === JSON.stringify(now[index]))
  );
}

import type { Confidence } from '../../../lambda/core/finding';
import type { Incident } from '../../../lambda/core/incident/incident';
import type { CopyJob } from '../model';
import { cure, type FinalPolicy } from './cure';
import { copyOf, TODAY, type Expected, type Scenario } from './scenario';
import { setStage, type Stage } from './stage';
import type { World } from './world';

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
  /** How it ended: `reported` where no policy cures it, `resolved` where a later copy succeeded. */
  readonly outcome: string;
  readonly finalPolicies: readonly FinalPolicy[];
}

/** What a failure became: what people were told, and the incidents that hold it. */
export interface Told extends Omit<Outcome, 'incident' | 'outcome' | 'finalPolicies'> {
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
  const mend = scenario.arrange?.(stage);
  try {
    const job = await sandbox.runCopy({
      recoveryPoint: stage.recoveryPoint,
      destinationVaultArn: stage.destinationVault.arn,
      role: stage.role.arn,
      ...(scenario.injected ? { injectFailure: scenario.injected } : {}),
    });
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

/** Plays one scenario: to its mail, and where a policy cures it through a decision to a copy that succeeds. */
export async function play(
  world: World,
  scenario: Scenario,
  say: (text: string) => void = () => undefined,
): Promise<Outcome> {
  const at = new Date(scenario.at ?? TODAY);
  if (world.sandbox.clock.now() < at) await world.sandbox.clock.set(at);
  return fail(world, scenario, async (failed) => {
    const told = await diagnosed(world, failed.event, scenario.name, scenario.injected !== undefined);
    const finalPolicies = await cure(world, failed, told.incidents, say);
    return outcomeOf(told, await Promise.all(told.incidents.map(({ id }) => headOf(world, id))), finalPolicies);
  });
}

export function outcomeOf(
  { incidents, ...told }: Told,
  now: readonly Incident[] = incidents,
  finalPolicies: readonly FinalPolicy[] = [],
): Outcome {
  // One that is not closed is what a reader has to know of.
  const last = now.find(({ state }) => state !== 'resolved') ?? now[0];
  return { ...told, incident: incidents[0]?.id ?? '', outcome: last?.state ?? '', finalPolicies };
}

const FIRST_MAIL = 60_000;

/** One event through rule, queues and functions, to what people were told. */
export async function diagnosed(world: World, event: object, scenario: string, injected: boolean): Promise<Told> {
  const { sandbox } = world;
  const before = sandbox.published.length;
  const { copyJobId } = (event as { detail: { copyJobId: string } }).detail;
  if (!(await world.deliver(event))) throw new Error('the rule does not let the event through');
  await world.pass(FIRST_MAIL);
  const published = sandbox.published.slice(before).filter(({ message }) => message.includes(copyJobId));
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

/** The incidents that hold a copy job, in the order in which they were proposed. */
export async function incidentsOf(world: World, copyJobId: string): Promise<readonly Incident[]> {
  const items = await world.table.items();
  const held = items.find(({ pk }) => pk === `COPYJOB#${copyJobId}`);
  const ids = (held?.['incidents'] ?? []) as readonly string[];
  return ids.flatMap((id) => {
    const head = items.find(({ pk, sk }) => pk === `INCIDENT#${id}` && sk === 'HEAD');
    return head ? [head as unknown as Incident] : [];
  });
}

export async function headOf(world: World, id: string): Promise<Incident> {
  const head = (await world.table.items()).find(({ pk, sk }) => pk === `INCIDENT#${id}` && sk === 'HEAD');
  if (!head) throw new Error(`there is no incident ${id}`);
  return head as unknown as Incident;
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

/** Why a scenario that a policy can cure did not end cured; undefined: it did, or none can. */
export function notCured({ causes, outcome, finalPolicies }: Outcome): string | undefined {
  const curable = causes.length > 0 && causes.every(({ fix }) => fix === 'vault-policy' || fix === 'key-policy');
  if (!curable) return outcome === 'reported' ? undefined : `ended ${outcome} instead of reported`;
  if (outcome !== 'resolved') return `ended ${outcome} instead of resolved`;
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

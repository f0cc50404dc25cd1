import { copyOf, TODAY, type Expected, type Scenario } from './scenario';
import { setStage } from './stage';
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
}

/** Lets AWS Backup run a scenario's copy; what was broken for all is mended after `look`. */
export async function fail<T>(world: World, scenario: Scenario, look: (event: object) => Promise<T>): Promise<T> {
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
    const ended = sandbox.events.all.find(
      ({ detail }) => detail.copyJobId === job.id && detail.state !== 'CREATED' && detail.state !== 'RUNNING',
    );
    if (!ended || ended.detail.state === 'COMPLETED') {
      throw new Error(`the copy of ${copyOf(scenario).type} did not fail: ${ended?.detail.state ?? 'no event'}`);
    }
    return await look(ended);
  } finally {
    mend?.();
  }
}

/** Plays one scenario to its mail. */
export async function play(world: World, scenario: Scenario): Promise<Outcome> {
  const at = new Date(scenario.at ?? TODAY);
  if (world.sandbox.clock.now() < at) await world.sandbox.clock.set(at);
  return fail(world, scenario, (event) => diagnosed(world, event, scenario.name, scenario.injected !== undefined));
}

/** One event through rule, queue and function, to what the topic was given. */
export async function diagnosed(world: World, event: object, scenario: string, injected: boolean): Promise<Outcome> {
  const before = world.sandbox.published.length;
  if (!(await world.deliver(event))) throw new Error('the rule does not let the event through');
  const published = world.sandbox.published.slice(before);
  const [message] = published;
  if (!message || published.length > 1) throw new Error(`${published.length} messages were published instead of 1`);
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
  };
}

const CONFIDENCES = ['possible', 'likely', 'confirmed'];

/** Why an outcome is not what had been broken; undefined: it is. */
export function mismatch(outcome: Outcome, expected: readonly Expected[]): string | undefined {
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

import type { Incident } from '../../lambda/core/incident/incident';
import type { CopyJob } from '../sandbox';
import { apply, decide, lastMail } from '../sandbox/demo/cure';
import { headOf, incidentsOf } from '../sandbox/demo/heads';
import { destinationVaultArn, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { setStage, type Stage } from '../sandbox/demo/stage';
import { createWorld, type World, type WorldOptions } from '../sandbox/demo/world';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const quiet = () => undefined;

/** A scenario whose world stays: what is broken is not mended at the end. */
export interface Broken {
  readonly world: World;
  readonly stage: Stage;
  /** Copies that failed, the first one first. */
  readonly jobs: readonly CopyJob[];
}

export interface BreakOptions {
  readonly copies?: number;
  /** Of each copy, the first one 0; size of its recovery point, and how long it runs. */
  readonly vary?: (index: number) => { readonly bytes?: number; readonly runMs?: number };
  readonly world?: Partial<WorldOptions>;
  /** Before the copies run, after the scenario has broken its one thing. */
  readonly before?: (world: World, stage: Stage) => void;
}

/** Lets copies of as many resources fail for one cause, and people be told. */
export async function breakIt(
  name: string,
  { copies = 1, vary = () => ({}), world: options, before }: BreakOptions,
  test: (broken: Broken) => Promise<void>,
): Promise<void> {
  const scenario = scenarios.find((one) => one.name === name) as Scenario;
  const world = await createWorld({ destinations: [destinationVaultArn(scenario)], ...options });
  try {
    const { sandbox } = world;
    const stage = setStage(sandbox, world.organization, world.hub, scenario);
    scenario.arrange?.(stage);
    before?.(world, stage);
    const { sourceVault, sourceKey, recoveryPoint } = stage;
    const others = Array.from({ length: copies - 1 }, () =>
      sandbox.addRecoveryPoint({ vault: sourceVault, type: recoveryPoint.type, key: sourceKey }),
    );
    const jobs: CopyJob[] = [];
    for (const [index, point] of [recoveryPoint, ...others].entries()) {
      const { bytes = point.bytes, ...pace } = vary(index);
      point.bytes = bytes;
      jobs.push(
        await sandbox.runCopy({
          recoveryPoint: point,
          destinationVaultArn: stage.destinationVault.arn,
          role: stage.role.arn,
          ...pace,
          ...(scenario.injected ? { injectFailure: scenario.injected } : {}),
        }),
      );
    }
    await sandbox.finishCopies();
    await world.pass(2 * MINUTE);
    await test({ world, stage, jobs });
    expect(world.deadLetters()).toEqual([]);
    expect(world.errors).toEqual([]);
  } finally {
    await world.close();
  }
}

/** The incident of the first failure. */
export async function incidentOf({ world, jobs }: Broken): Promise<Incident> {
  const [incident] = await incidentsOf(world, jobs[0]?.id ?? '');
  if (!incident) throw new Error(`no incident: ${[...world.errors, ...world.deadLetters()].join('; ')}`);
  return incident;
}

/** A person approves, with the copies to be started again; the owner makes the change where the service does not. */
export async function approve({ world }: Broken, { id }: Incident): Promise<void> {
  await decide(world, await headOf(world, id), quiet);
  await apply(world, await headOf(world, id), quiet);
}

/** Copies that the service has started, in order. */
export const started = ({ world, jobs }: Broken): CopyJob[] => world.sandbox.copyJobs.slice(jobs.length);

export const statesOf = (jobs: readonly CopyJob[]): string[] => jobs.map(({ state }) => state);

/** The last mail that names the incident. */
export const lastTold = ({ world }: Broken, incident: Incident) =>
  lastMail(world, [incident], 0) ?? { subject: '', body: '' };

/** Changes of policies by anybody's calls. */
export const puts = ({ world }: Broken) =>
  world.sandbox.calls.filter(({ operation }) => /^(Put|Delete).*Policy$/.test(operation));

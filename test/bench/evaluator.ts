import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { evaluate } from '../../lambda/core/policy/evaluate';
import { simulationOf, type Engine } from '../conformance/oracle/engine';
import { elements, repeated, variables, whole } from '../conformance/oracle/pairs';
import { Random } from '../conformance/oracle/random';

const CONFORMANCE = resolve('test/conformance');
const EACH = 400;
const RUNS = 7;

/** The engine's usual entry, which looks actions, resources and keys up in its catalogue first. */
interface WholeEngine extends Engine {
  runSimulation(simulation: object, options: object): Promise<{ readonly resultType: string }>;
}

export interface EvaluatorBench {
  readonly pairs: number;
  /** Microseconds of processor time a pair. */
  readonly oursUs: number;
  readonly engineUs: number;
  readonly engineUncheckedUs: number;
  /** How many pairs ours judges while the engine judges one. */
  readonly ratio: number;
  /** The same, with the engine's entry that looks nothing up. */
  readonly ratioUnchecked: number;
}

/** The evaluator and @cloud-copilot/iam-simulate by turns on the same pairs, in a process of their own. */
export function benchEvaluator(): EvaluatorBench {
  execFileSync(resolve(CONFORMANCE, 'install.sh'), { stdio: ['ignore', 'ignore', 'inherit'] });
  const answer = execFileSync(process.execPath, ['--import', 'tsx', __filename], { encoding: 'utf8' });
  return JSON.parse(answer) as EvaluatorBench;
}

async function spent(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const rounded = (value: number) => Number(value.toFixed(1));

async function measure(): Promise<EvaluatorBench> {
  const engine = createRequire(resolve(CONFORMANCE, 'package.json'))('@cloud-copilot/iam-simulate') as WholeEngine;
  const made = [elements, variables, whole].flatMap((make, seed) => [...repeated(new Random(seed), EACH, make)]);
  const all = made.map((pair) => ({ pair, simulation: simulationOf(pair) }));
  // The engine refuses an action on a resource of another type; what it judges is compared.
  const results = await Promise.all(all.map(({ simulation }) => engine.runSimulation(simulation, {})));
  const rows = all.filter((_, index) => results[index]?.resultType === 'single');

  const ours = () => rows.forEach(({ pair }) => evaluate(pair.policy, pair.request));
  const unchecked = () => rows.forEach(({ simulation }) => engine.runUnsafeSimulation(simulation, {}));
  const checked = async () => {
    for (const { simulation } of rows) await engine.runSimulation(simulation, {});
  };
  const runs: { ours: number; checked: number; unchecked: number }[] = [];
  for (let run = 0; run <= RUNS; run++) {
    runs.push({ ours: await spent(ours), checked: await spent(checked), unchecked: await spent(unchecked) });
  }
  // The first is for warming up.
  const warm = runs.slice(1);
  const each = (pick: (run: (typeof runs)[number]) => number) => rounded(median(warm.map(pick)) / rows.length);
  return {
    pairs: rows.length,
    oursUs: each((run) => run.ours),
    engineUs: each((run) => run.checked),
    engineUncheckedUs: each((run) => run.unchecked),
    ratio: rounded(median(warm.map((run) => run.checked / run.ours))),
    ratioUnchecked: rounded(median(warm.map((run) => run.unchecked / run.ours))),
  };
}

if (require.main === module) void measure().then((bench) => process.stdout.write(JSON.stringify(bench)));

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { evaluate } from '../../lambda/core/policy/evaluate';
import { simulationOf, type Engine } from '../conformance/oracle/engine';
import { elements, repeated, variables, whole } from '../conformance/oracle/pairs';
import { Random } from '../conformance/oracle/random';

const CONFORMANCE = resolve('test/conformance');
const EACH = 400;
const RUNS = 11;
/** Ours is too fast for one run to be measured well. */
const TIMES = 5;

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

/** The evaluator and @cloud-copilot/iam-simulate on the same pairs, in a process of their own. */
export function benchEvaluator(): EvaluatorBench {
  execFileSync(resolve(CONFORMANCE, 'install.sh'), { stdio: ['ignore', 'ignore', 'inherit'] });
  const outfile = resolve('dist/bench/evaluator.js');
  // Built as the functions are: what runs a test's TypeScript wraps every inner function, which is slow.
  buildSync({
    entryPoints: [__filename],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    external: ['esbuild'],
  });
  const answer = execFileSync(process.execPath, [outfile, 'measure'], { encoding: 'utf8' });
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

  const ours = () => {
    for (let time = 0; time < TIMES; time++) rows.forEach(({ pair }) => evaluate(pair.policy, pair.request));
  };
  const unchecked = () => rows.forEach(({ simulation }) => engine.runUnsafeSimulation(simulation, {}));
  const checked = async () => {
    for (const { simulation } of rows) await engine.runSimulation(simulation, {});
  };
  // One after the other, not by turns: what the engine leaves behind would be cleared away at our expense.
  const each = async (work: () => void | Promise<void>, times: number) => {
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run++) runs.push((await spent(work)) / times / rows.length);
    return median(runs);
  };
  const [oursUs, engineUs, engineUncheckedUs] = [
    await each(ours, TIMES),
    await each(checked, 1),
    await each(unchecked, 1),
  ];
  return {
    pairs: rows.length,
    oursUs: rounded(oursUs),
    engineUs: rounded(engineUs),
    engineUncheckedUs: rounded(engineUncheckedUs),
    ratio: rounded(engineUs / oursUs),
    ratioUnchecked: rounded(engineUncheckedUs / oursUs),
  };
}

if (process.argv[2] === 'measure') void measure().then((bench) => process.stdout.write(JSON.stringify(bench)));

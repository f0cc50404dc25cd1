/*
 * Budgets, as ratios in one run: the bundles' sizes, what loading and starting one costs, and how fast a policy is judged.
 * `npm run bench`; JSON on standard output.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunction } from '../../lib/bundle';
import { benchEvaluator } from './evaluator';
import { emptyFunction, installRuntime, starts } from './start';

const SETS = 3;
const RUNS = 11;
const BUDGETS = {
  bundleKB: 650,
  remediateKB: 850,
  approveKB: 300,
  loadRatio: 0.5,
  startRatio: 2.4,
  evaluatorRatio: 20,
};

type Row = readonly [name: string, is: number, budget: number, least?: 'at least'];
const isWithin = ([, is, budget, least]: Row) => (least ? is >= budget : is <= budget);

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const rounded = (value: number) => Number(value.toFixed(3));

/** All files together; the client of EC2, which is loaded for images alone, apart. */
function sizeKB(folder: string): number {
  const files = readdirSync(folder).filter((file) => !file.startsWith('ec2-'));
  return Math.round(files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / 1024);
}

/** The same handler with the SDK left outside: what CDK does by default. */
function outsideOf(name: string): string {
  const outfile = resolve('dist/bench/outside.js');
  mkdirSync('dist/bench', { recursive: true });
  buildSync({
    entryPoints: [`lambda/${name}.handler.ts`],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@aws-sdk/*', '@smithy/*'],
    logLevel: 'error',
  });
  return outfile;
}

/** Processor time of `require()` in a fresh process, milliseconds. */
function load(file: string): number {
  const program = `const b=process.cpuUsage();require(${JSON.stringify(file)});const u=process.cpuUsage(b);console.log(u.user+u.system)`;
  // NODE_EXTRA_CA_CERTS adds up to 50 ms to every start and flatters ratios.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
  return Number(execFileSync(process.execPath, ['-e', program], { env, encoding: 'utf8' }).trim()) / 1000;
}

/** The median of sets, each the median of pairs that were measured one after the other. */
function ratioOf(sets: readonly (readonly (readonly number[])[])[], of: number, to: number) {
  const each = sets.map((pairs) => ({
    ms: rounded(median(pairs.map((pair) => pair[of] ?? NaN))),
    ofMs: rounded(median(pairs.map((pair) => pair[to] ?? NaN))),
    ratio: rounded(median(pairs.map((pair) => (pair[of] ?? NaN) / (pair[to] ?? NaN)))),
  }));
  return { ratio: median(each.map(({ ratio }) => ratio)), sets: each };
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

async function main(): Promise<void> {
  installRuntime();
  const [diagnose, remediate, approve] = ['diagnose', 'remediate', 'approve'].map((name) => bundleFunction(name)) as [
    string,
    string,
    string,
  ];
  const outside = outsideOf('diagnose');
  const loads = times(SETS, () => times(RUNS, () => [load(join(diagnose, 'index.js')), load(outside)]));
  const loaded = ratioOf(loads, 0, 1);

  const folders = [emptyFunction(), diagnose, remediate, approve];
  const started: number[][][] = [];
  for (let set = 0; set < SETS; set++) started.push(await starts(folders, RUNS));
  const [startDiagnose, startRemediate, startApprove] = [1, 2, 3].map((index) => ratioOf(started, index, 0));

  const sizes = { bundleKB: sizeKB(diagnose), remediateKB: sizeKB(remediate), approveKB: sizeKB(approve) };
  const evaluator = benchEvaluator();
  const rows: readonly Row[] = [
    ['diagnose bundle, KB', sizes.bundleKB, BUDGETS.bundleKB],
    ['remediate bundle, KB', sizes.remediateKB, BUDGETS.remediateKB],
    ['approve bundle, KB', sizes.approveKB, BUDGETS.approveKB],
    ['load, × SDK outside', loaded.ratio, BUDGETS.loadRatio],
    ['start, × empty handler', startDiagnose?.ratio ?? NaN, BUDGETS.startRatio],
    ['evaluator, × as fast', evaluator.ratio, BUDGETS.evaluatorRatio, 'at least'],
  ];
  process.stderr.write(`${'measure'.padEnd(28)}${'is'.padStart(8)}${'budget'.padStart(10)}\n`);
  for (const row of rows) {
    const [name, is, budget, least = ''] = row;
    const verdict = isWithin(row) ? 'ok' : 'NOT WITHIN';
    process.stderr.write(
      `${name.padEnd(28)}${String(is).padStart(8)}${String(budget).padStart(10)}  ${verdict} ${least}\n`,
    );
  }
  const result = {
    ...sizes,
    loadRatio: loaded.ratio,
    startRatio: startDiagnose?.ratio,
    load: loaded.sets,
    start: { diagnose: startDiagnose, remediate: startRemediate, approve: startApprove },
    evaluator,
    budgets: BUDGETS,
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = rows.every(isWithin) ? 0 : 1;
}

void main();

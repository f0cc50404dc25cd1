/* Budgets, as ratios in one run: the bundle's size and what loading it costs. `npm run bench`; JSON on standard output. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunction } from '../../lib/bundle';

const SETS = 3;
const RUNS = 11;
const BUDGETS = { bundleKB: 650, remediateKB: 850, approveKB: 300, loadRatio: 0.5 };

const sizeKB = (folder: string) => Math.round(statSync(join(folder, 'index.js')).size / 1024);

const bundled = join(bundleFunction('diagnose'), 'index.js');
const outside = join('dist', 'bench', 'outside.js');
mkdirSync('dist/bench', { recursive: true });
// The same handler with the SDK left outside: what CDK does by default.
buildSync({
  entryPoints: ['lambda/diagnose.handler.ts'],
  outfile: outside,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['@aws-sdk/*', '@smithy/*'],
  logLevel: 'error',
});

/** Processor time of `require()` in a fresh process, microseconds. */
function load(file: string): number {
  const program = `const b=process.cpuUsage();require(${JSON.stringify(join(process.cwd(), file.replace(process.cwd(), '')))});const u=process.cpuUsage(b);console.log(u.user+u.system)`;
  // NODE_EXTRA_CA_CERTS adds up to 50 ms to every start and flatters ratios.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
  return Number(execFileSync(process.execPath, ['-e', program], { env, encoding: 'utf8' }).trim());
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const sets = Array.from({ length: SETS }, () => {
  const pairs = Array.from({ length: RUNS }, () => ({ inside: load(bundled), outside: load(outside) }));
  return {
    bundledMs: median(pairs.map((pair) => pair.inside)) / 1000,
    outsideMs: median(pairs.map((pair) => pair.outside)) / 1000,
    ratio: median(pairs.map((pair) => pair.inside / pair.outside)),
  };
});

const result = {
  bundleKB: sizeKB(bundleFunction('diagnose')),
  remediateKB: sizeKB(bundleFunction('remediate')),
  approveKB: sizeKB(bundleFunction('approve')),
  loadRatio: Number(median(sets.map(({ ratio }) => ratio)).toFixed(3)),
  sets,
  budgets: BUDGETS,
};
const rows: readonly (readonly [string, number, number])[] = [
  ['diagnose bundle, KB', result.bundleKB, BUDGETS.bundleKB],
  ['remediate bundle, KB', result.remediateKB, BUDGETS.remediateKB],
  ['approve bundle, KB', result.approveKB, BUDGETS.approveKB],
  ['load, × SDK outside', result.loadRatio, BUDGETS.loadRatio],
];
process.stderr.write(`${'measure'.padEnd(24)}${'is'.padStart(8)}${'budget'.padStart(10)}\n`);
for (const [name, is, budget] of rows) {
  process.stderr.write(
    `${name.padEnd(24)}${String(is).padStart(8)}${String(budget).padStart(10)}  ${is <= budget ? 'ok' : 'OVER'}\n`,
  );
}
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exitCode = rows.every(([, is, budget]) => is <= budget) ? 0 : 1;

import { OPERATORS } from '../../../lambda/core/policy/operators';
import { compareHidden, compareOpen } from './cannot-tell';
import { compareFull, Tally } from './compare';
import { DIFFERENCES } from './differences';
import type { Engine, Pair } from './engine';
import { elements, operators, repeated, variables, whole } from './pairs';
import { comparePlans } from './plans';
import { Random } from './random';

/** At least so many pairs are answered for certain and compared. */
const LEAST = 20_000;
/** And each operator so often. */
const LEAST_EACH = 200;
const SHOWN = 5;

const say = (text: string) => process.stdout.write(`${text}\n`);
const counts = (map: ReadonlyMap<string, number>) =>
  [...map]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

export function main(engine: Engine): boolean {
  const tallies: Tally[] = [];
  const group = (name: string, run: (random: Random, tally: Tally) => void) => {
    const tally = new Tally(name);
    run(new Random(20261101 + tallies.length), tally);
    tallies.push(tally);
    say(
      `${name}: ${tally.compared} compared (${counts(tally.decisions)})${tally.failures.length > 0 ? `, ${tally.failures.length} FAILED` : ''}`,
    );
  };
  const full = (pairs: (random: Random) => Iterable<Pair>) => (random: Random, tally: Tally) => {
    for (const pair of pairs(random)) compareFull(engine, pair, tally);
  };
  group(
    'each operator',
    full((random) => operators(random, 70)),
  );
  group(
    'principals, actions, resources',
    full((random) => repeated(random, 5000, elements)),
  );
  group(
    'variables by version',
    full((random) => repeated(random, 5000, variables)),
  );
  group(
    'whole policies',
    full((random) => repeated(random, 7000, whole)),
  );
  group('certain with keys hidden', (random, tally) => {
    for (let count = 0; count < 2500; count++) compareHidden(engine, random, tally);
  });
  group('plans', (_, tally) => comparePlans(engine, 200, 20261101, tally));
  group('cannot tell: both answers shown', (random, tally) => {
    for (let count = 0; count < 2500; count++) compareOpen(engine, random, tally);
  });

  const sum = (pick: (tally: Tally) => ReadonlyMap<string, number>) =>
    tallies
      .flatMap((tally) => [...pick(tally)])
      .reduce((all, [name, count]) => all.set(name, (all.get(name) ?? 0) + count), new Map<string, number>());
  const failures = tallies.flatMap((tally) => tally.failures);
  const compared = tallies.reduce((total, tally) => total + tally.compared, 0);
  const differences = sum((tally) => tally.differences);
  say(`\nThe sandbox's matcher: ${counts(sum((tally) => tally.sandbox))}`);
  say('Not settled by what AWS writes, so "cannot tell":');
  for (const [name, count] of sum((tally) => tally.unsettled)) say(`  ${count} × ${name}`);
  say('The engine differs from what AWS writes, and agrees once that is out of the way:');
  for (const { name, why, link } of DIFFERENCES) say(`  ${differences.get(name) ?? 0} × ${name}: ${why} (${link})`);
  // An exception that nothing needs hides what comes next.
  const idle = DIFFERENCES.filter(({ name }) => !differences.has(name)).map(
    ({ name }) => `No pair needs the difference "${name}".`,
  );
  const few = compared < LEAST ? [`Only ${compared} pairs were compared, of ${LEAST}.`] : [];
  const operatorCounts = sum((tally) => tally.operators);
  say(
    `Each operator was compared at least ${Math.min(...[...OPERATORS.keys(), 'Null'].map((name) => operatorCounts.get(name) ?? 0))} times.`,
  );
  const rare = [...OPERATORS.keys(), 'Null']
    .filter((name) => (operatorCounts.get(name) ?? 0) < LEAST_EACH)
    .map((name) => `Operator ${name} was compared ${operatorCounts.get(name) ?? 0} times only.`);
  const wrong = [...failures, ...idle, ...few, ...rare];
  for (const text of wrong.slice(0, SHOWN)) say(`\nFAILED ${text}`);
  say(`\n${compared} compared, ${wrong.length} failed.`);
  return wrong.length === 0;
}

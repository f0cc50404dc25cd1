import fc from 'fast-check';
import { IN } from './reduce-fixture';
import type { Setup } from './model-policy';
import { STEPS, steps, type Step } from './model-steps';
import { World } from './model-world';
import { runs } from '../soak';

/** What is usual is more frequent, so that histories get somewhere. */
const usual: readonly Step[] = ['step', 'step', 'tick', 'tick', 'tick', 'tick', 'diagnose', 'join', 'decide'];
const history = fc.array(fc.tuple(fc.constantFrom(...steps, ...usual), fc.nat(7)), { minLength: 5, maxLength: 30 });
/** When all is over, somebody may want the change back. */
const afterwards: readonly Step[] = [
  'rollback',
  'rollback',
  'rollback',
  'tick',
  'tick',
  'trouble',
  'fail',
  'step',
  'succeed',
];
const rollback = fc.array(fc.tuple(fc.constantFrom(...afterwards), fc.nat(7)), { minLength: 2, maxLength: 8 });
/** That the first failure is known already, so that most histories are about what comes then. */
const often = fc.nat(3).map((n) => n > 0);
type Rows = readonly (readonly [Step, number])[];
const seen = new Set<string>();

function live(setup: Setup, opened: boolean, first: Rows, then: Rows): void {
  const world = new World(setup);
  world.fail(0);
  if (opened) {
    world.diagnose(0);
    world.join(0);
  }
  act(world, first);
  if (world.incident?.change) act(world, then);
}

function act(world: World, rows: Rows): void {
  for (const [step, n] of rows) {
    STEPS[step](world, n);
    seen.add(world.incident?.state ?? 'none');
  }
  const { before, after } = world.calm();
  expect(after).toBe(before);
  seen.add(world.incident?.state ?? 'none');
  expectAllWell(world);
}

/** States that an incident may stay in: a person was told, and has the next move. */
const RESTS = /^(reported|approved|stale|refused|rejected|expired|applied|reopened|not-cured|resolved|rolled-back)$/;

/** What must hold when everything that was due is done. */
function expectAllWell(world: World): void {
  const { incident, lost } = world;
  if (!incident) {
    expect(world.copies.jobs.size).toBe(0);
    return;
  }
  const { state, kind, ask, auto, revision, tell, agenda } = incident;
  expect(tell).toBeUndefined();
  expect(world.overdue).toEqual([]);
  expect(world.wasTold(revision)).toBe(true);
  expect(state).toMatch(RESTS);
  // An approved change that the service would make is made.
  expect(agenda.apply).toBeUndefined();
  if (kind === 'drill') expect(state).toBe('resolved');
  else if (state !== 'rolled-back') expect([lost, state === 'resolved']).toEqual([lost, !lost]);
  if ((ask || auto) && world.policy === 'after') expect(state).not.toMatch(/^(approved|stale|refused)$/);
  if (state === 'stale') expect(world.policy).toBe('unreadable');
  // No lineage is tried for ever.
  for (const { attempts } of world.copies.jobs.values()) expect(attempts).toBeLessThanOrEqual(5);
}

it.each<[string, Setup, number]>([
  [
    'vault, the service changes and asks for all',
    { kind: 'vault-policy', ask: true, applies: 'service', retry: 'ask' },
    3000,
  ],
  ['vault, without asking', { kind: 'vault-policy', ask: true, applies: 'service', auto: true, retry: 'auto' }, 2500],
  ['vault, its owner changes it', { kind: 'vault-policy', ask: true, applies: 'owner', retry: 'never' }, 1000],
  ['key', { kind: 'key-policy', ask: true, applies: 'owner', retry: 'auto' }, 1200],
  ['vault, only reported', { kind: 'vault-policy', ask: false }, 500],
  ['what passes by itself', { kind: 'retry-later', ask: false, retry: 'auto' }, 1200],
  ['by hand', { kind: 'manual', ask: false, retry: 'ask' }, 400],
  ['a drill', { kind: 'drill', ask: false, retry: 'auto' }, 200],
])('an incident (%s) loses nothing in random histories', (_, setup, numRuns) => {
  fc.assert(
    fc.property(often, history, rollback, (opened, first, then) => live(setup, opened, first, then)),
    { numRuns: runs(numRuns) },
  );
});

it('came through every state', () => {
  expect([...seen].sort()).toEqual(['none', ...Object.keys(IN)].sort());
});

import fc from 'fast-check';
import type { Proposal } from '../../../lambda/core/incident/incident';
import { steps, World, type Step } from './model-world';

/** What is usual is more frequent, so that histories get somewhere. */
const usual: readonly Step[] = ['step', 'step', 'tick', 'tick', 'tick', 'diagnose', 'join'];
const history = fc.array(fc.tuple(fc.constantFrom(...steps, ...usual), fc.nat(7)), { minLength: 5, maxLength: 30 });
const seen = new Set<string>();

function live(kind: Proposal['kind'], ask: boolean, rows: readonly (readonly [Step, number])[]): World {
  const world = new World(kind, ask);
  world.fail(0);
  for (const [step, n] of rows) {
    world.do(step, n);
    const { state } = world.incident ?? {};
    seen.add(state ?? 'none');
  }
  const { before, after } = world.calm();
  expect(after).toBe(before);
  return world;
}

/** What must hold when everything that was due is done. */
function expectAllWell(world: World): void {
  const { incident } = world;
  if (!incident) {
    expect(world.jobs.size).toBe(0);
    return;
  }
  const { state, kind, ask, revision, tell } = incident;
  expect(tell).toBeUndefined();
  expect(world.wasTold(revision)).toBe(true);
  const lost = world.uncopied().length > 0;
  expect([lost, state]).toEqual([lost, kind !== 'drill' && lost ? expect.not.stringMatching('resolved') : 'resolved']);
  expect(state).not.toBe('proposed');
  if (ask && world.policy === 'after') expect(state).not.toMatch(/^(approved|stale)$/);
  if (state === 'stale') expect(world.policy).toBe('unreadable');
}

it.each<[Proposal['kind'], boolean, number]>([
  ['vault-policy', true, 6000],
  ['key-policy', true, 2000],
  ['vault-policy', false, 1000],
  ['manual', false, 700],
  ['drill', false, 300],
])('an incident of kind %s (a person is asked: %s) loses nothing in %i histories', (kind, ask, numRuns) => {
  fc.assert(
    fc.property(history, (rows) => expectAllWell(live(kind, ask, rows))),
    { numRuns },
  );
});

it('came through every state', () => {
  expect([...seen].sort()).toEqual(
    [
      'none',
      'reported',
      'proposed',
      'approved',
      'rejected',
      'expired',
      'stale',
      'settling',
      'applied',
      'resolved',
    ].sort(),
  );
});

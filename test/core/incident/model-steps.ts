import type { World } from './model-world';

/** What may happen next in a history; `n` picks what is meant, 0 to 7. */
export const STEPS = {
  step: (world: World, n: number) => world.step(n),
  fail: (world: World, n: number) => world.fail(n),
  succeed: (world: World, n: number) => world.succeed(n),
  change: (world: World, n: number) => world.change(n),
  diagnose: (world: World, n: number) => world.diagnose(n),
  join: (world: World, n: number) => world.join(n),
  subscribe: (world: World, n: number) => world.subscribe(n),
  decide: (world: World, n: number) => world.decide(n),
  absorb: (world: World) => world.absorb(),
  poke: (world: World, n: number) => world.poke(n),
  startLook: (world: World) => world.startLook(),
  endLook: (world: World, n: number) => world.endLook(n),
  trouble: (world: World, n: number) => world.trouble(n),
  rollback: (world: World, n: number) => world.rollback(n),
  startMail: (world: World) => world.startMail(),
  endMail: (world: World, n: number) => world.endMail(n),
  tick: (world: World) => world.tick(),
} as const;

export type Step = keyof typeof STEPS;
export const steps = Object.keys(STEPS) as readonly Step[];

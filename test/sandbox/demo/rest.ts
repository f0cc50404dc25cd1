import { AT_REST, nextDue, type Incident, type IncidentState } from '../../../lambda/core/incident/incident';
import { headOf } from './heads';
import type { World } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const WORDS: Readonly<Partial<Record<IncidentState, string>>> = {
  waiting: 'passes by itself: copied again later',
  approved: 'approved',
  applying: 'the change is being made',
  settling: 'the change is in place; policies need time to reach all of AWS',
  canary: 'one copy is tried first',
  retrying: 'copies are started again',
  resolved: 'all is copied',
  applied: 'in place, and nothing is copied again',
  refused: 'not changed',
  stale: 'the policy is another one by now',
  reopened: 'mended, and the copies fail for another cause',
  'not-cured': 'the copies still fail for the same cause',
};

export interface Resting {
  readonly say?: (text: string) => void;
  /** After each step, with the milliseconds that have passed. */
  readonly each?: (passed: number) => void;
  /** Longer than that, and something is wrong. */
  readonly atMost?: number;
  /** The longest step while nothing is due. */
  readonly longest?: number;
}

/** At rest, and people were told. */
export const rests = ({ state, agenda }: Incident): boolean => AT_REST.includes(state) && agenda.notify === undefined;

/**
 * Lets time pass until these incidents are at rest: minute by minute where something is due or a copy may end, and in
 * longer steps where nothing is. Says what happens.
 */
export async function untilAtRest(
  world: World,
  ids: readonly string[],
  { say = () => undefined, each = () => undefined, atMost = 24 * HOUR, longest = 10 * MINUTE }: Resting = {},
): Promise<readonly Incident[]> {
  const { clock } = world.sandbox;
  const began = clock.now().getTime();
  const states = new Map<string, IncidentState>();
  for (;;) {
    const now = clock.now().getTime();
    const heads = await Promise.all(ids.map((id) => headOf(world, id)));
    for (const { id, state } of heads) {
      if (states.get(id) !== state) say(line(now - began, heads.length > 1 ? id : '', state));
      states.set(id, state);
    }
    if (heads.every(rests)) return heads;
    if (now - began > atMost) {
      const still = heads.filter((head) => !rests(head)).map((head) => `${head.id} is ${head.state}`);
      const problems = [...world.errors, ...world.deadLetters()].slice(0, 3).join('; ');
      throw new Error(`not at rest after ${atMost / HOUR} h: ${still.join(', ')}${problems ? `: ${problems}` : ''}`);
    }
    await world.pass(Math.min(step(heads, now), longest), longest);
    each(clock.now().getTime() - began);
  }
}

/** To the minute in which the next thing is due. */
function step(heads: readonly Incident[], now: number): number {
  const due = heads.flatMap((head) => {
    const next = nextDue(head);
    return rests(head) || !next ? [] : [Date.parse(next.due)];
  });
  return Math.max(MINUTE, Math.ceil((Math.min(...due) - now) / MINUTE) * MINUTE);
}

function line(passed: number, id: string, state: IncidentState): string {
  const minutes = Math.round(passed / MINUTE);
  return `  after ${String(minutes).padStart(3)} min  ${id ? `${id}  ` : ''}${state}${WORDS[state] ? `: ${WORDS[state]}` : ''}\n`;
}

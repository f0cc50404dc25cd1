import type { Call } from '../sandbox/calls';
import { isEffect } from '../sandbox/calls';
import { FLOWS, finalState, named, worldFor, type Flow } from './flows';

/** The functions, and the sessions that they open for one effect. */
const FUNCTIONS = /assumed-role\/copy-doctor-[\w-]+-(diagnose|remediate|approve|vault-writer|retrier)\//;

async function played(flow: Flow, kill?: { readonly n: number; readonly when: 'before' | 'after' }) {
  const world = await worldFor(named(flow.scenario));
  const { sandbox } = world;
  let before = 0;
  try {
    await flow.play(world, () => {
      before = sandbox.calls.length;
      if (kill) sandbox.faults.killAt(kill.n, kill.when, { principal: FUNCTIONS });
    });
    const effects = sandbox.calls
      .slice(before)
      .filter((call: Call) => isEffect(call) && FUNCTIONS.test(call.principal));
    return {
      state: await finalState(world),
      effects,
      killed: sandbox.calls.some(({ lost }) => lost !== undefined),
    };
  } finally {
    await world.close();
  }
}

/**
 * Lets the functions die before, or after, each single effect of a flow: each call that changes something, as the
 * sandbox sees them, none listed by hand. Redelivery and ticks must come to the same end.
 */
export function dieAtEveryEffect(when: 'before' | 'after'): void {
  describe.each(Object.entries(FLOWS))('%s', (_, flow) => {
    it(`ends the same when a function dies ${when} any effect`, async () => {
      const undisturbed = await played(flow);
      expect(undisturbed.state.deadLetters).toEqual([]);
      expect(undisturbed.effects.length).toBeGreaterThan(10);
      const different: string[] = [];
      for (let n = 1; n <= undisturbed.effects.length; n++) {
        const effect = undisturbed.effects[n - 1];
        const { state, killed } = await played(flow, { n, when });
        const at = `${effect?.service}:${effect?.operation} (effect ${n})`;
        if (!killed) different.push(`${at}: nothing died`);
        try {
          expect(state).toEqual(undisturbed.state);
        } catch (error) {
          different.push(`${at}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      expect(different).toEqual([]);
    });
  });
}

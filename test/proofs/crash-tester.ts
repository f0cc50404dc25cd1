import type { Call } from '../sandbox/calls';
import { isEffect } from '../sandbox/calls';
import { FLOWS, finalState, named, worldFor } from './flows';

const FUNCTIONS = /assumed-role\/copy-doctor-[\w-]+-(diagnose|remediate|approve)\//;

const scenarioOf = (flow: string) =>
  named(flow === 'resolved' ? 'vault-policy-and-key-policy' : 'vault-policy-lacks-source');

async function played(flow: string, kill?: { readonly n: number; readonly when: 'before' | 'after' }) {
  const world = await worldFor(scenarioOf(flow));
  try {
    if (kill) world.sandbox.faults.killAt(kill.n, kill.when, { principal: FUNCTIONS });
    await FLOWS[flow]?.(world);
    const effects = world.sandbox.calls.filter((call: Call) => isEffect(call) && FUNCTIONS.test(call.principal));
    return {
      state: await finalState(world),
      effects,
      killed: world.sandbox.calls.some(({ lost }) => lost !== undefined),
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
  describe.each(Object.keys(FLOWS))('%s', (flow) => {
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

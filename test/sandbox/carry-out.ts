import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './calls';
import { AwsError } from './errors';
import type { Sandbox } from './sandbox';

/** The caller gets no answer: the connection is dropped, or held open until the sandbox is closed. */
export class NoAnswer extends Error {
  constructor(readonly connection: 'dropped' | 'held') {
    super(`the connection is ${connection}`);
  }
}

/** An error that AWS would not answer is a fault of the sandbox, and says so. */
export const asAwsError = (thrown: unknown): AwsError =>
  thrown instanceof AwsError
    ? thrown
    : new AwsError('InternalFailure', `sandbox fault: ${String(thrown instanceof Error ? thrown.stack : thrown)}`, 500);

/** Does a call's work, with the latency and the faults that are set; throws NoAnswer, or what the work threw. */
export async function carryOut<T>(sandbox: Sandbox, call: Call, work: () => Promise<T>): Promise<T> {
  const { faults } = sandbox;
  const fatal = faults.isDead(call.principal) ? 'before' : faults.fatal(call);
  if (fatal === 'before') throw lost(call, 'before');
  const strike = faults.strike(call.service, call.operation, call.account);
  if (strike?.timeout) throw new NoAnswer('held');
  const latency = sandbox.latencyMs + (strike?.latencyMs ?? 0);
  if (latency > 0) await sleep(latency);
  const done = await (strike?.error ? Promise.reject(strike.error) : work()).then(
    (value: T) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  if (fatal === 'after') faults.die();
  if (strike?.lostAnswer || faults.isDead(call.principal)) {
    if ('thrown' in done) call.error = asAwsError(done.thrown).code;
    throw lost(call, 'after');
  }
  if ('thrown' in done) throw done.thrown;
  return done.value;
}

function lost(call: Call, when: 'before' | 'after'): NoAnswer {
  call.lost = when;
  return new NoAnswer('dropped');
}

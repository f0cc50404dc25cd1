import { isEffect, type Call } from './calls';
import { AwsError } from './errors';

export interface Fault {
  service: string;
  operation: string;
  account?: string;
  /** How often it strikes; always, if absent. */
  times?: number;
  error?: { code: string; message: string; status?: number };
  throttle?: boolean;
  latencyMs?: number;
  /** Holds the connection and never answers. */
  timeout?: boolean;
  /** The call is carried out; then the connection is dropped without an answer. */
  lostAnswer?: boolean;
}

interface Kill {
  left: number;
  when: 'before' | 'after';
  principal: RegExp | undefined;
  dead: boolean;
}

export interface Strike {
  error: AwsError | undefined;
  latencyMs: number;
  timeout: boolean;
  lostAnswer: boolean;
}

export class Faults {
  private faults: (Fault & { left: number })[] = [];
  private kill: Kill | undefined;

  /** Answers a function that ends it. */
  add(fault: Fault): () => void {
    const added = { ...fault, left: fault.times ?? Infinity };
    this.faults.push(added);
    return () => {
      this.faults = this.faults.filter((one) => one !== added);
    };
  }

  clear(): void {
    this.faults = [];
    this.revive();
  }

  /** The n-th effect (from 1) of these principals ends their process: nothing of theirs is answered any more. */
  killAt(n: number, when: 'before' | 'after', { principal }: { principal?: RegExp } = {}): void {
    if (!(n >= 1)) throw new Error(`effects are counted from 1, not ${n}`);
    this.kill = { left: n, when, principal, dead: false };
  }

  /** A new process: its calls are answered again, and no kill is pending. */
  revive(): void {
    this.kill = undefined;
  }

  /** Whether the kill has struck. */
  get killed(): boolean {
    return this.kill?.dead ?? false;
  }

  effects(calls: readonly Call[]): Call[] {
    return calls.filter(isEffect);
  }

  isDead(principal: string): boolean {
    return this.killed && this.fits(principal);
  }

  /** Counts a call that is about to be carried out; answers when its caller dies, if now. */
  fatal(call: Pick<Call, 'operation' | 'principal'>): 'before' | 'after' | undefined {
    const { kill } = this;
    if (!kill || kill.dead || !isEffect(call) || !this.fits(call.principal)) return undefined;
    kill.left -= 1;
    if (kill.left > 0) return undefined;
    if (kill.when === 'before') kill.dead = true;
    return kill.left === 0 ? kill.when : undefined;
  }

  /** Once the last call has been carried out. */
  die(): void {
    if (this.kill) this.kill.dead = true;
  }

  private fits(principal: string): boolean {
    const pattern = this.kill?.principal;
    return !pattern || principal.search(pattern) >= 0; // search: no state, whatever the flags
  }

  /** The first fault that fits strikes, alone. */
  strike(service: string, operation: string, account: string): Strike | undefined {
    const fault = this.faults.find(
      (f) => f.left > 0 && f.service === service && f.operation === operation && (f.account ?? account) === account,
    );
    if (!fault) return undefined;
    fault.left -= 1;
    const { code, message, status } = fault.throttle
      ? { code: throttleCode(service), message: 'Rate exceeded', status: service === 'ec2' ? 503 : 400 }
      : (fault.error ?? { code: undefined, message: '', status: 400 });
    return {
      error: code === undefined ? undefined : new AwsError(code, message, status),
      latencyMs: fault.latencyMs ?? 0,
      timeout: fault.timeout ?? false,
      lostAnswer: fault.lostAnswer ?? false,
    };
  }
}

const throttleCode = (service: string) => {
  if (service === 'organizations') return 'TooManyRequestsException';
  if (service === 'sqs') return 'RequestThrottled';
  if (service === 'tagging') return 'ThrottledException';
  if (service === 'ec2') return 'RequestLimitExceeded';
  return ['kms', 'backup', 'dynamodb', 'cloudtrail'].includes(service) ? 'ThrottlingException' : 'Throttling';
};

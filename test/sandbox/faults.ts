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
}

export interface Strike {
  error: AwsError | undefined;
  latencyMs: number;
  timeout: boolean;
}

export class Faults {
  private faults: (Fault & { left: number })[] = [];

  add(fault: Fault): void {
    this.faults.push({ ...fault, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.faults = [];
  }

  /** The first fault that fits strikes, alone. */
  strike(service: string, operation: string, account: string): Strike | undefined {
    const fault = this.faults.find(
      (f) => f.left > 0 && f.service === service && f.operation === operation && (f.account ?? account) === account,
    );
    if (!fault) return undefined;
    fault.left -= 1;
    const { code, message, status } = fault.throttle
      ? { code: throttleCode(service), message: 'Rate exceeded', status: 400 }
      : (fault.error ?? { code: undefined, message: '', status: 400 });
    return {
      error: code === undefined ? undefined : new AwsError(code, message, status),
      latencyMs: fault.latencyMs ?? 0,
      timeout: fault.timeout ?? false,
    };
  }
}

const throttleCode = (service: string) => {
  if (service === 'organizations') return 'TooManyRequestsException';
  if (service === 'sqs') return 'RequestThrottled';
  return ['kms', 'backup', 'tagging'].includes(service) ? 'ThrottlingException' : 'Throttling';
};

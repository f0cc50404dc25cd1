import type { Sandbox } from '..';

/** What the service itself runs on. */
const OWN = new Set(['dynamodb', 'sqs', 'sns', 'sts', 'lambda', 'cloudformation']);

/** Counts calls and forgets them. */
export class Tally {
  readonly total: Record<string, number> = {};
  #reads = 0;

  constructor(private readonly sandbox: Sandbox) {}

  count(): void {
    for (const { service, operation } of this.sandbox.calls) {
      this.total[service] = (this.total[service] ?? 0) + 1;
      if (!OWN.has(service) && /^(?:Get|List|Describe|Simulate)/.test(operation)) this.#reads += 1;
    }
    this.sandbox.clearCalls();
  }

  clear(): void {
    this.sandbox.clearCalls();
  }

  /** Reads of member accounts since the last take. */
  take(): { readonly reads: number } {
    this.count();
    const reads = this.#reads;
    this.#reads = 0;
    return { reads };
  }
}

export interface Call {
  service: string;
  operation: string;
  account: string;
  region: string;
  principal: string;
  /** Of the caller's session: who it says that it acts for. */
  sourceIdentity?: string;
  /** Decoded; DynamoDB's as it is on the wire ({ S: … }). */
  input: Record<string, unknown>;
  /** performance.now() */
  startedAt: number;
  endedAt: number;
  error?: string;
  /** The connection was dropped: before the call was carried out, or after it, without an answer. */
  lost?: 'before' | 'after';
}

const EFFECTS = /^(?:Put|Update|Delete|Send|Publish|BatchWrite|Start|Confirm)/;

/** Whether it changes something. Taking on a role and running a function change nothing by themselves. */
export const isEffect = ({ operation }: Pick<Call, 'operation'>): boolean => EFFECTS.test(operation);

export function callCounts(calls: readonly Call[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, account } of calls) {
    const key = `${service}@${account}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The longest chain of calls in which each starts after the one before it has ended. */
export function longestSerialChain(calls: readonly Call[]): Call[] {
  const byEnd = [...calls].sort((a, b) => a.endedAt - b.endedAt || a.startedAt - b.startedAt);
  const chains: Call[][] = [];
  let longest: Call[] = [];
  for (const [index, call] of byEnd.entries()) {
    let before: Call[] = [];
    for (let earlier = 0; earlier < index; earlier++) {
      const chain = chains[earlier] ?? [];
      if ((byEnd[earlier]?.endedAt ?? 0) <= call.startedAt && chain.length > before.length) before = chain;
    }
    const chain = [...before, call];
    chains.push(chain);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

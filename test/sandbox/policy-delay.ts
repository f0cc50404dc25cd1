import type { Sandbox } from './sandbox';

/** For so long a policy that was put or deleted is not in force yet. */
export interface PolicyDelay {
  ms: number;
  /** Absent: both. */
  kind?: 'vault' | 'key';
  /** Absent: every account's. */
  account?: string;
  /** Get answers the new policy at once, and only copies still meet the old one. Absent: everybody meets the old one. */
  readAtOnce?: boolean;
}

/** A vault or a key. */
interface Governed {
  account: string;
  policy: string | undefined;
  former?: { policy: string | undefined; until: Date };
}

/** Changes a policy as late as the sandbox's delays say. */
export function putPolicy(sandbox: Sandbox, kind: 'vault' | 'key', resource: Governed, text: string | undefined): void {
  const delay = sandbox.policyDelays.find(
    (one) => (one.kind ?? kind) === kind && (one.account ?? resource.account) === resource.account,
  ) ?? { ms: sandbox.policyDelayMs };
  const { clock } = sandbox;
  if (delay.ms > 0 && delay.readAtOnce) {
    resource.former = { policy: resource.policy, until: new Date(clock.now().getTime() + delay.ms) };
  }
  if (delay.ms > 0 && !delay.readAtOnce) clock.after(delay.ms, () => void (resource.policy = text));
  else resource.policy = text;
}

/** What copies meet. */
export const policyInForce = ({ policy, former }: Governed, now: Date): string | undefined =>
  former && now < former.until ? former.policy : policy;

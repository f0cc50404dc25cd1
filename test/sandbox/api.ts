import type { Context, Identity } from './authorize';
import type { Input } from './protocol';
import type { Sandbox } from './sandbox';

/** One authenticated request, decoded. */
export interface ApiCall {
  input: Input;
  /** As it came; only DynamoDB's is passed on. */
  body: string;
  identity: Identity;
  service: string;
  account: string;
  region: string;
  sandbox: Sandbox;
  /** Throws AWS's refusal unless the caller's own policies allow it. */
  demand(action: string, resource: string, context?: Context): void;
}

export interface ApiOperation {
  handle(call: ApiCall): unknown;
  /** The ARN that the caller's policies are asked for; none: `*`. `null`: the handler asks itself. */
  resource?: ((call: ApiCall) => string) | null;
  permission?: string;
}

export type Api = Record<string, ApiOperation>;

export const str = (call: ApiCall, name: string): string | undefined => call.input[name] as string | undefined;

/** Cuts one page; a token is an offset, and one that we did not give is refused by `bad`. */
export function page<T>(items: T[], token: unknown, size: unknown, fallback: number, bad: () => Error) {
  const offset = token === undefined ? '0' : Buffer.from(String(token), 'base64url').toString();
  if (!/^\d+$/.test(offset)) throw bad();
  const start = Number(offset);
  const end = start + (typeof size === 'number' ? size : fallback);
  const next = end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined;
  return { items: items.slice(start, end), next };
}

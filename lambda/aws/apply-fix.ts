import { BackupClient, PutBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { setTimeout as wait } from 'node:timers/promises';
import { vaultName } from '../core/arn';
import { sameDocument } from '../core/plan/normal-form';
import type { Plan } from '../core/plan/plan';
import type { PlannedAgain } from '../core/plan/plan-again';
import { callEnded, putRefused, readRefused, type CallError } from '../core/plan/put-refused';
import { parsePolicy } from '../core/policy/parse';
import { anotherPlan, notWritten as words } from '../core/text/en/refusals';
import { CLIENT_CONFIG } from './client-config';
import { readCall } from './read-calls';
import type { Credentials } from './readers';

export interface ApplyRequest {
  /** What was shown: says which policy. What is written is made anew. */
  readonly plan: Pick<Plan, 'kind' | 'resource' | 'owner' | 'region' | 'partition' | 'added'>;
  /** What was decided on. */
  readonly expectedHash: string;
  /** The plan for the policy that is there; undefined: there is none. */
  readonly replan: (live: string | undefined) => PlannedAgain;
  /** Of the account that owns the resource. */
  readonly credentials: Credentials;
  /** Keeps the policy as it was, before it is changed. Throws: nothing is changed. */
  readonly keep?: (before: string | null) => Promise<void>;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

export interface ApplyResult {
  /** `not-seen`: whether the policy is changed is not known. After all others but `applied`, nothing was changed. */
  readonly outcome: 'applied' | 'already-there' | 'stale' | 'refused' | 'not-seen';
  /** The text as it was; null: there was no policy; absent: it was not read. */
  readonly before?: string | null;
  /** Of the call that changed it. */
  readonly requestId?: string | undefined;
  readonly reason?: string;
  /** Refused: what whoever holds the credentials can do about it. */
  readonly next?: string;
  /** Refused: what AWS said, where it was AWS that refused. */
  readonly error?: CallError;
  /** Stale: what would be planned now. */
  readonly now?: Plan;
}

/** The plan that was decided on is still the one for the live policy. */
export interface Ready {
  readonly outcome: 'ready';
  readonly plan: Plan;
  readonly before: string | null;
}

/** Pauses in milliseconds: between tries while AWS throttles; between looks at what was written, a minute in all. */
const THROTTLED = [1_000, 2_000, 4_000, 8_000];
const READ_BACK = [500, 1_500, 3_000, 5_000, 10_000, 10_000, 15_000, 15_000];

/** Reads the live policy and plans again, once, and writes nothing. */
export async function planLive(request: ApplyRequest): Promise<Ready | ApplyResult> {
  const { plan: subject, expectedHash, replan } = request;
  const other = await otherAccount(request);
  if (other !== undefined) return { outcome: 'refused', ...other };
  const live = await read(request);
  if ('error' in live) return { outcome: 'refused', ...readRefused(live.error, subject), error: live.error };
  const before = live.text ?? null;

  const again = replan(live.text);
  if (again.outcome === 'in-place') return { outcome: 'already-there', before };
  if (again.outcome === 'refused') return { outcome: 'refused', before, reason: again.reason };
  const { plan } = again;
  if (plan.hash === expectedHash && plan.resource === subject.resource && plan.kind === subject.kind) {
    return { outcome: 'ready', plan, before };
  }
  return { outcome: 'stale', before, reason: anotherPlan, now: plan };
}

/**
 * The only place that writes a policy: reads the live one, plans again, goes on only if that is the plan that was
 * decided on, writes, and reads back. Throws nothing but what `keep` throws.
 */
export async function applyFix(request: ApplyRequest): Promise<ApplyResult> {
  const ready = await planLive(request);
  if (ready.outcome !== 'ready') return ready;
  await request.keep?.(ready.before);
  return put(request, ready.plan, ready.before);
}

/** A vault is named without its account: with other credentials it would be another account's vault of that name. */
async function otherAccount({
  plan,
  credentials,
}: ApplyRequest): Promise<Pick<ApplyResult, 'reason' | 'next' | 'error'> | undefined> {
  try {
    const sts = new STSClient({ ...CLIENT_CONFIG, region: plan.region, credentials });
    const { Account = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
    return Account === plan.owner ? undefined : { reason: words.otherAccount(Account, plan.owner) };
  } catch (thrown) {
    const error = errorOf(thrown);
    return { ...readRefused(error, plan), error };
  }
}

async function put(request: ApplyRequest, plan: Plan, before: string | null): Promise<ApplyResult> {
  const sleep = request.sleep ?? wait;
  for (const pause of [...THROTTLED, undefined]) {
    // Neither API takes a condition: the last look is as close to the call as can be.
    const live = await read(request);
    if ('error' in live) {
      return { outcome: 'refused', before, ...readRefused(live.error, plan), error: live.error };
    }
    if ((live.text ?? null) !== before) return { outcome: 'stale', before, reason: words.changedNow };
    try {
      const requestId = await send(request, plan);
      return await readBack(request, plan, before, { requestId });
    } catch (thrown) {
      const error = errorOf(thrown);
      const ended = callEnded(error);
      if (ended === 'unknown') return readBack(request, plan, before, { lost: error });
      if (ended === 'refused' || pause === undefined) {
        return { outcome: 'refused', before, ...putRefused(error, plan), error };
      }
      await sleep(pause);
    }
  }
  throw new Error('unreachable');
}

/** One call, never repeated by the SDK: a repeated one could write over what somebody else wrote in between. */
async function send({ credentials }: ApplyRequest, plan: Plan): Promise<string | undefined> {
  const { kind, resource, region, after } = plan;
  const config = { ...CLIENT_CONFIG, maxAttempts: 1, region, credentials };
  const Policy = JSON.stringify(after);
  if (kind === 'vault-policy') {
    const client = new BackupClient(config);
    const input = { BackupVaultName: vaultName(resource), Policy };
    return (await client.send(new PutBackupVaultAccessPolicyCommand(input))).$metadata.requestId;
  }
  // BypassPolicyLockoutSafetyCheck stays away: KMS itself proves that the caller can change the policy again.
  const client = new KMSClient(config);
  const input = { KeyId: resource, PolicyName: 'default', Policy };
  return (await client.send(new PutKeyPolicyCommand(input))).$metadata.requestId;
}

/** A change is not seen everywhere at once. Where the answer was lost, what is there decides. */
async function readBack(
  request: ApplyRequest,
  plan: Plan,
  before: string | null,
  { requestId, lost }: { readonly requestId?: string | undefined; readonly lost?: CallError },
): Promise<ApplyResult> {
  const sleep = request.sleep ?? wait;
  let seen = '';
  for (const pause of [...READ_BACK, undefined]) {
    const live = await read(request);
    if ('text' in live && isAfter(live.text, plan)) return { outcome: 'applied', before, requestId };
    if ('error' in live) seen = words.unreadable(live.error);
    else seen = (live.text ?? null) === before ? words.asBefore : words.another;
    if (pause !== undefined) await sleep(pause);
  }
  const reason = `${lost ? words.lost(lost) : words.taken} ${seen} ${words.look(plan)}`;
  return { outcome: 'not-seen', before, requestId, reason };
}

function isAfter(text: string | undefined, { after, partition }: Plan): boolean {
  const parsed = text === undefined ? undefined : parsePolicy(text);
  return parsed?.ok === true && sameDocument(parsed.document, after, partition);
}

/** AWS gives one error for "no policy" and "no vault"; a missing vault is told by the put. */
async function read({
  plan: { kind, resource, region },
  credentials,
}: ApplyRequest): Promise<{ readonly text: string | undefined } | { readonly error: CallError }> {
  try {
    const answer = (await (kind === 'vault-policy'
      ? readCall(
          { operation: 'backup:GetBackupVaultAccessPolicy', input: { BackupVaultName: vaultName(resource) } },
          region,
          credentials,
        )
      : readCall(
          { operation: 'kms:GetKeyPolicy', input: { KeyId: resource, PolicyName: 'default' } },
          region,
          credentials,
        ))) as { readonly Policy?: string };
    return { text: answer.Policy };
  } catch (thrown) {
    const error = errorOf(thrown);
    return kind === 'vault-policy' && error.name === 'ResourceNotFoundException' ? { text: undefined } : { error };
  }
}

/** The code that AWS or Node gave; the message may be AWS's or anybody's text. */
function errorOf(thrown: unknown): CallError {
  const { name, message, code, $metadata } = thrown as Error & {
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name: name === 'Error' && code ? code : name, message, status: $metadata?.httpStatusCode };
}

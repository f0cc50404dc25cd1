import { parseArn, vaultName } from '../arn';
import { textAt, type Json } from '../evidence';
import { lifecycleOf, type Lifecycle } from '../lifecycle';
import { callEnded, type CallError } from '../plan/put-refused';
import type { LeftOut } from './shown';

/** StartCopyJob's input in AWS's shape, but for its token. */
export interface StartInput {
  readonly RecoveryPointArn: string;
  readonly SourceBackupVaultName: string;
  readonly DestinationBackupVaultArn: string;
  readonly IamRoleArn: string;
  readonly Lifecycle?: Lifecycle;
}

export interface StartLimits {
  /** Vault ARNs. */
  readonly destinations: readonly string[];
  readonly sources: readonly string[];
  readonly hubAccount: string;
  /** Names with their paths. */
  readonly copyRoles: readonly string[];
}

/** The same copy once more, as the failed job's own record has it; or why not. */
export function startOf(
  record: Json,
  { destinations, sources, hubAccount, copyRoles }: StartLimits,
): { readonly ok: true; readonly input: StartInput } | { readonly ok: false; readonly reason: LeftOut } {
  const [point, source, destination, roleArn] = [
    textAt(record, 'SourceRecoveryPointArn'),
    textAt(record, 'SourceBackupVaultArn'),
    textAt(record, 'DestinationBackupVaultArn'),
    textAt(record, 'IamRoleArn'),
  ];
  const account = source && parseArn(source)?.account;
  if (!point || !source || !destination || !roleArn || !account) return { ok: false, reason: 'refused' };
  if (account !== hubAccount || !sources.includes(account)) return { ok: false, reason: 'refused' };
  if (!destinations.includes(destination)) return { ok: false, reason: 'not-listed' };
  const role = parseArn(roleArn);
  const listed =
    role?.service === 'iam' &&
    role.account === hubAccount &&
    copyRoles.some((name) => role.resource === `role/${name}`);
  if (!listed) return { ok: false, reason: 'role-not-listed' };
  const Lifecycle = lifecycleOf(record);
  return {
    ok: true,
    input: {
      RecoveryPointArn: point,
      SourceBackupVaultName: vaultName(source),
      DestinationBackupVaultArn: destination,
      IamRoleArn: roleArn,
      ...(Lifecycle ? { Lifecycle } : {}),
    },
  };
}

/**
 * What an error of StartCopyJob means. `later`: AWS takes no more for now, and nothing was started. `no-answer`:
 * whether it was started is not known.
 */
export function startEnded(error: CallError): 'later' | 'no-answer' | LeftOut {
  const { name, message, status } = error;
  if (/^LimitExceeded/.test(name)) return 'later';
  const ended = callEnded(error);
  if (ended === 'unknown') return 'no-answer';
  // Never sent, or with a session that has ended: neither says anything about this copy.
  if (ended === 'throttled' || status === undefined || /Expired|ClientToken|UnrecognizedClient/.test(name)) {
    return 'later';
  }
  if (/NotFound/.test(name)) return 'recovery-point-gone';
  return /continuous|point.in.time/i.test(message) ? 'continuous' : 'refused';
}

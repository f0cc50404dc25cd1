import { parseArn, vaultName } from '../arn';
import type { CauseId } from '../cause-ids';
import type { CopyFailure } from '../copy-failure';
import { hashOf } from '../plan/normal-form';
import { masked } from '../messages/mask';

/** So many failures of one key are diagnosed in full; milliseconds for which their verdict stands for others. */
export const FULL_DIAGNOSES = 3;
export const FOLD_FOR = 60 * 60_000;

/** What is known of a fold key: the item FOLD. */
export interface Fold {
  /** Failures of this key that were diagnosed in full. */
  readonly diagnosed: number;
  /** ISO time until which that counts. */
  readonly until: string;
  /** Incidents that every one of them belongs to. */
  readonly incidents: readonly string[];
  /** True: their causes do not depend on the resource, so others join from the event alone. */
  readonly shared: boolean;
}

/** Failures with the same key most likely have the same cause. */
export const foldKey = (failure: CopyFailure): string =>
  hashOf([
    failure.account,
    failure.region,
    vaultName(failure.sourceVaultArn),
    failure.destinationVaultArn,
    failure.resourceType ?? typeOf(failure.resourceArn),
    failure.roleArn ?? '',
    masked(failure.statusMessage ?? ''),
    failure.state,
  ]);

const typeOf = (resourceArn: string | undefined) => (resourceArn && parseArn(resourceArn)?.service) || '';

export type Way = 'full' | 'assume';

/** Whether a failure is read or joins from its event alone. A drill is always read, and so is every doubt. */
export function wayOf(failure: CopyFailure, fold: Fold | undefined, now: string): Way {
  if (failure.drill || failure.state === 'PARTIAL' || fold === undefined || now >= fold.until) return 'full';
  return fold.shared && fold.diagnosed >= FULL_DIAGNOSES && fold.incidents.length > 0 ? 'assume' : 'full';
}

/**
 * How many failures of a key go together before the next are decided on: none waits for a verdict that cannot help it.
 * `vain`: the last ones taught nothing. Where reads hang, one by one would outlast the function.
 */
export function atOnce(fold: Fold | undefined, now: string, vain = false): number {
  if (vain) return Infinity;
  if (fold === undefined || now >= fold.until) return 1;
  return fold.shared && fold.diagnosed < FULL_DIAGNOSES ? FULL_DIAGNOSES - fold.diagnosed : Infinity;
}

/** False: nothing can be assumed of this key for now, whatever one more diagnosis says. */
export const canLearn = (fold: Fold | undefined, now: string): boolean =>
  fold === undefined || now >= fold.until || fold.shared;

/** The fold after one more full diagnosis. */
export function folded(
  before: Fold | undefined,
  found: { readonly incidents: readonly string[]; readonly causes: readonly string[] },
  now: string,
): Fold {
  const fresh = before === undefined || now >= before.until;
  const incidents = [...found.incidents].sort();
  const shared = found.causes.length > 0 && found.causes.every(dependsOnNoResource);
  if (fresh) {
    const until = new Date(Date.parse(now) + FOLD_FOR).toISOString();
    return { diagnosed: 1, until, incidents, shared };
  }
  // Two failures of one key with different causes: nothing can be assumed of a third.
  const same = incidents.join() === before.incidents.join();
  return { ...before, diagnosed: before.diagnosed + 1, shared: before.shared && shared && same };
}

/** Causes about vault, organization, switch, role or the vault's key; everything else may differ by resource. */
const SHARED: ReadonlySet<string> = new Set<CauseId>([
  'accounts-in-different-organizations',
  'cross-account-backup-disabled',
  'organization-policy-denies-copy',
  'source-region-or-service-not-enabled',
  'destination-region-not-enabled',
  'resource-type-not-copyable',
  'air-gapped-vault-unsupported',
  'destination-key-aws-managed',
  'destination-key-unusable',
  'destination-key-policy-lacks-backup',
  'vault-policy-lacks-source',
  'vault-policy-denies',
  'source-vault-policy-denies',
  'destination-vault-missing',
  'destination-vault-not-available',
  'destination-vault-is-default',
  'copy-role-lacks-permission',
  'copy-role-not-assumable',
  'destination-service-linked-role-missing',
]);

export const dependsOnNoResource = (cause: string): boolean => SHARED.has(cause);

import { cannotTell, notApplicable, ok, unknown, type CheckResult } from './checks/check';
import { copyOf, destinationVaultExists, recoveryPoint, vault, type Copy, type Evidence } from './evidence';
import { destinationKeyArn, keyMetadata, keyPlace, sourceKeyArn, type KeyMetadata } from './key-evidence';
import { text } from './text';

/** The answer to a question, or the result that is clear without it. */
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly result: CheckResult };
export const settled = (result: CheckResult) => ({ ok: false, result }) as const;

export interface Key {
  readonly arn: string;
  readonly owner: string;
  readonly region: string;
  /** Undefined: asked in the owning account and Region, the key is not there. */
  readonly metadata: KeyMetadata | undefined;
}

/** A key's owner, Region and metadata; `role`: the side of the copy that it serves. */
export function keyOf(evidence: Evidence, arn: string, role: 'source' | 'destination'): Asked<Key> {
  const metadata = keyMetadata(evidence, arn, role);
  if (!metadata.ok) return settled(unknown(metadata.missing));
  const place = keyPlace(arn);
  if (!place) return settled(cannotTell(text.keys.noKeyArn(arn)));
  return { ok: true, value: { arn, owner: place.account, region: place.region, metadata: metadata.value } };
}

/** The key of the source recovery point. */
export function sourceKey(evidence: Evidence): Asked<Key> {
  const point = recoveryPoint(evidence);
  // A key that is named can be asked about, whatever its type is called.
  const named = point.ok && point.value['EncryptionKeyArn'] !== undefined;
  if (point.ok && !named && point.value['EncryptionKeyType'] === 'AWS_OWNED_KMS_KEY') {
    return settled(cannotTell(text.keys.awsOwnedSource));
  }
  const arn = sourceKeyArn(evidence);
  if (!arn.ok) return settled(unknown(arn.missing));
  return arn.value === undefined ? settled(notApplicable) : keyOf(evidence, arn.value, 'source');
}

/** The destination vault's key. */
export function destinationKey(evidence: Evidence): Asked<Key> {
  const exists = destinationVaultExists(evidence);
  if (exists.ok && !exists.value) return settled(notApplicable);
  const described = vault(evidence, 'destination');
  const named = described.ok && described.value['EncryptionKeyArn'] !== undefined;
  if (described.ok && !named && described.value['EncryptionKeyType'] === 'AWS_OWNED_KMS_KEY') {
    return settled(cannotTell(text.keys.awsOwnedDestination));
  }
  const arn = destinationKeyArn(evidence);
  if (!arn.ok) return settled(unknown(arn.missing));
  if (arn.value === undefined) return settled(cannotTell(text.keys.noVaultKey(copyOf(evidence).destinationVaultArn)));
  return keyOf(evidence, arn.value, 'destination');
}

/** An EC2 recovery point can hold several snapshots under several keys, and AWS names one: it is never wholly fine. */
export const fineUnlessSeveralKeys = ({ resourceType }: Copy): CheckResult =>
  /^ec2$|vss/i.test(resourceType ?? '') ? cannotTell(text.keys.severalKeys) : ok;

import { cannotTell, fault, notApplicable, ok, unknown, type CheckResult } from './checks/check';
import {
  copyOf,
  destinationVaultExists,
  recoveryPoint,
  vault,
  type Evidence,
  type Missing,
  type Read,
} from './evidence';
import { canonicalType } from './feature-table';
import { imageId, imageKeyArns } from './image-keys';
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
function keyOf(evidence: Evidence, arn: string, role: 'source' | 'destination'): Asked<Key> {
  const metadata = keyMetadata(evidence, arn, role);
  if (!metadata.ok) return settled(unknown(metadata.missing));
  const place = keyPlace(arn);
  if (!place) return settled(cannotTell(text.keys.noKeyArn(arn)));
  return { ok: true, value: { arn, owner: place.account, region: place.region, metadata: metadata.value } };
}

interface SourceKeys {
  readonly keys: readonly Asked<Key>[];
  /** Set where there may be others. */
  readonly open?: CheckResult;
}

/** The key of the source recovery point, or the keys of an image's snapshots. */
function sourceKeys(evidence: Evidence): Asked<SourceKeys> {
  const copy = copyOf(evidence);
  const image = imageId(copy) === undefined ? undefined : imageKeyArns(evidence);
  const named = sourceKeyArn(evidence);
  const ofPoint = named.ok && named.value !== undefined ? [named.value] : [];
  if (image?.ok) {
    const arns = [...new Set([...ofPoint, ...image.value])];
    return arns.length === 0 ? settled(notApplicable) : { ok: true, value: { keys: keysOf(evidence, arns) } };
  }
  const point = recoveryPoint(evidence);
  // A key that is named can be asked about, whatever its type is called.
  const withoutKey = point.ok && point.value['EncryptionKeyArn'] === undefined;
  if (withoutKey && point.value['EncryptionKeyType'] === 'AWS_OWNED_KMS_KEY') {
    return settled(cannotTell(text.keys.awsOwnedSource));
  }
  if (!named.ok) return settled(unknown(named.missing, ...(image ? [image.missing] : [])));
  if (ofPoint.length === 0) return settled(notApplicable);
  const several = image || /^ec2$|vss/i.test(copy.resourceType ?? '');
  const missing = image ? [image.missing] : [];
  const open: CheckResult = { status: 'unknown', missing, because: text.keys.severalKeys };
  return { ok: true, value: { keys: keysOf(evidence, ofPoint), ...(several ? { open } : {}) } };
}

const keysOf = (evidence: Evidence, arns: readonly string[]) => arns.map((arn) => keyOf(evidence, arn, 'source'));

/** Of the keys behind an image, this one alone is asked about: what is planned is one key's policy. */
export const aboutKey = (evidence: Evidence, keyArn: string): Evidence => ({ ...evidence, keyArn });

/** The copy needs each key: a fault on any is a fault on that key, and all is well only if every one was read. */
export function eachSourceKey(evidence: Evidence, judge: (key: Key) => CheckResult): CheckResult {
  const asked = sourceKeys(evidence);
  if (!asked.ok) return asked.result;
  const { keys, open } = asked.value;
  const only = keys.filter((key) => key.ok && key.value.arn === evidence.keyArn);
  const results = (only.length > 0 ? only : keys).map((key) => (key.ok ? judge(key.value) : key.result));
  return together([...results, ...(open && only.length === 0 ? [open] : [])]);
}

/** The one key that is asked about; where nothing says which, the first. */
export function sourceKey(evidence: Evidence): Asked<Key> {
  const asked = sourceKeys(evidence);
  if (!asked.ok) return asked;
  const { keys } = asked.value;
  const only = keys.find((key) => key.ok && key.value.arn === evidence.keyArn);
  return only ?? keys[0] ?? settled(notApplicable);
}

function together(results: readonly CheckResult[]): CheckResult {
  const faults = results.flatMap((result) => (result.status === 'fault' ? [result.finding] : []));
  const [first, ...others] = faults;
  const open = results.flatMap((result) => (result.status === 'unknown' ? [result] : []));
  const missing = open.flatMap((result) => result.missing);
  const told = missing.filter((row, index) => missing.findIndex((other) => sameRead(row, other)) === index);
  const why = [...new Set(open.flatMap((result) => result.because ?? []))];
  if (first) {
    const because = [...first.because, ...(open.length > 0 ? text.keys.notAllJudged(told, why) : [])];
    return fault({ ...first, because }, ...others);
  }
  if (open.length > 0) return { status: 'unknown', missing: told, ...(why[0] ? { because: why.join(' ') } : {}) };
  return results.every(({ status }) => status === 'not-applicable') ? notApplicable : ok;
}

export const sameRead = (a: Missing, b: Missing) => a.permission === b.permission && a.account === b.account;

const STAY_UNENCRYPTED = ['Aurora', 'DocumentDB', 'Neptune'];

/** Their unencrypted recovery points are copied without encryption, whatever the vault's key. */
export function staysUnencrypted(evidence: Evidence): Read<boolean> {
  if (!STAY_UNENCRYPTED.includes(canonicalType(copyOf(evidence).resourceType) ?? '')) return { ok: true, value: false };
  const point = recoveryPoint(evidence);
  return point.ok ? { ok: true, value: point.value['IsEncrypted'] === false } : point;
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

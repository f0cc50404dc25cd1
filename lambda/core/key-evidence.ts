import { parseArn } from './arn';
import {
  copyOf,
  objectAt,
  placeOf,
  readAt,
  recoveryPoint,
  refusedShape,
  textAt,
  vault,
  type Copy,
  type Evidence,
  type Json,
  type Place,
  type Read,
  type VaultSide,
} from './evidence';

/** Where a key lives: the account and Region in its ARN. */
export function keyPlace(keyArn: string): Place | undefined {
  const arn = parseArn(keyArn);
  return arn?.service === 'kms' ? { account: arn.account, region: arn.region } : undefined;
}

/** Who copies in the destination account. https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html */
export const serviceLinkedRoleArn = ({ partition, destinationAccount }: Copy): string =>
  `arn:${partition}:iam::${destinationAccount}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`;

/** A read about a key, made in the account and Region of its ARN. */
export function readKey(
  evidence: Evidence,
  operation: 'kms:DescribeKey' | 'kms:GetKeyPolicy' | 'kms:ListGrants',
  keyArn: string,
  role: VaultSide,
): Read<Json> {
  const place = keyPlace(keyArn);
  if (!place) {
    return {
      ok: false,
      missing: {
        permission: operation,
        account: placeOf(evidence, role).account,
        reason: `${keyArn} is not a key ARN`,
      },
    };
  }
  const at = placeOf(evidence, role);
  const same = at.account === place.account && at.region === place.region;
  return readAt(evidence, operation, place, keyArn, same ? role : undefined);
}

/** What a list of one role's grants is about: a key has a list for each role that is asked for. */
export const grantsTo = (keyArn: string, roleArn: string): string => `${keyArn}#${roleArn}`;

/** A grant to it is one to the whole account. */
export const rootArn = ({ partition }: Copy, account: string): string => `arn:${partition}:iam::${account}:root`;

/** The key that protects the source recovery point; undefined: it is not encrypted. */
export function sourceKeyArn(evidence: Evidence): Read<string | undefined> {
  const point = recoveryPoint(evidence);
  if (!point.ok) return point;
  if (point.value['IsEncrypted'] === false) return { ok: true, value: undefined };
  const arn = textAt(point.value, 'EncryptionKeyArn');
  if (arn !== undefined) return { ok: true, value: arn };
  if (point.value['IsEncrypted'] === undefined) {
    return refusedShape('backup:DescribeRecoveryPoint', copyOf(evidence).sourceAccount);
  }
  return {
    ok: false,
    missing: {
      permission: 'backup:DescribeRecoveryPoint',
      account: copyOf(evidence).sourceAccount,
      reason: 'the recovery point is encrypted, but the answer names no key',
    },
  };
}

/** The destination vault's key. */
export function destinationKeyArn(evidence: Evidence): Read<string | undefined> {
  const found = vault(evidence, 'destination');
  return found.ok ? { ok: true, value: textAt(found.value, 'EncryptionKeyArn') } : found;
}

export interface KeyMetadata {
  readonly arn: string;
  readonly manager: 'AWS' | 'CUSTOMER' | undefined;
  readonly state: string | undefined;
  readonly deletionDate: string | undefined;
}

/** What KMS says of a key; undefined: asked in the owning account and Region, it is not there. */
export function keyMetadata(evidence: Evidence, keyArn: string, role: VaultSide): Read<KeyMetadata | undefined> {
  const found = readKey(evidence, 'kms:DescribeKey', keyArn, role);
  if (!found.ok) return found.error === 'NotFoundException' ? { ok: true, value: undefined } : found;
  const metadata = objectAt(found.value, 'KeyMetadata');
  if (!metadata) return refusedShape('kms:DescribeKey', keyPlace(keyArn)?.account ?? '');
  const manager = textAt(metadata, 'KeyManager');
  return {
    ok: true,
    value: {
      arn: textAt(metadata, 'Arn') ?? keyArn,
      manager: manager === 'AWS' || manager === 'CUSTOMER' ? manager : undefined,
      state: textAt(metadata, 'KeyState'),
      deletionDate: textAt(metadata, 'DeletionDate'),
    },
  };
}

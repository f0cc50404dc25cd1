import { copyOf, type Copy, type Evidence } from '../core/evidence';
import { isFullyManaged } from '../core/feature-table';
import { imageId, imageKeyArns, imageSnapshots } from '../core/image-keys';
import {
  destinationKeyArn,
  grantsTo,
  keyPlace,
  rootArn,
  serviceLinkedRoleArn,
  sourceKeyArn,
} from '../core/key-evidence';
import type { Ask } from './gather-evidence';
import type { Place, Readers } from './readers';

const source = (copy: Copy): Place => ({ account: copy.sourceAccount, region: copy.sourceRegion });

/** Step 2, where the recovery point is an image: which snapshots it has. */
export function readImage(copy: Copy, ask: Ask): Promise<void>[] {
  const image = imageId(copy);
  return image ? [ask('ec2:DescribeImages', source(copy), { ImageIds: [image] }, copy.recoveryPointArn)] : [];
}

/**
 * Step 3: the keys that step 2 named, each in the account and Region of its ARN, and the keys of an image's snapshots.
 * Accounts that only own keys are entered meanwhile, so that step 4 is all that is left.
 */
export function readKeys(evidence: Evidence, readers: Readers, ask: Ask): Promise<void>[] {
  const copy = copyOf(evidence);
  const named = sourceKeyArn(evidence);
  const vaultKey = destinationKeyArn(evidence);
  const snapshots = imageId(copy) === undefined ? undefined : imageSnapshots(evidence);
  const reads = [
    ...(named.ok && named.value ? readSourceKey(copy, named.value, ask) : []),
    ...(vaultKey.ok && vaultKey.value ? readVaultKey(copy, vaultKey.value, ask) : []),
  ];
  if (!snapshots?.ok || snapshots.value.length === 0) return reads;
  const entered = readers.keyAccounts.map((account) => readers.enter({ ...source(copy), account }));
  const asked = ask('ec2:DescribeSnapshots', source(copy), { SnapshotIds: snapshots.value }, copy.recoveryPointArn);
  return [...reads, ...entered, asked];
}

/** Step 4: the keys that only an image's snapshots named. */
export function readImageKeys(evidence: Evidence, ask: Ask): Promise<void>[] {
  const copy = copyOf(evidence);
  if (imageId(copy) === undefined) return [];
  const named = sourceKeyArn(evidence);
  const keys = imageKeyArns(evidence);
  const others = keys.ok ? keys.value.filter((key) => !named.ok || key !== named.value) : [];
  return others.flatMap((key) => readSourceKey(copy, key, ask));
}

function readSourceKey(copy: Copy, KeyId: string, ask: Ask): Promise<void>[] {
  const place = keyPlace(KeyId);
  if (!place) return [];
  const reads = [
    ask('kms:DescribeKey', place, { KeyId }, KeyId),
    ask('kms:GetKeyPolicy', place, { KeyId, PolicyName: 'default' }, KeyId),
  ];
  if (!copy.crossAccount) return reads;
  const grantsOf = (grantee: string, about = grantsTo(KeyId, grantee)) =>
    ask('kms:ListGrants', place, { KeyId, GranteePrincipal: grantee }, about);
  reads.push(grantsOf(serviceLinkedRoleArn(copy), KeyId), grantsOf(rootArn(copy, copy.destinationAccount)));
  // Of these types the copy role may be the one that uses the key.
  if (isFullyManaged(copy.resourceType)) {
    if (copy.roleArn) reads.push(grantsOf(copy.roleArn));
    reads.push(grantsOf(rootArn(copy, copy.sourceAccount)));
  }
  return reads;
}

function readVaultKey(copy: Copy, KeyId: string, ask: Ask): Promise<void>[] {
  const place = keyPlace(KeyId);
  if (!place) return [];
  const reads = [ask('kms:DescribeKey', place, { KeyId }, KeyId)];
  if (!copy.crossAccount) return reads;
  const root = rootArn(copy, copy.destinationAccount);
  return [
    ...reads,
    ask('kms:GetKeyPolicy', place, { KeyId, PolicyName: 'default' }, KeyId),
    ask('kms:ListGrants', place, { KeyId, GranteePrincipal: serviceLinkedRoleArn(copy) }, KeyId),
    ask('kms:ListGrants', place, { KeyId, GranteePrincipal: root }, grantsTo(KeyId, root)),
  ];
}

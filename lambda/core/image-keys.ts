import { parseArn } from './arn';
import {
  copyOf,
  listOf,
  objectAt,
  ODD_SHAPE,
  read,
  textAt,
  type Copy,
  type Evidence,
  type Json,
  type Read,
} from './evidence';
import type { Operation } from './reads';

/** The AMI that is the recovery point; undefined: it is none. */
export function imageId({ recoveryPointArn }: Copy): string | undefined {
  const arn = parseArn(recoveryPointArn ?? '');
  return arn?.service === 'ec2' ? /^image\/(ami-[0-9a-z]+)$/.exec(arn.resource)?.[1] : undefined;
}

/** Its snapshots. Those that EC2 calls unencrypted have no key. */
export function imageSnapshots(evidence: Evidence): Read<readonly string[]> {
  const copy = copyOf(evidence);
  const answer = read(evidence, 'ec2:DescribeImages', 'source', copy.recoveryPointArn);
  if (!answer.ok) return answer;
  const image = listOf(answer.value, 'Images').find((row) => textAt(row, 'ImageId') === imageId(copy));
  if (!image) return unread(copy, 'ec2:DescribeImages', 'the answer does not hold the image');
  const mappings = listOf(image, 'BlockDeviceMappings').map((row) => objectAt(row, 'Ebs'));
  const disks = mappings.filter((disk) => disk !== undefined);
  const ids = disks.filter((disk) => disk['Encrypted'] !== false).map((disk) => textAt(disk, 'SnapshotId'));
  const known = ids.filter((id) => id !== undefined);
  // Every image in a vault has a disk: an answer without one does not have AWS's shape.
  if (disks.length === 0 || known.length < ids.length) return unread(copy, 'ec2:DescribeImages', ODD_SHAPE);
  return { ok: true, value: distinct(known) };
}

/** The keys of the snapshots of an image, each once. DescribeImages tells snapshots, DescribeSnapshots their keys. */
export function imageKeyArns(evidence: Evidence): Read<readonly string[]> {
  const snapshots = imageSnapshots(evidence);
  if (!snapshots.ok || snapshots.value.length === 0) return snapshots;
  const copy = copyOf(evidence);
  const answer = read(evidence, 'ec2:DescribeSnapshots', 'source', copy.recoveryPointArn);
  if (!answer.ok) return answer;
  const rows = listOf(answer.value, 'Snapshots');
  const keys = snapshots.value.map((id) => keyIn(rows.find((row) => textAt(row, 'SnapshotId') === id)));
  if (keys.includes('unknown')) return unread(copy, 'ec2:DescribeSnapshots', 'the answer does not name every key');
  return { ok: true, value: distinct(keys.filter((key) => key !== undefined)) };
}

function keyIn(snapshot: Json | undefined): string | undefined {
  if (snapshot?.['Encrypted'] === false) return undefined;
  return (snapshot && textAt(snapshot, 'KmsKeyId')) ?? 'unknown';
}

const unread = ({ sourceAccount: account }: Copy, permission: Operation, reason: string): Read<never> => ({
  ok: false,
  missing: { permission, account, reason },
});

const distinct = (list: readonly string[]): readonly string[] => [...new Set(list)];

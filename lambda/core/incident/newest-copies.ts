import type { CopyFailure } from '../copy-failure';
import { isComposite, type CompletedCopy } from './newer-copies';
import { later } from './times';

/** So many resources are named; the others are counted. */
const NAMED = 5;
/** AWS Backup keeps the record of a copy job for 30 days: what is older is not seen. */
const ON_RECORD = 30 * 24 * 60 * 60_000;

/** A resource that copies of an incident are about, and a vault that they go to. */
export interface Affected {
  readonly resourceArn: string;
  readonly destinationVaultArn: string;
  readonly account: string;
  readonly region: string;
  /** One member's copy is no copy of it. */
  readonly composite: boolean;
}

/** What `affectedBy` looks at. */
export const AFFECTED = [
  'copiedBy',
  'failure.resourceArn',
  'failure.recoveryPointArn',
  'failure.resourceType',
  'failure.state',
  'failure.destinationVaultArn',
  'failure.account',
  'failure.region',
] as const;
type Names =
  'resourceArn' | 'recoveryPointArn' | 'resourceType' | 'state' | 'destinationVaultArn' | 'account' | 'region';
export interface AffectedPart {
  readonly copiedBy?: string | undefined;
  readonly failure?: Pick<CopyFailure, Names>;
}

/** How fresh the good copies of an incident's resources are, at most 4 KB. Times are ISO 8601 in UTC. */
export interface NewestCopies {
  readonly readAt: string;
  /** Resources and vaults they are copied to. */
  readonly resources: number;
  /** Those without a copy on record. */
  readonly without: number;
  /** Those of which nothing is known: the copies could not be listed, or not all of them. */
  readonly unread: number;
  /** Those whose newest copy may be gone with its source: its record does not say how long it is kept. Absent: 0. */
  readonly unsure?: number | undefined;
  /** When the oldest of the newest copies was begun. */
  readonly oldest?: string | undefined;
  /** Those with the oldest copies, or none: the worst first. */
  readonly worst: readonly NewestCopy[];
}

export interface NewestCopy {
  readonly resourceArn: string;
  readonly destinationVaultArn: string;
  /** When the copy was begun: what is in it is at least as old. Absent: none is on record. */
  readonly begunAt?: string | undefined;
  /** True: it may be gone by now. */
  readonly unsure?: true;
}

/** Failures that have no newer copy by now, each resource and vault once. */
export async function affectedBy(jobs: AsyncIterable<AffectedPart>): Promise<readonly Affected[]> {
  const affected = new Map<string, Affected>();
  for await (const { copiedBy, failure } of jobs) {
    if (copiedBy !== undefined || failure?.resourceArn === undefined) continue;
    const { resourceArn, destinationVaultArn, account, region } = failure;
    const key = targetOf(failure.resourceArn, destinationVaultArn);
    const composite = isComposite(failure) || affected.get(key)?.composite === true;
    affected.set(key, { resourceArn, destinationVaultArn, account, region, composite });
  }
  return [...affected.values()];
}

const targetOf = (resourceArn: string, vaultArn: string) => `${resourceArn} ${vaultArn}`;

/** `copiesOf`: all that completed into a vault while they are on record; undefined: not known. */
export function newestCopies(
  affected: readonly Affected[],
  copiesOf: (one: Affected) => readonly CompletedCopy[] | undefined,
  readAt: string,
): NewestCopies {
  const newest = new Map<string, Newest>();
  const seen = new Set<readonly CompletedCopy[]>();
  const rows: NewestCopy[] = [];
  for (const one of affected) {
    const copies = copiesOf(one);
    if (copies === undefined) continue;
    if (!seen.has(copies)) {
      // What its lifecycle has deleted by now protects nothing.
      for (const copy of copies) if ((copy.expiresAt ?? '~') > readAt) keepNewer(newest, copy);
    }
    seen.add(copies);
    const { resourceArn, destinationVaultArn, composite } = one;
    const found = newest.get(targetOf(resourceArn, destinationVaultArn));
    rows.push({ resourceArn, destinationVaultArn, ...toldOf(composite ? found?.whole : found?.any) });
  }
  rows.sort((a, b) => compare(a.begunAt ?? '', b.begunAt ?? '') || compare(a.resourceArn, b.resourceArn));
  const oldest = rows.find(({ begunAt }) => begunAt !== undefined)?.begunAt;
  const unsure = rows.filter((row) => row.unsure).length;
  return {
    readAt,
    resources: affected.length,
    without: rows.filter(({ begunAt }) => begunAt === undefined).length,
    unread: affected.length - rows.length,
    ...(unsure === 0 ? {} : { unsure }),
    ...(oldest === undefined ? {} : { oldest }),
    worst: rows.slice(0, NAMED),
  };
}

interface Newest {
  readonly any: CompletedCopy;
  /** Of all members, where it is composite. */
  readonly whole?: CompletedCopy | undefined;
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function keepNewer(newest: Map<string, Newest>, copy: CompletedCopy): void {
  const key = targetOf(copy.resourceArn, copy.destinationVaultArn);
  const before = newest.get(key);
  const newer = (other: CompletedCopy | undefined) =>
    other !== undefined && other.createdAt > copy.createdAt ? other : copy;
  newest.set(key, { any: newer(before?.any), whole: copy.child ? before?.whole : newer(before?.whole) });
}

const toldOf = (copy: CompletedCopy | undefined): Pick<NewestCopy, 'begunAt' | 'unsure'> =>
  copy ? { begunAt: copy.createdAt, ...(copy.expiresAt === undefined ? { unsure: true } : {}) } : {};

/** The earliest copy that is still on record. */
export const recordsBegin = (now: string): string => later(now, -ON_RECORD);

import { isRefused, listOf, objectAt, textAt, type Json } from '../core/evidence';
import type { CompletedCopy } from '../core/incident/newer-copies';
import { later } from '../core/incident/times';
import type { Place, Readers } from './readers';

/** So many answers of several thousand rows a listing looks at; what was found holds, whatever was not looked at. */
const MOST_ANSWERS = 10;
const DAY = 24 * 60 * 60_000;

/** Copies into a vault, of one resource or all, that completed after `since`; undefined: they cannot be listed. */
export type CompletedCopies = (
  source: Place,
  destinationVaultArn: string,
  since: string,
  resourceArn?: string,
  limit?: Limit,
) => Promise<Completed | undefined>;

/** Where a listing ends before it has looked at all. */
export interface Limit {
  /** Rows; the last answer may bring some more. */
  readonly rows: number;
  readonly signal: AbortSignal;
}

export interface Completed {
  readonly copies: readonly CompletedCopy[];
  /** False: there are more than a listing looks at. */
  readonly complete: boolean;
}

/** Lists what is asked for once, and again only for an earlier time: incidents of one storm share the answer. */
export function completedCopies(readers: Readers): CompletedCopies {
  const known = new Map<string, { since: string; copies: ReturnType<CompletedCopies> }>();
  return (source, destinationVaultArn, since, resourceArn, limit) => {
    const key = `${source.account}/${source.region}#${destinationVaultArn}#${resourceArn ?? ''}`;
    const before = known.get(key);
    if (before && before.since <= since) return before.copies;
    const input = {
      ByDestinationVaultArn: destinationVaultArn,
      ByState: 'COMPLETED',
      ByCompleteAfter: new Date(since),
      ...(resourceArn === undefined ? {} : { ByResourceArn: resourceArn }),
    };
    const copies = listRows(readers, source, input, completedCopy, limit).then(
      (listed) => listed && { copies: listed.rows, complete: listed.complete },
    );
    const own = { since, copies };
    known.set(key, own);
    // What a narrower limit has cut says less than others may ask for.
    const drop = () => known.get(key) === own && known.delete(key);
    if (limit) void copies.then((listed) => listed?.complete || drop(), drop);
    return copies;
  };
}

/** Undefined: refused, throttled, out of reach. Nothing is known then, and it is asked again later. */
export async function listCopyJobs(
  readers: Readers,
  source: Place,
  input: object,
): Promise<readonly Json[] | undefined> {
  return (await listRows(readers, source, input, (job) => [job]))?.rows;
}

/** What is wanted of each row; the rest of an answer is not kept while the next one comes. */
async function listRows<T>(
  readers: Readers,
  source: Place,
  input: object,
  wanted: (job: Json) => readonly T[],
  limit?: Limit,
): Promise<{ readonly rows: readonly T[]; readonly complete: boolean } | undefined> {
  const rows: T[] = [];
  let from: string | undefined;
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const answer = await readers.read('backup:ListCopyJobs', source, {
      input: { ...input, ...(from ? { NextToken: from } : {}) },
    });
    if (isRefused(answer)) return undefined;
    for (const job of listOf(answer, 'CopyJobs')) rows.push(...wanted(job));
    from = textAt(answer, 'NextToken');
    if (from === undefined || (limit && (rows.length >= limit.rows || limit.signal.aborted))) break;
  }
  return { rows, complete: from === undefined };
}

function completedCopy(job: Json): CompletedCopy[] {
  const copyJobId = textAt(job, 'CopyJobId');
  const resourceArn = textAt(job, 'ResourceArn');
  const destinationVaultArn = textAt(job, 'DestinationBackupVaultArn');
  // Dates, as JSON writes them.
  const createdAt = textAt(job, 'CreationDate');
  const completedAt = textAt(job, 'CompletionDate');
  if (job['State'] !== 'COMPLETED' || !copyJobId || !resourceArn || !destinationVaultArn) return [];
  if (!createdAt || !completedAt) return [];
  const recoveryPointArn = textAt(job, 'SourceRecoveryPointArn');
  const child = textAt(job, 'ParentJobId') !== undefined;
  // Counted from the backup, which was made before its copy was begun. Absent, or -1 for "always": the copy expires with its
  // source, which its record does not name a time for.
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
  const days = Number(objectAt(job, 'DestinationRecoveryPointLifecycle')?.['DeleteAfterDays'] ?? 0);
  // Up to what Vault Lock takes, 100 years: a time beyond that is none.
  const expiresAt = days > 0 && days <= 36_500 ? later(createdAt, days * DAY) : undefined;
  return [{ copyJobId, resourceArn, destinationVaultArn, recoveryPointArn, createdAt, completedAt, expiresAt, child }];
}

import { isRefused, listOf, textAt, type Json } from '../core/evidence';
import type { CompletedCopy } from '../core/incident/newer-copies';
import type { Place, Readers } from './readers';

/** So many answers of several thousand rows a listing looks at; what was found holds, whatever was not looked at. */
const MOST_ANSWERS = 10;

/** Copies into a vault that completed after `since`; undefined: they cannot be listed. */
export type CompletedCopies = (
  source: Place,
  destinationVaultArn: string,
  since: string,
) => Promise<readonly CompletedCopy[] | undefined>;

/** Lists each source and vault once, and again only for an earlier time: incidents of one storm share the answer. */
export function completedCopies(readers: Readers): CompletedCopies {
  const known = new Map<string, { since: string; copies: ReturnType<CompletedCopies> }>();
  return (source, destinationVaultArn, since) => {
    const key = `${source.account}/${source.region}#${destinationVaultArn}`;
    const before = known.get(key);
    if (before && before.since <= since) return before.copies;
    const input = {
      ByDestinationVaultArn: destinationVaultArn,
      ByState: 'COMPLETED',
      ByCompleteAfter: new Date(since),
    };
    const copies = listCopyJobs(readers, source, input).then((jobs) => jobs?.flatMap(completedCopy));
    known.set(key, { since, copies });
    return copies;
  };
}

/** Undefined: refused, throttled, out of reach. Nothing is known then, and it is asked again later. */
export async function listCopyJobs(
  readers: Readers,
  source: Place,
  input: object,
): Promise<readonly Json[] | undefined> {
  const found: Json[] = [];
  let from: string | undefined;
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const answer = await readers.read('backup:ListCopyJobs', source, {
      input: { ...input, ...(from ? { NextToken: from } : {}) },
    });
    if (isRefused(answer)) return undefined;
    found.push(...listOf(answer, 'CopyJobs'));
    from = textAt(answer, 'NextToken');
    if (from === undefined) break;
  }
  return found;
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
  return [{ copyJobId, resourceArn, destinationVaultArn, recoveryPointArn, createdAt, completedAt, child }];
}

import { copyOf, type Evidence, type Json, type RefusedResponse, type Response } from '../evidence';
import { bytesOf } from '../plan/normal-form';

/** Bytes of JSON: an item of DynamoDB takes 400 KB with everything in it. */
export const LARGEST_EVIDENCE = 300_000;

const LEFT_OUT: RefusedResponse = { error: 'LeftOut', message: 'too large to keep' };

/**
 * The evidence as it is kept with an incident. What does not fit is left out as an answer that could not be read, so a
 * replay knows less but nothing wrong: first vaults that the copy has nothing to do with, then the largest answers.
 */
export function keepEvidence(evidence: Evidence, limit = LARGEST_EVIDENCE): Evidence {
  if (sizeOf(evidence) <= limit) return evidence;
  let kept = withoutOthers(evidence);
  const bySize = Object.entries(kept.responses)
    .map(([key, response]) => ({ key, size: sizeOf(response) }))
    .sort((a, b) => b.size - a.size);
  for (const { key } of bySize) {
    if (sizeOf(kept) <= limit) return kept;
    kept = { ...kept, responses: { ...kept.responses, [key]: LEFT_OUT } };
  }
  return kept;
}

/**
 * The list of vaults is read to find the destination in it, and an account may have thousands; that of nested copies to
 * find those that did not succeed.
 */
function withoutOthers(evidence: Evidence): Evidence {
  const { destinationVaultArn } = copyOf(evidence);
  const shorter = (key: string, response: Response): Response => {
    const list = key.startsWith('backup:ListBackupVaults') ? 'BackupVaultList' : 'CopyJobs';
    const rows = (response as Json)[list];
    if (!Array.isArray(rows) || (list === 'CopyJobs' && !key.startsWith('backup:ListCopyJobs'))) return response;
    const own = (rows as readonly Json[]).filter((row) =>
      list === 'CopyJobs' ? row?.['State'] !== 'COMPLETED' : row?.['BackupVaultArn'] === destinationVaultArn,
    );
    return { ...response, [list]: own };
  };
  const responses = Object.entries(evidence.responses).map(([key, one]) => [key, shorter(key, one)] as const);
  return { ...evidence, responses: Object.fromEntries(responses) };
}

const sizeOf = (value: unknown): number => bytesOf(JSON.stringify(value));

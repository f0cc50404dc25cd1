import {
  copyJob,
  copyOf,
  isParent,
  listOf,
  objectAt,
  placeOf,
  readAt,
  textAt,
  type Evidence,
  type Json,
} from '../evidence';
import { pointsTo } from '../messages/point-to';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'nested-copy-failed';
const texts = text[id];

const FAILED = ['FAILED', 'PARTIAL'];

export const nestedCopyFailed: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['backup:DescribeCopyJob@source', 'backup:ListCopyJobs@source'],

  evaluate(evidence) {
    const record = copyJob(evidence);
    if (!record.ok) return evidence.failure.state === 'PARTIAL' ? unknown(record.missing) : notApplicable;
    const state = textAt(record.value, 'State') ?? evidence.failure.state;
    if (!isParent(evidence)) return state === 'PARTIAL' ? cannotTell(texts.noParent) : notApplicable;

    const copy = copyOf(evidence);
    const listed = nestedJobs(evidence);
    const failed = listed.ok ? listed.value.filter((job) => FAILED.includes(textAt(job, 'State') ?? '')) : [];
    const counts = objectAt(record.value, 'ChildJobsInState') ?? {};
    const counted = FAILED.reduce((sum, one) => sum + numberAt(counts, one), 0);
    if (failed.length + counted === 0) {
      if (!listed.ok) return unknown(listed.missing);
      return state === 'PARTIAL' || listed.more ? cannotTell(texts.noneFailed) : ok;
    }
    const total = numberAt(record.value, 'NumberOfChildJobs') || (listed.ok ? listed.value.length : 0);
    const nested = failed.map((job) => ({
      id: textAt(job, 'CopyJobId') ?? '',
      type: textAt(job, 'ResourceType'),
      resource: textAt(job, 'ResourceArn'),
      state: textAt(job, 'State') ?? '',
      message: textAt(job, 'StatusMessage'),
      causes: pointsTo(textAt(job, 'StatusMessage') ?? ''),
    }));
    return fault({
      confidence: 'confirmed',
      // The same members fail night after night: one incident for the composite, not one for each of its jobs.
      resource: `${copy.resourceArn ?? copy.copyJobId} to ${copy.destinationVaultArn}`,
      owner: copy.sourceAccount,
      because: texts.because(
        copy,
        nested,
        Math.max(counted, failed.length),
        total,
        listed.ok ? undefined : listed.missing,
      ),
      fix: { kind: 'manual', steps: texts.steps(copy, nested) },
    });
  },
};

/** The nested jobs of this parent; `more`: the list is not complete. */
function nestedJobs(evidence: Evidence) {
  const { copyJobId } = evidence.failure;
  const read = readAt(evidence, 'backup:ListCopyJobs', placeOf(evidence, 'source'), copyJobId, 'source');
  if (!read.ok) return read;
  // AWS writes ids of jobs in capitals; an event may not.
  const own = copyJobId.toUpperCase();
  const value = listOf(read.value, 'CopyJobs').filter((job) => textAt(job, 'ParentJobId')?.toUpperCase() === own);
  return { ok: true, value, more: textAt(read.value, 'NextToken') !== undefined } as const;
}

function numberAt(from: Json, name: string): number {
  const value = from[name];
  return typeof value === 'number' && value > 0 ? value : 0;
}

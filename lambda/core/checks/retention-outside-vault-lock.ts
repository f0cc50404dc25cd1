import {
  copyJob,
  copyOf,
  destinationVaultExists,
  objectAt,
  recoveryPoint,
  refusedShape,
  textAt,
  vault,
  type Evidence,
  type Json,
  type Read,
} from '../evidence';
import { messagePointsTo } from '../key-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'retention-outside-vault-lock';
const words = text[id];

/** The least that a logically air-gapped vault can have. https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html */
const AIR_GAPPED_MIN = 7;
const ALWAYS = Infinity;

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
export const retentionOutsideVaultLock: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeCopyJob@source',
    'backup:DescribeRecoveryPoint@source',
    'backup:DescribeBackupVault@destination',
    'backup:ListBackupVaults@destination',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const exists = destinationVaultExists(evidence);
    if (exists.ok && !exists.value) return notApplicable;
    const described = vault(evidence, 'destination');
    if (!described.ok) return unknown(described.missing);
    const airGapped = textAt(described.value, 'VaultType') === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
    const [min, max] = [daysAt(described.value, 'MinRetentionDays'), daysAt(described.value, 'MaxRetentionDays')];
    const range = { min: min ?? (airGapped ? AIR_GAPPED_MIN : undefined), max };
    if (range.min === undefined && max === undefined) return ok;

    const job = copyJob(evidence);
    if (!job.ok) return unknown(job.missing);
    const lifecycle = objectAt(job.value, 'DestinationRecoveryPointLifecycle');
    const asked = retention(lifecycle);
    // "always", or none: the copy keeps the source's expiry, and which of the two the lock compares is not documented.
    const kept: Read<number | undefined> = asked === ALWAYS ? keptBySource(evidence) : { ok: true, value: asked };
    if (!kept.ok) return unknown(kept.missing);

    const outside = (days: number) => days < (range.min ?? 0) || days > (max ?? ALWAYS);
    const told = { asked: lifecycle?.['DeleteAfterDays'] === undefined ? undefined : asked, kept: kept.value };
    const both = outside(asked) && kept.value !== undefined && outside(kept.value);
    if (!both) {
      if (!outside(asked) && kept.value !== undefined && !outside(kept.value)) return ok;
      if (!messagePointsTo(copy, id)) return cannotTell(words.notDocumented(copy, range, told));
    }
    if (described.value['Locked'] === false) return cannotTell(words.notLocked(copy, range));
    return fault({
      confidence: both ? 'confirmed' : 'likely',
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy, range, told),
      fix: {
        kind: 'manual',
        steps: words.steps(copy, {
          range,
          planId: textAt(objectAt(job.value, 'CreatedBy') ?? {}, 'BackupPlanId'),
          days: inRange(outside(asked) ? asked : (kept.value ?? asked), range),
          lockDate: textAt(described.value, 'LockDate'),
        }),
      },
    });
  },
};

interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** The nearest number of days that the vault takes. */
const inRange = (days: number, { min = 1, max = min }: Range) => Math.max(min, Math.min(days, max));

function daysAt(from: Json, name: string): number | undefined {
  const days = from[name];
  return typeof days === 'number' && days > 0 ? days : undefined;
}

const retention = (lifecycle: Json | undefined) => (lifecycle && daysAt(lifecycle, 'DeleteAfterDays')) ?? ALWAYS;

/** The source's own expiry; undefined: an event ends it, and no number of days. */
function keptBySource(evidence: Evidence): Read<number | undefined> {
  const point = recoveryPoint(evidence);
  if (!point.ok) return point;
  const lifecycle = objectAt(point.value, 'Lifecycle');
  if (point.value['Lifecycle'] !== undefined && !lifecycle) {
    return refusedShape('backup:DescribeRecoveryPoint', copyOf(evidence).sourceAccount);
  }
  const days = retention(lifecycle);
  return { ok: true, value: days === ALWAYS && lifecycle?.['DeleteAfterEvent'] !== undefined ? undefined : days };
}

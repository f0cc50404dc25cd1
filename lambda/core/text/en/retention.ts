import { vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import { utc } from '../utc';
import { startCopy } from './playbooks';
import { arg } from './policy-words';

interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** In days; Infinity: always. */
interface Retention {
  /** Undefined: the job's record names none. */
  readonly asked: number | undefined;
  /** What the copy keeps of its source; undefined: not a number of days. */
  readonly kept: number | undefined;
}

interface Change {
  readonly range: Range;
  readonly days: number;
  readonly planId: string | undefined;
  readonly lockDate: string | undefined;
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
const rangeOf = ({ min, max }: Range): string => {
  if (max === undefined) return `at least ${days(min ?? 1)}`;
  return min === undefined ? `at most ${days(max)}` : `${min} to ${days(max)}`;
};
const allows = (copy: Copy, range: Range) =>
  `Vault ${vaultName(copy.destinationVaultArn)} takes recovery points that are kept for ${rangeOf(range)}.`;

function because(copy: Copy, range: Range, { asked, kept }: Retention): readonly string[] {
  if (asked !== undefined && asked !== Infinity) {
    return [allows(copy, range), `The copy was to be kept for ${days(asked)}.`];
  }
  const source =
    kept === undefined ? 'expires after an event' : kept === Infinity ? 'never expires' : `expires after ${days(kept)}`;
  return [
    allows(copy, range),
    asked === undefined
      ? 'The job\'s record names no retention: it was the source\'s own, or "always".'
      : 'The copy was to be kept "always" (DeleteAfterDays -1).',
    `The source recovery point ${source}, and a copy without a number of days of its own keeps that.`,
  ];
}

/** Texts of the check on retention, by check id. */
export const retention = {
  'retention-outside-vault-lock': {
    title: 'The retention of the copy is outside the range that the destination vault allows',
    because,
    notDocumented: (copy: Copy, range: Range, told: Retention): string =>
      `${because(copy, range, told).join(' ')} AWS does not say which of the two the vault compares.`,
    notLocked: (copy: Copy, range: Range): string =>
      `${allows(copy, range)} AWS Backup says too that the vault is not locked.`,
    steps: (copy: Copy, { range, planId, days: count, lockDate }: Change): readonly string[] => {
      const region = arg(copy.sourceRegion);
      const id = planId === undefined ? 'PLAN' : arg(planId);
      return [
        `Set a retention of ${rangeOf(range)}, for example ${days(count)}, in the copy action to ${copy.destinationVaultArn}${range.max === undefined ? '' : '; "always" and none are outside'}. Read the plan with credentials of account ${copy.sourceAccount}:\naws backup get-backup-plan --backup-plan-id ${id} --query BackupPlan --region ${region} > plan.json`,
        `Write "Lifecycle": {"DeleteAfterDays": ${count}} into that copy action in plan.json (90 more than MoveToColdStorageAfterDays, if it has that), take out every RuleId, and store it:\naws backup update-backup-plan --backup-plan-id ${id} --backup-plan file://plan.json --region ${region}`,
        `Copy this recovery point with that retention${startCopy(copy, { more: ` --lifecycle DeleteAfterDays=${count}` })}`,
        `Know what it costs: a locked vault deletes no copy before its ${days(count)} are over, and storage is paid until then. The plan can be changed back, the copy cannot. ${
          lockDate === undefined
            ? 'The range of the vault is the decision of its owner.'
            : `The range of the vault is final from ${utc(lockDate)} on.`
        }`,
      ];
    },
  },
} as const;

import { copyOf, objectAt, recoveryPoint, textAt } from '../evidence';
import { canBeCold } from '../feature-table';
import { text } from '../text';
import { cannotTell, fault, ok, unknown, type Check } from './check';

const id = 'recovery-point-in-cold-storage';
const texts = text[id];

export const recoveryPointInColdStorage: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['backup:DescribeRecoveryPoint@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const point = recoveryPoint(evidence);
    if (!point.ok) return unknown(point.missing);
    const arn = copy.recoveryPointArn ?? textAt(point.value, 'RecoveryPointArn');
    const storageClass = textAt(point.value, 'StorageClass');
    // What has no cold storage has no class to tell either.
    if (storageClass === undefined && canBeCold(copy.resourceType) === false) return ok;
    if (storageClass === undefined || arn === undefined) return cannotTell(texts.noClass);
    if (storageClass !== 'COLD') return ok;

    const days = objectAt(point.value, 'Lifecycle')?.['MoveToColdStorageAfterDays'];
    return fault({
      confidence: 'confirmed',
      resource: arn,
      owner: copy.sourceAccount,
      because: [texts.because(arn), ...(typeof days === 'number' ? [texts.lifecycle(days)] : [])],
      fix: { kind: 'manual', steps: texts.steps(copy) },
    });
  },
};

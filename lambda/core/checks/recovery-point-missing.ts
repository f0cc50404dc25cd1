import { copyOf, recoveryPoint, textAt, vault } from '../evidence';
import { text } from '../text';
import { cannotTell, fault, ok, unknown, type Check } from './check';

const id = 'recovery-point-missing';
const texts = text[id];
const GOING = ['EXPIRED', 'DELETING'];

export const recoveryPointMissing: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['backup:DescribeRecoveryPoint@source', 'backup:DescribeBackupVault@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const arn = copy.recoveryPointArn;
    if (arn === undefined) return cannotTell(texts.noArn);
    const missing = (because: string) =>
      fault({
        confidence: 'confirmed',
        resource: arn,
        owner: copy.sourceAccount,
        because: [because],
        fix: { kind: 'manual', steps: texts.steps(copy) },
      });

    const point = recoveryPoint(evidence);
    if (point.ok) {
      const status = textAt(point.value, 'Status');
      if (status === undefined) return cannotTell(texts.noStatus);
      return GOING.includes(status) ? missing(texts.status(arn, status)) : ok;
    }
    if (point.error !== 'ResourceNotFoundException') return unknown(point.missing);
    // AWS answers "not found" for a vault that is gone, too.
    const source = vault(evidence, 'source');
    return source.ok ? missing(texts.because(arn, copy.sourceVaultArn)) : unknown(source.missing);
  },
};

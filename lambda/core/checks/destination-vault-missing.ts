import { copyOf, destinationVaultExists } from '../evidence';
import { text } from '../text';
import { copyIntoStatement } from '../vault-questions';
import { fault, ok, unknown, type Check } from './check';

const id = 'destination-vault-missing';
const words = text[id];

/** AWS answers DescribeBackupVault of a missing vault with AccessDeniedException too: only the full list proves it. */
export const destinationVaultMissing: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: ['backup:DescribeBackupVault@destination', 'backup:ListBackupVaults@destination'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const exists = destinationVaultExists(evidence);
    if (!exists.ok) return unknown(exists.missing);
    if (exists.value) return ok;
    return fault({
      confidence: 'confirmed',
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy),
      fix: { kind: 'manual', steps: words.steps(copy, copyIntoStatement(copy)) },
    });
  },
};

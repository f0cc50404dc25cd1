import { copyOf, destinationVaultExists, textAt, vault } from '../evidence';
import { text } from '../text';
import { fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'destination-vault-not-available';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeBackupVault.html */
export const destinationVaultNotAvailable: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: ['backup:DescribeBackupVault@destination', 'backup:ListBackupVaults@destination'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const exists = destinationVaultExists(evidence);
    if (exists.ok && !exists.value) return notApplicable;
    const described = vault(evidence, 'destination');
    if (!described.ok) return unknown(described.missing);
    // AWS may leave the state out for a vault that is there and works.
    const state = textAt(described.value, 'VaultState') ?? 'AVAILABLE';
    if (state === 'AVAILABLE') return ok;
    return fault({
      confidence: 'confirmed',
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy, state),
      fix: { kind: 'manual', steps: words.steps(copy, state) },
    });
  },
};

import { vaultName } from '../arn';
import { copyOf } from '../evidence';
import { text } from '../text';
import { copyIntoStatement } from '../vault-questions';
import { fault, notApplicable, ok, type Check } from './check';

const id = 'destination-vault-is-default';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html */
export const destinationVaultIsDefault: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    if (vaultName(copy.destinationVaultArn) !== 'Default') return ok;
    return fault({
      confidence: 'confirmed',
      resource: copy.destinationVaultArn,
      owner: copy.destinationAccount,
      because: words.because(copy),
      fix: { kind: 'manual', steps: words.steps(copy, copyIntoStatement(copy)) },
    });
  },
};

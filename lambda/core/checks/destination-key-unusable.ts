import { destinationKey, staysUnencrypted } from '../copy-keys';
import { copyOf } from '../evidence';
import { text } from '../text';
import { cannotTell, fault, ok, unknown, type Check } from './check';

const id = 'destination-key-unusable';
const words = text[id];

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export const destinationKeyUnusable: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeRecoveryPoint@source',
    'backup:DescribeBackupVault@destination',
    'backup:ListBackupVaults@destination',
    'kms:DescribeKey@destination',
  ],

  evaluate(evidence) {
    const asked = destinationKey(evidence);
    if (!asked.ok) return asked.result;
    const key = asked.value;
    if (key.metadata?.state === 'Enabled') return ok;
    const unencrypted = staysUnencrypted(evidence);
    if (!unencrypted.ok) return unknown(unencrypted.missing);
    if (unencrypted.value) return cannotTell(text.keys.staysUnencrypted(copyOf(evidence).resourceType ?? ''));
    const told = { confidence: 'confirmed', resource: key.arn, owner: key.owner } as const;
    if (!key.metadata) {
      const steps = words.missingSteps(copyOf(evidence));
      return fault({ ...told, because: words.missingBecause(key), fix: { kind: 'manual', steps } });
    }
    const { state } = key.metadata;
    if (!state) return cannotTell(text.keys.noState(key.arn));
    // A few seconds in the life of a multi-Region key, in which it can be used.
    if (state === 'Updating') return cannotTell(text.keys.updating(key.arn));
    return fault({
      ...told,
      because: words.because(key.arn, key.metadata),
      fix: { kind: 'manual', steps: words.steps(key, state) },
    });
  },
};

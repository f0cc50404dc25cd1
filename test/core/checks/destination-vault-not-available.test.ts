import { destinationVaultNotAvailable } from '../../../lambda/core/checks/destination-vault-not-available';
import { DESTINATION, DESTINATION_VAULT, evidenceOf, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const inState = (VaultState: string | undefined) => ({
  'backup:DescribeBackupVault@destination': { BackupVaultName: 'dr', ...(VaultState ? { VaultState } : {}) },
});
const refused = { 'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' } };

testCheck(destinationVaultNotAvailable, {
  fault: [
    {
      name: 'CREATING',
      evidence: evidenceOf({ responses: inState('CREATING') }),
      confidence: 'confirmed',
      resource: DESTINATION_VAULT,
      because: ['The state of vault dr is CREATING, not AVAILABLE'],
    },
    { name: 'FAILED', evidence: evidenceOf({ responses: inState('FAILED') }), confidence: 'confirmed' },
    {
      name: 'within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE, { region: 'us-east-1' }), responses: inState('CREATING') }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'AVAILABLE', evidence: evidenceOf() },
    { name: 'a vault whose state AWS leaves out', evidence: evidenceOf({ responses: inState(undefined) }) },
  ],
  notApplicable: [
    {
      name: 'a vault that does not exist, which destination-vault-missing tells',
      evidence: evidenceOf({
        responses: { ...refused, 'backup:ListBackupVaults@destination': { BackupVaultList: [] } },
      }),
    },
  ],
  unknown: [
    {
      name: 'a refused DescribeBackupVault of a vault on the list',
      evidence: evidenceOf({ responses: refused }),
      missing: [{ permission: 'backup:DescribeBackupVault', account: DESTINATION, reason: 'AccessDeniedException' }],
    },
  ],
});

import { recoveryPointMissing } from '../../../lambda/core/checks/recovery-point-missing';
import { evidenceOf, RECOVERY_POINT, SOURCE, SOURCE_VAULT } from '../evidence-fixture';
import { testCheck } from './check-tester';

const POINT = 'backup:DescribeRecoveryPoint@source';
const VAULT = 'backup:DescribeBackupVault@source';
const notFound = { error: 'ResourceNotFoundException' };
const refused = { error: 'AccessDeniedException' };
const status = (Status?: string) =>
  evidenceOf({ responses: { [POINT]: { RecoveryPointArn: RECOVERY_POINT, ...(Status && { Status }) } } });

testCheck(recoveryPointMissing, {
  fault: [
    {
      name: 'not in a vault that exists',
      evidence: evidenceOf({ responses: { [POINT]: notFound } }),
      confidence: 'confirmed',
      resource: RECOVERY_POINT,
      because: [SOURCE_VAULT, RECOVERY_POINT],
    },
    { name: 'expired', evidence: status('EXPIRED'), confidence: 'confirmed', because: ['EXPIRED'] },
    { name: 'being deleted', evidence: status('DELETING'), confidence: 'confirmed', because: ['DELETING'] },
    {
      name: 'China',
      evidence: evidenceOf({
        event: { region: 'cn-north-1', resources: ['arn:aws-cn:ec2:cn-north-1::image/ami-0123456789abcdef0'] },
        detail: {
          sourceBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${SOURCE}:backup-vault:prod`,
          destinationBackupVaultArn: `arn:aws-cn:backup:cn-northwest-1:${SOURCE}:backup-vault:dr`,
        },
        responses: { [POINT]: notFound },
      }),
      confidence: 'confirmed',
    },
  ],
  ok: ['COMPLETED', 'AVAILABLE', 'PARTIAL', 'STOPPED', 'CREATING'].map((name) => ({ name, evidence: status(name) })),
  notApplicable: [],
  unknown: [
    {
      name: 'not found, but the vault may be gone, too',
      evidence: evidenceOf({ responses: { [POINT]: notFound, [VAULT]: refused } }),
      missing: [{ permission: 'backup:DescribeBackupVault', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'refused',
      evidence: evidenceOf({ responses: { [POINT]: refused } }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    { name: 'no status', evidence: status(), because: 'no status' },
    {
      name: 'no recovery point named',
      evidence: evidenceOf({ event: { resources: [] } }),
      because: 'no recovery point',
    },
  ],
});

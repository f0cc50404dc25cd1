import { retentionOutsideVaultLock } from '../../../lambda/core/checks/retention-outside-vault-lock';
import { DESTINATION, DESTINATION_VAULT, evidenceOf, RECOVERY_POINT, type Overrides } from '../evidence-fixture';
import { testCheck } from './check-tester';

const TEXT =
  'Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault.';

interface Copied {
  /** DeleteAfterDays of the copy; undefined: the record has no lifecycle. */
  readonly asked?: number;
  /** Lifecycle of the source recovery point. */
  readonly source?: Record<string, unknown>;
  readonly message?: string;
  readonly more?: Overrides['responses'];
}

function into(vault: Record<string, unknown>, { asked, source, message, more }: Copied = {}) {
  return evidenceOf({
    detail: message === undefined ? {} : { statusMessage: message },
    job: {
      CreatedBy: { BackupPlanId: 'plan-1' },
      ...(asked === undefined ? {} : { DestinationRecoveryPointLifecycle: { DeleteAfterDays: asked } }),
    },
    responses: {
      'backup:DescribeBackupVault@destination': {
        BackupVaultName: 'dr',
        BackupVaultArn: DESTINATION_VAULT,
        VaultType: 'BACKUP_VAULT',
        Locked: true,
        ...vault,
      },
      'backup:DescribeRecoveryPoint@source': { RecoveryPointArn: RECOVERY_POINT, Lifecycle: source ?? {} },
      ...more,
    },
  });
}
const LOCK = { MinRetentionDays: 7, MaxRetentionDays: 35 };
const confirmed = { confidence: 'confirmed', resource: DESTINATION_VAULT } as const;

testCheck(retentionOutsideVaultLock, {
  fault: [
    {
      name: 'one day more than the maximum',
      evidence: into(LOCK, { asked: 36 }),
      ...confirmed,
      because: ['for 7 to 35 days', 'to be kept for 36 days'],
    },
    { name: 'one day less than the minimum', evidence: into(LOCK, { asked: 6 }), ...confirmed },
    {
      name: 'a minimum alone',
      evidence: into({ MinRetentionDays: 30 }, { asked: 29 }),
      ...confirmed,
      because: ['at least 30 days'],
    },
    {
      name: 'always, from a source that never expires, above a maximum',
      evidence: into({ MaxRetentionDays: 35 }, { asked: -1 }),
      ...confirmed,
      because: ['at most 35 days', '"always"', 'never expires'],
    },
    {
      name: 'always, from a source that is kept too long as well',
      evidence: into(LOCK, { asked: -1, source: { DeleteAfterDays: 40 } }),
      ...confirmed,
      because: ['expires after 40 days'],
    },
    {
      name: 'no lifecycle, from a source that never expires',
      evidence: into(LOCK),
      ...confirmed,
      because: ['names no retention'],
    },
    {
      name: "always, from a source within the range, with AWS's text",
      evidence: into(LOCK, { asked: -1, source: { DeleteAfterDays: 14 }, message: TEXT }),
      confidence: 'likely',
      because: ['expires after 14 days'],
    },
    {
      name: "no lifecycle, from a source below a minimum, with AWS's text",
      evidence: into({ MinRetentionDays: 30 }, { source: { DeleteAfterDays: 14 }, message: TEXT }),
      confidence: 'likely',
    },
    {
      name: "a source that an event ends, with AWS's text",
      evidence: into(LOCK, { source: { DeleteAfterEvent: 'DELETE_AFTER_COPY' }, message: TEXT }),
      confidence: 'likely',
      because: ['after an event'],
    },
    {
      name: 'an air-gapped vault whose answer leaves the minimum out',
      evidence: into({ VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT', MaxRetentionDays: 90 }, { asked: 6 }),
      ...confirmed,
      because: ['7 to 90 days'],
    },
  ],
  ok: [
    { name: 'a vault without a range', evidence: into({ Locked: false }, { asked: 1 }) },
    { name: 'the minimum itself', evidence: into(LOCK, { asked: 7 }) },
    { name: 'the maximum itself', evidence: into(LOCK, { asked: 35 }) },
    { name: 'always, above a minimum alone', evidence: into({ MinRetentionDays: 7 }, { asked: -1 }) },
    {
      name: 'an air-gapped vault',
      evidence: into({ VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT', ...LOCK }, { asked: 7 }),
    },
  ],
  notApplicable: [
    {
      name: 'a vault that does not exist',
      evidence: into(LOCK, {
        asked: 36,
        more: {
          'backup:DescribeBackupVault@destination': { error: 'ResourceNotFoundException' },
          'backup:ListBackupVaults@destination': { BackupVaultList: [] },
        },
      }),
    },
  ],
  unknown: [
    {
      name: 'a refused DescribeBackupVault',
      evidence: into(LOCK, {
        asked: 36,
        more: { 'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:DescribeBackupVault', account: DESTINATION }],
    },
    {
      name: "no record of the job: the copy's lifecycle is not known",
      evidence: into(LOCK, { asked: 36, more: { 'backup:DescribeCopyJob': { error: 'ResourceNotFoundException' } } }),
      missing: [{ permission: 'backup:DescribeCopyJob' }],
    },
    {
      name: 'always, with a refused DescribeRecoveryPoint',
      evidence: into(LOCK, {
        asked: -1,
        more: { 'backup:DescribeRecoveryPoint@source': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint' }],
    },
    {
      name: 'always, from a source within the range, with another text',
      evidence: into(LOCK, { asked: -1, source: { DeleteAfterDays: 14 } }),
      because: 'does not say which of the two',
    },
    {
      name: 'a source that an event ends',
      evidence: into(LOCK, { asked: -1, source: { DeleteAfterEvent: 'DELETE_AFTER_COPY' } }),
      because: 'does not say',
    },
    {
      name: 'a range, and the answer that the vault is not locked',
      evidence: into({ ...LOCK, Locked: false }, { asked: 36 }),
      because: 'not locked',
    },
    {
      name: 'a lifecycle of a shape that AWS does not document',
      evidence: into(LOCK, {
        more: { 'backup:DescribeRecoveryPoint@source': { RecoveryPointArn: RECOVERY_POINT, Lifecycle: 'x' as never } },
      }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint' }],
    },
  ],
});

describe('its steps', () => {
  const steps = (...args: Parameters<typeof into>) => {
    const result = retentionOutsideVaultLock.evaluate(into(...args));
    return result.status === 'fault' ? result.finding.fix.steps.join('\n') : result.status;
  };

  it.each([
    ['too long', LOCK, { asked: 90 }, 35],
    ['too short', LOCK, { asked: 1 }, 7],
    ['always', LOCK, { asked: -1 }, 35],
    ['too short, without a maximum', { MinRetentionDays: 30 }, { asked: 3 }, 30],
    ['the source too short', { MinRetentionDays: 30 }, { source: { DeleteAfterDays: 3 }, message: TEXT }, 30],
  ] as const)('name the nearest number of days that is allowed: %s', (_, vault, copied, days) => {
    const told = steps(vault, copied);
    expect(told).toContain(`"Lifecycle": {"DeleteAfterDays": ${days}}`);
    expect(told).toContain(`--lifecycle DeleteAfterDays=${days} --region eu-west-1`);
    expect(told).toContain('--backup-plan-id plan-1');
  });

  it('say when the range is final', () => {
    expect(steps({ ...LOCK, LockDate: '2026-06-20T00:00:00.000Z' }, { asked: 36 })).toContain('final from 2026-06-20');
  });
});

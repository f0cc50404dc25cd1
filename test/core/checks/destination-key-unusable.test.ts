import { destinationKeyUnusable } from '../../../lambda/core/checks/destination-key-unusable';
import { DESTINATION, DESTINATION_KEY, evidenceOf, SOURCE, SOURCE_KEY } from '../evidence-fixture';
import { testCheck } from './check-tester';
import { testStateSteps } from './state-steps';

const inState = (KeyState: string | undefined, more: Record<string, unknown> = {}) => ({
  'kms:DescribeKey@destination': { KeyMetadata: { Arn: DESTINATION_KEY, KeyManager: 'CUSTOMER', KeyState, ...more } },
});

const encrypted = (IsEncrypted: boolean) => ({
  'backup:DescribeRecoveryPoint@source': { IsEncrypted, EncryptionKeyArn: IsEncrypted ? SOURCE_KEY : undefined },
});

testCheck(destinationKeyUnusable, {
  fault: [
    ...['Disabled', 'PendingImport', 'Unavailable', 'Creating', 'PendingReplicaDeletion'].map((state) => ({
      name: state,
      evidence: evidenceOf({ responses: inState(state) }),
      confidence: 'confirmed' as const,
      resource: DESTINATION_KEY,
      because: [`is ${state}, not Enabled`],
    })),
    {
      name: 'PendingDeletion, with its date',
      evidence: evidenceOf({ responses: inState('PendingDeletion', { DeletionDate: '2026-06-20T00:00:00.000Z' }) }),
      confidence: 'confirmed',
      because: ['2026-06-20'],
    },
    {
      name: 'a key that does not exist',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@destination': { error: 'NotFoundException' } } }),
      confidence: 'confirmed',
      because: ['does not exist'],
    },
    {
      name: 'an unencrypted snapshot, whose copy is encrypted',
      evidence: evidenceOf({ responses: { ...inState('Disabled'), ...encrypted(false) } }),
      confidence: 'confirmed',
    },
    {
      name: 'an encrypted cluster',
      evidence: evidenceOf({
        detail: { resourceType: 'Aurora' },
        responses: { ...inState('Disabled'), ...encrypted(true) },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'within one account',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:eu-west-1:${SOURCE}:backup-vault:dr` },
        responses: {
          'kms:DescribeKey@222222222222/eu-west-1': {
            KeyMetadata: { Arn: DESTINATION_KEY, KeyState: 'Disabled' },
          },
          'kms:DescribeKey@destination': undefined,
        },
      }),
      confidence: 'confirmed',
    },
  ],
  ok: [{ name: 'Enabled', evidence: evidenceOf() }],
  notApplicable: [
    {
      name: 'a vault that does not exist',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeBackupVault@destination': { error: 'ResourceNotFoundException' },
          'backup:ListBackupVaults@destination': { BackupVaultList: [] },
        },
      }),
    },
  ],
  unknown: [
    {
      name: 'Disabled, and a recovery point whose copy stays unencrypted',
      evidence: evidenceOf({
        detail: { resourceType: 'Aurora' },
        responses: { ...inState('Disabled'), ...encrypted(false) },
      }),
      because: 'not encrypted',
    },
    {
      name: 'Disabled, and a cluster of which nobody knows whether it is encrypted',
      evidence: evidenceOf({
        detail: { resourceType: 'Neptune' },
        responses: {
          ...inState('Disabled'),
          'backup:DescribeRecoveryPoint@source': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint', account: SOURCE }],
    },
    { name: 'no state in the answer', evidence: evidenceOf({ responses: inState(undefined) }), because: 'state' },
    { name: 'Updating', evidence: evidenceOf({ responses: inState('Updating') }), because: 'Updating' },
    {
      name: 'a refused DescribeKey',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@destination': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:DescribeKey', account: DESTINATION }],
    },
    {
      name: 'a vault under a key that AWS owns',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeBackupVault@destination': { BackupVaultName: 'dr', EncryptionKeyType: 'AWS_OWNED_KMS_KEY' },
        },
      }),
      because: 'AWS owns',
    },
  ],
});

testStateSteps(destinationKeyUnusable, (state) => evidenceOf({ responses: inState(state) }));

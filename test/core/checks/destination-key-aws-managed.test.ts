import { destinationKeyAwsManaged } from '../../../lambda/core/checks/destination-key-aws-managed';
import { DESTINATION, DESTINATION_KEY, DESTINATION_VAULT, evidenceOf, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const awsManaged = {
  'kms:DescribeKey@destination': { KeyMetadata: { Arn: DESTINATION_KEY, KeyManager: 'AWS', KeyState: 'Enabled' } },
};

testCheck(destinationKeyAwsManaged, {
  fault: [
    {
      name: 'an EBS snapshot into a vault under aws/backup',
      evidence: evidenceOf({ responses: awsManaged }),
      confidence: 'confirmed',
      resource: DESTINATION_VAULT,
      because: ['Vault dr is encrypted with key 22222222-2222-4222-8222-222222222222, which AWS manages'],
    },
    {
      name: 'an encrypted Aurora snapshot into a vault under aws/backup',
      evidence: evidenceOf({ detail: { resourceType: 'Aurora' }, responses: awsManaged }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'a customer managed key', evidence: evidenceOf() },
    {
      name: 'a fully managed type',
      evidence: evidenceOf({ detail: { resourceType: 'EFS' }, responses: awsManaged }),
    },
  ],
  notApplicable: [
    {
      name: 'a copy within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE), responses: awsManaged }),
    },
    {
      name: 'a vault that does not exist',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' },
          'backup:ListBackupVaults@destination': { BackupVaultList: [] },
        },
      }),
    },
    {
      name: 'a key that does not exist, which destination-key-unusable tells',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@destination': { error: 'NotFoundException' } } }),
    },
  ],
  unknown: [
    {
      name: 'a refused DescribeKey',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@destination': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:DescribeKey', account: DESTINATION }],
    },
    {
      name: 'a refused DescribeBackupVault',
      evidence: evidenceOf({
        responses: { 'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:DescribeBackupVault', account: DESTINATION }],
    },
    {
      name: 'an unencrypted Aurora snapshot, which stays unencrypted',
      evidence: evidenceOf({
        detail: { resourceType: 'Aurora' },
        responses: { ...awsManaged, 'backup:DescribeRecoveryPoint@source': { IsEncrypted: false } },
      }),
      because: 'not encrypted',
    },
    {
      name: 'an Aurora snapshot whose recovery point cannot be read',
      evidence: evidenceOf({
        detail: { resourceType: 'Aurora' },
        responses: { ...awsManaged, 'backup:DescribeRecoveryPoint@source': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint', account: SOURCE }],
    },
    {
      name: 'a type that the feature table does not know',
      evidence: evidenceOf({ detail: { resourceType: 'Quantum' }, responses: awsManaged }),
      because: 'Quantum',
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
    {
      name: 'a vault whose answer names no key',
      evidence: evidenceOf({ responses: { 'backup:DescribeBackupVault@destination': { BackupVaultName: 'dr' } } }),
      because: 'names no key',
    },
    {
      name: 'a key whose manager KMS does not tell',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@destination': { KeyMetadata: { Arn: DESTINATION_KEY } } } }),
      because: 'who manages',
    },
  ],
});

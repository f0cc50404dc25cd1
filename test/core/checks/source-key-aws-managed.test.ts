import { sourceKeyAwsManaged } from '../../../lambda/core/checks/source-key-aws-managed';
import { evidenceOf, SOURCE, SOURCE_KEY, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const awsManaged = {
  'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'AWS', KeyState: 'Enabled' } },
};
const encryption = (of: Record<string, unknown>) => ({ 'backup:DescribeRecoveryPoint@source': { ...of } });
const thirdKey = 'arn:aws:kms:eu-west-1:333333333333:key/33333333-3333-4333-8333-333333333333';

testCheck(sourceKeyAwsManaged, {
  fault: [
    {
      name: 'an EBS snapshot under aws/ebs',
      evidence: evidenceOf({ responses: awsManaged }),
      confidence: 'confirmed',
      resource: SOURCE_KEY,
      because: ['which AWS manages', 'does not fully manage EBS'],
    },
    {
      name: 'an RDS snapshot under aws/rds',
      evidence: evidenceOf({ detail: { resourceType: 'RDS' }, responses: awsManaged }),
      confidence: 'confirmed',
    },
    {
      name: 'an EC2 image: one key is known, and that one is enough',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' }, responses: awsManaged }),
      confidence: 'confirmed',
    },
    {
      name: 'a job without a role: the step that names it is left out',
      evidence: evidenceOf({ detail: { iamRoleArn: {} }, responses: awsManaged }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'a customer managed key', evidence: evidenceOf() },
    {
      name: 'a fully managed type, and the message speaks of something else',
      evidence: evidenceOf({ detail: { resourceType: 'EFS' }, responses: awsManaged }),
    },
  ],
  notApplicable: [
    {
      name: 'a copy within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE), responses: awsManaged }),
    },
    { name: 'an unencrypted recovery point', evidence: evidenceOf({ responses: encryption({ IsEncrypted: false }) }) },
    {
      name: 'a key that does not exist',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'NotFoundException' } } }),
    },
  ],
  unknown: [
    {
      name: 'a fully managed type, and the message points here',
      evidence: evidenceOf({
        detail: {
          resourceType: 'EFS',
          statusMessage: 'Encrypted snapshots with Amazon EBS default key cannot be shared',
        },
        responses: awsManaged,
      }),
      because: 'fully manages',
    },
    {
      name: 'a type that the feature table does not know',
      evidence: evidenceOf({ detail: { resourceType: 'Quantum' }, responses: awsManaged }),
      because: 'Quantum',
    },
    {
      name: 'a key whose manager KMS does not tell',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY } } } }),
      because: 'who manages',
    },
    {
      name: 'an EC2 image whose one known key is customer managed',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
    {
      name: 'a key that AWS owns',
      evidence: evidenceOf({ responses: encryption({ IsEncrypted: true, EncryptionKeyType: 'AWS_OWNED_KMS_KEY' }) }),
      because: 'AWS owns',
    },
    {
      name: 'a refused DescribeKey',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:DescribeKey', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'the key of a third account that nobody can read',
      evidence: evidenceOf({ responses: encryption({ IsEncrypted: true, EncryptionKeyArn: thirdKey }) }),
      missing: [{ permission: 'kms:DescribeKey', account: '333333333333' }],
    },
    {
      name: 'a refused DescribeRecoveryPoint',
      evidence: evidenceOf({
        responses: { 'backup:DescribeRecoveryPoint@source': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint', account: SOURCE }],
    },
  ],
});

import { sourceKeyPolicyLacksDestination } from '../../../lambda/core/checks/source-key-policy-lacks-destination';
import {
  COPY_ROLE,
  DESTINATION,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  SOURCE,
  SOURCE_KEY,
} from '../evidence-fixture';
import { testCheck } from './check-tester';
import { efs, keyPolicy, KMS_TEXT, notByCopyRole, OTHER_TEXT } from './source-key-fixture';

// Of other types than EBS, with a key of a third account, in another partition.

const { owner, use, grants } = KEY_STATEMENTS;

const thirdKey = 'arn:aws:kms:eu-west-1:333333333333:key/33333333-3333-4333-8333-333333333333';
const third = (...statements: readonly unknown[]) => ({
  'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey },
  'kms:DescribeKey@333333333333/eu-west-1': {
    KeyMetadata: { Arn: thirdKey, KeyManager: 'CUSTOMER', KeyState: 'Enabled' },
  },
  'kms:GetKeyPolicy@333333333333/eu-west-1': { Policy: policyText(...statements) },
  'kms:ListGrants@333333333333/eu-west-1': { Grants: [] },
});
const china = (text: string) => text.replaceAll('arn:aws:', 'arn:aws-cn:').replaceAll('eu-west-1', 'cn-north-1');
const inChina = (...statements: readonly unknown[]) => ({
  event: { region: 'cn-north-1', resources: ['arn:aws-cn:ec2:cn-north-1::snapshot/snap-0123456789abcdef0'] },
  detail: {
    iamRoleArn: china(COPY_ROLE),
    sourceBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${SOURCE}:backup-vault:prod`,
    destinationBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${DESTINATION}:backup-vault:dr`,
  },
  responses: {
    'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: china(SOURCE_KEY) },
    'kms:DescribeKey@source': { KeyMetadata: { KeyManager: 'CUSTOMER', KeyState: 'Enabled' } },
    'kms:GetKeyPolicy@source': { Policy: china(policyText(...statements)) },
  },
});

testCheck(sourceKeyPolicyLacksDestination, {
  fault: [
    {
      name: 'the key of a third account',
      evidence: evidenceOf({ responses: third(owner) }),
      confidence: 'confirmed',
      resource: thirdKey,
    },
    {
      name: 'in China',
      evidence: evidenceOf(inChina(owner)),
      confidence: 'confirmed',
    },
    {
      name: 'an EC2 image: one key that lacks is enough',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' }, responses: keyPolicy(owner) }),
      confidence: 'confirmed',
    },
    {
      name: 'a fully managed type that neither role may use, and the message speaks of the key',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: keyPolicy(notByCopyRole) }),
      confidence: 'likely',
      because: ['kms:Decrypt, kms:GenerateDataKey', 'The copy role AWSBackupDefaultServiceRole'],
    },
    {
      name: 'a fully managed type: the copy role has it, but the message speaks of the key, and AWS asks for the destination',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: keyPolicy(owner) }),
      confidence: 'likely',
      because: [
        'The copy role may have kms:DescribeKey, kms:Decrypt, kms:GenerateDataKey',
        'https://repost.aws/knowledge-center/backup-cross-account-copy-error',
      ],
    },
    {
      name: 'a fully managed type and a job without a role, and the message speaks of the key',
      evidence: evidenceOf({ detail: { ...efs(KMS_TEXT), iamRoleArn: {} }, responses: keyPolicy(notByCopyRole) }),
      confidence: 'likely',
    },
  ],
  ok: [
    { name: 'the key of a third account', evidence: evidenceOf({ responses: third(use, grants) }) },
    { name: 'in China', evidence: evidenceOf(inChina(owner, use, grants)) },
    { name: 'a fully managed type', evidence: evidenceOf({ detail: efs(KMS_TEXT) }) },
  ],
  notApplicable: [],
  unknown: [
    {
      name: 'a fully managed type that neither role may use, and the message speaks of something else',
      evidence: evidenceOf({ detail: efs(OTHER_TEXT), responses: keyPolicy(notByCopyRole) }),
      because: 'kms:Decrypt',
    },
    {
      name: 'a fully managed type: the copy role has it, and the message speaks of something else',
      evidence: evidenceOf({ detail: efs(OTHER_TEXT), responses: keyPolicy(owner) }),
      because: 'AWS does not say which role',
    },
    {
      name: 'a fully managed type and a job without a role, and the message speaks of something else',
      evidence: evidenceOf({ detail: { ...efs(OTHER_TEXT), iamRoleArn: {} }, responses: keyPolicy(notByCopyRole) }),
      because: 'AWS does not say which role',
    },
    {
      name: 'an EC2 image whose one known key is shared',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
    {
      name: 'a type that the feature table does not know',
      evidence: evidenceOf({ detail: { resourceType: 'Quantum' }, responses: keyPolicy(owner) }),
      because: 'Quantum',
    },
    {
      name: 'the key of a third account that nobody can read',
      evidence: evidenceOf({
        responses: { 'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey } },
      }),
      missing: [{ account: '333333333333' }],
    },
  ],
});

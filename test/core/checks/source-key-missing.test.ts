import { sourceKeyMissing } from '../../../lambda/core/checks/source-key-missing';
import { evidenceOf, SOURCE, SOURCE_KEY, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const notFound = { 'kms:DescribeKey@source': { error: 'NotFoundException' } };
const thirdKey = 'arn:aws:kms:us-east-1:333333333333:key/33333333-3333-4333-8333-333333333333';

testCheck(sourceKeyMissing, {
  fault: [
    {
      name: 'KMS does not find the key',
      evidence: evidenceOf({ responses: notFound }),
      confidence: 'confirmed',
      resource: SOURCE_KEY,
      because: [`KMS in account ${SOURCE}, eu-west-1`],
    },
    {
      name: 'within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE, { region: 'us-east-1' }), responses: notFound }),
      confidence: 'confirmed',
    },
    {
      name: 'the key of a third account, asked there',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey },
          'kms:DescribeKey@333333333333/us-east-1': { error: 'NotFoundException' },
        },
      }),
      confidence: 'confirmed',
      resource: thirdKey,
    },
  ],
  ok: [
    { name: 'a key that is there', evidence: evidenceOf() },
    {
      name: 'a disabled key is there',
      evidence: evidenceOf({
        responses: { 'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyState: 'Disabled' } } },
      }),
    },
  ],
  notApplicable: [
    {
      name: 'an unencrypted recovery point',
      evidence: evidenceOf({ responses: { 'backup:DescribeRecoveryPoint@source': { IsEncrypted: false } } }),
    },
  ],
  unknown: [
    {
      name: 'a refused DescribeKey',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:DescribeKey', account: SOURCE }],
    },
    {
      name: 'the key of a third account that was asked for in the source account only',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey },
          'kms:DescribeKey@source': { error: 'NotFoundException' },
        },
      }),
      missing: [{ permission: 'kms:DescribeKey', account: '333333333333', reason: 'not read' }],
    },
    {
      name: 'an EC2 image whose one known key is there',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
  ],
});

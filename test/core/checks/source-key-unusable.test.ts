import { sourceKeyUnusable } from '../../../lambda/core/checks/source-key-unusable';
import { evidenceOf, SOURCE, SOURCE_KEY, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';
import { testStateSteps } from './state-steps';

const inState = (KeyState: string | undefined, more: Record<string, unknown> = {}) => ({
  'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState, ...more } },
});
const thirdKey = 'arn:aws:kms:eu-west-1:333333333333:key/33333333-3333-4333-8333-333333333333';

testCheck(sourceKeyUnusable, {
  fault: [
    ...['Disabled', 'PendingImport', 'Unavailable', 'Creating', 'PendingReplicaDeletion'].map((state) => ({
      name: state,
      evidence: evidenceOf({ responses: inState(state) }),
      confidence: 'confirmed' as const,
      resource: SOURCE_KEY,
      because: [`is ${state}, not Enabled`],
    })),
    {
      name: 'PendingDeletion, with its date',
      evidence: evidenceOf({ responses: inState('PendingDeletion', { DeletionDate: '2026-06-20T00:00:00.000Z' }) }),
      confidence: 'confirmed',
      because: ['PendingDeletion', '2026-06-20'],
    },
    {
      name: 'within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE), responses: inState('Disabled') }),
      confidence: 'confirmed',
    },
    {
      name: 'the key of a third account',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey },
          'kms:DescribeKey@333333333333/eu-west-1': { KeyMetadata: { Arn: thirdKey, KeyState: 'Disabled' } },
        },
      }),
      confidence: 'confirmed',
      resource: thirdKey,
    },
  ],
  ok: [{ name: 'Enabled', evidence: evidenceOf() }],
  notApplicable: [
    {
      name: 'an unencrypted recovery point',
      evidence: evidenceOf({ responses: { 'backup:DescribeRecoveryPoint@source': { IsEncrypted: false } } }),
    },
    {
      name: 'a key that does not exist, which source-key-missing tells',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'NotFoundException' } } }),
    },
  ],
  unknown: [
    { name: 'no state in the answer', evidence: evidenceOf({ responses: inState(undefined) }), because: 'state' },
    { name: 'Updating', evidence: evidenceOf({ responses: inState('Updating') }), because: 'Updating' },
    {
      name: 'an EC2 image whose one known key is Enabled',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
    {
      name: 'a refused DescribeKey',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:DescribeKey', account: SOURCE }],
    },
  ],
});

testStateSteps(sourceKeyUnusable, (state) => evidenceOf({ responses: inState(state) }));

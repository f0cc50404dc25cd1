import { sourceKeyUnusable } from '../../../lambda/core/checks/source-key-unusable';
import { evidenceOf, SOURCE, SOURCE_KEY, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

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

const stepsIn = (KeyState: string) => {
  const result = sourceKeyUnusable.evaluate(evidenceOf({ responses: inState(KeyState) }));
  return result.status === 'fault' ? result.finding.fix.steps : [];
};

it.each([
  ['Disabled', 'was disabled', 'kms enable-key', 'kms disable-key'],
  ['PendingDeletion', 'was to be deleted', 'kms cancel-key-deletion', 'kms schedule-key-deletion'],
])('%s: asks why first, with who did it, and says last how to undo', (state, why, mend, undo) => {
  const steps = stepsIn(state);
  expect(steps[0]).toMatch(/^Ask the owner of key /);
  expect(steps[0]).toContain(why);
  expect(steps[0]).toContain('AttributeKey=ResourceName,AttributeValue=arn:aws:kms:');
  expect(steps[1]).toContain(mend);
  expect(steps.at(-1)).toMatch(/To undo it/);
  expect(steps.at(-1)).toContain(undo);
});

it('Creating: nobody did it, and nothing is undone', () => {
  expect(stepsIn('Creating').join('\n')).not.toMatch(/Ask the owner|undo/);
});

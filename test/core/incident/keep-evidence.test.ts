import type { Evidence } from '../../../lambda/core/evidence';
import { keepEvidence, LARGEST_EVIDENCE } from '../../../lambda/core/incident/keep-evidence';
import { bytesOf } from '../../../lambda/core/plan/normal-form';

const ARN = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';
const LIST = 'backup:ListBackupVaults@222222222222/eu-west-1';
const LEFT_OUT = { error: 'LeftOut', message: 'too large to keep' };

const evidenceOf = (responses: Evidence['responses']): Evidence => ({
  failure: {
    copyJobId: 'job-1',
    state: 'FAILED',
    account: '111111111111',
    region: 'eu-west-1',
    partition: 'aws',
    time: '2026-06-01T00:00:00.000Z',
    sourceVaultArn: 'arn:aws:backup:eu-west-1:111111111111:backup-vault:main',
    destinationVaultArn: ARN,
    recoveryPointArn: undefined,
    resourceArn: undefined,
    resourceType: undefined,
    roleArn: undefined,
    statusMessage: undefined,
    drill: false,
  },
  responses,
});

const vaults = (count: number) => [
  ...Array.from({ length: count }, (_, index) => ({ BackupVaultName: `v${index}`, BackupVaultArn: `${ARN}-${index}` })),
  { BackupVaultName: 'dr', BackupVaultArn: ARN },
];
const small = { BackupVaultName: 'dr', note: 'small' };
const sizeOf = (evidence: Evidence) => bytesOf(JSON.stringify(evidence));

test('what fits is kept as it is', () => {
  const evidence = evidenceOf({ [LIST]: { BackupVaultList: vaults(10) }, 'kms:GetKeyPolicy': { Policy: '{}' } });
  expect(keepEvidence(evidence)).toBe(evidence);
});

test('vaults that the copy has nothing to do with go first', () => {
  const evidence = evidenceOf({ [LIST]: { BackupVaultList: vaults(9_000), more: 1 }, other: small });
  expect(sizeOf(evidence)).toBeGreaterThan(LARGEST_EVIDENCE);
  expect(keepEvidence(evidence).responses).toEqual({
    [LIST]: { BackupVaultList: [{ BackupVaultName: 'dr', BackupVaultArn: ARN }], more: 1 },
    other: small,
  });
});

test('then the largest answers, no more than must be', () => {
  const evidence = evidenceOf({
    'a#1': { text: 'x'.repeat(90_000) },
    'b#1': { text: 'x'.repeat(200_000) },
    'c#1': { text: 'x'.repeat(150_000) },
    [LIST]: { BackupVaultList: vaults(10) },
    d: small,
  });
  const kept = keepEvidence(evidence);
  expect(kept.responses).toEqual({
    ...evidence.responses,
    'b#1': LEFT_OUT,
    [LIST]: { BackupVaultList: vaults(0) },
  });
  expect(Object.keys(kept.responses)).toEqual(Object.keys(evidence.responses));
  expect(kept.failure).toEqual(evidence.failure);
});

test('counts bytes, not characters', () => {
  const evidence = evidenceOf({ a: { text: '€'.repeat(90_000) }, b: { text: '€'.repeat(20_000) } });
  expect(JSON.stringify(evidence).length).toBeLessThan(LARGEST_EVIDENCE);
  expect(keepEvidence(evidence).responses).toEqual({ a: LEFT_OUT, b: evidence.responses['b'] });
});

test('ends where everything is left out', () => {
  const evidence = evidenceOf({ a: { text: 'x'.repeat(1_000) }, [LIST]: { error: 'AccessDenied' } });
  expect(keepEvidence(evidence, 10).responses).toEqual({ a: LEFT_OUT, [LIST]: LEFT_OUT });
});

test('of nested copies those that succeeded are left out first, and the diagnosis is the same', () => {
  const list = 'backup:ListCopyJobs@111111111111/eu-west-1#job-1';
  const row = (State: string, index: number) => ({
    CopyJobId: `n${index}`,
    ParentJobId: 'job-1',
    State,
    pad: 'x'.repeat(500),
  });
  const CopyJobs = [...Array.from({ length: 1000 }, (_, index) => row('COMPLETED', index)), row('FAILED', 1000)];
  const kept = keepEvidence(evidenceOf({ [list]: { CopyJobs } }));
  expect(kept.responses[list]).toEqual({ CopyJobs: [row('FAILED', 1000)] });
  expect(sizeOf(kept)).toBeLessThan(LARGEST_EVIDENCE);
});

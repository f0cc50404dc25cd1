import fc from 'fast-check';
import { readCopyFailure } from '../../lambda/core/copy-failure';
import { DESTINATION_VAULT, eventOf, JOB, RECOVERY_POINT, SOURCE, SOURCE_VAULT } from './evidence-fixture';

describe('readCopyFailure', () => {
  it('reads the event that AWS documents, with an empty object where there is no ARN yet', () => {
    const failure = readCopyFailure(eventOf());
    expect(failure).toMatchObject({
      ok: true,
      value: {
        copyJobId: JOB,
        state: 'FAILED',
        account: SOURCE,
        sourceVaultArn: SOURCE_VAULT,
        destinationVaultArn: DESTINATION_VAULT,
        recoveryPointArn: RECOVERY_POINT,
        drill: false,
      },
    });
  });

  it.each([
    ['aws-cn', 'arn:aws-cn:backup:cn-north-1:111111111111:backup-vault:a', 'cn-north-1'],
    ['aws-us-gov', 'arn:aws-us-gov:backup:us-gov-west-1:111111111111:backup-vault:a', 'us-gov-west-1'],
  ])('takes partition %s', (partition, sourceBackupVaultArn, region) => {
    const event = eventOf({ event: { region }, detail: { sourceBackupVaultArn } });
    expect(readCopyFailure(event)).toMatchObject({ ok: true, value: { partition, region } });
  });

  it('takes PARTIAL, and the AWS EFS vault whose name has slashes', () => {
    const sourceBackupVaultArn = SOURCE_VAULT.replace('prod', 'aws/efs/automatic-backup-vault');
    const event = eventOf({ detail: { state: 'PARTIAL', sourceBackupVaultArn } });
    expect(readCopyFailure(event)).toMatchObject({ ok: true, value: { state: 'PARTIAL' } });
  });

  const bad: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, 'not a JSON object'],
    ['a list', [], 'not a JSON object'],
    ['an empty object', {}, '"source" is missing'],
    ['a text', 'FAILED', 'not a JSON object'],
    ['another source', eventOf({ event: { source: 'my.app' } }), '"source" is "my.app"'],
    ['another detail-type', eventOf({ event: { 'detail-type': 'Backup Job State Change' } }), '"detail-type"'],
    ['a 13-digit account', eventOf({ event: { account: '1112233445566' } }), 'not 12 digits'],
    ['an account as number', eventOf({ event: { account: 111111111111 } }), '"account"'],
    ['no detail', eventOf({ event: { detail: undefined } }), '"detail" is missing'],
    ['COMPLETED', eventOf({ detail: { state: 'COMPLETED' } }), '"detail.state" is "COMPLETED"'],
    [
      'another account than its vault',
      eventOf({ event: { account: '333333333333' } }),
      'belongs to account 111111111111',
    ],
    ['another Region than its vault', eventOf({ event: { region: 'us-east-1' } }), '"region"'],
    ['a vault that is none', eventOf({ detail: { destinationBackupVaultArn: 'dr' } }), 'not the ARN of a backup vault'],
    ['an empty vault object', eventOf({ detail: { destinationBackupVaultArn: {} } }), 'destinationBackupVaultArn'],
    ['an S3 ARN as vault', eventOf({ detail: { sourceBackupVaultArn: 'arn:aws:s3:::bucket' } }), 'not the ARN'],
    ['no job id', eventOf({ detail: { copyJobId: undefined } }), '"detail.copyJobId" is missing'],
    ['a job id with a path', eventOf({ detail: { copyJobId: '../../etc' } }), 'not a job id'],
    ['a role that is no ARN', eventOf({ detail: { iamRoleArn: 'admin' } }), 'not an ARN'],
    ['a time that is none', eventOf({ event: { time: 'yesterday' } }), 'not a time'],
  ];
  it.each(bad)('refuses %s with the reason', (_name, event, reason) => {
    const failure = readCopyFailure(event);
    expect(failure.ok).toBe(false);
    expect(failure.ok ? '' : failure.reason).toContain(reason);
    expect(failure.ok ? '' : failure.reason).not.toContain('\n');
  });

  it.each([
    ['a size', { backupSizeInBytes: 0 }, { bytes: 0 }],
    ['a text as size', { backupSizeInBytes: '5' }, { bytes: undefined }],
    ['less than nothing', { backupSizeInBytes: -1 }, { bytes: undefined }],
    ['no number', { backupSizeInBytes: Number.NaN }, { bytes: undefined }],
    ['no end', { backupSizeInBytes: Infinity }, { bytes: undefined }],
    ['a summary', { copyDoctorSummary: true }, { summary: true }],
    ['a summary that is only a text', { copyDoctorSummary: 'true' }, { summary: undefined }],
  ])('reads %s strictly, and no failure gets lost by it', (_name, detail, value) => {
    const failure = readCopyFailure(eventOf({ detail }));
    if (!failure.ok) throw new Error(failure.reason);
    const { bytes, summary } = failure.value;
    expect({ bytes, summary }).toMatchObject(value);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        readCopyFailure(event);
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('state', 'copyJobId', 'iamRoleArn', 'resourceArn', 'statusMessage'),
          fc.anything(),
        ),
        (detail) => {
          readCopyFailure(eventOf({ detail }));
        },
      ),
    );
  });

  it('takes control characters and bidi overrides out of what people read', () => {
    const failure = readCopyFailure(eventOf({ detail: { statusMessage: 'a\u001b[31mb\u202ec\nd' } }));
    expect(failure.ok && failure.value.statusMessage).toBe('a[31mbc d');
  });
});

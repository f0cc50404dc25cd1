import { mayRetry } from '../../../lambda/core/incident/may-retry';
import type { Decision } from '../../../lambda/core/incident/incident';
import { startEnded, startOf, type StartLimits } from '../../../lambda/core/incident/start-copy';

const HUB = '111111111111';
const DESTINATION = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';
const limits: StartLimits = {
  destinations: [DESTINATION],
  sources: [HUB],
  hubAccount: HUB,
  copyRoles: ['service-role/AWSBackupDefaultServiceRole', 'own'],
};
const record = {
  SourceRecoveryPointArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-1',
  SourceBackupVaultArn: `arn:aws:backup:eu-west-1:${HUB}:backup-vault:daily`,
  DestinationBackupVaultArn: DESTINATION,
  IamRoleArn: `arn:aws:iam::${HUB}:role/service-role/AWSBackupDefaultServiceRole`,
};
const input = {
  RecoveryPointArn: record.SourceRecoveryPointArn,
  SourceBackupVaultName: 'daily',
  DestinationBackupVaultArn: DESTINATION,
  IamRoleArn: record.IamRoleArn,
};

describe('the same copy once more', () => {
  it('is as the record has it', () => {
    expect(startOf(record, limits)).toEqual({ ok: true, input });
  });

  it.each<[string, object | undefined, object | undefined]>([
    ['none', undefined, undefined],
    ['an empty one', {}, undefined],
    [
      'for ever',
      { MoveToColdStorageAfterDays: -1, DeleteAfterDays: -1 },
      { MoveToColdStorageAfterDays: -1, DeleteAfterDays: -1 },
    ],
    ['in days', { DeleteAfterDays: 35 }, { DeleteAfterDays: 35 }],
    [
      'with an archive, without what is no input',
      { DeleteAfterDays: 400, OptInToArchiveForSupportedResources: true, DeleteAfterEvent: 'DELETE_AFTER_COPY' },
      { DeleteAfterDays: 400, OptInToArchiveForSupportedResources: true },
    ],
  ])('has the lifecycle that it had: %s', (_, DestinationRecoveryPointLifecycle, Lifecycle) => {
    const found = startOf({ ...record, DestinationRecoveryPointLifecycle }, limits);
    expect(found).toEqual({ ok: true, input: { ...input, ...(Lifecycle ? { Lifecycle } : {}) } });
  });

  it.each<[string, object, string]>([
    ['a role that is not listed', { IamRoleArn: `arn:aws:iam::${HUB}:role/other` }, 'role-not-listed'],
    ['a role of another path', { IamRoleArn: `arn:aws:iam::${HUB}:role/x/own` }, 'role-not-listed'],
    ['a role of another account', { IamRoleArn: 'arn:aws:iam::333333333333:role/own' }, 'role-not-listed'],
    ['a user', { IamRoleArn: `arn:aws:iam::${HUB}:user/own` }, 'role-not-listed'],
    ['no role', { IamRoleArn: undefined }, 'refused'],
    ['a vault that is not listed', { DestinationBackupVaultArn: `${DESTINATION}2` }, 'not-listed'],
    [
      'another source account',
      { SourceBackupVaultArn: 'arn:aws:backup:eu-west-1:333333333333:backup-vault:daily' },
      'refused',
    ],
    ['no recovery point', { SourceRecoveryPointArn: undefined }, 'refused'],
  ])('is not made with %s', (_, change, reason) => {
    expect(startOf({ ...record, ...change }, limits)).toEqual({ ok: false, reason });
  });

  it('is not made for an account that is no source', () => {
    expect(startOf(record, { ...limits, sources: ['333333333333'] })).toEqual({ ok: false, reason: 'refused' });
  });
});

it.each<[string, string, number | undefined, string]>([
  ['ThrottlingException', 'Rate exceeded', 400, 'later'],
  ['LimitExceededException', 'too many', 400, 'later'],
  ['TooManyRequestsException', '', 429, 'later'],
  ['ExpiredTokenException', '', 403, 'later'],
  ['ECONNREFUSED', '', undefined, 'later'],
  ['ServiceUnavailableException', '', 503, 'no-answer'],
  ['TimeoutError', '', undefined, 'no-answer'],
  ['ECONNRESET', '', undefined, 'no-answer'],
  ['ResourceNotFoundException', 'Cannot find Recovery point', 400, 'recovery-point-gone'],
  ['InvalidRequestException', 'Continuous recovery points cannot be copied on demand.', 400, 'continuous'],
  ['AccessDeniedException', 'no', 403, 'refused'],
  ['InvalidParameterValueException', 'IAM Role cannot be assumed by AWS Backup', 400, 'refused'],
])('an error of StartCopyJob: %s "%s" (%s)', (name, message, status, expected) => {
  expect(startEnded({ name, message, status })).toBe(expected);
});

describe('authority', () => {
  const incident = { id: 'I', revision: 2, kind: 'vault-policy', planHash: 'h' } as const;
  const decision: Decision = {
    incident: 'I',
    revision: 2,
    planHash: 'h',
    decision: 'approved',
    by: 'arn:someone',
    at: '',
    retry: true,
  };
  it.each<[string, Parameters<typeof mayRetry>, object]>([
    ['decided', [incident, 'ask', decision], { ok: true, by: 'arn:someone' }],
    ['always', [incident, 'auto', undefined], { ok: true, by: undefined }],
    ['always, and decided', [incident, 'auto', decision], { ok: true, by: 'arn:someone' }],
    ['what passes by itself', [{ ...incident, kind: 'retry-later' }, 'ask', undefined], { ok: true, by: undefined }],
    ['never, whatever was decided', [incident, 'never', decision], { ok: false }],
    ['never, what passes by itself', [{ ...incident, kind: 'retry-later' }, 'never', undefined], { ok: false }],
    ['nothing is set', [incident, undefined, decision], { ok: false }],
    ['nobody decided', [incident, 'ask', undefined], { ok: false }],
    ['without retry', [incident, 'ask', { ...decision, retry: false }], { ok: false }],
    ['rejected', [incident, 'ask', { ...decision, decision: 'rejected' }], { ok: false }],
    ['of another revision', [incident, 'ask', { ...decision, revision: 1 }], { ok: false }],
    ['of another incident', [incident, 'ask', { ...decision, incident: 'J' }], { ok: false }],
    ['of another plan', [incident, 'ask', { ...decision, planHash: 'i' }], { ok: false }],
    ['about a rollback', [incident, 'ask', { ...decision, about: 'rollback' }], { ok: false }],
  ])('%s', (_, given, expected) => expect(mayRetry(...given)).toMatchObject(expected));
});

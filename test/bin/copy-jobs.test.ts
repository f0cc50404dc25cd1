import { eventOf, toFailedCopy } from '../../bin/cli/copy-jobs';
import type { Session } from '../../bin/cli/sessions';
import {
  COPY_ROLE,
  DESTINATION_VAULT,
  JOB,
  RECOVERY_POINT,
  REGION,
  SOURCE,
  SOURCE_VAULT,
  VOLUME,
} from '../core/evidence-fixture';

const session = { account: SOURCE, region: REGION, partition: 'aws', credentials: {} } as Session;
const job = {
  CopyJobId: JOB,
  State: 'PARTIAL',
  SourceBackupVaultArn: SOURCE_VAULT,
  DestinationBackupVaultArn: DESTINATION_VAULT,
  SourceRecoveryPointArn: RECOVERY_POINT,
  ResourceArn: VOLUME,
  ResourceType: 'EBS',
  IamRoleArn: COPY_ROLE,
  StatusMessage: 'One of the copies failed',
  CompletionDate: new Date('2026-06-01T10:14:00Z'),
} as const;

test('a record becomes the event that the core reads', () => {
  expect(toFailedCopy(job, session).failure).toEqual({
    copyJobId: JOB,
    state: 'PARTIAL',
    account: SOURCE,
    region: REGION,
    partition: 'aws',
    time: '2026-06-01T10:14:00.000Z',
    sourceVaultArn: SOURCE_VAULT,
    destinationVaultArn: DESTINATION_VAULT,
    recoveryPointArn: RECOVERY_POINT,
    resourceArn: VOLUME,
    resourceType: 'EBS',
    roleArn: COPY_ROLE,
    statusMessage: 'One of the copies failed',
    drill: false,
  });
});

test('what the record lacks, the event lacks', () => {
  const { detail, resources } = eventOf({ CopyJobId: JOB, State: 'FAILED' }, session) as {
    detail: object;
    resources: unknown;
  };
  expect(detail).toEqual({ copyJobId: JOB, state: 'FAILED', destinationRecoveryPointArn: {} });
  expect(resources).toEqual([]);
});

test('a copy from another account asks for credentials of that account', () => {
  expect(() => toFailedCopy(job, { ...session, account: '333333333333' })).toThrow(
    /copies from account 1{12}: run this with credentials of account 1{12}/,
  );
});

test('a record without vaults is odd, and said to be', () => {
  expect(() => toFailedCopy({ CopyJobId: JOB, State: 'FAILED' }, session)).toThrow(/AWS's record is odd/);
});

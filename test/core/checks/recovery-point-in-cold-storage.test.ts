import { recoveryPointInColdStorage } from '../../../lambda/core/checks/recovery-point-in-cold-storage';
import { evidenceOf, RECOVERY_POINT, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const READ = 'backup:DescribeRecoveryPoint@source';
const point = (more: object, arn = RECOVERY_POINT, resourceType = 'EBS') =>
  evidenceOf({
    event: { resources: [arn] },
    detail: { resourceType },
    responses: { [READ]: { RecoveryPointArn: arn, Status: 'COMPLETED', ...more } },
  });
const GOV = 'arn:aws-us-gov:ec2:us-gov-west-1::snapshot/snap-0123456789abcdef0';

testCheck(recoveryPointInColdStorage, {
  fault: [
    {
      name: 'cold',
      evidence: point({ StorageClass: 'COLD' }),
      confidence: 'confirmed',
      resource: RECOVERY_POINT,
      because: [`${RECOVERY_POINT} is COLD`],
    },
    {
      name: 'cold by its lifecycle',
      evidence: point({ StorageClass: 'COLD', Lifecycle: { MoveToColdStorageAfterDays: 30 } }),
      confidence: 'confirmed',
      because: ['30 days'],
    },
    {
      name: 'an event and a record without the recovery point: the answer has its ARN',
      evidence: evidenceOf({
        event: { resources: [] },
        responses: {
          'backup:DescribeCopyJob@source': { CopyJob: { SourceRecoveryPointArn: undefined } },
          [READ]: { RecoveryPointArn: RECOVERY_POINT, StorageClass: 'COLD' },
        },
      }),
      confidence: 'confirmed',
      resource: RECOVERY_POINT,
    },
    { name: 'GovCloud', evidence: point({ StorageClass: 'COLD' }, GOV), confidence: 'confirmed', resource: GOV },
  ],
  ok: [
    { name: 'warm', evidence: evidenceOf() },
    { name: 'no storage class of a type that has no cold storage', evidence: point({}, RECOVERY_POINT, 'RDS') },
    { name: 'deleted is another fault', evidence: point({ StorageClass: 'DELETED' }) },
    {
      name: 'warm with a lifecycle',
      evidence: point({ StorageClass: 'WARM', Lifecycle: { MoveToColdStorageAfterDays: 1 } }),
    },
  ],
  notApplicable: [],
  unknown: [
    {
      name: 'refused',
      evidence: evidenceOf({ responses: { [READ]: { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'backup:DescribeRecoveryPoint', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    { name: 'no storage class', evidence: point({}), because: 'no storage class' },
    {
      name: 'no storage class, and the table does not tell',
      evidence: point({}, RECOVERY_POINT, 'Timestream'),
      because: 'no storage class',
    },
    {
      name: 'answer about another recovery point',
      evidence: evidenceOf({ responses: { [READ]: { RecoveryPointArn: GOV, StorageClass: 'COLD' } } }),
      missing: [{ reason: `the answer is about ${GOV}` }],
    },
  ],
});

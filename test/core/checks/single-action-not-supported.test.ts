import { singleActionNotSupported } from '../../../lambda/core/checks/single-action-not-supported';
import { DESTINATION, evidenceOf, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const MESSAGE =
  'Copy job from eu-west-1 to eu-west-3 cannot be initiated for RDS resources. Feature is not supported for provided resource type.';
const vault = (account: string, region: string) => `arn:aws:backup:${region}:${account}:backup-vault:dr`;
const BOTH = vault(DESTINATION, 'eu-west-3');
const copyAt = (
  time: string,
  resourceType: string | undefined,
  destinationBackupVaultArn = BOTH,
  statusMessage = 'Access Denied trying to call AWS Backup service',
) =>
  evidenceOf({
    event: { time },
    detail: { resourceType, destinationBackupVaultArn, statusMessage },
    job: { CompletionDate: time },
  });
const BEFORE = '2025-10-22T23:59:59Z';
const FIRST = '2025-10-23T00:00:00Z';

testCheck(singleActionNotSupported, {
  fault: ['RDS', 'Aurora', 'DocumentDB', 'Neptune'].flatMap((type) => [
    {
      name: `${type}, the last second before`,
      evidence: copyAt(BEFORE, type),
      confidence: 'confirmed' as const,
      because: ['Until 2025-10-23', 'Since 2025-10-23'],
    },
    {
      name: `${type}, with AWS's message`,
      evidence: copyAt(BEFORE, type, BOTH, MESSAGE),
      confidence: 'confirmed' as const,
    },
  ]),
  ok: [
    { name: 'RDS, the first second after', evidence: copyAt(FIRST, 'RDS') },
    { name: 'the same moment in another time zone', evidence: copyAt('2025-10-22T23:30:00-02:00', 'Aurora') },
    { name: 'EBS, always', evidence: copyAt(BEFORE, 'EBS') },
    { name: 'S3, always', evidence: copyAt(BEFORE, 'S3') },
    {
      name: "a completion date that is none: the event's time counts",
      evidence: evidenceOf({
        detail: { resourceType: 'RDS', destinationBackupVaultArn: BOTH },
        job: { CompletionDate: 'soon' },
      }),
    },
  ],
  notApplicable: [
    { name: 'another account only', evidence: copyAt(BEFORE, 'RDS', vault(DESTINATION, 'eu-west-1')) },
    { name: 'another Region only', evidence: copyAt(BEFORE, 'RDS', vault(SOURCE, 'eu-west-3')) },
    { name: 'stack, which no account takes', evidence: copyAt(BEFORE, 'CloudFormation') },
    {
      name: 'RDS Multi-AZ cluster, which cannot be copied at all',
      evidence: evidenceOf({
        detail: {
          resourceType: 'RDS',
          destinationBackupVaultArn: BOTH,
          resourceArn: `arn:aws:rds:eu-west-1:${SOURCE}:cluster:a`,
        },
      }),
    },
  ],
  unknown: [
    { name: "AWS's message after the day", evidence: copyAt(FIRST, 'RDS', BOTH, MESSAGE), because: 'since 2025-10-23' },
    {
      name: "AWS's message for a type that was always copied so",
      evidence: copyAt(FIRST, 'S3', BOTH, MESSAGE),
      because: 'type S3 can be',
    },
    {
      name: 'type that the table does not have',
      evidence: copyAt(BEFORE, 'Quantum Ledger'),
      because: '"Quantum Ledger"',
    },
    { name: 'no type', evidence: copyAt(BEFORE, undefined), because: 'names no resource type' },
  ],
});

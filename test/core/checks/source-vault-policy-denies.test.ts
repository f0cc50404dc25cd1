import { sourceVaultPolicyDenies } from '../../../lambda/core/checks/source-vault-policy-denies';
import {
  COPY_ROLE,
  DESTINATION_VAULT,
  evidenceOf,
  policyText,
  RECOVERY_POINT,
  SOURCE,
  SOURCE_VAULT,
} from '../evidence-fixture';
import { testCheck } from './check-tester';

const deny = (more: Record<string, unknown> = {}) => ({
  Sid: 'Hold',
  Effect: 'Deny',
  Principal: '*',
  Action: 'backup:StartCopyJob',
  Resource: '*',
  ...more,
});
const policy = (...statements: readonly unknown[]) => ({
  'backup:GetBackupVaultAccessPolicy@source': { Policy: policyText(...statements) },
});
const copyFrom = { Action: 'backup:CopyFromBackupVault' };
/** Begun by a backup plan: the record says so. */
const byPlan = { job: { CreatedBy: { BackupPlanId: 'plan-1', BackupRuleId: 'rule-1' } } };
const OTHER_TEXT = 'Given key ID is not accessible';
const notTo = (...targets: readonly string[]) => ({
  ...copyFrom,
  Condition: { 'ForAllValues:ArnNotLike': { 'backup:CopyTargets': targets } },
});

testCheck(sourceVaultPolicyDenies, {
  fault: [
    {
      name: "a Deny on StartCopyJob, for a plan's job, and the message may speak of it",
      evidence: evidenceOf({ ...byPlan, responses: policy(deny()) }),
      confidence: 'likely',
      resource: SOURCE_VAULT,
      because: [
        'denies backup:StartCopyJob to the copy role AWSBackupDefaultServiceRole in "Hold" (statement 1)',
        'AWS does not say whether it needs that',
      ],
    },
    {
      name: 'a Deny on CopyFromBackupVault',
      evidence: evidenceOf({ responses: policy(deny(copyFrom)) }),
      confidence: 'confirmed',
      resource: SOURCE_VAULT,
      because: ['denies backup:CopyFromBackupVault'],
    },
    {
      name: 'a Deny on both',
      evidence: evidenceOf({ ...byPlan, responses: policy(deny({ Action: 'backup:*' })) }),
      confidence: 'confirmed',
      because: ['denies backup:CopyFromBackupVault', 'denies backup:StartCopyJob'],
    },
    {
      name: 'a Deny on the recovery point',
      evidence: evidenceOf({ responses: policy(deny({ ...copyFrom, Resource: RECOVERY_POINT })) }),
      confidence: 'confirmed',
    },
    {
      name: 'a Deny on starting copies of snapshots',
      evidence: evidenceOf({ ...byPlan, responses: policy(deny({ Resource: 'arn:aws:ec2:eu-west-1::snapshot/*' })) }),
      confidence: 'likely',
      because: ['denies backup:StartCopyJob'],
    },
    {
      name: 'a Deny on copies to other vaults than one',
      evidence: evidenceOf({
        responses: policy(deny(notTo('arn:aws:backup:eu-west-1:333333333333:backup-vault:safe'))),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'the vault that AWS makes for EFS, whose policy AWS keeps',
      evidence: evidenceOf({
        detail: {
          sourceBackupVaultArn: `arn:aws:backup:eu-west-1:${SOURCE}:backup-vault:aws/efs/automatic-backup-vault`,
        },
        ...byPlan,
        responses: policy(deny({ Sid: undefined, Action: ['backup:DeleteBackupVault', 'backup:StartCopyJob'] })),
      }),
      confidence: 'likely',
    },
    {
      name: 'within one account',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:us-east-1:${SOURCE}:backup-vault:dr` },
        responses: policy(deny(copyFrom)),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'a job without a role',
      evidence: evidenceOf({ detail: { iamRoleArn: {} }, responses: policy(deny(copyFrom)) }),
      confidence: 'confirmed',
      because: ['to account 111111111111'],
    },
  ],
  ok: [
    { name: 'no policy', evidence: evidenceOf() },
    {
      name: 'a Deny on StartCopyJob, for a job that somebody began: that call was let through',
      evidence: evidenceOf({ responses: policy(deny()) }),
    },
    {
      name: 'a Deny on something else',
      evidence: evidenceOf({ responses: policy(deny({ Action: 'backup:DeleteRecoveryPoint' })) }),
    },
    {
      name: 'a Deny that leaves the copy role out',
      evidence: evidenceOf({
        responses: policy(deny({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': COPY_ROLE } } })),
      }),
    },
    {
      name: 'a Deny on copies to other vaults than this one',
      evidence: evidenceOf({ responses: policy(deny(notTo(DESTINATION_VAULT))) }),
    },
  ],
  notApplicable: [],
  unknown: [
    {
      name: 'a policy that cannot be read',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@source': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:GetBackupVaultAccessPolicy', account: SOURCE }],
    },
    {
      name: 'a Deny under a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: policy(deny({ ...copyFrom, Condition: { StringNotEquals: { 'aws:userId': 'AIDA' } } })),
      }),
      because: 'aws:userId',
    },
    {
      name: "a Deny on StartCopyJob, for a plan's job, and the message speaks of something else",
      evidence: evidenceOf({ ...byPlan, detail: { statusMessage: OTHER_TEXT }, responses: policy(deny()) }),
      because: 'denies backup:StartCopyJob',
    },
    {
      name: "a Deny on StartCopyJob that may match, for a plan's job",
      evidence: evidenceOf({
        ...byPlan,
        responses: policy(deny({ Condition: { StringNotEquals: { 'aws:userId': 'AIDA' } } })),
      }),
      because: 'aws:userId',
    },
    {
      name: 'a Deny under the organization, which cannot be read',
      evidence: evidenceOf({
        responses: {
          ...policy(deny({ ...copyFrom, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } } })),
          'organizations:DescribeOrganization@source': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: SOURCE }],
    },
    {
      name: 'a policy that is not JSON',
      evidence: evidenceOf({ responses: { 'backup:GetBackupVaultAccessPolicy@source': { Policy: '{' } } }),
      because: 'cannot be read as a policy',
    },
  ],
});

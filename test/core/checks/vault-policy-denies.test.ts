import { vaultPolicyDenies } from '../../../lambda/core/checks/vault-policy-denies';
import { COPY_ROLE, DESTINATION, DESTINATION_VAULT, evidenceOf, policyText, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const allow = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${SOURCE}:root` },
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
};
const deny = (more: Record<string, unknown> = {}) => ({
  Sid: 'KeepOut',
  Effect: 'Deny',
  Principal: '*',
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
  ...more,
});
const policy = (...statements: readonly unknown[]) => ({
  'backup:GetBackupVaultAccessPolicy@destination': { BackupVaultName: 'dr', Policy: policyText(...statements) },
});

testCheck(vaultPolicyDenies, {
  fault: [
    {
      name: 'a Deny on everyone beside an Allow',
      evidence: evidenceOf({ responses: policy(allow, deny()) }),
      confidence: 'confirmed',
      resource: DESTINATION_VAULT,
      because: ['"KeepOut" (statement 2)'],
    },
    {
      name: 'a Deny and no Allow',
      evidence: evidenceOf({ responses: policy(deny({ Sid: undefined })) }),
      confidence: 'confirmed',
      because: ['statement 1 (it has no Sid)'],
    },
    {
      name: 'a Deny on all but one role',
      evidence: evidenceOf({
        responses: policy(
          allow,
          deny({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${SOURCE}:role/other` } } }),
        ),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'a Deny on everyone outside another organization',
      evidence: evidenceOf({
        responses: policy(allow, deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-other' } } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'NotAction in a Deny',
      evidence: evidenceOf({
        responses: policy(allow, deny({ Action: undefined, NotAction: 'backup:DescribeBackupVault' })),
      }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'no Deny', evidence: evidenceOf() },
    {
      name: 'a Deny on deleting',
      evidence: evidenceOf({ responses: policy(allow, deny({ Action: 'backup:DeleteRecoveryPoint' })) }),
    },
    {
      name: 'a Deny that leaves the copy role out',
      evidence: evidenceOf({
        responses: policy(allow, deny({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': COPY_ROLE } } })),
      }),
    },
    {
      name: 'a vault without a policy',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
      }),
    },
  ],
  notApplicable: [
    {
      name: 'a copy within one account',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:eu-west-1:${SOURCE}:backup-vault:dr` },
        responses: policy(deny()),
      }),
    },
    {
      name: 'the Default vault',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:Default` },
        responses: policy(deny()),
      }),
    },
  ],
  unknown: [
    {
      name: 'a Deny under a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: policy(allow, deny({ Condition: { Null: { 'aws:ResourceTag/DestinationBackupVault': 'true' } } })),
      }),
      because: 'aws:ResourceTag/DestinationBackupVault',
    },
    {
      name: 'a Deny under the organization, which cannot be read',
      evidence: evidenceOf({
        responses: {
          ...policy(allow, deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } } })),
          'organizations:DescribeOrganization@source': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: SOURCE }],
    },
    {
      name: 'a policy that cannot be read',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:GetBackupVaultAccessPolicy', account: DESTINATION }],
    },
    {
      name: 'a policy that is not JSON, which vault-policy-lacks-source tells',
      evidence: evidenceOf({ responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: '{' } } }),
      because: 'cannot be read as a policy',
    },
  ],
});

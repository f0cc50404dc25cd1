import { vaultPolicyDenies } from '../../../lambda/core/checks/vault-policy-denies';
import {
  COPY_ROLE,
  DESTINATION,
  DESTINATION_VAULT,
  evidenceOf,
  policyText,
  SOURCE,
  toVault,
} from '../evidence-fixture';
import { testCheck } from './check-tester';
import { copyInto, denyCopy, vaultPolicy } from './vault-policy-fixture';

const allow = copyInto();
const vaultOf = (BackupVaultName: string, ...statements: readonly unknown[]) => ({
  'backup:GetBackupVaultAccessPolicy@destination': { BackupVaultName, Policy: policyText(...statements) },
});

testCheck(vaultPolicyDenies, {
  fault: [
    {
      name: 'a Deny on everyone beside an Allow',
      evidence: evidenceOf({ responses: vaultPolicy(allow, denyCopy()) }),
      confidence: 'confirmed',
      resource: DESTINATION_VAULT,
      because: ['"KeepOut" (statement 2)'],
    },
    {
      name: 'a Deny and no Allow',
      evidence: evidenceOf({ responses: vaultPolicy(denyCopy({ Sid: undefined })) }),
      confidence: 'confirmed',
      because: ['statement 1 (it has no Sid)'],
    },
    {
      name: 'a Deny on all but one role',
      evidence: evidenceOf({
        responses: vaultPolicy(
          allow,
          denyCopy({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${SOURCE}:role/other` } } }),
        ),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'a Deny on everyone outside another organization',
      evidence: evidenceOf({
        responses: vaultPolicy(
          allow,
          denyCopy({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-other' } } }),
        ),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'within one account, and the message may speak of it',
      evidence: evidenceOf({ detail: toVault(SOURCE), responses: vaultPolicy(denyCopy()) }),
      confidence: 'likely',
      because: ['"KeepOut" (statement 1)', 'AWS does not say whether it needs this there'],
    },
    {
      name: 'within one account, and the message speaks of something else',
      evidence: evidenceOf({
        detail: { ...toVault(SOURCE), statusMessage: 'Given key ID is not accessible' },
        responses: vaultPolicy(denyCopy()),
      }),
      confidence: 'possible',
    },
    {
      name: 'within one account, the Default vault',
      evidence: evidenceOf({ detail: toVault(SOURCE, { name: 'Default' }), responses: vaultOf('Default', denyCopy()) }),
      confidence: 'likely',
    },
    {
      name: 'NotAction in a Deny',
      evidence: evidenceOf({
        responses: vaultPolicy(allow, denyCopy({ Action: undefined, NotAction: 'backup:DescribeBackupVault' })),
      }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'no Deny', evidence: evidenceOf() },
    {
      name: 'a Deny on deleting',
      evidence: evidenceOf({ responses: vaultPolicy(allow, denyCopy({ Action: 'backup:DeleteRecoveryPoint' })) }),
    },
    {
      name: 'a Deny that leaves the copy role out',
      evidence: evidenceOf({
        responses: vaultPolicy(allow, denyCopy({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': COPY_ROLE } } })),
      }),
    },
    { name: 'within one account, where no Allow is needed', evidence: evidenceOf({ detail: toVault(SOURCE) }) },
    {
      name: 'a vault without a policy',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
      }),
    },
  ],
  notApplicable: [
    {
      name: 'the Default vault of another account',
      evidence: evidenceOf({ detail: toVault(DESTINATION, { name: 'Default' }), responses: vaultPolicy(denyCopy()) }),
    },
  ],
  unknown: [
    {
      name: 'a Deny under a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: vaultPolicy(
          allow,
          denyCopy({ Condition: { Null: { 'aws:ResourceTag/DestinationBackupVault': 'true' } } }),
        ),
      }),
      because: 'aws:ResourceTag/DestinationBackupVault',
    },
    {
      name: 'a Deny under the organization, which cannot be read',
      evidence: evidenceOf({
        responses: {
          ...vaultPolicy(allow, denyCopy({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } } })),
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

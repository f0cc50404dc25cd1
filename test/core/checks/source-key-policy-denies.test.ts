import { sourceKeyPolicyDenies } from '../../../lambda/core/checks/source-key-policy-denies';
import { DESTINATION, evidenceOf, KEY_STATEMENTS, SOURCE, SOURCE_KEY, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';
import { efs, keyPolicy, KMS_TEXT, sharingNoKey } from './source-key-fixture';

const { owner, use, grants } = KEY_STATEMENTS;
const policy = (...statements: readonly unknown[]) => keyPolicy(owner, use, grants, ...statements);
const deny = (more: Record<string, unknown> = {}) => ({
  Sid: 'NoSharing',
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  ...more,
});
const outside = { StringNotEquals: { 'aws:PrincipalAccount': SOURCE } };

testCheck(sourceKeyPolicyDenies, {
  fault: [
    {
      name: 'a Deny on everyone outside the account',
      evidence: evidenceOf({ responses: policy(deny({ Condition: outside })) }),
      confidence: 'confirmed',
      resource: SOURCE_KEY,
      because: ['denies kms:DescribeKey', 'denies kms:CreateGrant', '"NoSharing" (statement 4)'],
    },
    {
      name: 'a Deny without a Sid on CreateGrant',
      evidence: evidenceOf({ responses: policy(deny({ Sid: undefined, Action: 'kms:CreateGrant' })) }),
      confidence: 'confirmed',
      because: ['statement 4 (it has no Sid)'],
    },
    {
      name: 'a Deny outside another organization',
      evidence: evidenceOf({
        responses: policy(deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-other' } } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'NotAction in a Deny',
      evidence: evidenceOf({ responses: policy(deny({ Action: undefined, NotAction: 'kms:DescribeKey' })) }),
      confidence: 'confirmed',
    },
    {
      name: 'a Deny and no Allow',
      evidence: evidenceOf({ responses: keyPolicy(owner, deny()) }),
      confidence: 'confirmed',
      because: ['(statement 2)'],
    },
    {
      name: 'a fully managed type that both roles are denied, and the message speaks of the key',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: policy(deny({ Action: 'kms:Decrypt' })) }),
      confidence: 'likely',
      because: ['denies kms:Decrypt'],
    },
  ],
  ok: [
    { name: 'no Deny', evidence: evidenceOf() },
    {
      name: 'a Deny on another account',
      evidence: evidenceOf({ responses: policy(deny({ Principal: { AWS: 'arn:aws:iam::333333333333:root' } })) }),
    },
    {
      name: 'a Deny on an action that the copy does not need',
      evidence: evidenceOf({ responses: policy(deny({ Action: 'kms:ScheduleKeyDeletion' })) }),
    },
    {
      name: 'a Deny outside the organization of both accounts',
      evidence: evidenceOf({
        responses: policy(deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } } })),
      }),
    },
    {
      name: 'a missing Allow, which the other two checks tell',
      evidence: evidenceOf({ responses: keyPolicy(owner) }),
    },
  ],
  notApplicable: sharingNoKey(owner, use, grants, deny()),
  unknown: [
    {
      name: 'a Deny under a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: policy(deny({ Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } })),
      }),
      because: 'aws:SourceVpce',
    },
    {
      name: 'a Deny through the service of one of two Regions',
      evidence: evidenceOf({
        detail: toVault(DESTINATION, { region: 'us-west-2' }),
        responses: policy(
          deny({
            Action: 'kms:CreateGrant',
            Condition: { StringEquals: { 'kms:ViaService': 'ec2.us-west-2.amazonaws.com' } },
          }),
        ),
      }),
      because: 'kms:ViaService',
    },
    {
      name: 'a Deny under the organization, which cannot be read',
      evidence: evidenceOf({
        responses: {
          ...policy(deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-other' } } })),
          'organizations:DescribeOrganization@destination': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: DESTINATION }],
    },
    {
      name: 'a fully managed type: only the service-linked role is denied',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: policy(deny({ Condition: outside })) }),
      because: 'AWS does not say which role',
    },
    {
      name: 'a fully managed type that both roles are denied, and the message speaks of something else',
      evidence: evidenceOf({ detail: { resourceType: 'EFS' }, responses: policy(deny()) }),
      because: 'denies kms:DescribeKey',
    },
    {
      name: 'a policy that cannot be read',
      evidence: evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:GetKeyPolicy', account: SOURCE }],
    },
    {
      name: 'a policy that is not JSON',
      evidence: evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy: '{' } } }),
      because: 'cannot be read as a policy',
    },
    {
      name: 'an EC2 image whose one known key denies nothing',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
  ],
});

import { sourceKeyPolicyLacksDestination } from '../../../lambda/core/checks/source-key-policy-lacks-destination';
import { DESTINATION, evidenceOf, KEY_STATEMENTS, SERVICE_LINKED_ROLE, SOURCE, SOURCE_KEY } from '../evidence-fixture';
import { testCheck } from './check-tester';
import { keyPolicy, KMS_TEXT, OTHER_TEXT, sharingNoKey } from './source-key-fixture';

const { owner, use, grants } = KEY_STATEMENTS;
const refused = (operation: string) => ({ [`${operation}@source`]: { error: 'AccessDeniedException' } });
const useBy = (Principal: unknown, Condition?: unknown) => ({ ...use, Principal, Condition });
const grant = (Operations: readonly string[], more: Record<string, unknown> = {}) => ({
  'kms:ListGrants@source': { Grants: [{ GranteePrincipal: SERVICE_LINKED_ROLE, Operations, ...more }] },
});
const withoutReEncrypt = { ...use, Action: ['kms:DescribeKey', 'kms:Decrypt'] };

testCheck(sourceKeyPolicyLacksDestination, {
  fault: [
    {
      name: 'a policy for its own account only',
      evidence: evidenceOf({ responses: keyPolicy(owner) }),
      confidence: 'confirmed',
      resource: SOURCE_KEY,
      because: [
        'has 1 statement, which does not allow kms:DescribeKey, kms:ReEncryptFrom',
        `AWSServiceRoleForBackup of account ${DESTINATION}`,
        'EnableIAMUserPermissions',
      ],
    },
    {
      name: 'a policy that allows another account',
      evidence: evidenceOf({ responses: keyPolicy(owner, useBy({ AWS: 'arn:aws:iam::333333333333:root' })) }),
      confidence: 'confirmed',
    },
    {
      name: 'a policy that allows a role of the destination account, another one',
      evidence: evidenceOf({ responses: keyPolicy(owner, useBy({ AWS: `arn:aws:iam::${DESTINATION}:role/ops` })) }),
      confidence: 'confirmed',
    },
    {
      name: 'a policy that allows another organization',
      evidence: evidenceOf({
        responses: keyPolicy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'an organization condition, and the destination account is in none',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } })),
          'organizations:DescribeOrganization@destination': { error: 'AWSOrganizationsNotInUseException' },
        },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'all actions in one statement under kms:GrantIsForAWSResource, which only grant operations send',
      evidence: evidenceOf({
        responses: keyPolicy(owner, {
          ...use,
          Action: 'kms:*',
          Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
        }),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'NotAction that leaves DescribeKey out',
      evidence: evidenceOf({
        responses: keyPolicy(owner, { ...use, Action: undefined, NotAction: ['kms:DescribeKey'] }),
      }),
      confidence: 'confirmed',
      because: ['kms:DescribeKey to AWSServiceRoleForBackup'],
    },
    {
      name: 'a grant to somebody else',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner),
          ...grant(['DescribeKey', 'ReEncryptFrom'], { GranteePrincipal: `arn:aws:iam::${DESTINATION}:role/ops` }),
        },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'a grant to the role without the operations',
      evidence: evidenceOf({ responses: { ...keyPolicy(owner), ...grant(['CreateGrant']) } }),
      confidence: 'confirmed',
    },
    {
      name: 'a grant for DescribeKey, ReEncryptFrom lacks and the message speaks of the key',
      evidence: evidenceOf({
        detail: { statusMessage: KMS_TEXT },
        responses: { ...keyPolicy(owner), ...grant(['DescribeKey']) },
      }),
      confidence: 'likely',
      because: ['kms:ReEncryptFrom'],
    },
    {
      name: 'a disabled key: the state is mended first, no policy is offered',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner),
          'kms:DescribeKey@source': {
            KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState: 'Disabled' },
          },
        },
      }),
      confidence: 'confirmed',
      fix: 'manual',
      because: ['is Disabled, not Enabled'],
    },
    {
      name: 'a Deny on another required action: an Allow alone does not open the gate',
      evidence: evidenceOf({
        responses: keyPolicy(owner, {
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:CreateGrant',
          Resource: '*',
        }),
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a policy that is not JSON',
      evidence: evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy: '{' } } }),
      confidence: 'possible',
      fix: 'manual',
      because: ['cannot be read as a policy'],
    },
  ],
  ok: [
    { name: 'the recommended statements', evidence: evidenceOf() },
    {
      name: 'the service-linked role as principal',
      evidence: evidenceOf({ responses: keyPolicy(owner, useBy({ AWS: SERVICE_LINKED_ROLE }), grants) }),
    },
    {
      name: 'everyone of the organization',
      evidence: evidenceOf({
        responses: keyPolicy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } }), grants),
      }),
    },
    {
      name: 'everyone under ArnLike on the service-linked role',
      evidence: evidenceOf({
        responses: keyPolicy(
          useBy('*', {
            ArnLike: {
              'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup',
            },
          }),
        ),
      }),
    },
    { name: 'everyone', evidence: evidenceOf({ responses: keyPolicy(useBy('*')) }) },
    {
      name: 'no CreateGrant, which source-key-policy-lacks-grants tells',
      evidence: evidenceOf({ responses: keyPolicy(owner, use) }),
    },
    {
      name: 'grants instead of statements',
      evidence: evidenceOf({ responses: { ...keyPolicy(owner), ...grant(['DescribeKey', 'ReEncryptFrom']) } }),
    },
    {
      name: 'ReEncryptFrom only through EC2 of this Region',
      evidence: evidenceOf({
        responses: keyPolicy(
          { ...use, Action: 'kms:DescribeKey' },
          {
            ...use,
            Action: 'kms:ReEncrypt*',
            Condition: { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } },
          },
        ),
      }),
    },
    {
      name: 'grants that cannot be read, and a policy that allows',
      evidence: evidenceOf({ responses: refused('kms:ListGrants') }),
    },
    {
      name: 'an explicit deny, which source-key-policy-denies tells',
      evidence: evidenceOf({
        responses: keyPolicy(owner, use, { ...use, Sid: 'No', Effect: 'Deny', Action: 'kms:DescribeKey' }),
      }),
    },
  ],
  notApplicable: [
    ...sharingNoKey(owner),
    {
      name: 'an AWS managed key',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner),
          'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'AWS', KeyState: 'Enabled' } },
        },
      }),
    },
  ],
  unknown: [
    {
      name: 'a policy that cannot be read',
      evidence: evidenceOf({ responses: refused('kms:GetKeyPolicy') }),
      missing: [{ permission: 'kms:GetKeyPolicy', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'a key that cannot be described',
      evidence: evidenceOf({ responses: refused('kms:DescribeKey') }),
      missing: [{ permission: 'kms:DescribeKey', account: SOURCE }],
    },
    {
      name: 'a policy that lacks, and grants that cannot be read',
      evidence: evidenceOf({ responses: { ...keyPolicy(owner), ...refused('kms:ListGrants') } }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE }],
    },
    {
      name: 'a policy that lacks, and a list of grants that is not complete',
      evidence: evidenceOf({
        responses: { ...keyPolicy(owner), 'kms:ListGrants@source': { Grants: [], Truncated: true } },
      }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE, reason: 'the list is not complete' }],
    },
    {
      name: 'a grant that is bound to an encryption context',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner),
          ...grant(['DescribeKey', 'ReEncryptFrom'], { Constraints: { EncryptionContextSubset: { a: 'b' } } }),
        },
      }),
      because: 'encryption context',
    },
    {
      name: 'a grant to the whole destination account',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner),
          ...grant(['DescribeKey', 'ReEncryptFrom'], { GranteePrincipal: `arn:aws:iam::${DESTINATION}:root` }),
        },
      }),
      because: 'a grant to the whole account',
    },
    {
      name: 'a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: keyPolicy(owner, { ...use, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      }),
      because: 'aws:SourceVpce',
    },
    {
      name: 'an organization condition, and the organization cannot be read',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } })),
          'organizations:DescribeOrganization@destination': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: DESTINATION }],
    },
    {
      name: 'ReEncryptFrom lacks, and the message speaks of something else',
      evidence: evidenceOf({
        detail: { statusMessage: OTHER_TEXT },
        responses: keyPolicy(owner, withoutReEncrypt, grants),
      }),
      because: 'kms:ReEncryptFrom',
    },
    {
      name: 'an answer without a policy',
      evidence: evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { PolicyName: 'default' } } }),
      because: 'holds no policy',
    },
    {
      name: 'a key whose state KMS does not tell',
      evidence: evidenceOf({
        responses: { 'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER' } } },
      }),
      because: 'state',
    },
  ],
});

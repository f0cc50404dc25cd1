import { sourceKeyPolicyLacksGrants } from '../../../lambda/core/checks/source-key-policy-lacks-grants';
import type { Response } from '../../../lambda/core/evidence';
import {
  DESTINATION,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  SERVICE_LINKED_ROLE,
  SOURCE,
  SOURCE_KEY,
} from '../evidence-fixture';
import { testCheck } from './check-tester';
import { offeredStatement } from './offered-statement';
import { efs, keyPolicy, KMS_TEXT, notByCopyRole, OTHER_TEXT, sharingNoKey } from './source-key-fixture';
import { inChina } from './vault-policy-fixture';

const { owner, use, grants } = KEY_STATEMENTS;
const grantsIf = (Condition: unknown) => ({ ...grants, Condition });
const via = (...services: readonly string[]) => grantsIf({ StringEquals: { 'kms:ViaService': services } });
const chinaKey = (...statements: readonly unknown[]) => {
  const china = (text: string) => text.replaceAll('arn:aws:', 'arn:aws-cn:');
  return {
    'backup:DescribeRecoveryPoint@source': {
      IsEncrypted: true,
      EncryptionKeyArn: china(SOURCE_KEY).replace('eu-west-1', 'cn-north-1'),
    },
    'kms:DescribeKey@source': { KeyMetadata: { KeyManager: 'CUSTOMER', KeyState: 'Enabled' } },
    'kms:GetKeyPolicy@source': { Policy: china(policyText(owner, use, ...statements)) },
  };
};
const ROOT = `arn:aws:iam::${DESTINATION}:root`;
const toRoot = { GranteePrincipal: ROOT, Operations: ['CreateGrant'] };
/** KMS lists by grantee: what the account has is in a list of its own. */
const toAccount = (answer: Response) => ({ [`kms:ListGrants@source#${SOURCE_KEY}#${ROOT}`]: answer });
const toUsWest = { destinationBackupVaultArn: `arn:aws:backup:us-west-2:${DESTINATION}:backup-vault:dr` };

testCheck(sourceKeyPolicyLacksGrants, {
  fault: [
    {
      name: 'the use statement alone',
      evidence: evidenceOf({ responses: keyPolicy(owner, use) }),
      confidence: 'confirmed',
      resource: SOURCE_KEY,
      because: ['has 2 statements. None allows kms:CreateGrant', 'No grant on key'],
    },
    {
      name: 'nothing for the destination: both checks are faults',
      evidence: evidenceOf({ responses: keyPolicy(owner) }),
      confidence: 'confirmed',
    },
    {
      name: 'CreateGrant only where the grant is not for an AWS resource',
      evidence: evidenceOf({
        responses: keyPolicy(owner, use, grantsIf({ Bool: { 'kms:GrantIsForAWSResource': 'false' } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'CreateGrant only through another service',
      evidence: evidenceOf({ responses: keyPolicy(owner, use, via('rds.eu-west-1.amazonaws.com')) }),
      confidence: 'confirmed',
    },
    {
      name: 'CreateGrant only through EC2 of a third Region',
      evidence: evidenceOf({ detail: toUsWest, responses: keyPolicy(owner, use, via('ec2.us-east-1.amazonaws.com')) }),
      confidence: 'confirmed',
    },
    {
      name: 'a disabled key',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner, use),
          'kms:DescribeKey@source': {
            KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState: 'PendingDeletion' },
          },
        },
      }),
      confidence: 'confirmed',
      fix: 'manual',
      because: ['PendingDeletion'],
    },
    {
      name: 'a Deny that may match: an Allow alone may not open the gate',
      evidence: evidenceOf({
        responses: keyPolicy(owner, use, {
          ...grants,
          Effect: 'Deny',
          Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
        }),
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a fully managed type that neither role may make grants for, and the message speaks of the key',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: keyPolicy(notByCopyRole, use) }),
      confidence: 'likely',
    },
    {
      name: 'a fully managed type: the copy role has it, but the message speaks of the key, and AWS asks for the destination',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: keyPolicy(owner, use) }),
      confidence: 'likely',
      because: ['The copy role may have kms:CreateGrant'],
    },
  ],
  ok: [
    { name: 'the recommended statements', evidence: evidenceOf() },
    {
      name: 'through EC2 of both Regions',
      evidence: evidenceOf({
        detail: toUsWest,
        responses: keyPolicy(owner, use, via('ec2.eu-west-1.amazonaws.com', 'ec2.us-west-2.amazonaws.com')),
      }),
    },
    {
      name: 'in China by one spelling',
      evidence: evidenceOf({ ...inChina(), responses: chinaKey(via('ec2.cn-north-1.amazonaws.com.cn')) }),
    },
    {
      name: 'through any Region',
      evidence: evidenceOf({
        responses: keyPolicy(owner, use, grantsIf({ StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' } })),
      }),
    },
    {
      name: 'RDS through RDS',
      evidence: evidenceOf({
        detail: { resourceType: 'RDS' },
        responses: keyPolicy(owner, use, via('rds.eu-west-1.amazonaws.com')),
      }),
    },
    {
      name: 'a grant with CreateGrant',
      evidence: evidenceOf({
        responses: {
          ...keyPolicy(owner, use),
          'kms:ListGrants@source': {
            Grants: [{ GranteePrincipal: SERVICE_LINKED_ROLE, Operations: ['CreateGrant'] }],
          },
        },
      }),
    },
    {
      name: 'an explicit deny, which source-key-policy-denies tells',
      evidence: evidenceOf({ responses: keyPolicy(owner, use, { ...grants, Effect: 'Deny' }) }),
    },
    { name: 'a fully managed type', evidence: evidenceOf({ detail: efs(KMS_TEXT) }) },
  ],
  notApplicable: sharingNoKey(owner),
  unknown: [
    {
      name: 'a policy that lacks, and an answer that holds no list of grants',
      evidence: evidenceOf({ responses: { ...keyPolicy(owner, use), 'kms:ListGrants@source': {} } }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE }],
    },
    {
      name: 'a policy that cannot be read',
      evidence: evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:GetKeyPolicy', account: SOURCE }],
    },
    {
      name: 'a policy that lacks, and grants that were not read',
      evidence: evidenceOf({ responses: { ...keyPolicy(owner, use), 'kms:ListGrants@source': undefined } }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE, reason: 'not read' }],
    },
    {
      name: 'a policy that is not JSON',
      evidence: evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy: '{' } } }),
      because: 'cannot be read as a policy',
    },
    {
      name: 'a condition on the encryption context',
      evidence: evidenceOf({
        responses: keyPolicy(owner, use, grantsIf({ Null: { 'kms:EncryptionContext:aws:ebs:id': 'false' } })),
      }),
      because: 'kms:EncryptionContext:aws:ebs:id',
    },
    ...['eu-west-1', 'us-west-2'].map((region) => ({
      name: `through EC2 of ${region}, one of the two Regions`,
      evidence: evidenceOf({ detail: toUsWest, responses: keyPolicy(owner, use, via(`ec2.${region}.amazonaws.com`)) }),
      because: 'the Region in kms:ViaService',
    })),
    {
      name: 'a grant to the whole account',
      evidence: evidenceOf({ responses: { ...keyPolicy(owner, use), ...toAccount({ Grants: [toRoot] }) } }),
      because: 'a grant to the whole account',
    },
    {
      name: 'grants to the whole account that cannot be listed',
      evidence: evidenceOf({
        responses: { ...keyPolicy(owner, use), ...toAccount({ error: 'AccessDeniedException' }) },
      }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'a fully managed type, and the message speaks of something else',
      evidence: evidenceOf({ detail: { resourceType: 'EFS' }, responses: keyPolicy(notByCopyRole, use) }),
      because: 'kms:CreateGrant',
    },
    {
      name: 'a fully managed type: the copy role has it, and the message speaks of something else',
      evidence: evidenceOf({ detail: efs(OTHER_TEXT), responses: keyPolicy(owner, use) }),
      because: 'AWS does not say which role',
    },
    {
      name: 'an EC2 image whose one known key is shared',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
  ],
});

it('the offered statement cures the fault', () => {
  const statement = offeredStatement(sourceKeyPolicyLacksGrants, evidenceOf({ responses: keyPolicy(owner, use) }));
  expect(statement).toMatchObject({ Sid: `CopyDoctorAllowGrantsBy${DESTINATION}` });
  const mended = evidenceOf({ responses: keyPolicy(owner, use, statement) });
  expect(sourceKeyPolicyLacksGrants.evaluate(mended)).toEqual({ status: 'ok' });
});

import { sourceKeyPolicyLacksDestination } from '../../../lambda/core/checks/source-key-policy-lacks-destination';
import {
  COPY_ROLE,
  DESTINATION,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  SERVICE_LINKED_ROLE,
  SOURCE,
  SOURCE_KEY,
} from '../evidence-fixture';
import { testCheck } from './check-tester';

const { owner, use, grants } = KEY_STATEMENTS;
const KMS_TEXT =
  'The source snapshot KMS key does not exist, is not enabled or you do not have permissions to access it';
const OTHER_TEXT = 'Access Denied trying to call AWS Backup service';

const policy = (...statements: readonly unknown[]) => ({
  'kms:GetKeyPolicy@source': { Policy: policyText(...statements) },
});
const refused = (operation: string) => ({ [`${operation}@source`]: { error: 'AccessDeniedException' } });
const useBy = (Principal: unknown, Condition?: unknown) => ({ ...use, Principal, Condition });
const grant = (Operations: readonly string[], more: Record<string, unknown> = {}) => ({
  'kms:ListGrants@source': { Grants: [{ GranteePrincipal: SERVICE_LINKED_ROLE, Operations, ...more }] },
});
const efs = (statusMessage: string) => ({ resourceType: 'EFS', statusMessage });
const withoutReEncrypt = { ...use, Action: ['kms:DescribeKey', 'kms:Decrypt'] };
const notByCopyRole = { ...owner, Principal: { AWS: `arn:aws:iam::${SOURCE}:user/admin` } };

const thirdKey = 'arn:aws:kms:eu-west-1:333333333333:key/33333333-3333-4333-8333-333333333333';
const third = (...statements: readonly unknown[]) => ({
  'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey },
  'kms:DescribeKey@333333333333/eu-west-1': {
    KeyMetadata: { Arn: thirdKey, KeyManager: 'CUSTOMER', KeyState: 'Enabled' },
  },
  'kms:GetKeyPolicy@333333333333/eu-west-1': { Policy: policyText(...statements) },
  'kms:ListGrants@333333333333/eu-west-1': { Grants: [] },
});
const china = (text: string) => text.replaceAll('arn:aws:', 'arn:aws-cn:').replaceAll('eu-west-1', 'cn-north-1');
const inChina = (...statements: readonly unknown[]) => ({
  event: { region: 'cn-north-1', resources: ['arn:aws-cn:ec2:cn-north-1::snapshot/snap-0123456789abcdef0'] },
  detail: {
    iamRoleArn: china(COPY_ROLE),
    sourceBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${SOURCE}:backup-vault:prod`,
    destinationBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${DESTINATION}:backup-vault:dr`,
  },
  responses: {
    'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: china(SOURCE_KEY) },
    'kms:DescribeKey@source': { KeyMetadata: { KeyManager: 'CUSTOMER', KeyState: 'Enabled' } },
    'kms:GetKeyPolicy@source': { Policy: china(policyText(...statements)) },
  },
});

testCheck(sourceKeyPolicyLacksDestination, {
  fault: [
    {
      name: 'a policy for its own account only',
      evidence: evidenceOf({ responses: policy(owner) }),
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
      evidence: evidenceOf({ responses: policy(owner, useBy({ AWS: 'arn:aws:iam::333333333333:root' })) }),
      confidence: 'confirmed',
    },
    {
      name: 'a policy that allows a role of the destination account, another one',
      evidence: evidenceOf({ responses: policy(owner, useBy({ AWS: `arn:aws:iam::${DESTINATION}:role/ops` })) }),
      confidence: 'confirmed',
    },
    {
      name: 'a policy that allows another organization',
      evidence: evidenceOf({
        responses: policy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'an organization condition, and the destination account is in none',
      evidence: evidenceOf({
        responses: {
          ...policy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } })),
          'organizations:DescribeOrganization@destination': { error: 'AWSOrganizationsNotInUseException' },
        },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'all actions in one statement under kms:GrantIsForAWSResource, which only grant operations send',
      evidence: evidenceOf({
        responses: policy(owner, {
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
        responses: policy(owner, { ...use, Action: undefined, NotAction: ['kms:DescribeKey'] }),
      }),
      confidence: 'confirmed',
      because: ['kms:DescribeKey to AWSServiceRoleForBackup'],
    },
    {
      name: 'a grant to somebody else',
      evidence: evidenceOf({
        responses: {
          ...policy(owner),
          ...grant(['DescribeKey', 'ReEncryptFrom'], { GranteePrincipal: `arn:aws:iam::${DESTINATION}:role/ops` }),
        },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'a grant to the role without the operations',
      evidence: evidenceOf({ responses: { ...policy(owner), ...grant(['CreateGrant']) } }),
      confidence: 'confirmed',
    },
    {
      name: 'a grant for DescribeKey, ReEncryptFrom lacks and the message speaks of the key',
      evidence: evidenceOf({
        detail: { statusMessage: KMS_TEXT },
        responses: { ...policy(owner), ...grant(['DescribeKey']) },
      }),
      confidence: 'likely',
      because: ['kms:ReEncryptFrom'],
    },
    {
      name: 'a disabled key: the state is mended first, no policy is offered',
      evidence: evidenceOf({
        responses: {
          ...policy(owner),
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
        responses: policy(owner, {
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
    {
      name: 'the key of a third account',
      evidence: evidenceOf({ responses: third(owner) }),
      confidence: 'confirmed',
      resource: thirdKey,
    },
    {
      name: 'in China',
      evidence: evidenceOf(inChina(owner)),
      confidence: 'confirmed',
    },
    {
      name: 'an EC2 image: one key that lacks is enough',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' }, responses: policy(owner) }),
      confidence: 'confirmed',
    },
    {
      name: 'a fully managed type that neither role may use, and the message speaks of the key',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: policy(notByCopyRole) }),
      confidence: 'likely',
      because: ['kms:Decrypt, kms:GenerateDataKey', 'The copy role AWSBackupDefaultServiceRole'],
    },
  ],
  ok: [
    { name: 'the recommended statements', evidence: evidenceOf() },
    {
      name: 'the service-linked role as principal',
      evidence: evidenceOf({ responses: policy(owner, useBy({ AWS: SERVICE_LINKED_ROLE }), grants) }),
    },
    {
      name: 'everyone of the organization',
      evidence: evidenceOf({
        responses: policy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } }), grants),
      }),
    },
    {
      name: 'everyone under ArnLike on the service-linked role',
      evidence: evidenceOf({
        responses: policy(
          useBy('*', {
            ArnLike: {
              'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup',
            },
          }),
        ),
      }),
    },
    { name: 'everyone', evidence: evidenceOf({ responses: policy(useBy('*')) }) },
    {
      name: 'no CreateGrant, which source-key-policy-lacks-grants tells',
      evidence: evidenceOf({ responses: policy(owner, use) }),
    },
    {
      name: 'grants instead of statements',
      evidence: evidenceOf({ responses: { ...policy(owner), ...grant(['DescribeKey', 'ReEncryptFrom']) } }),
    },
    {
      name: 'ReEncryptFrom only through EC2 of this Region',
      evidence: evidenceOf({
        responses: policy(
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
        responses: policy(owner, use, { ...use, Sid: 'No', Effect: 'Deny', Action: 'kms:DescribeKey' }),
      }),
    },
    { name: 'the key of a third account', evidence: evidenceOf({ responses: third(use, grants) }) },
    { name: 'in China', evidence: evidenceOf(inChina(owner, use, grants)) },
    { name: 'a fully managed type', evidence: evidenceOf({ detail: efs(KMS_TEXT) }) },
  ],
  notApplicable: [
    {
      name: 'a copy within one account',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:eu-west-1:${SOURCE}:backup-vault:dr` },
        responses: policy(owner),
      }),
    },
    {
      name: 'an unencrypted recovery point',
      evidence: evidenceOf({ responses: { 'backup:DescribeRecoveryPoint@source': { IsEncrypted: false } } }),
    },
    {
      name: 'an AWS managed key',
      evidence: evidenceOf({
        responses: {
          ...policy(owner),
          'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'AWS', KeyState: 'Enabled' } },
        },
      }),
    },
    {
      name: 'a key that does not exist',
      evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'NotFoundException' } } }),
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
      evidence: evidenceOf({ responses: { ...policy(owner), ...refused('kms:ListGrants') } }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE }],
    },
    {
      name: 'a policy that lacks, and a list of grants that is not complete',
      evidence: evidenceOf({
        responses: { ...policy(owner), 'kms:ListGrants@source': { Grants: [], Truncated: true } },
      }),
      missing: [{ permission: 'kms:ListGrants', account: SOURCE, reason: 'the list is not complete' }],
    },
    {
      name: 'a grant that is bound to an encryption context',
      evidence: evidenceOf({
        responses: {
          ...policy(owner),
          ...grant(['DescribeKey', 'ReEncryptFrom'], { Constraints: { EncryptionContextSubset: { a: 'b' } } }),
        },
      }),
      because: 'encryption context',
    },
    {
      name: 'a grant to the whole destination account',
      evidence: evidenceOf({
        responses: {
          ...policy(owner),
          ...grant(['DescribeKey', 'ReEncryptFrom'], { GranteePrincipal: `arn:aws:iam::${DESTINATION}:root` }),
        },
      }),
      because: 'a grant to the whole account',
    },
    {
      name: 'a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: policy(owner, { ...use, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      }),
      because: 'aws:SourceVpce',
    },
    {
      name: 'an organization condition, and the organization cannot be read',
      evidence: evidenceOf({
        responses: {
          ...policy(owner, useBy('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } })),
          'organizations:DescribeOrganization@destination': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: DESTINATION }],
    },
    {
      name: 'ReEncryptFrom lacks, and the message speaks of something else',
      evidence: evidenceOf({
        detail: { statusMessage: OTHER_TEXT },
        responses: policy(owner, withoutReEncrypt, grants),
      }),
      because: 'kms:ReEncryptFrom',
    },
    {
      name: 'a fully managed type that neither role may use, and the message speaks of something else',
      evidence: evidenceOf({ detail: efs(OTHER_TEXT), responses: policy(notByCopyRole) }),
      because: 'kms:Decrypt',
    },
    {
      name: 'a fully managed type: the copy role has it, the service-linked role does not',
      evidence: evidenceOf({ detail: efs(KMS_TEXT), responses: policy(owner) }),
      because: 'AWS does not say which role',
    },
    {
      name: 'a fully managed type and a job without a role',
      evidence: evidenceOf({ detail: { ...efs(KMS_TEXT), iamRoleArn: {} }, responses: policy(notByCopyRole) }),
      because: 'AWS does not say which role',
    },
    {
      name: 'an EC2 image whose one known key is shared',
      evidence: evidenceOf({ detail: { resourceType: 'EC2' } }),
      because: 'several keys',
    },
    {
      name: 'a type that the feature table does not know',
      evidence: evidenceOf({ detail: { resourceType: 'Quantum' }, responses: policy(owner) }),
      because: 'Quantum',
    },
    {
      name: 'the key of a third account that nobody can read',
      evidence: evidenceOf({
        responses: { 'backup:DescribeRecoveryPoint@source': { IsEncrypted: true, EncryptionKeyArn: thirdKey } },
      }),
      missing: [{ account: '333333333333' }],
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

describe('the offered statement', () => {
  const steps = (overrides: Parameters<typeof evidenceOf>[0]) => {
    const result = sourceKeyPolicyLacksDestination.evaluate(evidenceOf(overrides));
    return result.status === 'fault' ? result.finding.fix.steps.join('\n') : result.status;
  };

  it('names the service-linked role alone for a type that is not fully managed', () => {
    const told = steps({ responses: policy(owner) });
    expect(told).toContain(`"aws:PrincipalArn": "${SERVICE_LINKED_ROLE}"`);
    expect(told).toContain(`aws kms put-key-policy --key-id ${SOURCE_KEY} --policy-name default`);
  });

  it('names the whole account for a fully managed type', () => {
    const told = steps({ detail: efs(KMS_TEXT), responses: policy(notByCopyRole) });
    expect(told).toContain(`CopyDoctorAllowUseBy${DESTINATION}`);
    expect(told).not.toContain('aws:PrincipalArn');
  });

  it('is not there while the key is disabled', () => {
    const told = steps({
      responses: {
        ...policy(owner),
        'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState: 'Disabled' } },
      },
    });
    expect(told).toContain('aws kms enable-key');
    expect(told).not.toContain('put-key-policy');
  });

  it('cures the fault that it is offered for', () => {
    for (const { detail, responses, from } of [
      { detail: {}, responses: policy(owner), from: [owner] },
      { detail: efs(KMS_TEXT), responses: policy(notByCopyRole), from: [notByCopyRole] },
    ]) {
      const json = /\{[^]*\n\}/.exec(steps({ detail, responses }))?.[0] ?? '';
      const mended = evidenceOf({ detail, responses: policy(...from, JSON.parse(json)) });
      expect(sourceKeyPolicyLacksDestination.evaluate(mended)).toEqual({ status: 'ok' });
    }
  });
});

import { vaultPolicyLacksSource } from '../../../lambda/core/checks/vault-policy-lacks-source';
import { COPY_ROLE, DESTINATION, DESTINATION_VAULT, evidenceOf, policyText, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const policy = (...statements: readonly unknown[]) => ({
  'backup:GetBackupVaultAccessPolicy@destination': { BackupVaultName: 'dr', Policy: policyText(...statements) },
});
const root = (account: string, partition = 'aws') => ({ AWS: `arn:${partition}:iam::${account}:root` });
const copyInto = (more: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Principal: root(SOURCE),
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
  ...more,
});
const orgIs = (id: string) => ({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': id } } });
const noPolicy = { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } };
const denyAll = { Sid: 'No', Effect: 'Deny', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*' };

const inChina = (...statements: readonly unknown[]) => ({
  event: { region: 'cn-north-1', resources: ['arn:aws-cn:ec2:cn-north-1::snapshot/snap-0123456789abcdef0'] },
  detail: {
    iamRoleArn: COPY_ROLE.replace('arn:aws:', 'arn:aws-cn:'),
    sourceBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${SOURCE}:backup-vault:prod`,
    destinationBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${DESTINATION}:backup-vault:dr`,
  },
  responses: policy(...statements),
});

testCheck(vaultPolicyLacksSource, {
  fault: [
    {
      name: 'a vault without a policy',
      evidence: evidenceOf({ responses: noPolicy }),
      confidence: 'confirmed',
      resource: DESTINATION_VAULT,
      because: ['The vault dr has no access policy.'],
    },
    {
      name: 'an answer without a policy',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { BackupVaultName: 'dr' } },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'a vault that is only on the list, without a policy',
      evidence: evidenceOf({
        responses: { ...noPolicy, 'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' } },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'two statements for others',
      evidence: evidenceOf({
        responses: policy(copyInto({ Sid: 'AllowAudit', Principal: root('333333333333') }), {
          Sid: 'KeepBackups',
          Effect: 'Deny',
          Principal: '*',
          Action: 'backup:DeleteRecoveryPoint',
          Resource: '*',
        }),
      }),
      confidence: 'confirmed',
      because: [
        'The access policy of vault dr has 2 statements. None allows backup:CopyIntoBackupVault to account 111111111111',
        'AllowAudit  Allow  backup:CopyIntoBackupVault  333333333333',
        'KeepBackups  Deny  backup:DeleteRecoveryPoint  everyone',
      ],
    },
    {
      name: 'seven statements: six are shown',
      evidence: evidenceOf({
        responses: policy(...[1, 2, 3, 4, 5, 6, 7].map((n) => copyInto({ Principal: root(`33333333333${n}`) }))),
      }),
      confidence: 'confirmed',
      because: ['has 7 statements', '… and 1 more'],
    },
    {
      name: 'another organization',
      evidence: evidenceOf({ responses: policy(copyInto(orgIs('o-other'))) }),
      confidence: 'confirmed',
    },
    {
      name: 'an organization, and the source account is in none',
      evidence: evidenceOf({
        responses: {
          ...policy(copyInto(orgIs('o-exampleorg'))),
          'organizations:DescribeOrganization@source': { error: 'AWSOrganizationsNotInUseException' },
        },
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'no policy, and the accounts are in different organizations: no statement is offered',
      evidence: evidenceOf({
        responses: {
          ...noPolicy,
          'organizations:DescribeOrganization@destination': { Organization: { Id: 'o-otherorg' } },
        },
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a policy that forbids changing itself: no statement is offered',
      evidence: evidenceOf({ responses: policy({ ...denyAll, Action: 'backup:PutBackupVaultAccessPolicy' }) }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a policy that may forbid changing itself',
      evidence: evidenceOf({
        responses: policy({
          ...denyAll,
          Action: 'backup:Put*',
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${DESTINATION}:role/admin` } },
        }),
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a Deny on changing the policy that is about another account',
      evidence: evidenceOf({
        responses: policy({
          ...denyAll,
          Action: 'backup:PutBackupVaultAccessPolicy',
          Principal: root('333333333333'),
        }),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'another role of the source account',
      evidence: evidenceOf({
        responses: policy(copyInto({ Principal: { AWS: `arn:aws:iam::${SOURCE}:role/other` } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'NotAction that leaves the copy out',
      evidence: evidenceOf({
        responses: policy(copyInto({ Action: undefined, NotAction: 'backup:CopyIntoBackupVault' })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'only an AWS service',
      evidence: evidenceOf({ responses: policy(copyInto({ Principal: { Service: 'backup.amazonaws.com' } })) }),
      confidence: 'confirmed',
    },
    {
      name: 'another partition',
      evidence: evidenceOf(inChina(copyInto({ Principal: root('333333333333', 'aws-cn') }))),
      confidence: 'confirmed',
    },
    {
      name: 'no Allow, and a Deny: an Allow alone does not open the gate',
      evidence: evidenceOf({ responses: policy(denyAll) }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'no Allow, and a Deny that may match',
      evidence: evidenceOf({
        responses: policy({ ...denyAll, Condition: { StringNotEquals: { 'aws:userId': 'AIDAEXAMPLE' } } }),
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a policy that is not JSON',
      evidence: evidenceOf({ responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: 'Allow all' } } }),
      confidence: 'possible',
      fix: 'manual',
      because: ['cannot be read as a policy'],
    },
  ],
  ok: [
    { name: 'the source account', evidence: evidenceOf() },
    {
      name: 'the account id alone',
      evidence: evidenceOf({ responses: policy(copyInto({ Principal: { AWS: SOURCE } })) }),
    },
    { name: 'the copy role', evidence: evidenceOf({ responses: policy(copyInto({ Principal: { AWS: COPY_ROLE } })) }) },
    { name: 'the organization', evidence: evidenceOf({ responses: policy(copyInto(orgIs('o-exampleorg'))) }) },
    { name: 'everyone', evidence: evidenceOf({ responses: policy(copyInto({ Principal: '*' })) }) },
    {
      name: 'everyone under ArnLike on the role',
      evidence: evidenceOf({
        responses: policy(
          copyInto({ Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${SOURCE}:role/*` } } }),
        ),
      }),
    },
    {
      name: 'NotAction that leaves something else out',
      evidence: evidenceOf({
        responses: policy(copyInto({ Action: undefined, NotAction: 'backup:DeleteRecoveryPoint' })),
      }),
    },
    {
      name: 'an Allow and a Deny, which vault-policy-denies tells',
      evidence: evidenceOf({ responses: policy(copyInto(), denyAll) }),
    },
    {
      name: 'a readable policy of a vault that cannot be described or listed',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' },
          'backup:ListBackupVaults@destination': { error: 'AccessDeniedException' },
        },
      }),
    },
    { name: 'in China', evidence: evidenceOf(inChina(copyInto({ Principal: root(SOURCE, 'aws-cn') }))) },
  ],
  notApplicable: [
    {
      name: 'a copy within one account',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:eu-west-1:${SOURCE}:backup-vault:dr` },
        responses: noPolicy,
      }),
    },
    {
      name: 'the Default vault, which destination-vault-is-default tells',
      evidence: evidenceOf({
        detail: { destinationBackupVaultArn: `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:Default` },
        responses: noPolicy,
      }),
    },
    {
      name: 'a vault that does not exist, which destination-vault-missing tells',
      evidence: evidenceOf({
        responses: {
          ...noPolicy,
          'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' },
          'backup:ListBackupVaults@destination': { BackupVaultList: [] },
        },
      }),
    },
  ],
  unknown: [
    {
      name: 'an error as another tool writes it is no answer',
      evidence: evidenceOf({
        responses: {
          'backup:GetBackupVaultAccessPolicy@destination': { error: 'AccessDeniedException', statusCode: 403 },
        },
      }),
      missing: [{ permission: 'backup:GetBackupVaultAccessPolicy', reason: 'AccessDeniedException' }],
    },
    {
      name: 'a policy that is neither text nor object',
      evidence: evidenceOf({ responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: null } } }),
      missing: [{ permission: 'backup:GetBackupVaultAccessPolicy', account: DESTINATION }],
    },
    {
      name: 'the policy of a vault of another name',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { BackupVaultName: 'other' } },
      }),
      missing: [{ permission: 'backup:GetBackupVaultAccessPolicy', reason: 'the answer is about other' }],
    },
    {
      name: 'a policy that cannot be read',
      evidence: evidenceOf({
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'AccessDeniedException' } },
      }),
      missing: [
        { permission: 'backup:GetBackupVaultAccessPolicy', account: DESTINATION, reason: 'AccessDeniedException' },
      ],
    },
    {
      name: 'no policy, and no proof that there is a vault',
      evidence: evidenceOf({
        responses: {
          ...noPolicy,
          'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' },
          'backup:ListBackupVaults@destination': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'backup:ListBackupVaults', account: DESTINATION }],
    },
    {
      name: 'a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: policy(copyInto({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'backup' } } })),
      }),
      because: 'aws:PrincipalTag/team',
    },
    {
      name: 'an organizational unit, which no read tells',
      evidence: evidenceOf({
        responses: policy(
          copyInto({
            Principal: '*',
            Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-exampleorg/r-1/ou-1/*'] } },
          }),
        ),
      }),
      because: 'aws:PrincipalOrgPaths',
    },
    {
      name: 'an organization that cannot be read',
      evidence: evidenceOf({
        responses: {
          ...policy(copyInto(orgIs('o-exampleorg'))),
          'organizations:DescribeOrganization@source': { error: 'AccessDeniedException' },
        },
      }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: SOURCE }],
      because: 'aws:PrincipalOrgID',
    },
    {
      name: 'a role as principal, and a job without a role',
      evidence: evidenceOf({
        detail: { iamRoleArn: {} },
        responses: policy(copyInto({ Principal: { AWS: COPY_ROLE } })),
      }),
    },
  ],
});

describe('the offered statement', () => {
  const steps = (overrides: Parameters<typeof evidenceOf>[0]) => {
    const result = vaultPolicyLacksSource.evaluate(evidenceOf(overrides));
    return result.status === 'fault' ? result.finding.fix.steps.join('\n') : result.status;
  };
  const other = copyInto({ Principal: root('333333333333') });

  it('cures the fault that it is offered for', () => {
    const told = steps({ responses: policy(other) });
    const statement: unknown = JSON.parse(/\{[^]*\n\}/.exec(told)?.[0] ?? '');
    expect(statement).toEqual({ Sid: `CopyDoctorAllowCopyFrom${SOURCE}`, ...copyInto() });
    expect(vaultPolicyLacksSource.evaluate(evidenceOf({ responses: policy(other, statement) }))).toEqual({
      status: 'ok',
    });
  });

  it('has the partition of the copy', () => {
    expect(steps(inChina(copyInto({ Principal: root('333333333333', 'aws-cn') })))).toContain(
      `"arn:aws-cn:iam::${SOURCE}:root"`,
    );
  });

  it('comes with commands that run as they stand', () => {
    const told = steps({ responses: policy(other) });
    expect(told).toContain('aws backup get-backup-vault-access-policy --backup-vault-name dr');
    expect(told).toContain(
      'aws backup put-backup-vault-access-policy --backup-vault-name dr --policy file://policy.json --region eu-west-1',
    );
  });

  it('is a whole document where there is no policy yet', () => {
    const told = steps({ responses: noPolicy });
    expect(told).toContain('"Version": "2012-10-17"');
    expect(told).not.toContain('get-backup-vault-access-policy');
  });
});

import { vaultPolicyLacksSource } from '../../../lambda/core/checks/vault-policy-lacks-source';
import { COPY_ROLE, DESTINATION, DESTINATION_VAULT, evidenceOf, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';
import { copyInto, denyCopy, inChina, noVaultPolicy, root, vaultPolicy } from './vault-policy-fixture';

const orgIs = (id: string) => ({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': id } } });
const refused = (...operations: readonly string[]) =>
  Object.fromEntries(operations.map((name) => [`backup:${name}@destination`, { error: 'AccessDeniedException' }]));

testCheck(vaultPolicyLacksSource, {
  fault: [
    {
      name: 'a vault without a policy',
      evidence: evidenceOf({ responses: noVaultPolicy }),
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
      evidence: evidenceOf({ responses: { ...noVaultPolicy, ...refused('DescribeBackupVault') } }),
      confidence: 'confirmed',
    },
    {
      name: 'two statements for others',
      evidence: evidenceOf({
        responses: vaultPolicy(copyInto({ Sid: 'AllowAudit', Principal: root('333333333333') }), {
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
        responses: vaultPolicy(...[1, 2, 3, 4, 5, 6, 7].map((n) => copyInto({ Principal: root(`33333333333${n}`) }))),
      }),
      confidence: 'confirmed',
      because: ['has 7 statements', '… and 1 more'],
    },
    {
      name: 'another organization',
      evidence: evidenceOf({ responses: vaultPolicy(copyInto(orgIs('o-other'))) }),
      confidence: 'confirmed',
    },
    {
      name: 'an organization, and the source account is in none',
      evidence: evidenceOf({
        responses: {
          ...vaultPolicy(copyInto(orgIs('o-exampleorg'))),
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
          ...noVaultPolicy,
          'organizations:DescribeOrganization@destination': { Organization: { Id: 'o-otherorg' } },
        },
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a policy that forbids changing itself: no statement is offered',
      evidence: evidenceOf({ responses: vaultPolicy(denyCopy({ Action: 'backup:PutBackupVaultAccessPolicy' })) }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a policy that may forbid changing itself',
      evidence: evidenceOf({
        responses: vaultPolicy(
          denyCopy({
            Action: 'backup:Put*',
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${DESTINATION}:role/admin` } },
          }),
        ),
      }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'a Deny on changing the policy that is about another account',
      evidence: evidenceOf({
        responses: vaultPolicy(
          denyCopy({ Action: 'backup:PutBackupVaultAccessPolicy', Principal: root('333333333333') }),
        ),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'another role of the source account',
      evidence: evidenceOf({
        responses: vaultPolicy(copyInto({ Principal: { AWS: `arn:aws:iam::${SOURCE}:role/other` } })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'NotAction that leaves the copy out',
      evidence: evidenceOf({
        responses: vaultPolicy(copyInto({ Action: undefined, NotAction: 'backup:CopyIntoBackupVault' })),
      }),
      confidence: 'confirmed',
    },
    {
      name: 'only an AWS service',
      evidence: evidenceOf({ responses: vaultPolicy(copyInto({ Principal: { Service: 'backup.amazonaws.com' } })) }),
      confidence: 'confirmed',
    },
    {
      name: 'another partition',
      evidence: evidenceOf(inChina(copyInto({ Principal: root('333333333333', 'aws-cn') }))),
      confidence: 'confirmed',
    },
    {
      name: 'no Allow, and a Deny: an Allow alone does not open the gate',
      evidence: evidenceOf({ responses: vaultPolicy(denyCopy()) }),
      confidence: 'confirmed',
      fix: 'manual',
    },
    {
      name: 'no Allow, and a Deny that may match',
      evidence: evidenceOf({
        responses: vaultPolicy(denyCopy({ Condition: { StringNotEquals: { 'aws:userId': 'AIDAEXAMPLE' } } })),
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
      evidence: evidenceOf({ responses: vaultPolicy(copyInto({ Principal: { AWS: SOURCE } })) }),
    },
    {
      name: 'the copy role',
      evidence: evidenceOf({ responses: vaultPolicy(copyInto({ Principal: { AWS: COPY_ROLE } })) }),
    },
    { name: 'the organization', evidence: evidenceOf({ responses: vaultPolicy(copyInto(orgIs('o-exampleorg'))) }) },
    { name: 'everyone', evidence: evidenceOf({ responses: vaultPolicy(copyInto({ Principal: '*' })) }) },
    {
      name: 'everyone under ArnLike on the role',
      evidence: evidenceOf({
        responses: vaultPolicy(
          copyInto({ Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${SOURCE}:role/*` } } }),
        ),
      }),
    },
    {
      name: 'NotAction that leaves something else out',
      evidence: evidenceOf({
        responses: vaultPolicy(copyInto({ Action: undefined, NotAction: 'backup:DeleteRecoveryPoint' })),
      }),
    },
    {
      name: 'an Allow and a Deny, which vault-policy-denies tells',
      evidence: evidenceOf({ responses: vaultPolicy(copyInto(), denyCopy()) }),
    },
    {
      name: 'a readable policy of a vault that cannot be described or listed',
      evidence: evidenceOf({ responses: refused('DescribeBackupVault', 'ListBackupVaults') }),
    },
    { name: 'in China', evidence: evidenceOf(inChina(copyInto({ Principal: root(SOURCE, 'aws-cn') }))) },
  ],
  notApplicable: [
    {
      name: 'a copy within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE), responses: noVaultPolicy }),
    },
    {
      name: 'the Default vault, which destination-vault-is-default tells',
      evidence: evidenceOf({ detail: toVault(DESTINATION, { name: 'Default' }), responses: noVaultPolicy }),
    },
    {
      name: 'a vault that does not exist, which destination-vault-missing tells',
      evidence: evidenceOf({
        responses: {
          ...noVaultPolicy,
          ...refused('DescribeBackupVault'),
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
      evidence: evidenceOf({ responses: refused('GetBackupVaultAccessPolicy') }),
      missing: [
        { permission: 'backup:GetBackupVaultAccessPolicy', account: DESTINATION, reason: 'AccessDeniedException' },
      ],
    },
    {
      name: 'no policy, and no proof that there is a vault',
      evidence: evidenceOf({ responses: { ...noVaultPolicy, ...refused('DescribeBackupVault', 'ListBackupVaults') } }),
      missing: [{ permission: 'backup:ListBackupVaults', account: DESTINATION }],
    },
    {
      name: 'a condition key that the evidence does not tell',
      evidence: evidenceOf({
        responses: vaultPolicy(copyInto({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'backup' } } })),
      }),
      because: 'aws:PrincipalTag/team',
    },
    {
      name: 'an organizational unit, which no read tells',
      evidence: evidenceOf({
        responses: vaultPolicy(
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
          ...vaultPolicy(copyInto(orgIs('o-exampleorg'))),
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
        responses: vaultPolicy(copyInto({ Principal: { AWS: COPY_ROLE } })),
      }),
    },
  ],
});

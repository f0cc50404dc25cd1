import { destinationKeyPolicyLacksBackup } from '../../../lambda/core/checks/destination-key-policy-lacks-backup';
import {
  DESTINATION,
  DESTINATION_KEY,
  evidenceOf,
  policyText,
  RECOVERY_POINT,
  SERVICE_LINKED_ROLE,
  SOURCE,
  type Overrides,
  toVault,
} from '../evidence-fixture';
import { testCheck } from './check-tester';

const THIRD = '333333333333';
const KMS_TEXT = 'KMS key is either disabled or pending deletion or access to KMS key is denied';
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const allow = (Action: string | string[], more: Record<string, unknown> = {}) => ({
  Sid: 'Some',
  Effect: 'Allow',
  Principal: root(DESTINATION),
  Action,
  Resource: '*',
  ...more,
});
const ADMIN = allow(['kms:Get*', 'kms:List*', 'kms:Describe*', 'kms:Put*'], { Sid: 'Administration' });

const under = (statements: readonly unknown[], { responses, ...more }: Overrides = {}) =>
  evidenceOf({
    ...more,
    responses: { 'kms:GetKeyPolicy@destination': { Policy: policyText(...statements) }, ...responses },
  });
const ofType = (resourceType: string, statusMessage?: string): Overrides => ({
  detail: { resourceType, ...(statusMessage === undefined ? {} : { statusMessage }) },
});
const granting = (Operations: string[], more: Record<string, unknown> = {}) => ({
  responses: {
    'kms:ListGrants@destination': { Grants: [{ GranteePrincipal: SERVICE_LINKED_ROLE, Operations, ...more }] },
  },
});
const confirmed = { confidence: 'confirmed', resource: DESTINATION_KEY, fix: 'manual' } as const;

testCheck(destinationKeyPolicyLacksBackup, {
  fault: [
    {
      name: 'administration alone is delegated',
      evidence: under([ADMIN]),
      ...confirmed,
      because: [
        'has 1 statement, which does not allow kms:CreateGrant to AWSServiceRoleForBackup of account 222222222222',
        'Administration  Allow',
        'No grant on key',
      ],
    },
    { name: 'no statement', evidence: under([]), ...confirmed, because: ['kms:DescribeKey, kms:CreateGrant'] },
    {
      name: 'another role alone',
      evidence: under([ADMIN, allow('kms:*', { Principal: { AWS: `arn:aws:iam::${DESTINATION}:role/restore` } })]),
      ...confirmed,
    },
    {
      name: 'through a service that does not copy this type',
      evidence: under([
        ADMIN,
        allow('kms:*', { Condition: { StringEquals: { 'kms:ViaService': 'rds.eu-west-1.amazonaws.com' } } }),
      ]),
      ...confirmed,
    },
    {
      name: 'a Deny beside the delegation',
      evidence: under([allow('kms:*'), allow('kms:CreateGrant', { Effect: 'Deny', Principal: '*', Sid: 'NoGrants' })]),
      ...confirmed,
      because: [
        'denies kms:CreateGrant to AWSServiceRoleForBackup of account 222222222222 in "NoGrants" (statement 2)',
      ],
    },
    {
      name: 'a key of a third account that lets only that account in',
      evidence: under([], {
        responses: {
          'backup:DescribeBackupVault@destination': {
            BackupVaultName: 'dr',
            EncryptionKeyArn: DESTINATION_KEY.replace(DESTINATION, THIRD),
          },
          [`kms:DescribeKey@${THIRD}/eu-west-1`]: {
            KeyMetadata: {
              Arn: DESTINATION_KEY.replace(DESTINATION, THIRD),
              KeyManager: 'CUSTOMER',
              KeyState: 'Enabled',
            },
          },
          [`kms:GetKeyPolicy@${THIRD}/eu-west-1`]: { Policy: policyText(allow('kms:*', { Principal: root(THIRD) })) },
          [`kms:ListGrants@${THIRD}/eu-west-1`]: { Grants: [] },
        },
      }),
      confidence: 'confirmed',
      resource: DESTINATION_KEY.replace(DESTINATION, THIRD),
    },
    {
      name: "a fully managed type, with AWS's text about a key",
      evidence: under([ADMIN], ofType('EFS', KMS_TEXT)),
      confidence: 'likely',
    },
    {
      name: "a recovery point that is not encrypted, with AWS's text about a key",
      evidence: under([ADMIN], {
        ...ofType('EBS', KMS_TEXT),
        responses: { 'backup:DescribeRecoveryPoint@source': { RecoveryPointArn: RECOVERY_POINT, IsEncrypted: false } },
      }),
      confidence: 'likely',
    },
    { name: 'a grant with another operation', evidence: under([ADMIN], granting(['Decrypt'])), ...confirmed },
  ],
  ok: [
    { name: 'delegated to the account', evidence: evidenceOf() },
    {
      name: 'the role itself',
      evidence: under([allow(['kms:DescribeKey', 'kms:CreateGrant'], { Principal: { AWS: SERVICE_LINKED_ROLE } })]),
    },
    {
      name: 'through the service that copies this type',
      evidence: under([
        ADMIN,
        allow('kms:CreateGrant', {
          Condition: {
            StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' },
            Bool: { 'kms:GrantIsForAWSResource': 'true' },
          },
        }),
      ]),
    },
    { name: 'a grant to the role', evidence: under([ADMIN], granting(['CreateGrant'])) },
    { name: 'fully managed, delegated', evidence: under([allow('kms:*')], ofType('EFS')) },
  ],
  notApplicable: [
    {
      name: 'within one account',
      evidence: under([], {
        detail: toVault(SOURCE),
      }),
    },
    {
      name: 'a key that AWS manages',
      evidence: under([], {
        responses: { 'kms:DescribeKey@destination': { KeyMetadata: { Arn: DESTINATION_KEY, KeyManager: 'AWS' } } },
      }),
    },
    {
      name: 'a key that is gone',
      evidence: under([], { responses: { 'kms:DescribeKey@destination': { error: 'NotFoundException' } } }),
    },
    {
      name: 'a vault that is not there',
      evidence: under([], {
        responses: {
          'backup:DescribeBackupVault@destination': { error: 'ResourceNotFoundException' },
          'backup:ListBackupVaults@destination': { BackupVaultList: [] },
        },
      }),
    },
  ],
  unknown: [
    {
      name: 'a refused GetKeyPolicy, which such a policy refuses too',
      evidence: under([], { responses: { 'kms:GetKeyPolicy@destination': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:GetKeyPolicy', account: DESTINATION }],
    },
    {
      name: 'a refused ListGrants, where no statement allows',
      evidence: under([ADMIN], { responses: { 'kms:ListGrants@destination': { error: 'AccessDeniedException' } } }),
      missing: [{ permission: 'kms:ListGrants', account: DESTINATION }],
    },
    {
      name: 'a grant to the whole account, which is in a list of its own',
      evidence: under([ADMIN], {
        responses: {
          [`kms:ListGrants@destination#${DESTINATION_KEY}#arn:aws:iam::${DESTINATION}:root`]: {
            Grants: [{ GranteePrincipal: `arn:aws:iam::${DESTINATION}:root`, Operations: ['CreateGrant'] }],
          },
        },
      }),
      because: 'a grant to the whole account',
    },
    {
      name: 'a condition on what is not known',
      evidence: under([ADMIN, allow('kms:CreateGrant', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })]),
      because: 'aws:SourceVpc',
    },
    {
      name: 'a Deny with a condition on what is not known',
      evidence: under([
        allow('kms:*'),
        allow('kms:*', { Effect: 'Deny', Principal: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }),
      ]),
      because: 'aws:SourceVpc',
    },
    {
      name: 'a policy that is none',
      evidence: under([], { responses: { 'kms:GetKeyPolicy@destination': { Policy: '{' } } }),
      because: 'cannot be read as a policy',
    },
    {
      name: 'an answer without a policy',
      evidence: under([], { responses: { 'kms:GetKeyPolicy@destination': {} } }),
      because: 'holds no policy',
    },
    {
      name: 'a key whose manager is not told',
      evidence: under([], { responses: { 'kms:DescribeKey@destination': { KeyMetadata: { Arn: DESTINATION_KEY } } } }),
      because: 'who manages',
    },
    {
      name: 'a fully managed type, with another text',
      evidence: under([ADMIN], ofType('EFS')),
      because: 'does not say that this copy needs it',
    },
    { name: 'a type that the table does not know', evidence: under([ADMIN], ofType('Quantum')), because: 'needs it' },
  ],
});

it('gives the exact statements, for the role alone', () => {
  const result = destinationKeyPolicyLacksBackup.evaluate(under([ADMIN]));
  const steps = result.status === 'fault' ? result.finding.fix.steps : [];
  const added = JSON.parse(steps[1]?.replace(/^[^\n]*\n/, '') ?? '') as Record<string, unknown>[];
  expect(added.map(({ Sid }) => Sid)).toEqual([
    'CopyDoctorAllowUseBy222222222222',
    'CopyDoctorAllowGrantsBy222222222222',
  ]);
  for (const statement of added) {
    expect(statement['Condition']).toMatchObject({ ArnEquals: { 'aws:PrincipalArn': SERVICE_LINKED_ROLE } });
  }
  expect(destinationKeyPolicyLacksBackup.evaluate(under([ADMIN, ...added])).status).toBe('ok');
});

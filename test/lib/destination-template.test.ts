import { destinationTemplate } from '../../lib/destination-template';
import type { CloudFormationTemplate } from '../../lib/synthesize';
import { Resolver } from '../sandbox/demo/templates';
import { statementsOf, type RoleProperties } from './hub-fixture';

const template = destinationTemplate();
const text = JSON.stringify(template);

const WHERE = { account: '222222222222', region: 'eu-west-1' };
const deployed = (parameters: Record<string, string>, document: CloudFormationTemplate = template) =>
  new Resolver(document, {
    ...WHERE,
    parameters: { HubAccount: '111111111111', Deployment: 'blue', ...parameters },
    ref: (id) => id,
    attribute: (id) => id,
  });
const rolesOf = (parameters: Record<string, string>, document?: CloudFormationTemplate) =>
  deployed(parameters, document)
    .resources<RoleProperties>('AWS::IAM::Role')
    .map(([, role]) => role);
const READER = 'copy-doctor-blue-reader';
const WRITER = 'copy-doctor-blue-vault-writer';

test('has the roles and the watch, and nothing else', () => {
  expect(Object.entries(template.Resources).map(([id, { Type, Condition }]) => [id, Type, Condition])).toEqual([
    ['ReaderRole', 'AWS::IAM::Role', 'HasRoles'],
    ['VaultWriterRole', 'AWS::IAM::Role', 'HasWriter'],
    ['WatchLog', 'AWS::Logs::LogGroup', 'HasWatch'],
    ['WatchLogPolicy', 'AWS::Logs::ResourcePolicy', 'HasWatch'],
    ['WatchRule', 'AWS::Events::Rule', 'HasWatch'],
    ['WatchAlarm', 'AWS::CloudWatch::Alarm', 'HasWatch'],
  ]);
  expect(Object.keys(template.Parameters)).toEqual([
    'HubAccount',
    'Deployment',
    'OrganizationId',
    'VaultNames',
    'PermissionsBoundary',
    'Roles',
    'VaultWriter',
    'Watch',
    'AlarmTopicArn',
  ]);
});

test('is self-contained: no asset, bootstrap, macro, import or nested stack, and small enough to be sent as text', () => {
  expect(text).not.toMatch(/cdk|asset|bootstrap|s3|ImportValue|AWS::SSM|TemplateURL|Fn::Transform|Fn::ForEach/i);
  expect(template).not.toHaveProperty('Transform');
  expect(text.length).toBeLessThan(51_200);
  expect(text).not.toContain('Token[');
});

test('every reference leads to a parameter, condition, resource or pseudo parameter', () => {
  const known = new Set([...Object.keys(template.Parameters), ...Object.keys(template.Resources)]);
  const references = [...text.matchAll(/"Ref":"([^"]+)"|\$\{([^}]+)\}/g)].map(([, ref, sub]) => ref ?? sub ?? '');
  expect(references.filter((name) => !known.has(name) && !name.startsWith('AWS::'))).toEqual([]);
  const conditions = [...text.matchAll(/"Fn::If":\["([^"]+)"|"Condition":"([^"]+)"/g)].map(([, a, b]) => a ?? b);
  expect(new Set(conditions)).toEqual(new Set(Object.keys(template.Conditions)));
});

test.each<[keyof typeof template.Parameters, readonly string[], readonly string[]]>([
  ['HubAccount', ['111111111111'], ['', '1111', '11111111111a']],
  ['Deployment', ['eu-west-1'], ['', 'EU', 'a'.repeat(25)]],
  ['OrganizationId', ['', 'o-a1b2c3d4e5'], ['o-1', 'r-a1b2c3d4e5']],
  ['PermissionsBoundary', ['', 'arn:aws:iam::222222222222:policy/a/B'], ['B']],
  // Each name of the list; a wildcard would open every vault.
  ['VaultNames', ['', 'dr', 'Dr_2-x'], ['*', 'd*', 'dr:x', 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr']],
  ['AlarmTopicArn', ['', 'arn:aws-cn:sns:cn-north-1:222222222222:alarms'], ['alarms', 'arn:aws:sqs:eu-west-1:2:a']],
])('parameter %s', (name, good, bad) => {
  const { AllowedPattern } = template.Parameters[name] as { AllowedPattern: string };
  const pattern = new RegExp(AllowedPattern);
  for (const value of good) expect(value).toMatch(pattern);
  for (const value of bad) expect(value).not.toMatch(pattern);
});

describe('what is made', () => {
  test.each<[Record<string, string>, string[], number]>([
    [{ VaultNames: 'dr' }, [READER, WRITER], 1],
    [{}, [READER], 1],
    [{ VaultNames: 'dr', VaultWriter: 'no' }, [READER], 1],
    [{ VaultNames: 'dr', Watch: 'no' }, [READER, WRITER], 0],
    // A further Region of the account.
    [{ VaultNames: 'dr', Roles: 'no' }, [], 1],
  ])('with %j', (parameters, roles, rules) => {
    expect(rolesOf(parameters).map(({ RoleName }) => RoleName)).toEqual(roles);
    expect(deployed(parameters).resources('AWS::Events::Rule')).toHaveLength(rules);
  });

  test.each(['Roles', 'VaultWriter', 'Watch'] as const)('%s is yes or no, and yes by default', (name) => {
    expect(template.Parameters[name]).toMatchObject({ Default: 'yes', AllowedValues: ['yes', 'no'] });
  });

  test('the outputs name both roles where they are made', () => {
    expect(template.Outputs).toMatchObject({
      ReaderRoleArn: { Condition: 'HasRoles', Value: { 'Fn::GetAtt': ['ReaderRole', 'Arn'] } },
      VaultWriterRoleArn: { Condition: 'HasWriter', Value: { 'Fn::GetAtt': ['VaultWriterRole', 'Arn'] } },
    });
  });
});

describe('the vault writer', () => {
  const writer = (parameters: Record<string, string>, document?: CloudFormationTemplate) => {
    const role = rolesOf(parameters, document).find(({ RoleName }) => RoleName === WRITER);
    if (!role) throw new Error('no vault writer');
    return role;
  };

  test.each([
    ['aws', 'dr'],
    ['aws', 'dr,far,Third_1'],
    ['aws-cn', 'dr,far'],
    ['aws-us-gov', 'dr,far'],
  ])('in partition %s may read and put the policies of %s, and nothing else', (partition, names) => {
    const there = JSON.parse(text.replaceAll('{"Ref":"AWS::Partition"}', JSON.stringify(partition)));
    expect(statementsOf(writer({ VaultNames: names }, there))).toEqual([
      {
        Sid: 'ChangeListedVaults',
        Effect: 'Allow',
        Action: ['backup:GetBackupVaultAccessPolicy', 'backup:PutBackupVaultAccessPolicy'],
        Resource: names.split(',').map((name) => `arn:${partition}:backup:*:*:backup-vault:${name}`),
      },
    ]);
  });

  test.each([
    ['', {}],
    ['o-a1b2c3d4e5', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
  ])('is taken by remediate alone, which says who decided; organization "%s"', (OrganizationId, organization) => {
    const { Statement } = writer({ VaultNames: 'dr', OrganizationId }).AssumeRolePolicyDocument;
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/copy-doctor-blue-remediate'] },
          ...organization,
        },
      },
    ]);
  });

  test('has the permissions boundary that is given', () => {
    const PermissionsBoundary = 'arn:aws:iam::222222222222:policy/B';
    const boundaries = rolesOf({ VaultNames: 'dr', PermissionsBoundary }).map((role) => role.PermissionsBoundary);
    expect(boundaries).toEqual([PermissionsBoundary, PermissionsBoundary]);
  });
});

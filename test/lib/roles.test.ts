import { READER_OPERATIONS, READS } from '../../lambda/core/reads';
import { type CloudFormationTemplate, EXAMPLE_SETTINGS, synthesizeHub } from '../../lib/synthesize';
import { deployedHub, statementsOf } from './hub-fixture';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const ORGANIZATION = { ...EXAMPLE_SETTINGS, organizationId: 'o-a1b2c3d4e5' };

interface Statement {
  Sid?: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
  Principal?: unknown;
}

interface RoleProperties {
  RoleName: unknown;
  PermissionsBoundary?: unknown;
  AssumeRolePolicyDocument: { Statement: Statement[] };
  Policies: { PolicyDocument: { Statement: Statement[] } }[];
}

const roles = (template: CloudFormationTemplate): RoleProperties[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties }) => Properties as unknown as RoleProperties);

const named = (template: CloudFormationTemplate, end: string): RoleProperties => {
  const role = roles(template).find(({ RoleName }) => JSON.stringify(RoleName).includes(end));
  if (!role) throw new Error(`no role ${end}`);
  return role;
};

const statements = (role: RoleProperties) => role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const actions = (role: RoleProperties) => statements(role).flatMap(({ Action }) => Action);

const { template, destinationTemplate } = synthesizeHub(ORGANIZATION, ENV);

describe.each([
  ['hub', named(template, '-reader')],
  ['destination', named(destinationTemplate, '-reader')],
])('reader role, %s', (_, role) => {
  test('may do what the reads need and nothing else', () => {
    expect(actions(role).sort()).toEqual([...new Set(READER_OPERATIONS.map((operation) => READS[operation]))].sort());
  });

  test('has a statement a service', () => {
    for (const { Sid, Action, Resource } of statements(role)) {
      expect(new Set([Action].flat().map((action) => action.split(':')[0])).size).toBe(1);
      expect(Sid).toMatch(/^Read[A-Z][a-z0-9]+$/);
      expect(Resource).toBe('*');
    }
  });
});

test('both readers have the same statements', () => {
  expect(statements(named(template, '-reader'))).toEqual(statements(named(destinationTemplate, '-reader')));
});

describe('trust', () => {
  const arn = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] });

  test('hub: the roles of the functions that read by name, within the organization', () => {
    expect(named(template, '-reader').AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: arn(':iam::111111111111:root') },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': [
              arn(':iam::111111111111:role/copy-doctor-eu-west-1-diagnose'),
              arn(':iam::111111111111:role/copy-doctor-eu-west-1-remediate'),
            ],
          },
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        },
      },
    ]);
  });

  test('hub without an organization', () => {
    const [trust] = named(synthesizeHub(EXAMPLE_SETTINGS, ENV).template, '-reader').AssumeRolePolicyDocument.Statement;
    expect(Object.keys(trust?.Condition ?? {})).toEqual(['ArnEquals']);
  });

  test('destination', () => {
    expect(named(destinationTemplate, '-reader').AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${HubAccount}:root' } },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': ['diagnose', 'remediate'].map((name) => ({
              'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccount}:role/copy-doctor-\${Deployment}-${name}`,
            })),
          },
          StringEquals: {
            'Fn::If': ['HasOrganization', { 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } }, { Ref: 'AWS::NoValue' }],
          },
        },
      },
    ]);
  });

  test.each(['-diagnose', '-remediate'])('the trusted role %s is the one the function has', (end) => {
    expect(named(template, end).RoleName).toBe(`copy-doctor-eu-west-1${end}`);
  });
});

describe("the hub's roles that change something", () => {
  const hub = deployedHub({
    organizationId: 'o-a1b2c3d4e5',
    destinations: `${EXAMPLE_SETTINGS.destinations},arn:aws:backup:eu-west-2:111111111111:backup-vault:own`,
    copyRoles: 'service-role/AWSBackupDefaultServiceRole,Copier',
  });

  test('the vault writer reads and puts the policies of the destinations', () => {
    expect(statementsOf(hub.role('-vault-writer'))).toEqual([
      {
        Sid: 'ChangeListedVaults',
        Effect: 'Allow',
        Action: ['backup:GetBackupVaultAccessPolicy', 'backup:PutBackupVaultAccessPolicy'],
        Resource: [EXAMPLE_SETTINGS.destinations, 'arn:aws:backup:eu-west-2:111111111111:backup-vault:own'],
      },
    ]);
  });

  test('the retrier starts copies with the listed copy roles', () => {
    expect(statementsOf(hub.role('-retrier'))).toEqual([
      { Sid: 'StartCopies', Effect: 'Allow', Action: 'backup:StartCopyJob', Resource: '*' },
      {
        Sid: 'PassCopyRoles',
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [
          'arn:aws:iam::111111111111:role/service-role/AWSBackupDefaultServiceRole',
          'arn:aws:iam::111111111111:role/Copier',
        ],
        Condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
      },
    ]);
  });

  test.each(['-vault-writer', '-retrier'])('%s is taken by remediate alone, which says who decided', (end) => {
    const taking = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    };
    const byRemediate = {
      ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-remediate'] },
    };
    expect(hub.role(end).AssumeRolePolicyDocument.Statement).toEqual([
      { ...taking, Condition: { ...byRemediate, StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ]);
    expect(deployedHub().role(end).AssumeRolePolicyDocument.Statement).toEqual([{ ...taking, Condition: byRemediate }]);
  });
});

test('every role has its policies inline, and only people get a managed policy', () => {
  const policies = Object.values(template.Resources).filter(({ Type }) => /IAM::(Managed)?Policy$/.test(Type));
  expect(policies.map(({ Properties }) => Properties.ManagedPolicyName)).toEqual(['copy-doctor-eu-west-1-operator']);
});

describe('permissions boundary', () => {
  test.each([
    ['Boundary', 'arn:aws:iam::111111111111:policy/Boundary'],
    ['arn:aws:iam::111111111111:policy/team/B', 'arn:aws:iam::111111111111:policy/team/B'],
  ])('%s is on every role', (permissionsBoundary, expected) => {
    const withBoundary = roles(synthesizeHub({ ...EXAMPLE_SETTINGS, permissionsBoundary }, ENV).template);
    expect(withBoundary).toHaveLength(7);
    for (const role of withBoundary) expect(role.PermissionsBoundary).toEqual(expected);
  });

  test('without the setting no role has one', () => {
    const without = roles(template);
    expect(without).toHaveLength(7);
    for (const role of without) expect(role.PermissionsBoundary).toBeUndefined();
  });

  test('destination: by parameter', () => {
    const withBoundary = roles(destinationTemplate);
    expect(withBoundary).toHaveLength(2);
    for (const role of withBoundary) {
      expect(role.PermissionsBoundary).toEqual({
        'Fn::If': ['HasBoundary', { Ref: 'PermissionsBoundary' }, { Ref: 'AWS::NoValue' }],
      });
    }
  });
});

import { organizationTemplate } from '../../lib/organization-template';
import { synthesizeHub, EXAMPLE_SETTINGS } from '../../lib/synthesize';
import { Resolver } from '../sandbox/demo/templates';
import { statementsOf, type RoleProperties } from './hub-fixture';

const template = organizationTemplate();
const roleWith = (parameters: Record<string, string>) =>
  new Resolver(template as never, {
    account: '999999999999',
    region: 'eu-west-1',
    parameters: { HubAccount: '111111111111', Deployment: 'blue', ...parameters },
    ref: (id) => id,
    attribute: (id) => id,
  }).resources<RoleProperties & { RoleName: string }>('AWS::IAM::Role')[0]?.[1];

test('has one role, which asks two questions and changes nothing', () => {
  const role = roleWith({ OrganizationId: '' });
  expect(role?.RoleName).toBe('copy-doctor-blue-organization-reader');
  expect(role && statementsOf(role)).toEqual([
    {
      Sid: 'ReadOrganization',
      Effect: 'Allow',
      Action: ['backup:DescribeGlobalSettings', 'organizations:DescribeAccount'],
      Resource: '*',
    },
  ]);
  expect(Object.keys(template.Resources)).toHaveLength(1);
  expect(Object.keys(template.Parameters)).toEqual([
    'HubAccount',
    'Deployment',
    'OrganizationId',
    'PermissionsBoundary',
  ]);
});

test.each([
  ['', undefined],
  ['o-a1b2c3d4e5', { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }],
])('is taken by the two functions that read; organization "%s"', (OrganizationId, organization) => {
  expect(roleWith({ OrganizationId })?.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': [
            'arn:aws:iam::111111111111:role/copy-doctor-blue-diagnose',
            'arn:aws:iam::111111111111:role/copy-doctor-blue-remediate',
          ],
        },
        ...(organization && { StringEquals: organization }),
      },
    },
  ]);
});

describe('the hub', () => {
  const env = { account: '111111111111', region: 'eu-west-1' };

  it('takes that one role of that one account, and says how to deploy it', () => {
    const { template: hub } = synthesizeHub({ ...EXAMPLE_SETTINGS, organizationAccount: '999999999999' }, env);
    const arn = ':iam::999999999999:role/copy-doctor-eu-west-1-organization-reader';
    const statements = Object.values(hub.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Role')
      .flatMap((role) => statementsOf(role.Properties as never))
      .filter(({ Sid }) => Sid === 'ReadOrganization');
    expect(statements).toHaveLength(2);
    for (const { Action, Resource } of statements) {
      expect(Action).toBe('sts:AssumeRole');
      expect(JSON.stringify(Resource)).toContain(arn);
      expect(JSON.stringify(Resource)).not.toContain('*');
    }
    const { Value, Description } = hub.Outputs['OrganizationTemplate999999999999'] ?? {};
    expect(Value).toBe(
      'aws cloudformation deploy --region eu-west-1 --template-file dist/organization.template.json ' +
        '--stack-name copy-doctor-eu-west-1-organization --capabilities CAPABILITY_NAMED_IAM ' +
        '--parameter-overrides HubAccount=111111111111 Deployment=eu-west-1',
    );
    expect(Description).toContain('999999999999');
  });

  it('without the setting takes none', () => {
    const text = JSON.stringify(synthesizeHub(EXAMPLE_SETTINGS, env).template);
    expect(text).not.toContain('organization-reader');
    expect(text).not.toContain('"ReadOrganization"');
  });
});

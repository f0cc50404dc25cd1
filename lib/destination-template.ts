import { names } from './names';
import { readerPolicies, readerTrust } from './reader-role';

const sub = (text: string) => ({ 'Fn::Sub': text });
const given = (parameter: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: parameter }, ''] }] });
const ifGiven = (condition: string, value: unknown) => ({ 'Fn::If': [condition, value, { Ref: 'AWS::NoValue' }] });

/**
 * The template for accounts other than the hub's, once an account: the reader role and nothing else. It needs no
 * bootstrap and no asset, and is the same for every hub.
 */
export function destinationTemplate() {
  const { diagnose, remediate, reader } = names('${Deployment}');
  const hub = 'arn:${AWS::Partition}:iam::${HubAccount}';
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'Copy Doctor, destination account: a role by which the hub reads why a copy into this account failed. ' +
      'Deploy once an account, in any Region.',
    Parameters: {
      HubAccount: {
        Type: 'String',
        Description: 'Account that Copy Doctor is deployed in.',
        AllowedPattern: '^[0-9]{12}$',
        ConstraintDescription: 'An account id: 12 digits.',
      },
      Deployment: {
        Type: 'String',
        Description: "The hub's setting deployment; by default the hub's Region.",
        AllowedPattern: '^[a-z0-9-]{1,24}$',
        ConstraintDescription: 'Up to 24 lower case letters, digits and hyphens.',
      },
      OrganizationId: {
        Type: 'String',
        Default: '',
        Description: 'Organization that the hub must be in; empty where there is none.',
        AllowedPattern: '^(o-[a-z0-9]{10,32})?$',
        ConstraintDescription: 'Empty, or an organization id such as o-a1b2c3d4e5.',
      },
      VaultNames: {
        Type: 'CommaDelimitedList',
        Default: '',
        Description: 'Vaults that copies come into. For the record: the role reads, and reads are not limited to them.',
      },
      PermissionsBoundary: {
        Type: 'String',
        Default: '',
        Description:
          "ARN of a managed policy of this account that becomes the role's permissions boundary; may be empty.",
        AllowedPattern: '^(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+)?$',
        ConstraintDescription: 'Empty, or the ARN of a managed policy.',
      },
    },
    Conditions: {
      HasOrganization: given('OrganizationId'),
      HasBoundary: given('PermissionsBoundary'),
    },
    Resources: {
      ReaderRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: sub(reader),
          Description: 'Copy Doctor reads here why a copy failed. It can change nothing.',
          AssumeRolePolicyDocument: readerTrust({
            hubRoot: sub(`${hub}:root`),
            functionRoles: [diagnose, remediate].map((name) => sub(`${hub}:role/${name}`)),
            organization: ifGiven('HasOrganization', { 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } }),
          }),
          Policies: readerPolicies().map(({ policyName, policyDocument }) => ({
            PolicyName: policyName,
            PolicyDocument: policyDocument,
          })),
          PermissionsBoundary: ifGiven('HasBoundary', { Ref: 'PermissionsBoundary' }),
        },
      },
    },
    Outputs: {
      ReaderRoleArn: { Description: 'Role that the hub reads by', Value: { 'Fn::GetAtt': ['ReaderRole', 'Arn'] } },
      VaultNames: { Description: 'Vaults that copies come into', Value: { 'Fn::Join': [',', { Ref: 'VaultNames' }] } },
    },
  };
}

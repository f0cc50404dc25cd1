import { ORGANIZATION_OPERATIONS } from '../lambda/core/reads';
import { memberConditions, memberParameters, memberRole, memberTrust } from './member-role';
import { names } from './names';

/**
 * The template for the account in the setting `organizationAccount`: the role by which the hub asks the organization
 * which accounts belong to it, and whether cross-account backup is on. It needs no bootstrap and no asset.
 */
export function organizationTemplate() {
  const { diagnose, remediate, organizationReader } = names('${Deployment}');
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'Copy Doctor, management account or delegated administrator: the role by which the hub reads which accounts ' +
      'belong to the organization, and whether cross-account backup is on. Deploy once, in any Region.',
    Parameters: memberParameters,
    Conditions: memberConditions,
    Resources: {
      OrganizationReaderRole: {
        Type: 'AWS::IAM::Role',
        Properties: memberRole(
          organizationReader,
          'Copy Doctor asks here which accounts belong to the organization. It can change nothing.',
          organizationReaderPolicies(),
          memberTrust([diagnose, remediate]),
        ),
      },
    },
    Outputs: {
      OrganizationReaderRoleArn: {
        Description: 'Role that the hub asks the organization by',
        Value: { 'Fn::GetAtt': ['OrganizationReaderRole', 'Arn'] },
      },
    },
  };
}

/** Neither operation takes a narrower resource that is known before a copy fails. */
const organizationReaderPolicies = () => [
  {
    policyName: 'read',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Sid: 'ReadOrganization', Effect: 'Allow', Action: [...ORGANIZATION_OPERATIONS], Resource: '*' }],
    },
  },
];

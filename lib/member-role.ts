import type { InlinePolicy } from './effect-roles';
import { functionTrust } from './function-trust';
import { given, ifGiven, sub } from './intrinsics';

/** A role of another account's template, which has the parameters and conditions below. `name` may hold `${Deployment}`. */
export const memberRole = (name: string, description: string, policies: readonly InlinePolicy[], trusted: object) => ({
  RoleName: sub(name),
  Description: description,
  AssumeRolePolicyDocument: trusted,
  Policies: policies.map(({ policyName, policyDocument }) => ({
    PolicyName: policyName,
    PolicyDocument: policyDocument,
  })),
  PermissionsBoundary: ifGiven('HasBoundary', { Ref: 'PermissionsBoundary' }),
});

const HUB = 'arn:${AWS::Partition}:iam::${HubAccount}';

/** Trust by the roles of the hub's functions, and by the organization where one is given. */
export const memberTrust = (functions: readonly string[], namesDecider?: true) =>
  functionTrust({
    hubRoot: sub(`${HUB}:root`),
    functionRoles: functions.map((name) => sub(`${HUB}:role/${name}`)),
    organization: ifGiven('HasOrganization', { 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } }),
    ...(namesDecider && { namesDecider }),
  });

export const memberParameters = {
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
  PermissionsBoundary: {
    Type: 'String',
    Default: '',
    Description: "ARN of a managed policy of this account that becomes the roles' permissions boundary; may be empty.",
    AllowedPattern: '^(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+)?$',
    ConstraintDescription: 'Empty, or the ARN of a managed policy.',
  },
};

export const memberConditions = {
  HasOrganization: given('OrganizationId'),
  HasBoundary: given('PermissionsBoundary'),
};

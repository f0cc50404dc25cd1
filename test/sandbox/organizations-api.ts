import { AwsError } from './errors';
import { str, type Api, type ApiCall } from './api';
import type { Organization } from './model';

const denied = () => new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");

function organizationOf({ sandbox, account }: ApiCall): Organization {
  const { organization } = sandbox.account(account);
  if (!organization)
    throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
  return organization;
}

/** "You can only call this operation from the management account or a member account that is a delegated administrator." */
const mayAskAboutAccounts = ({ management, delegatedAdministrators }: Organization, account: string): boolean =>
  account === management || delegatedAdministrators.includes(account);

export const organizationsApi: Api = {
  DescribeOrganization: {
    handle(call) {
      const { id, management } = organizationOf(call);
      return {
        Organization: {
          Id: id,
          Arn: `arn:aws:organizations::${management}:organization/${id}`,
          FeatureSet: 'ALL',
          MasterAccountArn: `arn:aws:organizations::${management}:account/${id}/${management}`,
          MasterAccountId: management,
          MasterAccountEmail: `root+${management}@example.com`,
          AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
        },
      };
    },
  },
  DescribeAccount: {
    resource(call) {
      const { organization } = call.sandbox.account(call.account);
      const asked = str(call, 'AccountId') ?? '';
      return `arn:aws:organizations::${organization?.management ?? call.account}:account/${organization?.id ?? 'none'}/${asked}`;
    },
    handle(call) {
      const organization = organizationOf(call);
      if (!mayAskAboutAccounts(organization, call.account)) throw denied();
      const id = str(call, 'AccountId') ?? '';
      if (!organization.members.includes(id)) {
        throw new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.");
      }
      return {
        Account: {
          Id: id,
          Arn: `arn:aws:organizations::${organization.management}:account/${organization.id}/${id}`,
          Email: `root+${id}@example.com`,
          Name: `account-${id}`,
          Status: 'ACTIVE',
          State: 'ACTIVE',
          // https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html
          Paths: [`${organization.path}${id}/`],
          JoinedMethod: id === organization.management ? 'INVITED' : 'CREATED',
          JoinedTimestamp: new Date('2024-01-01T00:00:00Z'),
        },
      };
    },
  },
  DescribeEffectivePolicy: {
    handle(call) {
      const organization = organizationOf(call);
      const type = str(call, 'PolicyType');
      const target = str(call, 'TargetId') ?? call.account;
      if (type !== 'TAG_POLICY')
        throw new AwsError('InvalidInputException', `not emulated: policy type ${String(type)}`, 501);
      if (target !== call.account && organization.management !== call.account) throw denied();
      if (!organization.members.includes(target)) {
        throw new AwsError('TargetNotFoundException', "You specified a target that doesn't exist.");
      }
      const policy = call.sandbox.account(target).effectiveTagPolicy;
      if (!policy) {
        throw new AwsError(
          'EffectivePolicyNotFoundException',
          'The specified target does not have an effective policy of that type.',
        );
      }
      return {
        EffectivePolicy: {
          PolicyContent: JSON.stringify(policy),
          LastUpdatedTimestamp: call.sandbox.clock.now(),
          TargetId: target,
          PolicyType: type,
        },
      };
    },
  },
};

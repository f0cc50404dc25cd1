import { parseArn, vaultName } from '../../../lambda/core/arn';
import type { CloudFormationTemplate } from '../../../lib/synthesize';
import type { Sandbox } from '..';
import type { Names, Place } from './deploy-messaging';
import { Resolver } from './templates';

interface RoleProperties {
  RoleName: string;
  AssumeRolePolicyDocument: object;
  Policies?: { PolicyDocument: object }[];
}

function addRoles(sandbox: Sandbox, account: string, resolver: Resolver, names?: Names): void {
  for (const [id, role] of resolver.resources<RoleProperties>('AWS::IAM::Role')) {
    const policies = (role.Policies ?? []).map(({ PolicyDocument }) => PolicyDocument);
    const { arn } = sandbox.addRole({ account, name: role.RoleName, trust: role.AssumeRolePolicyDocument, policies });
    names?.arns.set(id, arn);
    names?.refs.set(id, role.RoleName);
  }
}

/** The hub's roles: of its functions, and those that they take. */
export const addHubRoles = ({ sandbox, hub }: Place, resolver: Resolver, names: Names): void =>
  addRoles(sandbox, hub, resolver, names);

export interface Members {
  readonly accounts: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Parameters of the destination template beyond those that the hub's outputs say. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** Deploys the destination template once an account, with the parameters that the hub's outputs say. */
export function addMembers({ sandbox, hub, region }: Place, template: CloudFormationTemplate, members: Members): void {
  const { destinations, organizationId = '', deployment = region } = members.settings as Record<string, string>;
  const vaults = (destinations ?? '').split(',');
  for (const account of members.accounts.filter((id) => id !== hub)) {
    const parameters: Record<string, string> = {
      HubAccount: hub,
      Deployment: deployment,
      OrganizationId: organizationId,
      VaultNames: vaults
        .filter((arn) => parseArn(arn)?.account === account)
        .map(vaultName)
        .join(','),
      VaultWriter: 'yes',
      ...members.parameters,
    };
    const attribute = (id: string, name: string) => `${id}.${name}`;
    const deployed = { account, region, parameters, attribute, ref: (id: string) => id };
    addRoles(sandbox, account, new Resolver(template, deployed));
  }
}

/** Deploys the organization's template where a setting names an account for it. */
export function addOrganizationReader(
  { sandbox, hub, region }: Place,
  template: CloudFormationTemplate,
  settings: Members['settings'],
): void {
  const { organizationAccount, organizationId = '', deployment = region } = settings as Record<string, string>;
  if (organizationAccount === undefined) return;
  const deployed = {
    account: organizationAccount,
    region,
    parameters: { HubAccount: hub, Deployment: deployment, OrganizationId: organizationId },
    attribute: (id: string, name: string) => `${id}.${name}`,
    ref: (id: string) => id,
  };
  addRoles(sandbox, organizationAccount, new Resolver(template, deployed));
}

/** A role of a person who looks at incidents and decides, with nothing but the stack's managed policy. */
export function operatorRole({ sandbox, hub }: Place, resolver: Resolver): string {
  const [policy] = resolver.resources<{ PolicyDocument: object }>('AWS::IAM::ManagedPolicy');
  if (!policy) throw new Error('the template has no managed policy for operators');
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${hub}:root` }, Action: 'sts:AssumeRole' },
  };
  return sandbox.addRole({ account: hub, name: 'operator', trust, policies: [policy[1].PolicyDocument] }).arn;
}

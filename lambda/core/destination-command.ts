import { parseArn } from './arn';

/** A role's name exists once an account: roles come with the stack in the Region of its first listed vault. */
export const regionOfRoles = ([first = '']: readonly string[]): string | undefined => parseArn(first)?.region;

export interface DestinationDeployment {
  readonly region: string;
  /** The hub's stack. */
  readonly stackName: string;
  readonly hubAccount: string;
  readonly deployment: string;
  readonly organizationId?: string;
  readonly vaultNames: readonly string[];
  /** ARN of a managed policy of the destination account. */
  readonly permissionsBoundary?: string;
  /** False: a further Region of an account, where the watch alone is wanted. */
  readonly roles?: boolean;
  /** False: an account without vaults that copies go to. */
  readonly watch?: boolean;
}

/** Where every synth writes the destination account's template, from the folder of the app. */
export const DESTINATION_TEMPLATE_FILE = 'dist/destination.template.json';

/** The template for the account of the setting `organizationAccount`. */
export const ORGANIZATION_TEMPLATE_FILE = 'dist/organization.template.json';

/** The line that puts the organization reader into its account; to be run with that account's credentials. */
export function organizationCommand(to: Omit<DestinationDeployment, 'vaultNames' | 'roles'>): string {
  return deployCommand(ORGANIZATION_TEMPLATE_FILE, 'organization', { ...to, vaultNames: [] });
}

/** The line that puts roles and watch into a destination account; to be run with that account's credentials. */
export const destinationCommand = (to: DestinationDeployment): string =>
  deployCommand(DESTINATION_TEMPLATE_FILE, 'destination', to);

function deployCommand(file: string, suffix: string, to: DestinationDeployment): string {
  return [
    `aws cloudformation deploy --region ${to.region}`,
    `--template-file ${file}`,
    `--stack-name ${to.stackName}-${suffix}`,
    '--capabilities CAPABILITY_NAMED_IAM',
    `--parameter-overrides HubAccount=${to.hubAccount} Deployment=${to.deployment}`,
    ...(to.organizationId ? [`OrganizationId=${to.organizationId}`] : []),
    ...(to.vaultNames.length > 0 ? [`VaultNames=${[...new Set(to.vaultNames)].join(',')}`] : []),
    ...(to.permissionsBoundary ? [`PermissionsBoundary=${to.permissionsBoundary}`] : []),
    ...(to.roles === false ? ['Roles=no'] : []),
    ...(to.watch === false ? ['Watch=no'] : []),
  ].join(' ');
}

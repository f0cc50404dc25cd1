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
}

/** Where every synth writes the destination account's template, from the folder of the app. */
export const DESTINATION_TEMPLATE_FILE = 'dist/destination.template.json';

/** The line that puts roles and watch into a destination account; to be run with that account's credentials. */
export function destinationCommand(to: DestinationDeployment): string {
  return [
    `aws cloudformation deploy --region ${to.region}`,
    `--template-file ${DESTINATION_TEMPLATE_FILE}`,
    `--stack-name ${to.stackName}-destination`,
    '--capabilities CAPABILITY_NAMED_IAM',
    `--parameter-overrides HubAccount=${to.hubAccount} Deployment=${to.deployment}`,
    ...(to.organizationId ? [`OrganizationId=${to.organizationId}`] : []),
    ...(to.vaultNames.length > 0 ? [`VaultNames=${[...new Set(to.vaultNames)].join(',')}`] : []),
    ...(to.permissionsBoundary ? [`PermissionsBoundary=${to.permissionsBoundary}`] : []),
    ...(to.roles === false ? ['Roles=no'] : []),
  ].join(' ');
}

import { AwsError } from './errors';
import { evaluate, wildcard, type Caller, type Decision, type PolicyRequest } from './matcher';
import type { State } from './state';
import type { Role } from './model';

/** Who made a call, as its access key says. */
export interface Identity {
  account: string;
  arn: string;
  userId: string;
  /** A session's role; a user has none and may do everything. */
  role: Role | undefined;
  sessionPolicy: string | undefined;
  sourceIdentity: string | undefined;
}

export type Context = PolicyRequest['context'];

export const callerOf = (identity: Identity): Caller => ({
  account: identity.account,
  arn: identity.arn,
  ...(identity.role ? { roleArn: identity.role.arn } : {}),
});

export function contextOf(state: State, identity: Identity): Context {
  const organization = state.accounts.get(identity.account)?.organization;
  return {
    'aws:PrincipalArn': identity.role?.arn ?? identity.arn,
    'aws:PrincipalAccount': identity.account,
    'aws:PrincipalOrgID': organization?.id,
    'aws:PrincipalOrgPaths': organization?.path,
    'aws:PrincipalType': identity.role ? 'AssumedRole' : 'User',
    'aws:PrincipalIsAWSService': 'false',
    'aws:SourceIdentity': identity.sourceIdentity,
    'aws:userid': identity.userId,
    'aws:SecureTransport': 'true',
  };
}

export function deniedByOrganization(state: State, account: string, action: string): boolean {
  const { organization, organizationDenies } = state.account(account);
  if (!organization || organization.management === account) return false; // never touches the management account
  return organizationDenies.some((pattern) => wildcard(pattern, 'i').test(action));
}

/** A role's own policies and boundary, without the organization's. */
export function roleDecision(role: Role, request: PolicyRequest): Decision {
  const bounded: Decision = role.permissionsBoundary ? evaluate([role.permissionsBoundary], request) : 'allowed';
  const own: Decision = role.policies ? evaluate(role.policies, request) : 'allowed';
  if (own === 'explicitDeny' || bounded === 'explicitDeny') return 'explicitDeny';
  return own === 'allowed' && bounded === 'allowed' ? 'allowed' : 'implicitDeny';
}

/** Why an identity may not, in AWS's words; undefined if it may. */
export function refusal(state: State, identity: Identity, request: PolicyRequest): string | undefined {
  const { action, resource } = request;
  const text = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  if (deniedByOrganization(state, identity.account, action)) {
    return `${text} with an explicit deny in a service control policy`;
  }
  const { role, sessionPolicy } = identity;
  const layers: [string, (string | object)[] | undefined][] = [
    ['identity-based policy', role?.policies],
    ['permissions boundary', role?.permissionsBoundary && [role.permissionsBoundary]],
    ['session policy', sessionPolicy === undefined ? undefined : [sessionPolicy]],
  ];
  const decided = layers
    .filter((layer): layer is [string, (string | object)[]] => layer[1] !== undefined)
    .map(([name, policies]) => ({ name, decision: evaluate(policies, request) }));
  const denying = decided.find(({ decision }) => decision === 'explicitDeny');
  if (denying) return `${text} with an explicit deny in ${article(denying.name)} ${denying.name}`;
  const silent = decided.find(({ decision }) => decision === 'implicitDeny');
  return silent && `${text} because no ${silent.name} allows the ${action} action`;
}

const article = (name: string) => (/^[aeiou]/.test(name) ? 'an' : 'a');

const accessDenied: Record<string, string> = {
  sts: 'AccessDenied',
  iam: 'AccessDenied',
  cloudformation: 'AccessDenied',
  sns: 'AuthorizationError',
  ec2: 'UnauthorizedOperation',
};

/** Which answer every fault of the caller's with the same status; SQS keeps that of its Query protocol. */
const JSON_SERVICES = ['kms', 'dynamodb', 'organizations', 'tagging', 'cloudtrail'];

export function refuse(service: string, message: string): AwsError {
  const status = JSON_SERVICES.includes(service) ? 400 : 403;
  return new AwsError(accessDenied[service] ?? 'AccessDeniedException', message, status);
}

export function refusedByResource(identity: Identity, action: string, resource: string, decision: Decision): string {
  const text = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  return decision === 'explicitDeny'
    ? `${text} with an explicit deny in a resource-based policy`
    : `${text} because no resource-based policy allows the ${action} action`;
}

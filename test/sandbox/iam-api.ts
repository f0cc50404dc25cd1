import { deniedByOrganization, roleDecision, type Identity } from './authorize';
import { evaluate, statementsOf, type PolicyRequest } from './matcher';
import { AwsError, NotEmulatedError } from './errors';
import { page, str, type Api, type ApiCall } from './api';
import type { Role } from './model';

const noSuchEntity = (name: string) => new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);

function roleNamed({ sandbox, account }: ApiCall, name: string): Role | undefined {
  return sandbox.account(account).roles.find((role) => role.name === name);
}

interface ContextEntry {
  ContextKeyName?: string;
  ContextKeyValues?: string[];
}

function simulate(call: ApiCall, role: Role, action: string, resource: string) {
  const entries = (call.input.ContextEntries as ContextEntry[] | undefined) ?? [];
  // The simulator knows only the context that it is given.
  const context: PolicyRequest['context'] = Object.fromEntries(
    entries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName,
      ContextKeyValues.length === 1 ? ContextKeyValues[0] : ContextKeyValues,
    ]),
  );
  const request: PolicyRequest = { action, resource, context };
  const given = Object.keys(context).map((key) => key.toLowerCase());
  const documents = [...(role.policies ?? []), ...(role.permissionsBoundary ? [role.permissionsBoundary] : [])];
  const keys = documents
    .flatMap(statementsOf)
    .flatMap(({ Condition }) => Object.values(Condition ?? {}).flatMap(Object.keys));
  const byOrganization = !deniedByOrganization(call.sandbox.state, role.account, action);
  const byBoundary = role.permissionsBoundary ? evaluate([role.permissionsBoundary], request) === 'allowed' : undefined;
  const own = roleDecision(role, request);
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: byOrganization ? own : 'explicitDeny',
    MatchedStatements: [],
    MissingContextValues: [...new Set(keys)].filter((key) => !given.includes(key.toLowerCase())),
    OrganizationsDecisionDetail: call.sandbox.account(role.account).organization && {
      AllowedByOrganizations: byOrganization,
    },
    PermissionsBoundaryDecisionDetail:
      byBoundary === undefined ? undefined : { AllowedByPermissionsBoundary: byBoundary },
  };
}

export const iamApi: Api = {
  GetRole: {
    resource(call) {
      const name = str(call, 'RoleName') ?? '';
      return roleNamed(call, name)?.arn ?? `arn:aws:iam::${call.account}:role/${name}`;
    },
    handle(call) {
      const name = str(call, 'RoleName') ?? '';
      const role = roleNamed(call, name);
      if (!role) throw noSuchEntity(name);
      return {
        Role: {
          Path: role.path,
          RoleName: role.name,
          RoleId: role.id,
          Arn: role.arn,
          CreateDate: role.createdAt,
          AssumeRolePolicyDocument: encodeURIComponent(role.trust), // as IAM does
          MaxSessionDuration: role.maxSessionSeconds,
          ...(role.permissionsBoundary
            ? {
                PermissionsBoundary: {
                  PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
                  PermissionsBoundaryArn: `arn:aws:iam::${role.account}:policy/boundary-of-${role.name}`,
                },
              }
            : {}),
        },
      };
    },
  },
  SimulatePrincipalPolicy: {
    resource: (call) => str(call, 'PolicySourceArn') ?? '*',
    handle(call) {
      for (const member of ['PolicyInputList', 'PermissionsBoundaryPolicyInputList', 'ResourcePolicy', 'CallerArn']) {
        if (call.input[member] !== undefined) throw new NotEmulatedError(`iam:SimulatePrincipalPolicy ${member}`);
      }
      const arn = str(call, 'PolicySourceArn') ?? '';
      const role = call.sandbox.role(arn);
      if (!role || role.account !== call.account) throw noSuchEntity(arn.split('/').at(-1) ?? arn);
      const actions = (call.input.ActionNames as string[] | undefined) ?? [];
      const resources = (call.input.ResourceArns as string[] | undefined) ?? ['*'];
      const results = actions.flatMap((action) => resources.map((resource) => simulate(call, role, action, resource)));
      const bad = () => new AwsError('InvalidInput', 'Invalid Marker');
      const { items, next } = page(results, call.input.Marker, call.input.MaxItems, 100, bad);
      return { EvaluationResults: items, IsTruncated: next !== undefined, Marker: next };
    },
  },
};

/** A role as its own session sees itself, for gates that ask for a copy role. */
export const identityOf = (role: Role): Identity => ({
  account: role.account,
  arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/AWSBackup`,
  userId: `${role.id}:AWSBackup`,
  role,
  sessionPolicy: undefined,
  sourceIdentity: undefined,
});

import { callerOf, contextOf, refusal, refuse } from './authorize';
import { evaluate, statementsOf, applies, type PolicyRequest } from './matcher';
import { parseArn } from './arn';
import { AwsError, NotEmulatedError } from './errors';
import { str, type Api, type ApiCall } from './api';
import type { Role } from './model';

const invalid = (message: string) => new AwsError('ValidationError', message);

/** What the request itself says, for trusts and for the caller's own policies. */
const asked = (call: ApiCall, sourceIdentity: string | undefined) => ({
  ...contextOf(call.sandbox.state, call.identity),
  'aws:RequestedRegion': call.region,
  'sts:ExternalId': str(call, 'ExternalId'),
  'sts:RoleSessionName': str(call, 'RoleSessionName'),
  'sts:SourceIdentity': sourceIdentity,
});

function trustDecision(call: ApiCall, role: Role, action: string, context: ReturnType<typeof asked>) {
  const { identity } = call;
  const request: PolicyRequest = {
    action,
    resource: role.arn,
    principal: callerOf(identity),
    context,
  };
  // Within one account, a trust that names the caller itself needs no identity policy; one that names the account does.
  const direct = statementsOf(role.trust).some((statement) => {
    const { AWS } = (typeof statement.Principal === 'object' ? statement.Principal : {}) as { AWS?: string | string[] };
    const named = [AWS ?? []].flat().some((arn) => arn === identity.role?.arn || arn === identity.arn);
    return statement.Effect === 'Allow' && named && applies(statement, request);
  });
  return { trusted: evaluate([role.trust], request) === 'allowed', direct, request };
}

function demand(
  call: ApiCall,
  roleArn: string,
  role: Role | undefined,
  action: string,
  sourceIdentity: string | undefined,
): void {
  const { identity, sandbox } = call;
  const { authorizations } = sandbox;
  const context = asked(call, sourceIdentity);
  const request = { action, resource: roleArn, context };
  const reason = refusal(sandbox.state, identity, request);
  const trust = role && trustDecision(call, role, action, context);
  if (!role || !trust?.trusted) {
    authorizations.refused(identity, request, role ? 'the trust policy does not allow it' : 'there is no such role');
    // One text for a role that is missing and for one that does not trust, so that roles cannot be probed.
    throw refuse('sts', `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${roleArn}`);
  }
  const needsOwnPolicy = !trust.direct || role.account !== identity.account || reason?.includes('explicit deny');
  if (reason && needsOwnPolicy) {
    authorizations.refused(identity, request, reason);
    throw refuse('sts', reason);
  }
  if (!reason) authorizations.allowed(identity.role, request);
  authorizations.trusted(role, trust.request);
}

export const stsApi: Api = {
  GetCallerIdentity: {
    resource: null,
    handle: ({ identity }) => ({ Account: identity.account, Arn: identity.arn, UserId: identity.userId }),
  },
  AssumeRole: {
    resource: null,
    handle(call) {
      const { identity, sandbox, input } = call;
      for (const member of ['PolicyArns', 'Tags', 'TransitiveTagKeys', 'SerialNumber', 'ProvidedContexts']) {
        if (input[member] !== undefined) throw new NotEmulatedError(`sts:AssumeRole ${member}`);
      }
      const roleArn = str(call, 'RoleArn') ?? '';
      const name = str(call, 'RoleSessionName') ?? '';
      const sourceIdentity = str(call, 'SourceIdentity') ?? identity.sourceIdentity;
      if (parseArn(roleArn)?.service !== 'iam') throw invalid(`${roleArn} is invalid`);
      for (const [member, value] of [
        ['roleSessionName', name],
        ['sourceIdentity', str(call, 'SourceIdentity') ?? 'none'],
      ] as const) {
        if (!/^[\w+=,.@-]{2,64}$/.test(value)) {
          throw invalid(
            `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
          );
        }
      }
      const role = sandbox.role(roleArn);
      demand(call, roleArn, role, 'sts:AssumeRole', sourceIdentity);
      if (!role) throw new Error('unreachable: a missing role is refused above');
      // Of a session that has one too: it goes on to the next role.
      if (sourceIdentity !== undefined) demand(call, roleArn, role, 'sts:SetSourceIdentity', sourceIdentity);
      if (identity.sourceIdentity && identity.sourceIdentity !== sourceIdentity) {
        throw refuse(
          'sts',
          `User: ${identity.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn}`,
        );
      }
      const seconds = (input.DurationSeconds as number | undefined) ?? 3600;
      if (seconds < 900)
        throw invalid(
          `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
        );
      if (identity.role && seconds > 3600) {
        throw invalid(
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        );
      }
      if (seconds > role.maxSessionSeconds) {
        throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
      }
      const session = sandbox.sessions.open(role, name, { seconds, sourceIdentity, policy: str(call, 'Policy') });
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: session.expiration,
        },
        AssumedRoleUser: { AssumedRoleId: session.identity.userId, Arn: session.identity.arn },
        SourceIdentity: sourceIdentity,
      };
    },
  },
};

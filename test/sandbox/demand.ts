import type { ApiCall } from './api';
import { contextOf, refusal, refuse, refusedByResource, type Context, type Identity } from './authorize';
import { AwsError } from './errors';
import type { Decision } from './matcher';
import type { Key } from './model';
import type { Sandbox } from './sandbox';

/** Asks a caller's own policies, and keeps what they answered. */
export function demanding(sandbox: Sandbox, service: string, region: string, identity: Identity): ApiCall['demand'] {
  return (action, resource, context: Context = {}) => {
    const known = { ...contextOf(sandbox.state, identity), 'aws:RequestedRegion': region, ...context };
    const request = { action, resource, context: known };
    const reason = refusal(sandbox.state, identity, request);
    if (reason) {
      sandbox.authorizations.refused(identity, request, reason);
      throw refuse(service, reason);
    }
    sandbox.authorizations.allowed(identity.role, request);
  };
}

/** A refusal by the policy of the resource itself. */
export function refuseByResource(
  { sandbox, identity }: Pick<ApiCall, 'sandbox' | 'identity'>,
  action: string,
  resource: string,
  decision: Decision,
): AwsError {
  const reason = refusedByResource(identity, action, resource, decision);
  sandbox.authorizations.refused(identity, { action, resource }, reason);
  return refuse(action.split(':')[0] ?? '', reason);
}

const KEY_DENIED = { sns: 'KMSAccessDenied', sqs: 'KmsAccessDenied' };

/** Of an encrypted topic or queue, whoever sends needs the key. */
export function demandKey(call: ApiCall, service: 'sns' | 'sqs', key: Key | undefined): void {
  if (!key) return;
  const context = { 'kms:ViaService': `${service}.${call.region}.amazonaws.com`, 'kms:CallerAccount': call.account };
  try {
    call.demand('kms:GenerateDataKey', key.arn, context);
    call.demand('kms:Decrypt', key.arn, context);
  } catch (refused) {
    throw refused instanceof AwsError ? new AwsError(KEY_DENIED[service], refused.message) : refused;
  }
}

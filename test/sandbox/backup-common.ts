import { callerOf, contextOf } from './authorize';
import type { ApiCall } from './api';
import { refuseByResource } from './demand';
import { AwsError } from './errors';
import { evaluate } from './matcher';
import type { Lifecycle, Vault } from './model';

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);
export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);
export const vaultsOf = ({ sandbox, account, region }: ApiCall) =>
  sandbox.account(account).vaults.filter((vault) => vault.region === region);

/** A Deny in the vault's own policy hits its own account too. */
export function refuseDenied(call: ApiCall, vault: Vault, action: string): void {
  const request = {
    action,
    resource: vault.arn,
    principal: callerOf(call.identity),
    context: { ...contextOf(call.sandbox.state, call.identity), 'aws:RequestedRegion': call.region },
  };
  if (vault.policy !== undefined && evaluate([vault.policy], request) === 'explicitDeny') {
    throw refuseByResource(call, action, vault.arn, 'explicitDeny');
  }
}

export const lifecycleShape = (lifecycle: Lifecycle) => ({
  MoveToColdStorageAfterDays: lifecycle.moveToColdStorageAfterDays,
  DeleteAfterDays: lifecycle.deleteAfterDays,
});

import type { Account, Lifecycle, RecoveryPoint, Role, Vault } from './model';
import type { State } from './state';

/** A copy as its gates see it, at the moment when it ends. */
export interface Copy {
  state: State;
  now: Date;
  fullyManagedCopier: 'service-linked-role' | 'copy-role' | 'either';
  sourceVault: Vault;
  recoveryPointArn: string;
  recoveryPoint: RecoveryPoint | undefined;
  type: string;
  resourceArn: string;
  destinationVaultArn: string;
  destinationVault: Vault | undefined;
  source: Account;
  destination: Account | undefined;
  roleArn: string;
  role: Role | undefined;
  lifecycle: Lifecycle | undefined;
  crossAccount: boolean;
}

export interface Closed {
  statusMessage: string;
  messageCategory: string;
}
export const closed = (messageCategory: string, statusMessage: string): Closed => ({ statusMessage, messageCategory });

export const MANAGED_DESTINATION_KEY =
  'Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key. ' +
  'The contents of this vault cannot be copied. Only the contents of a Backup vault encrypted by an AWS KMS key may be copied.';

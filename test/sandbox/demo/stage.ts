import { randomUUID } from 'node:crypto';
import type { Sandbox } from '..';
import type { Account, Key, Organization, RecoveryPoint, Role, Vault } from '../model';
import { copyOf, REGION, type Scenario } from './scenario';

/** Everything one copy needs, and all of it right: a scenario breaks one thing. Live objects of the sandbox. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly organization: Organization;
  readonly source: Account;
  readonly destination: Account;
  readonly sourceKey: Key;
  readonly sourceVault: Vault;
  readonly destinationKey: Key;
  readonly destinationVault: Vault;
  readonly recoveryPoint: RecoveryPoint;
  readonly role: Role;
}

export function setStage(sandbox: Sandbox, organization: Organization, hub: string, scenario: Scenario): Stage {
  const copy = copyOf(scenario);
  const from = { account: hub, region: REGION };
  const to = { account: copy.account, region: copy.region };
  const sourceKey = sandbox.addKey({ ...from, policy: policy(...sharedWith(hub, copy.account)) });
  const sourceVault = sandbox.addVault({ ...from, name: `prod-${scenario.name}`, key: sourceKey });
  const destinationKey = sandbox.addKey(to);
  const destinationVault = sandbox.addVault({
    ...to,
    name: copy.vault,
    key: destinationKey,
    policy: policy(allowCopyFrom(hub)),
  });
  return {
    sandbox,
    organization,
    source: sandbox.account(hub),
    destination: sandbox.account(copy.account),
    sourceKey,
    sourceVault,
    destinationKey,
    destinationVault,
    recoveryPoint: sandbox.addRecoveryPoint({ vault: sourceVault, type: copy.type, key: sourceKey }),
    role: copyRole(sandbox, hub, scenario),
  };
}

/** The role that the settings name, unless the role itself is what is broken. */
function copyRole(sandbox: Sandbox, hub: string, { name, ownRole }: Scenario): Role {
  if (ownRole) return sandbox.addCopyRole(hub, `service-role/copy-${name}`);
  const found = sandbox.account(hub).roles.find((role) => role.name === 'AWSBackupDefaultServiceRole');
  return found ?? sandbox.addCopyRole(hub);
}

/** A key that a service made for itself, once an account and Region. */
export function managedKey({ sandbox }: Stage, account: Account, region: string, alias: string): Key {
  const found = account.keys.find((key) => key.manager === 'AWS' && key.region === region && key.alias === alias);
  return found ?? sandbox.addKey({ account: account.id, region, id: randomUUID(), manager: 'AWS', alias });
}

export const policy = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
export const policyText = (...statements: readonly object[]) => JSON.stringify(policy(...statements));

const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html */
export const allowCopyFrom = (account: string) => ({
  Sid: 'AllowAccountCopyIntoBackupVault',
  Effect: 'Allow',
  Principal: root(account),
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
});

export const ownKeys = (owner: string) => ({
  Sid: 'EnableIAMUserPermissions',
  Effect: 'Allow',
  Principal: root(owner),
  Action: 'kms:*',
  Resource: '*',
});

export const useBy = (account: string) => ({
  Sid: 'AllowUseOfTheKey',
  Effect: 'Allow',
  Principal: root(account),
  Action: [
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:ReEncrypt*',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
  ],
  Resource: '*',
});

export const grantsBy = (account: string) => ({
  Sid: 'AllowAttachmentOfPersistentResources',
  Effect: 'Allow',
  Principal: root(account),
  Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
  Resource: '*',
  Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
});

const sharedWith = (owner: string, account: string) => [ownKeys(owner), useBy(account), grantsBy(account)];

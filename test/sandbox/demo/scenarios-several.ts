import { confirmed, likely, possible, type Scenario } from './scenario';
import { allowCopyFrom, ownKeys, policy, policyText } from './stage';

const denied = (Action: string) => ({ Sid: 'Quarantine', Effect: 'Deny', Principal: '*', Action, Resource: '*' });

/** Several causes at once, of which AWS names one at most; and texts that lead away from the cause. */
export const severalScenarios: readonly Scenario[] = [
  {
    name: 'vault-policy-and-whole-key-policy',
    line: 'Three things at once: no access policy on the destination vault, and neither use nor grants in the policy of the source key.',
    expected: [
      confirmed('source-key-policy-lacks-destination'),
      confirmed('source-key-policy-lacks-grants'),
      confirmed('vault-policy-lacks-source'),
    ],
    arrange: ({ destinationVault, sourceKey, source }) => {
      destinationVault.policy = undefined;
      sourceKey.policy = policyText(ownKeys(source.id));
      return undefined;
    },
  },
  {
    name: 'denied-in-three-ways',
    line: 'AWS says no more than "Access Denied": a Deny on either vault, and a copy role without the permission.',
    expected: [
      confirmed('vault-policy-denies'),
      confirmed('source-vault-policy-denies'),
      likely('copy-role-lacks-permission'),
    ],
    ownRole: true,
    arrange: ({ destinationVault, sourceVault, source, role }) => {
      destinationVault.policy = policyText(allowCopyFrom(source.id), denied('backup:CopyIntoBackupVault'));
      sourceVault.policy = policyText(denied('backup:CopyFromBackupVault'));
      role.policies = [
        policy({ Effect: 'Allow', Action: ['backup:CopyFromBackupVault', 'kms:*', 'ec2:*', 'tag:*'], Resource: '*' }),
      ];
      return undefined;
    },
  },
  {
    name: 'vault-denies-and-key-going',
    line: 'AWS says "Access Denied" for a Deny of the vault; behind it, the source key is about to be deleted.',
    expected: [confirmed('source-key-unusable'), confirmed('vault-policy-denies')],
    arrange: ({ destinationVault, sourceKey, source }) => {
      destinationVault.policy = policyText(allowCopyFrom(source.id), denied('backup:CopyIntoBackupVault'));
      sourceKey.state = 'PendingDeletion';
      return undefined;
    },
  },
  {
    name: 'both-keys-unusable',
    line: 'The source key is disabled, and so is the key of the destination vault; AWS speaks of one key.',
    expected: [confirmed('source-key-unusable'), confirmed('destination-key-unusable')],
    copy: { type: 'EFS' },
    arrange: ({ sourceKey, destinationKey }) => {
      sourceKey.state = 'Disabled';
      destinationKey.state = 'Disabled';
      return undefined;
    },
  },
  {
    name: 'cold-and-no-vault',
    line: 'The recovery point is in cold storage, and the destination vault is gone; AWS speaks of neither by its name.',
    expected: [confirmed('recovery-point-in-cold-storage'), confirmed('destination-vault-missing')],
    copy: { type: 'EFS' },
    arrange: ({ recoveryPoint, destination, destinationVault }) => {
      recoveryPoint.storageClass = 'COLD';
      destination.vaults.splice(destination.vaults.indexOf(destinationVault), 1);
      return undefined;
    },
  },
  {
    // The text with which AWS answers for five other causes.
    name: 'denied-by-a-disabled-key',
    line: 'AWS says "Access Denied trying to call AWS Backup service", every policy is right, and the source key is disabled.',
    expected: [confirmed('source-key-unusable'), possible('organization-policy-denies-copy')],
    injected: { statusMessage: 'Access Denied trying to call AWS Backup service', messageCategory: 'ACCESS_DENIED' },
    arrange: ({ sourceKey }) => void (sourceKey.state = 'Disabled'),
  },
];

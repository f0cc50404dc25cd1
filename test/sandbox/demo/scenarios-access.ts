import { confirmed, likely, possible, UNREAD, type Scenario } from './scenario';
import { allowCopyFrom, ownKeys, policy, policyText, useBy } from './stage';

export const vaultScenarios: readonly Scenario[] = [
  {
    name: 'vault-policy-lacks-source',
    line: 'The destination vault has no access policy.',
    expected: [confirmed('vault-policy-lacks-source')],
    arrange: ({ destinationVault }) => void (destinationVault.policy = undefined),
  },
  {
    name: 'vault-policy-denies',
    line: 'The access policy of the destination vault allows the source account, but a second statement denies it.',
    expected: [confirmed('vault-policy-denies')],
    arrange: ({ destinationVault, source }) => {
      const allow = allowCopyFrom(source.id);
      destinationVault.policy = policyText(allow, { ...allow, Sid: 'Quarantine', Effect: 'Deny' });
      return undefined;
    },
  },
  {
    name: 'source-vault-policy-denies',
    line: 'The source vault forbids copies; the access policy of the destination vault is right.',
    expected: [confirmed('source-vault-policy-denies')],
    arrange: ({ sourceVault }) =>
      void (sourceVault.policy = policyText({
        Sid: 'NothingLeaves',
        Effect: 'Deny',
        Principal: '*',
        Action: 'backup:CopyFromBackupVault',
        Resource: '*',
      })),
  },
  {
    name: 'vault-policy-and-key-policy',
    line: 'Two things at once: no access policy on the destination vault, and no grants in the policy of the source key.',
    expected: [confirmed('source-key-policy-lacks-grants'), confirmed('vault-policy-lacks-source')],
    arrange: ({ destinationVault, sourceKey, source, destination }) => {
      destinationVault.policy = undefined;
      sourceKey.policy = policyText(ownKeys(source.id), useBy(destination.id));
      return undefined;
    },
  },
  {
    name: 'destination-vault-missing',
    line: 'There is no vault of that name in the destination account.',
    expected: [confirmed('destination-vault-missing')],
    arrange: ({ destination, destinationVault }) => {
      destination.vaults.splice(destination.vaults.indexOf(destinationVault), 1);
      return undefined;
    },
  },
  {
    name: 'destination-vault-not-available',
    line: 'The destination vault is still being created.',
    expected: [confirmed('destination-vault-not-available')],
    arrange: ({ destinationVault }) => void (destinationVault.state = 'CREATING'),
  },
  {
    name: 'destination-vault-is-default',
    line: 'The copy goes into the vault named Default, which takes nothing from other accounts.',
    copiedBefore: 0,
    expected: [confirmed('destination-vault-is-default')],
    copy: { vault: 'Default' },
  },
  {
    name: 'retention-outside-vault-lock',
    line: 'The destination vault is locked to 7 to 35 days, and the copy is to be kept always.',
    expected: [confirmed('retention-outside-vault-lock')],
    arrange: ({ destinationVault }) =>
      void Object.assign(destinationVault, { locked: true, minRetentionDays: 7, maxRetentionDays: 35 }),
  },
  {
    name: 'destination-not-readable',
    line: 'The destination account has no reader role, and its vault has no access policy.',
    expected: [
      possible('vault-policy-lacks-source'),
      possible('vault-policy-denies'),
      // The policy simulator's "allowed" does not rule it out.
      possible('organization-policy-denies-copy'),
    ],
    copy: { account: UNREAD },
    arrange: ({ destinationVault }) => void (destinationVault.policy = undefined),
  },
];

export const roleScenarios: readonly Scenario[] = [
  {
    name: 'copy-role-lacks-permission',
    line: 'The copy role may not copy into other vaults; the access policy of the destination vault is right.',
    expected: [likely('copy-role-lacks-permission')],
    ownRole: true,
    arrange: ({ role }) =>
      void (role.policies = [
        policy({ Effect: 'Allow', Action: ['backup:CopyFromBackupVault', 'kms:*', 'ec2:*', 'tag:*'], Resource: '*' }),
      ]),
  },
  {
    name: 'copy-role-not-assumable',
    line: 'The copy role trusts EC2, not AWS Backup.',
    expected: [confirmed('copy-role-not-assumable')],
    ownRole: true,
    arrange: ({ role }) =>
      void (role.trust = policyText({
        Effect: 'Allow',
        Principal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      })),
  },
  {
    // AWS has no known text for it.
    name: 'destination-service-linked-role-missing',
    line: 'Somebody has deleted the role AWSServiceRoleForBackup of the destination account.',
    expected: [possible('destination-service-linked-role-missing')],
    injected: { statusMessage: 'The copy cannot begin in the destination.', messageCategory: 'MISCELLANEOUS' },
    arrange: ({ sandbox, destination }) => {
      const role = sandbox.state.serviceLinkedRole(destination.id);
      destination.roles = destination.roles.filter((one) => one !== role);
      return () => void (role && destination.roles.push(role));
    },
  },
];

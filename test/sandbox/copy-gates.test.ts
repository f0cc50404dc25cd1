import { gates } from '.';
import { DESTINATION, REGION, SOURCE, openWorld, type World } from './fixture';
import { DENIED, RETENTION, MANAGED_DESTINATION, INTERNAL, edit, deny, tagPolicy, type Row } from './gate-row';
import { keyGateRows } from './key-gate-rows';
import { typeGateRows } from './type-gate-rows';

const rows: Row[] = [
  {
    name: 'no organization in common',
    gate: 'organization',
    close: ({ sandbox }) => (sandbox.account(DESTINATION).organization = undefined),
    told: [
      'ACCESS_DENIED',
      'Copy job failed. Both source and destination account must be a member of the same organization.',
    ],
  },
  {
    name: 'cross-account backup is off',
    gate: 'feature-switch',
    close: ({ organization }) => (organization.isCrossAccountBackupEnabled = false),
    told: [
      'FEATURE_NOT_ENABLED',
      'Copy job failed. Cross-account copy feature is not enabled for the current organization.',
    ],
  },
  {
    name: 'the destination has not enabled the Region',
    gate: 'destination-region',
    close: ({ sandbox }) => sandbox.account(DESTINATION).enabledRegions.delete(REGION),
    told: ['ACCESS_KEY_ERROR', 'The AWS Access Key Id needs a subscription for the service'],
  },
  ...['Aurora', 'Neptune', 'DocumentDB'].map((type) => ({
    name: `the service opt-in for ${type} is off`,
    gate: 'source-service',
    type,
    close: ({ sandbox }: World) => (sandbox.account(SOURCE).regionSettings(REGION).optIn[type] = false),
    told: ['ACCESS_KEY_ERROR', 'The AWS Access Key Id needs a subscription for the service'] as const,
  })),
  {
    name: 'the recovery point is gone',
    gate: 'recovery-point',
    close: ({ sourceVault }) => (sourceVault.recoveryPoints = []),
    told: ['RESOURCE_NOT_FOUND', 'Cannot find recovery point'],
  },
  {
    name: 'the recovery point has expired',
    gate: 'recovery-point',
    close: ({ recoveryPoint }) => (recoveryPoint.status = 'EXPIRED'),
    told: ['RESOURCE_NOT_FOUND', 'Cannot find recovery point'],
  },
  {
    name: 'the recovery point is cold',
    gate: 'recovery-point',
    close: ({ recoveryPoint }) => (recoveryPoint.storageClass = 'COLD'),
    told: ['INVALID_STATE', 'Recovery point is not in the available state'],
  },
  ...typeGateRows,
  ...['backup:StartCopyJob', 'backup:CopyFromBackupVault', 'backup:*'].map((action) => ({
    name: `the source vault denies ${action}`,
    gate: 'source-vault-policy',
    close: ({ sourceVault }: World) =>
      (sourceVault.policy = edit(undefined, (statements) => statements.push(deny(action)))),
    told: DENIED,
  })),
  {
    name: 'the copy role does not trust AWS Backup',
    gate: 'role-trust',
    close: ({ role }) => (role.trust = role.trust.replace('backup.', 'ec2.')),
    told: ['ACCESS_DENIED', ({ role }) => `IAM Role ${role.arn} cannot be assumed by AWS Backup`],
  },
  {
    name: 'the copy role is gone',
    gate: 'role-trust',
    close: ({ sandbox }) => (sandbox.account(SOURCE).roles = []),
    told: ['ACCESS_DENIED', ({ role }) => `IAM Role ${role.arn} cannot be assumed by AWS Backup`],
  },
  ...['backup:CopyIntoBackupVault', 'backup:CopyFromBackupVault'].map((only) => ({
    name: `the copy role may only ${only}`,
    gate: 'role-permission',
    close: ({ role }: World) => (role.policies = [{ Statement: [{ Effect: 'Allow', Action: only, Resource: '*' }] }]),
    told: DENIED,
  })),
  {
    name: 'a permissions boundary',
    gate: 'role-permission',
    close: ({ role }) =>
      (role.permissionsBoundary = { Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] }),
    told: DENIED,
  },
  {
    name: 'the organization denies',
    gate: 'role-permission',
    close: ({ sandbox }) => sandbox.account(SOURCE).organizationDenies.push('backup:CopyInto*'),
    told: DENIED,
  },
  {
    name: 'no destination vault',
    gate: 'destination-vault',
    close: ({ sandbox }) => (sandbox.account(DESTINATION).vaults = []),
    told: ['RESOURCE_NOT_FOUND', ({ copy }) => `Could not find cryopod ${copy.destinationVaultArn}`],
  },
  {
    name: 'the destination vault is being made',
    gate: 'destination-vault-state',
    close: ({ destinationVault }) => (destinationVault.state = 'CREATING'),
    told: ['INVALID_STATE', 'Backup vault is not in the available state'],
  },
  {
    name: 'the Default vault',
    gate: 'destination-vault-default',
    type: 'S3',
    close: ({ sandbox, copy, destinationVault: { policy = '' } }) =>
      (copy.destinationVaultArn = sandbox.addVault({
        account: DESTINATION,
        region: REGION,
        name: 'Default',
        policy,
      }).arn),
    told: MANAGED_DESTINATION,
  },
  {
    name: 'no destination vault policy',
    gate: 'destination-vault-policy',
    close: ({ destinationVault }) => (destinationVault.policy = undefined),
    told: DENIED,
  },
  {
    name: 'a destination vault policy with a Deny',
    gate: 'destination-vault-policy',
    close: ({ destinationVault: vault }) =>
      (vault.policy = edit(vault.policy, (statements) => statements.push(deny('backup:CopyIntoBackupVault')))),
    told: DENIED,
  },
  {
    name: 'the destination allows images of others alone',
    gate: 'image-allowed',
    type: 'EC2',
    close: ({ sandbox }) => (sandbox.account(DESTINATION).allowedImageProviders = ['amazon', DESTINATION]),
    told: [
      'MISCELLANEOUS',
      ({ recoveryPoint }) => `Source AMI ${recoveryPoint.arn.split('/')[1] ?? ''} not found in Region.`,
    ],
  },
  {
    name: 'retention below the vault lock',
    gate: 'vault-lock',
    close: ({ destinationVault, copy }) => {
      destinationVault.minRetentionDays = 30;
      Object.assign(copy, { lifecycle: { deleteAfterDays: 29 } });
    },
    told: RETENTION,
  },
  {
    name: 'inherited retention above the vault lock',
    gate: 'vault-lock',
    close: ({ destinationVault, recoveryPoint }) => {
      destinationVault.maxRetentionDays = 30;
      recoveryPoint.lifecycle.deleteAfterDays = 31;
    },
    told: RETENTION,
  },
  {
    name: 'kept always',
    gate: 'vault-lock',
    close: ({ destinationVault }) => (destinationVault.maxRetentionDays = 30),
    told: RETENTION,
  },
  ...['ec2:snapshot', 'ec2:ALL_SUPPORTED', 'ec2:*'].map((enforced) => ({
    name: `a tag policy enforced for ${enforced}`,
    gate: 'tag-policy',
    close: ({ sandbox }: World) => (sandbox.account(DESTINATION).effectiveTagPolicy = tagPolicy(enforced)),
    told: INTERNAL,
  })),
  {
    name: 'a tag policy, fully managed',
    gate: 'tag-policy',
    type: 'S3',
    close: ({ sandbox }) => (sandbox.account(DESTINATION).effectiveTagPolicy = tagPolicy('backup:recovery-point')),
    told: ['MISCELLANEOUS', "The tag policy does not allow the specified value for the following tag key: 'team'"],
  },
  {
    name: "a tag key's capitalization",
    gate: 'tag-policy',
    close: ({ sandbox, recoveryPoint }) => {
      recoveryPoint.tags.team = 'b';
      sandbox.account(DESTINATION).effectiveTagPolicy = tagPolicy('ec2:snapshot', 'Team');
    },
    told: INTERNAL,
  },
  {
    name: 'more than 50 tags',
    gate: 'tag-policy',
    close: ({ recoveryPoint }) =>
      (recoveryPoint.tags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v']))),
    told: ['LIMIT_EXCEEDED', 'The resultant tag set must not have more than 50 user tags.'],
  },
  ...keyGateRows,
];

describe('a closed gate gives its text', () => {
  test.each(rows)('$gate: $name', async ({ gate, type, now, close, told }) => {
    const world = await openWorld(type, now);
    try {
      close(world);
      const job = await world.sandbox.runCopy(world.copy);
      await world.sandbox.finishCopies();
      const [messageCategory, text] = told;
      const statusMessage = typeof text === 'string' ? text : text(world);
      expect({
        state: job.state,
        gate: job.gate,
        messageCategory: job.messageCategory,
        statusMessage: job.statusMessage,
      }).toEqual({
        state: 'FAILED',
        gate,
        messageCategory,
        statusMessage,
      });
    } finally {
      await world.sandbox.close();
    }
  });

  test('each gate has a row, but the one that has no text of AWS', () => {
    const known = new Set(rows.map(({ gate }) => gate));
    expect(Object.keys(gates).filter((gate) => !known.has(gate))).toEqual(['service-linked-role']);
  });
});

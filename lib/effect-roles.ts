import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { CfnRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { parseArn } from '../lambda/core/arn';
import { functionTrust, TAKING_WITH_DECIDER } from './function-trust';
import { names } from './names';
import type { Settings } from './settings';

export interface EffectRolesProps {
  readonly deployment: string;
  readonly settings: Pick<Settings, 'destinations' | 'copyRoles' | 'organizationId'>;
}

/**
 * The roles in the hub's own account by which `remediate` changes something, one a purpose. Other accounts get the vault
 * writer from destination-template.ts; copies start where the hub is.
 */
export class EffectRoles extends Construct {
  constructor(scope: Construct, id: string, { deployment, settings }: EffectRolesProps) {
    super(scope, id);
    const account = `arn:${Aws.PARTITION}:iam::${Stack.of(this).account}`;
    const { organizationId, destinations, copyRoles } = settings;
    const role = (id: string, name: keyof typeof DESCRIPTIONS, policies: InlinePolicy[]) =>
      new CfnRole(this, id, {
        roleName: names(deployment)[name],
        description: DESCRIPTIONS[name],
        assumeRolePolicyDocument: functionTrust({
          hubRoot: `${account}:root`,
          functionRoles: [`${account}:role/${names(deployment).remediate}`],
          organization: organizationId && { 'aws:PrincipalOrgID': organizationId },
          namesDecider: true,
        }),
        policies,
      });

    // A vault of another account in the list does nothing here: its policy can be changed from inside that account only.
    role('VaultWriter', 'vaultWriter', vaultWriterPolicies(destinations));
    const retrier = role(
      'Retrier',
      'retrier',
      retrierPolicies(copyRoles.map((copyRole) => `${account}:role/${copyRole}`)),
    );
    Validations.of(retrier).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'StartCopyJob is asked for recovery points. Their ARNs are those of EC2, RDS and other services, of EC2 without ' +
        "an account. What is copied, and to where, is held by the copy role and the vaults' policies.",
    });
  }
}

const DESCRIPTIONS = {
  vaultWriter: 'Copy Doctor changes here the policies of the listed vaults, once a person has decided.',
  retrier: 'Copy Doctor starts failed copies again here.',
} as const;

/** As a role holds it; values may be intrinsic functions. */
export interface InlinePolicy {
  readonly policyName: string;
  readonly policyDocument: object;
}

const inline = (policyName: string, ...Statement: object[]): InlinePolicy[] => [
  { policyName, policyDocument: { Version: '2012-10-17', Statement } },
];

export const VAULT_WRITER_DESCRIPTION = DESCRIPTIONS.vaultWriter;

/** Reads and puts, never deletes: a vault's policy is not taken away by the service. */
export const vaultWriterPolicies = (vaultArns: unknown) =>
  inline('change-vault-policies', {
    Sid: 'ChangeListedVaults',
    Effect: 'Allow',
    Action: ['backup:GetBackupVaultAccessPolicy', 'backup:PutBackupVaultAccessPolicy'],
    Resource: vaultArns,
  });

const retrierPolicies = (copyRoleArns: readonly string[]) =>
  inline(
    'start-copies',
    { Sid: 'StartCopies', Effect: 'Allow', Action: 'backup:StartCopyJob', Resource: '*' },
    {
      Sid: 'PassCopyRoles',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: copyRoleArns,
      Condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    },
  );

/** What `remediate` needs to take these roles: of the accounts with a destination, and of its own. */
export function allowEffects(scope: Construct, deployment: string, destinations: readonly string[]): PolicyStatement[] {
  const { vaultWriter, retrier } = names(deployment);
  const role = (account: string, name: string) => `arn:${Aws.PARTITION}:iam::${account}:role/${name}`;
  const accounts = [...new Set(destinations.flatMap((arn) => parseArn(arn)?.account ?? []))];
  const take = (sid: string, resources: string[]) =>
    new PolicyStatement({ sid, actions: TAKING_WITH_DECIDER, resources });
  return [
    // Without a destination the settings are wrong, and nothing is deployed.
    ...(accounts.length > 0
      ? [
          take(
            'ChangeVaults',
            accounts.map((account) => role(account, vaultWriter)),
          ),
        ]
      : []),
    take('StartCopies', [role(Stack.of(scope).account, retrier)]),
  ];
}

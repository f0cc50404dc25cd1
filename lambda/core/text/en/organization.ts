import type { Copy } from '../../evidence';
import { clean } from '../clean';
import { arg } from './policy-words';

/** What is known of an account's organization; undefined: it is in none. */
type Membership = string | undefined;

interface Home {
  readonly id: string;
  readonly newcomer: string;
  readonly management: string | undefined;
}

const membership = (id: Membership) => (id === undefined ? 'in no organization' : `in organization ${id}`);
const credentialsOf = (account: string | undefined) =>
  account === undefined ? "the management account's credentials" : `credentials of the management account ${account}`;

/** Texts of the checks on organization, by check id. */
export const organization = {
  'accounts-in-different-organizations': {
    title: 'The source and the destination account are not in the same organization',
    because: (copy: Copy, source: Membership, destination: Membership) =>
      `The destination account ${copy.destinationAccount} is ${membership(destination)}; the source account ${copy.sourceAccount} is ${membership(source)}.`,
    outside: (copy: Copy, source: string) =>
      `The source account ${copy.sourceAccount} is in organization ${source}, and that organization has no account ${copy.destinationAccount} (organizations:DescribeAccount answers AccountNotFoundException).`,
    alone: (account: string) => `Account ${account} is in no organization.`,
    noOrganizationIn: (copy: Copy, arn: string) =>
      `organizations:DescribeAccount gives account ${copy.destinationAccount} an ARN that names no organization: "${clean(arn, 200)}".`,
    askedElsewhere: (id: string) =>
      `The account that was asked about the accounts of organization ${id} is not in it: look at the setting organizationAccount.`,
    steps: (copy: Copy, home: Home | undefined) => [
      ...(home === undefined
        ? [
            `Create an organization that holds both accounts, ${copy.sourceAccount} and ${copy.destinationAccount}, with credentials of the one that is to manage it, and invite the other:\n` +
              'aws organizations create-organization --feature-set ALL',
          ]
        : [
            `Move account ${home.newcomer} into organization ${home.id}, if the two accounts belong together. Invite it with ${credentialsOf(home.management)}:\n` +
              `aws organizations invite-account-to-organization --target Id=${home.newcomer},Type=ACCOUNT`,
            `Accept the invitation with credentials of account ${home.newcomer}, with the id that the first command shows in place of HANDSHAKE. A member of another organization moves by accepting: since late 2025, AWS does not ask that it leaves that one first. If it is refused, it does have to leave (aws organizations leave-organization); the management account of an organization cannot accept:\n` +
              'aws organizations list-handshakes-for-account --query "Handshakes[?State==\'OPEN\'].Id" --output text\n' +
              'aws organizations accept-handshake --handshake-id HANDSHAKE',
            `Know what it changes: the organization pays for account ${home.newcomer}, and its policies apply there. To undo it, with ${credentialsOf(home.management)}:\n` +
              `aws organizations remove-account-from-organization --account-id ${home.newcomer}`,
          ]),
      home === undefined
        ? 'Or name a vault of the same account in the copy action of the backup plan.'
        : `Or name a vault of an account in organization ${home.id} in the copy action of the backup plan, in place of ${copy.destinationVaultArn}.`,
    ],
  },

  'cross-account-backup-disabled': {
    title: 'Cross-account backup is not enabled in the organization',
    because: (value: string, management: string | undefined) =>
      `isCrossAccountBackupEnabled is "${clean(value, 40)}" in the global settings of AWS Backup, read in the management account${management === undefined ? '' : ` ${management}`}.`,
    onlyMember: (value: string, account: string) =>
      `isCrossAccountBackupEnabled is "${clean(value, 40)}" as account ${account} sees it. Only the management account's answer counts.`,
    noValue: 'The global settings of AWS Backup do not contain isCrossAccountBackupEnabled.',
    steps: (management: string | undefined) => [
      `Enable cross-account backup with ${credentialsOf(management)}:\n` +
        'aws backup update-global-settings --global-settings isCrossAccountBackupEnabled=true',
      'Start the copy again 15 minutes later: a change of this setting can take that long to become effective.',
      'Know that it costs nothing and is for all accounts of the organization; the policy of each vault still decides. To undo it:\n' +
        'aws backup update-global-settings --global-settings isCrossAccountBackupEnabled=false',
    ],
  },

  'organization-policy-denies-copy': {
    title: "A policy of the organization does not allow the copy role's copy",
    because: (action: string, resource: string, roleArn: string) =>
      `The IAM policy simulator reports AllowedByOrganizations: false for ${action} by ${roleArn} on ${clean(resource, 500)}.`,
    allowed:
      'The IAM policy simulator reports that the organization allows the copy, but it misjudges service control policies that have conditions.',
    noDetail: "The IAM policy simulator's answer has no organization decision for the copy.",
    steps: (copy: Copy, roleArn: string, actions: readonly string[], management: string | undefined) => [
      `List the service control policies that apply to account ${copy.sourceAccount}, with ${credentialsOf(management)}; look at those of its parents as well:\n` +
        `aws organizations list-policies-for-target --target-id ${copy.sourceAccount} --filter SERVICE_CONTROL_POLICY`,
      `Look for a Deny that matches ${actions.join(' or ')} by ${roleArn}, or for an account whose policies have no Allow for it.`,
      'Change that policy so that it leaves out the copy role, if the copy is meant to be permitted; then start the copy again.',
    ],
  },

  'source-region-or-service-not-enabled': {
    title: 'The Region or the service of the resource is not enabled in the source account',
    because: ({ sourceAccount, sourceRegion }: Copy, name: string) =>
      `The service opt-in of AWS Backup for ${name} is off in account ${sourceAccount}, ${sourceRegion}.`,
    offOnly: (name: string) =>
      `The service opt-in of AWS Backup for ${name} is off, which stops backups; AWS does not say that it stops copies.`,
    notOff: ({ sourceAccount, sourceRegion }: Copy) =>
      `No service opt-in of AWS Backup in account ${sourceAccount}, ${sourceRegion} is off for this type.`,
    steps: ({ sourceAccount, sourceRegion, resourceType }: Copy, name: string | undefined) => [
      name === undefined
        ? `Look at the resource types that AWS Backup protects in account ${sourceAccount}:\naws backup describe-region-settings --region ${arg(sourceRegion)} --query ResourceTypeOptInPreference`
        : `Turn on ${name} for AWS Backup in account ${sourceAccount}:\naws backup update-region-settings --region ${arg(sourceRegion)} --resource-type-opt-in-preference ${arg(`${name}=true`)}`,
      ...(name === undefined
        ? [
            `Open the console of the service of ${clean(resourceType ?? 'the resource', 80)} in ${sourceRegion} with account ${sourceAccount}: a service that was never used there may ask to be signed up for.`,
          ]
        : []),
      'Start the copy again from the source vault.',
    ],
  },

  'destination-region-not-enabled': {
    title: 'The destination Region is not enabled in the destination account',
    because: ({ destinationAccount, destinationRegion }: Copy, errors: readonly string[]): readonly string[] => [
      `An account has to turn on ${destinationRegion} before it can be used.`,
      `AWS Backup in ${destinationRegion} does not know the credentials of account ${destinationAccount} (${errors.join(', ')}), while AWS Organizations takes them.`,
    ],
    steps: ({ destinationAccount, destinationRegion }: Copy) => [
      `Look whether the Region is on, with credentials of account ${destinationAccount}:\naws account get-region-opt-status --region-name ${arg(destinationRegion)}`,
      `Enable it, if that account is meant to use it; this can take from minutes to hours:\naws account enable-region --region-name ${arg(destinationRegion)}`,
      'Start the copy again from the source vault when the Region is ENABLED.',
    ],
  },
};

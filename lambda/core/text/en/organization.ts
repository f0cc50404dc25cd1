import type { Copy } from '../../evidence';
import { clean } from '../clean';

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
    steps: (copy: Copy, home: Home | undefined) => [
      home === undefined
        ? `Create an organization that holds both accounts, ${copy.sourceAccount} and ${copy.destinationAccount}.`
        : `Move account ${home.newcomer} into organization ${home.id}, if the two accounts belong together. Invite it with ${credentialsOf(home.management)}, then accept the invitation in account ${home.newcomer}:\n` +
          `aws organizations invite-account-to-organization --target Id=${home.newcomer},Type=ACCOUNT`,
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
};

import { vaultName } from '../../arn';
import type { CauseId } from '../../cause-ids';
import type { Copy } from '../../evidence';
import type { Confidence, FixKind } from '../../finding';
import { diagnoseAgain, explain, missingRead, notRead, unproven, unsettled, withProfiles } from './unproven';

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Titles that a subject has no room for, cut to what tells them apart. The vault stands before them. */
const IN_SUBJECT: Readonly<Partial<Record<CauseId, string>>> = {
  'accounts-in-different-organizations': 'The accounts are in different organizations',
  'cross-account-backup-disabled': 'Cross-account backup is not enabled',
  'organization-policy-denies-copy': 'An organization policy does not allow it',
  'source-region-or-service-not-enabled': 'Region or service not enabled in the source',
  'destination-region-not-enabled': 'The destination Region is not enabled',
  'resource-type-not-copyable': 'Resource type is not copied on this route',
  'single-action-not-supported': 'Not in one action to account and Region',
  'dynamodb-advanced-features-off': 'Advanced DynamoDB features are not on',
  'air-gapped-vault-unsupported': 'The air-gapped vault does not take it',
  'recovery-point-in-cold-storage': 'The recovery point is in cold storage',
  'recovery-point-missing': 'The recovery point is not available',
  'rds-option-group-missing': 'The option group is missing there',
  'marketplace-image': 'It comes from an AWS Marketplace image',
  'image-not-allowed': 'The image is not allowed by its copier',
  'snapshot-not-shared': 'Snapshots of the image were not shared',
  'source-key-aws-managed': 'The source key is an AWS managed key',
  'source-key-unusable': 'The source key cannot be used',
  'source-key-missing': 'The source key does not exist',
  'source-key-policy-lacks-destination': 'The key policy does not allow use of the key',
  'source-key-policy-lacks-grants': 'The key policy does not allow grants',
  'source-key-policy-denies': 'The key policy denies use of the key',
  'destination-key-aws-managed': 'The vault has an AWS managed key',
  'destination-key-unusable': "The vault's key cannot be used",
  'destination-key-policy-lacks-backup': "The vault's key does not let AWS Backup in",
  'vault-policy-lacks-source': 'The vault does not allow the source account',
  'vault-policy-denies': 'The vault policy denies the source account',
  'source-vault-policy-denies': 'The source vault policy denies the copy',
  'destination-vault-is-default': 'The Default vault takes no such copies',
  'destination-service-linked-role-missing': 'AWS Backup has no role there',
  'retention-outside-vault-lock': 'Retention is outside what the vault allows',
  'copy-role-lacks-permission': 'The copy role lacks a permission',
  'tag-policy-violation': 'A tag breaks a tag policy',
  'nested-copy-failed': 'A nested copy of the composite job failed',
};

/** Causes that lie in one recovery point or in a time that is over: the next copy is of another one. */
const KEY_UNUSABLE = ['source-key-unusable', 'destination-key-unusable'];

const THIS_COPY_ONLY = [
  'recovery-point-missing',
  'recovery-point-in-cold-storage',
  'single-action-not-supported',
  'job-window-expired',
];

/** Everything a mail says that does not belong to one check. */
export const mail = {
  missingRead,
  diagnoseAgain,
  withProfiles,

  notRead,
  unsettled,

  lookYourself: unproven.lookYourself,

  headings: {
    destinationUnreadable: 'THE DESTINATION ACCOUNT COULD NOT BE READ',
    notListed: 'THE DESTINATION VAULT IS NOT ON THE LIST',
    drill: 'A DRILL',
    readable: 'WHAT COULD BE READ',
    happened: 'WHAT HAPPENED',
    why: 'WHY',
    confidence: 'CONFIDENCE',
    toDo: 'WHAT TO DO',
    ifNot: 'IF YOU DO NOTHING',
    alsoChecked: 'ALSO CHECKED',
    details: 'DETAILS',
  },

  subject: (copy: Copy, title: string) => `[Action] Copy to ${vaultName(copy.destinationVaultArn)} failed: ${title}`,

  inSubject: (id: string, title: string): string => (IN_SUBJECT as Readonly<Record<string, string>>)[id] ?? title,
  possibly: (title: string) => `possible cause: ${title}`,
  /** At the beginning of a line. */
  possiblyAlone: (title: string) => `Possible cause: ${title}`,
  severalFrom: (count: number, title: string) => `${count} possible causes, none settled. The first of them: ${title}`,
  sameSteps: 'The same steps.',
  several: (count: number) => `${count} possible causes, none settled`,

  drillSubject: (copy: Copy) =>
    `[Drill] Copy Doctor in account ${copy.sourceAccount}, ${copy.sourceRegion}: mails arrive`,
  readable: (
    copy: Copy,
    {
      sourceUnreadable,
      destinationUnreadable,
    }: { readonly sourceUnreadable: boolean; readonly destinationUnreadable: boolean },
  ): readonly string[] => [
    `Account ${copy.sourceAccount}, where copies come from: ${sourceUnreadable ? 'NOT readable' : 'readable'}.`,
    `Account ${copy.destinationAccount}, with the vault ${vaultName(copy.destinationVaultArn)}: ${destinationUnreadable ? 'NOT readable' : 'readable'}.`,
  ],
  drill:
    'This is a drill, sent by `npx --no-install copy-doctor drill`. No copy failed and there is nothing to do. That this mail has arrived shows that the way from the queue of Copy Doctor to your mailbox works.',

  destinationUnreadable: (copy: Copy, command: string | undefined): readonly string[] => [
    `Account ${copy.destinationAccount} could not be read, so the vault's policy and key were not checked.`,
    ...(command
      ? [
          `Deploy the reader role there, with credentials of account ${copy.destinationAccount}, in the folder the service was deployed from:`,
          `  ${command}`,
        ]
      : ['Give credentials for it, or deploy the reader role there.']),
  ],

  notListed: (copy: Copy, unreadable: boolean) =>
    `The vault ${vaultName(copy.destinationVaultArn)} in account ${copy.destinationAccount} is not on the list "destinations" of this deployment, so ${unreadable ? 'its account is not read and ' : ''}no change is proposed for it. To have changes proposed, add its ARN to that setting and deploy again.`,

  happened: (copy: Copy, resource: string, partial: boolean) =>
    `AWS Backup ${partial ? 'copied only a part of' : 'could not copy'} a recovery point of ${resource} from account ${copy.sourceAccount} (vault ${vaultName(copy.sourceVaultArn)}, ${copy.sourceRegion}) to the vault ${vaultName(copy.destinationVaultArn)} in account ${copy.destinationAccount} (${copy.destinationRegion}).`,
  awsSaid: (message: string) => `AWS Backup said: "${message}"`,
  awsSaidNothing: 'AWS Backup gave no status message.',

  notRecorded:
    'The record of this copy job could not be read, so nothing here is more than possible and no policy statement is offered.',
  group: (count: number) =>
    `The status message fits ${plural(count, 'cause')} that the evidence does not separate. One of them is enough:`,

  confidence: {
    confirmed: 'Confirmed, because what was read makes the copy fail by itself.',
    likely:
      'Likely, because what was read and the status message agree, but something else that gives this message was not settled.',
    likelyByMessage: "Likely, because the job's own record holds a text that has one known cause.",
    possible:
      'Possible. Only the status message, or a record that could not be read, points here. Look before you change anything.',
    possibleByEvidence:
      'Possible. What was read may make the copy fail, but AWS does not say that it does by itself. Look before you change anything.',
    uncatalogued: 'None: neither what was read nor the status message points to a cause that is known.',
  } satisfies Record<Confidence | 'likelyByMessage' | 'possibleByEvidence' | 'uncatalogued', string>,

  fixKind: {
    'vault-policy': 'a statement in the access policy of the destination vault',
    'key-policy': 'a statement in the policy of the source key, made by its owner',
    'retry-later': 'copying again later',
    manual: 'steps by hand',
  } satisfies Record<FixKind, string>,

  ifNothing: (causes: readonly { readonly id: string; readonly fix: FixKind; readonly confidence: Confidence }[]) => {
    const every = (ids: readonly string[]) => causes.every(({ id }) => ids.includes(id));
    if (causes.every(({ fix }) => fix === 'retry-later'))
      return 'Nothing changes here. The next scheduled copy may succeed by itself; this recovery point has no copy until then.';
    if (every(THIS_COPY_ONLY))
      return 'This recovery point has no copy. The next scheduled copy takes another recovery point and may succeed.';
    if (every(['nested-copy-failed']))
      return 'The members that failed have no copy of this recovery point, and the next scheduled copy fails for them in the same way.';
    if (every(['uncatalogued']))
      return 'This recovery point has no copy. Whether the next scheduled copy fails the same way is not known.';
    if (every(['destination-vault-not-available']))
      return 'This recovery point has no copy. The next scheduled copy fails the same way unless the vault is AVAILABLE by then.';
    if (causes.some(({ id, confidence }) => KEY_UNUSABLE.includes(id) && confidence === 'confirmed'))
      return 'The next scheduled copy fails the same way, and this recovery point has no copy. What the key encrypts can be restored only while the key is enabled, and never again once it is deleted.';
    return 'Nothing changes. The next scheduled copy fails the same way, and this recovery point has no copy.';
  },

  /** Ids of checks state faults: these are not there. */
  ruledOut: 'Ruled out',
  notChecked: 'Not checked',
  noneRuledOut: 'nothing, as nothing could be read',
  readAt: (time: string) => `Read ${time}.`,
  explain,
  details: {
    check: 'Check',
    job: 'Copy job',
    recoveryPoint: 'Recovery point',
    resource: 'Resource',
    source: 'Source vault',
    destination: 'Destination vault',
    role: 'Copy role',
    failed: 'Failed',
    parent: 'Composite job',
  },
};

import { utc } from '../utc';
import { vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import type { Feature } from '../../feature-table';
import { clean } from '../clean';
import { arg } from './policy-words';

const route = ({ crossAccount, crossRegion }: Copy) =>
  crossAccount && crossRegion
    ? 'to another account and another Region'
    : crossAccount
      ? 'to another account'
      : crossRegion
        ? 'to another Region'
        : 'to another vault';

/** The command that makes the same copy again; undefined when the event leaves out what it needs. */
function startCopy(copy: Copy): string {
  if (copy.recoveryPointArn === undefined || copy.roleArn === undefined) return 'Start the copy again from its vault.';
  return (
    `Start the copy again in account ${copy.sourceAccount}:\n` +
    `aws backup start-copy-job --region ${arg(copy.sourceRegion)} --recovery-point-arn ${arg(copy.recoveryPointArn)} --source-backup-vault-name ${arg(vaultName(copy.sourceVaultArn))} --destination-backup-vault-arn ${arg(copy.destinationVaultArn)} --iam-role-arn ${arg(copy.roleArn)}`
  );
}

const resourceOf = (copy: Copy) => copy.resourceArn ?? 'the resource';
const on = (value: boolean | undefined) => (value === true ? 'on' : 'off');

/** Texts of the checks on copyable, by check id. */
export const copyable = {
  'resource-type-not-copyable': {
    title: 'AWS Backup does not copy this resource type on this route',
    because: (copy: Copy, feature: Feature) =>
      feature.crossAccount || feature.crossRegion
        ? `AWS Backup does not copy recovery points of type ${feature.type} ${route(copy)}.`
        : `AWS Backup does not copy recovery points of type ${feature.type} at all.`,
    source: (feature: Feature) =>
      `${feature.note ?? 'The feature table has no tick for it.'} Source: ${feature.source}`,
    pointsThere: (type: string) =>
      `AWS's message says that the feature is not supported, but the feature table says that type ${type} can be copied on this route.`,
    noType: 'The copy job names no resource type.',
    unknownType: (type: string) =>
      `The feature table does not tell whether type "${clean(type, 80)}" can be copied on this route.`,
    regionDoubt: (feature: Feature, copy: Copy) =>
      `AWS documents exceptions by Region for copies of type ${feature.type}, and they touch ${copy.sourceRegion} or ${copy.destinationRegion}.`,
    steps: (copy: Copy, feature: Feature) => [
      `Remove the copy action to ${copy.destinationVaultArn} from the backup plan's rule that selects ${resourceOf(copy)}, so that it stops failing.`,
      feature.crossRegion && copy.crossAccount
        ? `Copy it to a vault of account ${copy.sourceAccount} instead: this type can be copied to another Region within one account.`
        : `Protect it with the snapshot copy of its own service: AWS Backup has no route for type ${feature.type}.`,
    ],
  },

  'single-action-not-supported': {
    title: 'This resource type could not be copied to another account and another Region in one action',
    because: (type: string, since: string, copy: Copy) =>
      `Until ${since}, AWS Backup did not copy type ${type} to another account and another Region in one action; this copy was made on ${utc(copy.time)}.`,
    now: (type: string, since: string, source: string) =>
      `Since ${since}, AWS Backup copies type ${type} in one action. Source: ${source}`,
    pointsThere: (type: string, since: string | undefined) =>
      `AWS's message says that the feature is not supported, but the feature table says that type ${type} can be copied in one action${since === undefined ? '' : ` since ${since}`}.`,
    noType: 'The copy job names no resource type.',
    unknownType: (type: string) =>
      `The feature table does not tell whether type "${clean(type, 80)}" can be copied in one action.`,
    steps: (copy: Copy) => [
      startCopy(copy),
      `Or copy in two actions: first to a vault of account ${copy.sourceAccount} in ${copy.destinationRegion}, then from there to ${copy.destinationVaultArn}.`,
    ],
  },

  'dynamodb-advanced-features-off': {
    title: 'Advanced DynamoDB features are not on for the recovery point, so it cannot be copied',
    because: (copy: Copy, optIn: boolean | undefined, management: boolean | undefined) =>
      `In account ${copy.sourceAccount}, ${copy.sourceRegion}, the AWS Backup settings for DynamoDB are: service opt-in ${on(optIn)}, advanced features ${on(management)}.`,
    plainBackup: (arn: string) => `${arn} is a backup of DynamoDB itself, made without advanced features.`,
    madeBefore: 'The settings for advanced DynamoDB features are on now; this recovery point was made without them.',
    madeWith: (arn: string) =>
      `${arn} is a recovery point that was made with advanced features; the settings have been turned off since.`,
    noSettings: 'The Region settings of AWS Backup do not contain the preferences by resource type.',
    steps: (copy: Copy, settingsAreOn: boolean) => [
      ...(settingsAreOn
        ? []
        : [
            `Turn on advanced DynamoDB features in account ${copy.sourceAccount}:\n` +
              `aws backup update-region-settings --region ${arg(copy.sourceRegion)} --resource-type-opt-in-preference DynamoDB=true --resource-type-management-preference DynamoDB=true`,
          ]),
      copy.resourceArn === undefined || copy.roleArn === undefined
        ? 'Make a new backup of the table; recovery points made before cannot be copied.'
        : `Make a new backup of the table; recovery points made before cannot be copied:\n` +
          `aws backup start-backup-job --region ${arg(copy.sourceRegion)} --backup-vault-name ${arg(vaultName(copy.sourceVaultArn))} --resource-arn ${arg(copy.resourceArn)} --iam-role-arn ${arg(copy.roleArn)}`,
      `Copy the new recovery point to ${copy.destinationVaultArn}.`,
    ],
  },

  'recovery-point-in-cold-storage': {
    title: 'The recovery point is in cold storage, and AWS Backup copies only from warm storage',
    because: (arn: string) => `The storage class of ${arn} is COLD.`,
    lifecycle: (days: number) => `Its lifecycle moves it to cold storage ${days} days after it was made.`,
    noClass: 'The answer on the recovery point contains no storage class.',
    steps: (copy: Copy) => [
      `Make a new backup of ${resourceOf(copy)} and copy it while it is warm.`,
      'Or restore the recovery point, back up the restored resource, and copy that backup.',
      "Change the backup plan's rule so that the copy action runs with the backup, before MoveToColdStorageAfterDays is over.",
    ],
  },

  'recovery-point-missing': {
    title: 'The recovery point to be copied is not available in the source vault',
    because: (arn: string, vaultArn: string) => `The vault ${vaultArn} exists and does not contain ${arn}.`,
    status: (arn: string, status: string) => `The status of ${arn} is ${status}.`,
    noArn: 'The copy job names no recovery point.',
    noStatus: 'The answer on the recovery point contains no status.',
    steps: (copy: Copy) => [
      `List the recovery points that the vault does contain:\n` +
        `aws backup list-recovery-points-by-backup-vault --region ${arg(copy.sourceRegion)} --backup-vault-name ${arg(vaultName(copy.sourceVaultArn))}${copy.resourceArn === undefined ? '' : ` --by-resource-arn ${arg(copy.resourceArn)}`}`,
      `Copy a newer recovery point to ${copy.destinationVaultArn}, or make a new backup of ${resourceOf(copy)} first.`,
      "Compare the retention in the backup plan's rule with the time that its copies take: a recovery point that expires first cannot be copied.",
    ],
  },
};

import { utc } from '../utc';
import { shortName, vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import { TABLE } from '../../feature-rows';
import type { Feature } from '../../feature-table';
import { clean } from '../clean';
import { startCopy } from './playbooks';
import { arg } from './policy-words';

const route = ({ crossAccount, crossRegion }: Copy) =>
  crossAccount && crossRegion
    ? 'to another account and another Region'
    : crossAccount
      ? 'to another account'
      : crossRegion
        ? 'to another Region'
        : 'to another vault';

const startAgain = (copy: Copy): string => `Start the copy again in account ${copy.sourceAccount}${startCopy(copy)}`;

/** What takes every type that can be copied at all. */
const standardVault = (copy: Copy): readonly string[] => [
  `Name a standard backup vault in place of ${copy.destinationVaultArn} in the copy action of the backup plan's rule that selects ${resourceOf(copy)}.`,
  `Leave the other resources of that rule as they are: give this one a rule of its own.`,
];

const SERVICE: Readonly<Record<string, string>> = { DocumentDB: 'docdb', Neptune: 'neptune' };

/** "… with the following options: TDE, Timezone" */
function optionsOf(statusMessage: string | undefined): string | undefined {
  const named = /following options: *([^.\[(]{1,200})/i.exec(statusMessage ?? '')?.[1]?.trim();
  return named === undefined || named === '' ? undefined : clean(named, 200);
}

const resourceOf = (copy: Copy) => copy.resourceArn ?? 'the resource';
const on = (value: boolean | undefined) => (value === true ? 'on' : 'off');

/** Texts of the checks on copyable, by check id. */
export const copyable = {
  'resource-type-not-copyable': {
    title: 'AWS Backup does not copy this resource type on this route',
    because: (copy: Copy, feature: Feature): readonly string[] => {
      const { type, since, onePartition } = feature;
      const source = `Source: ${since === undefined ? TABLE : feature.source}`;
      if (!onePartition) {
        return [
          `Nothing is copied between partitions of AWS, and ${copy.sourceRegion} and ${copy.destinationRegion} are in two of them. ${source}`,
        ];
      }
      const regions = copy.crossRegion
        ? `from ${copy.sourceRegion} to ${copy.destinationRegion}`
        : `in ${copy.sourceRegion}`;
      if (since !== undefined) {
        return [
          `Until ${since}, AWS Backup did not copy recovery points of type ${type} ${route(copy)} (${regions}); this copy was made on ${utc(copy.time)}.`,
          `Since ${since}, it does. ${source}`,
        ];
      }
      return [
        feature.crossAccount || feature.crossRegion
          ? `AWS Backup does not copy recovery points of type ${type} ${route(copy)}.`
          : `AWS Backup does not copy recovery points of type ${type} at all.`,
        `${feature.note ?? `The feature table has no tick for it ${regions}.`} ${source}`,
      ];
    },
    pointsThere: (type: string) =>
      `AWS's message says that the feature is not supported, but the feature table says that type ${type} can be copied on this route.`,
    noType: 'The copy job names no resource type.',
    unknownType: (type: string) =>
      `The feature table does not tell whether type "${clean(type, 80)}" can be copied on this route.`,
    regionDoubt: (feature: Feature, copy: Copy) =>
      `AWS documents exceptions by Region for copies of type ${feature.type}, and they touch ${copy.sourceRegion} or ${copy.destinationRegion}.`,
    steps: (copy: Copy, feature: Feature) =>
      feature.since === undefined
        ? [
            `Remove the copy action to ${copy.destinationVaultArn} from the backup plan's rule that selects ${resourceOf(copy)}, so that it stops failing.`,
            !feature.onePartition
              ? `Copy it to a vault in a Region of the same partition as ${copy.sourceRegion} instead.`
              : feature.crossRegion && copy.crossAccount
                ? `Copy it to a vault of account ${copy.sourceAccount} instead: this type can be copied to another Region within one account.`
                : feature.crossAccount && copy.crossRegion
                  ? `Copy it to a vault in ${copy.sourceRegion} instead: this type can be copied to another account there.`
                  : `Protect it with the snapshot copy of its own service: AWS Backup has no route for type ${feature.type}.`,
          ]
        : [startAgain(copy)],
  },

  'single-action-not-supported': {
    title: 'This resource type could not be copied to another account and another Region in one action',
    because: (type: string, since: string, copy: Copy) =>
      `Until ${since}, AWS Backup did not copy type ${type} to another account and another Region in one action; this copy was made on ${utc(copy.time)}.`,
    now: (type: string, since: string, source: string) =>
      `Since ${since}, AWS Backup copies type ${type} in one action, whatever AWS's support article says. Source: ${source}`,
    pointsThere: (type: string, since: string | undefined) =>
      `AWS's message says that the feature is not supported, but the feature table says that type ${type} can be copied in one action${since === undefined ? '' : ` since ${since}`}.`,
    noType: 'The copy job names no resource type.',
    unknownType: (type: string) =>
      `The feature table does not tell whether type "${clean(type, 80)}" can be copied in one action.`,
    steps: (copy: Copy) => [
      startAgain(copy),
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
    source: (feature: Feature | undefined) => `${feature?.note ?? ''} Source: ${feature?.source ?? ''}`,
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

  'air-gapped-vault-unsupported': {
    title: 'A logically air-gapped vault does not take this recovery point',
    noVaultType: 'Neither the record of the copy job nor the destination vault tells the type of the vault.',
    notTold: ({ resourceType }: Copy, feature: Feature | undefined) =>
      feature?.airGappedNote ??
      `The feature table does not tell whether a logically air-gapped vault takes type "${clean(resourceType ?? 'unknown', 80)}" on this route.`,
    pointsThere: ({ type }: Feature) =>
      `AWS's message says that a logically air-gapped vault does not take it, but the feature table says that it takes type ${type}.`,
    notSaid: 'The answer on the recovery point does not say whether it is encrypted.',
    because: (copy: Copy, { type, airGappedSince, source }: Feature): readonly string[] =>
      airGappedSince === undefined
        ? [
            `The vault ${copy.destinationVaultArn} is logically air-gapped, and such a vault takes no recovery points of type ${type}. Source: ${TABLE}`,
          ]
        : [
            `Until ${airGappedSince}, a logically air-gapped vault did not take recovery points of type ${type} ${route(copy)}; this copy was made on ${utc(copy.time)}.`,
            `Since ${airGappedSince}, it does. Source: ${source}`,
          ],
    steps: (copy: Copy, { airGappedSince }: Feature) =>
      airGappedSince === undefined ? standardVault(copy) : [startAgain(copy)],
    unencrypted: (copy: Copy, type: string): readonly string[] => [
      `The recovery point ${copy.recoveryPointArn ?? ''} is not encrypted, and the logically air-gapped vault ${copy.destinationVaultArn} takes only encrypted ones of type ${type}.`,
    ],
    encrypt: (copy: Copy, type: string): readonly string[] => [
      `Restore the recovery point as an encrypted cluster, with names and a key of yours in place of the capitals:\n` +
        `aws ${SERVICE[type] ?? 'rds'} restore-db-cluster-from-snapshot --region ${arg(copy.sourceRegion)} --snapshot-identifier ${arg(copy.recoveryPointArn ?? 'SNAPSHOT-ARN')} --db-cluster-identifier NEW-CLUSTER --engine ENGINE --kms-key-id KEY-ARN`,
      'Move what uses the old cluster to the new one, back that up, and copy the new recovery point.',
      ...standardVault(copy)
        .map((step) => `Or, until then: ${step.charAt(0).toLowerCase()}${step.slice(1)}`)
        .slice(0, 1),
    ],
    managed: (copy: Copy, keyArn: string): readonly string[] => [
      `The recovery point is encrypted with ${keyArn}, which AWS manages, and the logically air-gapped vault ${copy.destinationVaultArn} takes nothing under such a key.`,
    ],
    underOwnKey: (copy: Copy): readonly string[] => [
      `Encrypt ${resourceOf(copy)} with a key of your own, back it up again and copy that; the steps for each type:\nnpx --no-install copy-doctor explain source-key-aws-managed`,
      ...standardVault(copy).slice(0, 1),
    ],
  },

  'rds-option-group-missing': {
    title: 'The database snapshot needs an option group that the destination does not have',
    steps: (copy: Copy) => {
      const db = shortName(copy.resourceArn ?? '').replace(/^db:/, '') || 'DATABASE';
      const options = optionsOf(copy.statusMessage);
      const look =
        `Look at the option group of the database, in account ${copy.sourceAccount}${options === undefined ? '' : `; AWS's message asks for ${options}`}:\n` +
        `aws rds describe-db-instances --region ${arg(copy.sourceRegion)} --db-instance-identifier ${arg(db)} --query "DBInstances[].[Engine,EngineVersion,OptionGroupMemberships]"`;
      const create =
        `Create a group with the same options in account ${copy.destinationAccount}, with the engine and version from above in place of the capitals:\n` +
        `aws rds create-option-group --region ${arg(copy.destinationRegion)} --option-group-name copies --engine-name ENGINE --major-engine-version VERSION --option-group-description "For copied snapshots"\n` +
        `aws rds add-option-to-option-group --region ${arg(copy.destinationRegion)} --option-group-name copies --apply-immediately --options OptionName=OPTION`;
      const rdsCopy = (more: string) =>
        `Copy the snapshot with Amazon RDS itself${more} and name that group (aws rds copy-db-snapshot, parameter --option-group-name): AWS Backup passes no option group.`;
      if (!copy.crossAccount) {
        return [
          look,
          create,
          rdsCopy(''),
          'Or move the database to an option group without persistent options, back it up again, and let AWS Backup copy that.',
        ];
      }
      const shareable =
        options !== undefined && options.split(/\W+/).every((name) => /^(timezone|ols|and)?$/i.test(name));
      return [
        look,
        ...(shareable
          ? [
              create,
              rdsCopy(`: make a manual copy of it, share that with account ${copy.destinationAccount}, copy it there`),
            ]
          : [
              `Know that no snapshot of this database leaves account ${copy.sourceAccount} while the database has a permanent or persistent option, whoever copies it: Amazon RDS shares such snapshots only for the Oracle options Timezone and OLS.`,
            ]),
        `${shareable ? 'Or move' : 'Move'} the data to a database without such options, with the export and import of its engine, back that database up, and let AWS Backup copy that.`,
      ];
    },
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

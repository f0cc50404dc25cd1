import { parseArn, vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import type { Statement } from '../../policy/policy';
import { arg, letIn } from './policy-words';

// What no policy cures: steps with every name filled in, how to undo them, what they cost.

const startCommand = (copy: Copy, { point, from, to = copy.destinationVaultArn, more = '' }: Started) =>
  `aws backup start-copy-job --recovery-point-arn ${point} --source-backup-vault-name ${arg(from ?? vaultName(copy.sourceVaultArn))}` +
  ` --destination-backup-vault-arn ${arg(to)} --iam-role-arn ${arg(copy.roleArn ?? '')}${more} --region ${arg(copy.sourceRegion)}`;

interface Started {
  readonly point: string;
  readonly from?: string;
  readonly to?: string;
  readonly more?: string;
}

/** What says how long the copy is kept: without it, AWS Backup takes over the lifecycle of the source. */
const lifecycleOption = ({ lifecycle = {} }: Copy) => {
  const settings = Object.entries(lifecycle).flatMap(([name, value]) =>
    /^(number|boolean)$/.test(typeof value) ? [`${name}=${value}`] : [],
  );
  return settings.length === 0 ? undefined : ` --lifecycle ${arg(settings.join(','))}`;
};
// https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html ("retain their source configuration")
const notKnown = ". How long the copy was to be kept is not known: without --lifecycle it has the source's lifecycle";

/** ":" and the command that makes the copy, kept as long as the failed one was to be. */
function kept(copy: Copy, { more, ...started }: Started): string {
  const lifecycle = more ?? lifecycleOption(copy);
  return `${lifecycle === undefined ? notKnown : ''}:\n${startCommand(copy, { ...started, ...(lifecycle ? { more: lifecycle } : {}) })}`;
}

/** The command alone, with all that is known of the copy. */
export const startCopyCommand = (copy: Copy, point: string): string =>
  startCommand(copy, { point: arg(point), more: lifecycleOption(copy) ?? '' });

/** ":" and the command that starts the copy again, where its names are known; else a period. `more`: its lifecycle. */
export function startCopy(copy: Copy, options: Omit<Started, 'point'> = {}): string {
  if (!copy.recoveryPointArn || !copy.roleArn) return '.';
  return kept(copy, { ...options, point: arg(copy.recoveryPointArn) });
}

/** One line for a shell: a key with this policy, and a vault under it. */
const keyAndVault = (name: string, region: string, policy?: readonly Statement[]) =>
  `KEY_ARN=$(aws kms create-key --description "AWS Backup copies"${
    policy ? ` --policy ${arg(JSON.stringify({ Version: '2012-10-17', Statement: policy }))}` : ''
  } --query KeyMetadata.Arn --output text --region ${arg(region)})\n` +
  `aws backup create-backup-vault --backup-vault-name ${arg(name)} --encryption-key-arn "$KEY_ARN" --region ${arg(region)}`;

const vaultArn = ({ partition }: Copy, account: string, region: string, name: string) =>
  `arn:${partition}:backup:${region}:${account}:backup-vault:${name}`;

const owner = (account: string, partition: string): Statement => ({
  Sid: 'EnableIAMUserPermissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:${partition}:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
});

const plainType = ({ resourceType = '' }: Copy) => resourceType.toLowerCase().replace(/[^a-z0-9]/g, '');

/** One for each type: those of another type are under another key, and a vault has one key. At most 50 characters. */
const between = (copy: Copy) => `copies-to-${copy.destinationAccount}-${plainType(copy) || 'all'}`.slice(0, 50);

/** `sharing`: the statements that let the destination use the new key. */
export function sourceKeyAwsManaged(
  copy: Copy,
  sharing: readonly Statement[],
  fullyManaged: boolean,
): readonly string[] {
  const { sourceAccount, sourceRegion: region, recoveryPointArn, roleArn, destinationAccount } = copy;
  const name = between(copy);
  const create = keyAndVault(name, region, [owner(sourceAccount, copy.partition), ...sharing]);
  const through =
    recoveryPointArn && roleArn
      ? [
          `Copy the recovery point into that vault, where it is kept as long as its source, in the same shell:\nJOB=$(${startCommand(
            copy,
            {
              point: arg(recoveryPointArn),
              to: vaultArn(copy, sourceAccount, region, name),
              more: ' --query CopyJobId --output text',
            },
          )})`,
          `Look for COMPLETED, then at the key of the new recovery point. It has to be the new one; if it is not, this way does not work for it:\naws backup describe-copy-job --copy-job-id "$JOB" --query CopyJob.State --region ${arg(region)}\nPOINT=$(aws backup describe-copy-job --copy-job-id "$JOB" --query CopyJob.DestinationRecoveryPointArn --output text --region ${arg(region)})\naws backup describe-recovery-point --backup-vault-name ${name} --recovery-point-arn "$POINT" --query EncryptionKeyArn --region ${arg(region)}; echo "$KEY_ARN"`,
          `Copy the new recovery point to ${vaultName(copy.destinationVaultArn)}${kept(copy, { point: '"$POINT"', from: name })}`,
        ]
      : [`Copy the recovery point into that vault, and from there to ${vaultName(copy.destinationVaultArn)}.`];
  return [
    `Create a customer managed key, which account ${destinationAccount} may use, and a vault under it, with credentials of account ${sourceAccount}:\n${create}`,
    ...through,
    `For the copies to come: ${fullyManaged ? newTarget(copy, name) : newKey(copy)}`,
    ...(/^(ebs|ec2)$/.test(plainType(copy)) ? [newVolumes] : []),
    `Know what it costs: the key by the month, and storage for the second copy, which is a full one. To undo it, delete the recovery points in ${name}, the vault and, when nothing is under it any more, the key:\naws kms schedule-key-deletion --key-id "$KEY_ARN" --pending-window-in-days 30 --region ${arg(region)}`,
  ];
}

const newTarget = (copy: Copy, name: string) =>
  `name ${name} as TargetBackupVaultName in the rule of the backup plan: AWS Backup encrypts ${copy.resourceType ?? 'this type'} with the key of the vault.`;

/** The default key of the account is left alone: it is for everybody's volumes, and Auto Scaling may not use the new one. */
const newVolumes =
  'Name the key where new volumes are made: --encrypted and --kms-key-id of aws ec2 create-volume, Encrypted and KmsKeyId in a launch template. Let the service-linked role of EC2 Auto Scaling use it in the key policy first, where that launches instances: it has no access to a customer managed key by itself.';

/** What puts a resource under the new key; the key of a resource cannot be changed. */
function newKey(copy: Copy): string {
  const at = ` --region ${arg(copy.sourceRegion)}`;
  const id = arg(/[^/:]+$/.exec(parseArn(copy.resourceArn ?? '')?.resource ?? '')?.[0] ?? 'RESOURCE');
  const key = ' --kms-key-id "$KEY_ARN"';
  const replaced = (volume: string) =>
    [
      `SNAPSHOT=$(aws ec2 create-snapshot --volume-id ${volume} --query SnapshotId --output text${at})`,
      `aws ec2 wait snapshot-completed --snapshot-ids "$SNAPSHOT"${at}`,
      `COPY=$(aws ec2 copy-snapshot --source-region ${arg(copy.sourceRegion)} --source-snapshot-id "$SNAPSHOT" --encrypted${key} --query SnapshotId --output text${at})`,
      `aws ec2 wait snapshot-completed --snapshot-ids "$COPY"${at}`,
      `aws ec2 create-volume --snapshot-id "$COPY" --availability-zone ZONE${at}`,
    ].join('\n');
  // The waiters of Amazon RDS serve DocumentDB and Neptune too: one API, and neither has one of its own for snapshots.
  const waitForSnapshot = (snapshot: string) =>
    `aws rds wait db-snapshot-available --db-snapshot-identifier ${snapshot}${at}`;
  const waitForClusterSnapshot = (snapshot: string) =>
    `aws rds wait db-cluster-snapshot-available --db-cluster-snapshot-identifier ${snapshot}${at}`;
  const cluster = (service: string, engine = service) =>
    [
      `restore the cluster under the new key, give it instances and use it in place of the old one; its endpoints are new${engine === 'ENGINE' ? ', and ENGINE stands for aurora-mysql or aurora-postgresql' : ''}. A wait that gives up is repeated:`,
      `aws ${service} create-db-cluster-snapshot --db-cluster-identifier ${id} --db-cluster-snapshot-identifier ${id}-before${at}`,
      waitForClusterSnapshot(`${id}-before`),
      `aws ${service} restore-db-cluster-from-snapshot --db-cluster-identifier ${id}-cmk --snapshot-identifier ${id}-before --engine ${engine}${key}${at}`,
    ].join('\n');
  const backup = arg(/backup-\w+$/.exec(copy.recoveryPointArn ?? '')?.[0] ?? 'BACKUP');
  const type = plainType(copy);
  switch (type.startsWith('fsx') ? 'fsx' : type) {
    case 'ebs':
      return `replace the volume while nothing writes to it, with its Availability Zone in place of ZONE. A wait that gives up is repeated:\n${replaced(id)}`;
    case 'ec2':
      return `stop the instance and replace each of its volumes that has the old key; put the volume and its Availability Zone in place of VOLUME and ZONE. A wait that gives up is repeated:\naws ec2 describe-volumes --filters Name=attachment.instance-id,Values=${id} --query "Volumes[].[VolumeId,AvailabilityZone,KmsKeyId]"${at}\n${replaced('VOLUME')}`;
    case 'rds':
      return [
        'restore the database under the new key and use the new one, which has another endpoint. A wait that gives up is repeated:',
        `aws rds create-db-snapshot --db-instance-identifier ${id} --db-snapshot-identifier ${id}-before${at}`,
        waitForSnapshot(`${id}-before`),
        `aws rds copy-db-snapshot --source-db-snapshot-identifier ${id}-before --target-db-snapshot-identifier ${id}-cmk${key}${at}`,
        waitForSnapshot(`${id}-cmk`),
        `aws rds restore-db-instance-from-db-snapshot --db-instance-identifier ${id}-cmk --db-snapshot-identifier ${id}-cmk${at}`,
      ].join('\n');
    case 'aurora':
      return cluster('rds', 'ENGINE');
    case 'documentdb':
      return cluster('docdb');
    case 'neptune':
      return cluster('neptune');
    case 'fsx':
      // AWS Backup backs up volumes of ONTAP alone; OpenZFS, Lustre and Windows by the file system.
      return parseArn(copy.resourceArn ?? '')?.resource.startsWith('volume/')
        ? `restore the volume into a file system under the new key, since an ONTAP volume has the key of its file system, and mount the new one. Create that file system with --kms-key-id "$KEY_ARN" and a storage virtual machine in it; put the id of that machine, a name and the size in MiB in place of SVM, NAME and SIZE:\naws fsx create-volume-from-backup --backup-id ${backup} --name NAME --ontap-configuration StorageVirtualMachineId=SVM,JunctionPath=/NAME,SizeInMegabytes=SIZE${at}`
        : `restore the file system under the new key and mount the new one, with its subnet in place of SUBNET, or two for more than one Availability Zone:\naws fsx create-file-system-from-backup --backup-id ${backup} --subnet-ids SUBNET${key}${at}`;
    case 'storagegateway':
      return 'create a volume of the gateway with the options --kms-encrypted and --kms-key "$KEY_ARN", move the data and use the new one.';
    default:
      return 'restore or create the resource again under the new key and use it in place of the old one.';
  }
}

/** `statement`: what lets the source copy into the new vault. */
export function destinationKeyAwsManaged(copy: Copy, statement: Statement): readonly string[] {
  const { destinationAccount, destinationRegion, sourceAccount } = copy;
  const name = `${vaultName(copy.destinationVaultArn).slice(0, 46)}-cmk`;
  const arn = vaultArn(copy, destinationAccount, destinationRegion, name);
  return [
    `Create a customer managed key and a vault under it that account ${sourceAccount} may copy into, with credentials of account ${destinationAccount}; the key of a vault cannot be changed:\n${keyAndVault(name, destinationRegion)}\n${letIn(name, destinationRegion, statement)}`,
    `Name the new vault in the copy action of the backup plan in account ${sourceAccount}:\n${arn}`,
    `Copy this recovery point into it, with credentials of account ${sourceAccount}${startCopy(copy, { to: arn })}`,
    `Know what it costs: the key by the month, and storage; the first copy into a new vault is a full one. The old vault and what is in it stay. To undo it, name the old vault again. Put ${arn} on the list "destinations" of this deployment, to have it looked after.`,
  ];
}

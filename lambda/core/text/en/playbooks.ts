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

/** ":" and the command that starts the copy again, where its names are known; else a period. */
export function startCopy(copy: Copy, options: Omit<Started, 'point'> = {}): string {
  if (!copy.recoveryPointArn || !copy.roleArn) return '.';
  return `:\n${startCommand(copy, { ...options, point: arg(copy.recoveryPointArn) })}`;
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

/** `sharing`: the statements that let the destination use the new key. */
export function sourceKeyAwsManaged(
  copy: Copy,
  sharing: readonly Statement[],
  fullyManaged: boolean,
): readonly string[] {
  const { sourceAccount, sourceRegion: region, recoveryPointArn, roleArn, destinationAccount } = copy;
  const name = `copies-to-${destinationAccount}`;
  const create = keyAndVault(name, region, [owner(sourceAccount, copy.partition), ...sharing]);
  const through =
    recoveryPointArn && roleArn
      ? [
          `Copy the recovery point into that vault, in the same shell:\nJOB=$(${startCommand(copy, {
            point: arg(recoveryPointArn),
            to: vaultArn(copy, sourceAccount, region, name),
            more: ' --query CopyJobId --output text',
          })})`,
          `Look for COMPLETED, then at the key of the new recovery point. It has to be the new one; if it is not, this way does not work for it:\naws backup describe-copy-job --copy-job-id "$JOB" --query CopyJob.State --region ${arg(region)}\nPOINT=$(aws backup describe-copy-job --copy-job-id "$JOB" --query CopyJob.DestinationRecoveryPointArn --output text --region ${arg(region)})\naws backup describe-recovery-point --backup-vault-name ${name} --recovery-point-arn "$POINT" --query EncryptionKeyArn --region ${arg(region)}; echo "$KEY_ARN"`,
          `Copy the new recovery point to ${vaultName(copy.destinationVaultArn)}:\n${startCommand(copy, { point: '"$POINT"', from: name })}`,
        ]
      : [`Copy the recovery point into that vault, and from there to ${vaultName(copy.destinationVaultArn)}.`];
  return [
    `Create a customer managed key, which account ${destinationAccount} may use, and a vault under it, with credentials of account ${sourceAccount}:\n${create}`,
    ...through,
    `For the copies to come: ${fullyManaged ? newTarget(copy, name) : newKey(copy)}`,
    `Know what it costs: the key by the month, and storage for the second copy, which is a full one. To undo it, delete the recovery points in ${name}, the vault and, when nothing is under it any more, the key:\naws kms schedule-key-deletion --key-id "$KEY_ARN" --pending-window-in-days 30 --region ${arg(region)}`,
  ];
}

const newTarget = (copy: Copy, name: string) =>
  `name ${name} as TargetBackupVaultName in the rule of the backup plan: AWS Backup encrypts ${copy.resourceType ?? 'this type'} with the key of the vault.`;

/** What puts a resource under the new key; the key of a resource cannot be changed. */
function newKey(copy: Copy): string {
  const at = ` --region ${arg(copy.sourceRegion)}`;
  const id = arg(/[^/:]+$/.exec(parseArn(copy.resourceArn ?? '')?.resource ?? '')?.[0] ?? '<id>');
  const key = ' --kms-key-id "$KEY_ARN"';
  const ebs = `aws ec2 copy-snapshot --source-region ${arg(copy.sourceRegion)} --source-snapshot-id <snapshot> --encrypted${key}${at}\naws ec2 create-volume --snapshot-id <copy> --availability-zone <zone>${at}\naws ec2 modify-ebs-default-kms-key-id${key}${at}`;
  const cluster = (service: string, engine = service) =>
    `restore the cluster under the new key, give it instances and use it in place of the old one; its endpoints are new:\naws ${service} create-db-cluster-snapshot --db-cluster-identifier ${id} --db-cluster-snapshot-identifier ${id}-before${at}\naws ${service} restore-db-cluster-from-snapshot --db-cluster-identifier ${id}-cmk --snapshot-identifier ${id}-before --engine ${engine}${key}${at}`;
  switch ((copy.resourceType ?? '').toLowerCase().replace(/[^a-z0-9]/g, '')) {
    case 'ebs':
      return `replace the volume while nothing writes to it; the last command makes the key the default for new volumes:\naws ec2 create-snapshot --volume-id ${id}${at}\n${ebs}`;
    case 'ec2':
      return `stop the instance and replace each of its volumes that has the old key; the last command makes the key the default for new volumes:\naws ec2 describe-volumes --filters Name=attachment.instance-id,Values=${id} --query "Volumes[].[VolumeId,KmsKeyId]"${at}\naws ec2 create-snapshot --volume-id <volume>${at}\n${ebs}`;
    case 'rds':
      return `restore the database under the new key and use the new one, which has another endpoint:\naws rds create-db-snapshot --db-instance-identifier ${id} --db-snapshot-identifier ${id}-before${at}\naws rds copy-db-snapshot --source-db-snapshot-identifier ${id}-before --target-db-snapshot-identifier ${id}-cmk${key}${at}\naws rds restore-db-instance-from-db-snapshot --db-instance-identifier ${id}-cmk --db-snapshot-identifier ${id}-cmk${at}`;
    case 'aurora':
      return cluster('rds', '<engine>');
    case 'documentdb':
      return cluster('docdb');
    case 'neptune':
      return cluster('neptune');
    case 'fsx':
      return `restore the file system under the new key and mount the new one:\naws fsx create-file-system-from-backup --backup-id ${arg(/backup-\w+$/.exec(copy.recoveryPointArn ?? '')?.[0] ?? '<backup>')} --subnet-ids <subnets>${key}${at}`;
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

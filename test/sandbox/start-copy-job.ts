import { parseArn } from './arn';
import { assumableByBackup } from './copy-gates';
import { AwsError, NotEmulatedError } from './errors';
import { invalidValue, notFound, refuseDenied, vaultsOf } from './backup-common';
import { str, type ApiCall } from './api';
import type { CopyJob } from './model';

/** What a token stands for: the request as it was, and the job that came of it. */
export interface Started {
  request: string;
  job: Promise<CopyJob>;
}

const answer = ({ id, createdAt, childIds }: CopyJob) => ({
  CopyJobId: id,
  CreationDate: createdAt,
  IsParent: childIds.length > 0,
});

export async function startCopyJob(call: ApiCall) {
  const { sandbox, account, region } = call;
  const arn = str(call, 'RecoveryPointArn') ?? '';
  const roleArn = str(call, 'IamRoleArn') ?? '';
  const destinationVaultArn = str(call, 'DestinationBackupVaultArn') ?? '';
  for (const [name, value] of Object.entries({ arn, roleArn, destinationVaultArn })) {
    if (value === '') throw new AwsError('MissingParameterValueException', `${name} is required`);
  }
  const vault = vaultsOf(call).find(({ name }) => name === str(call, 'SourceBackupVaultName'));
  if (!vault) throw notFound(`Backup vault ${str(call, 'SourceBackupVaultName') ?? ''} does not exist`);
  if (parseArn(destinationVaultArn)?.service !== 'backup')
    throw invalidValue(`${destinationVaultArn} is not a backup vault's ARN`);
  refuseDenied(call, vault, 'backup:StartCopyJob');
  call.demand('iam:PassRole', roleArn, { 'iam:PassedToService': 'backup.amazonaws.com' });
  const { started } = sandbox.backup;
  const { IdempotencyToken: token, ...request } = call.input;
  const key = typeof token === 'string' ? `${account}/${region}/${token}` : undefined;
  const known = key === undefined ? undefined : started.get(key);
  if (known) {
    // AWS says what the same request again does, and nothing about another one with its token.
    if (known.request !== JSON.stringify(request)) throw new NotEmulatedError('backup:StartCopyJob, a used token');
    return answer(await known.job);
  }
  const point = sandbox.state.recoveryPointIn(vault, arn);
  if (!point) throw notFound(`Cannot find Recovery point: ${arn}`);
  if (point.continuous)
    throw new AwsError('InvalidRequestException', 'Continuous recovery points cannot be copied on demand.');
  if (!assumableByBackup({ role: sandbox.role(roleArn), source: sandbox.account(account) })) {
    throw invalidValue(`IAM Role ${roleArn} cannot be assumed by AWS Backup`);
  }
  if (sandbox.backup.running(account, region) >= sandbox.maxRunningCopies) {
    throw new AwsError('LimitExceededException', 'The number of concurrent copy jobs has reached its limit.');
  }
  const lifecycle = call.input.Lifecycle as
    { MoveToColdStorageAfterDays?: number; DeleteAfterDays?: number } | undefined;
  const job = sandbox.runCopy({
    recoveryPoint: point,
    destinationVaultArn,
    role: roleArn,
    lifecycle: lifecycle && {
      moveToColdStorageAfterDays: lifecycle.MoveToColdStorageAfterDays,
      deleteAfterDays: lifecycle.DeleteAfterDays,
    },
    createdBy: 'on-demand',
  });
  // Before anything is awaited: the same request at the same time is the same job.
  if (key !== undefined) started.set(key, { request: JSON.stringify(request), job });
  return answer(await job);
}

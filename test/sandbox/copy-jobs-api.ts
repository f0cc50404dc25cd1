import { NotEmulatedError } from './errors';
import { invalidValue, lifecycleShape, notFound } from './backup-common';
import { page, str, type Api, type ApiCall } from './api';
import type { CopyJob } from './model';
import { startCopyJob } from './start-copy-job';

function jobShape(call: ApiCall, job: CopyJob) {
  const destination = call.sandbox.vault(job.destinationVaultArn);
  const children = job.childIds.length === 0 ? [] : call.sandbox.copyJobs.filter(({ parentId }) => parentId === job.id);
  const inState: Record<string, number> = {};
  for (const { state } of children) inState[state] = (inState[state] ?? 0) + 1;
  return {
    AccountId: job.account,
    CopyJobId: job.id,
    SourceBackupVaultArn: job.sourceVaultArn,
    SourceRecoveryPointArn: job.sourceRecoveryPointArn,
    DestinationBackupVaultArn: job.destinationVaultArn,
    DestinationVaultType: destination?.type,
    DestinationRecoveryPointArn: job.destinationRecoveryPointArn,
    ResourceArn: job.resourceArn,
    ResourceName: job.resourceName,
    ResourceType: job.type,
    CreationDate: job.createdAt,
    CompletionDate: job.completedAt,
    State: job.state,
    StatusMessage: job.statusMessage,
    MessageCategory: job.messageCategory || undefined,
    BackupSizeInBytes: job.bytes,
    IamRoleArn: job.role,
    DestinationRecoveryPointLifecycle: job.lifecycle && lifecycleShape(job.lifecycle),
    CreatedBy: job.createdBy && {
      BackupPlanId: job.createdBy.planId,
      BackupPlanArn: job.createdBy.planArn,
      BackupPlanVersion: job.createdBy.planVersion,
      BackupRuleId: job.createdBy.ruleId,
      BackupRuleCron: job.createdBy.ruleCron,
      BackupRuleTimezone: job.createdBy.ruleTimezone,
    },
    ParentJobId: job.parentId,
    IsParent: children.length > 0,
    NumberOfChildJobs: children.length > 0 ? children.length : undefined,
    ChildJobsInState: children.length > 0 ? inState : undefined,
  };
}

interface ListInput {
  ByState?: string;
  ByResourceArn?: string;
  ByResourceType?: string;
  ByDestinationVaultArn?: string;
  ByAccountId?: string;
  ByParentJobId?: string;
  ByMessageCategory?: string;
  BySourceRecoveryPointArn?: string;
  ByCreatedAfter?: Date;
  ByCreatedBefore?: Date;
  ByCompleteAfter?: Date;
  ByCompleteBefore?: Date;
}

function fits(job: CopyJob, by: ListInput): boolean {
  const equal = (wanted: string | undefined, actual: string | undefined) => wanted === undefined || wanted === actual;
  const after = (bound: Date | undefined, date: Date | undefined) => !bound || (date !== undefined && date >= bound);
  const before = (bound: Date | undefined, date: Date | undefined) => !bound || (date !== undefined && date <= bound);
  return (
    equal(by.ByState, job.state) &&
    equal(by.ByResourceArn, job.resourceArn) &&
    equal(by.ByResourceType, job.type) &&
    equal(by.ByDestinationVaultArn, job.destinationVaultArn) &&
    equal(by.ByParentJobId, job.parentId) &&
    equal(by.BySourceRecoveryPointArn, job.sourceRecoveryPointArn) &&
    (by.ByMessageCategory === '*' || equal(by.ByMessageCategory, job.messageCategory)) &&
    after(by.ByCreatedAfter, job.createdAt) &&
    before(by.ByCreatedBefore, job.createdAt) &&
    after(by.ByCompleteAfter, job.completedAt) &&
    before(by.ByCompleteBefore, job.completedAt)
  );
}

/** The management account sees its members' jobs; what else ByAccountId does is not documented. */
function accountsAsked(call: ApiCall, asked: string | undefined): string[] {
  if (asked === undefined || asked === call.account) return [call.account];
  const { organization } = call.sandbox.account(call.account);
  if (organization?.management !== call.account)
    throw new NotEmulatedError('backup:ListCopyJobs ByAccountId from a member');
  return asked === '*' ? organization.members : organization.members.filter((member) => member === asked);
}

export const copyJobsApi: Api = {
  DescribeCopyJob: {
    handle(call) {
      const id = str(call, 'CopyJobId') ?? '';
      const job = call.sandbox.backup.recordOf(id.toUpperCase());
      if (!job || job.account !== call.account || job.region !== call.region) {
        throw notFound(`Could not find copy job with id ${id}`);
      }
      return { CopyJob: jobShape(call, job) };
    },
  },
  ListCopyJobs: {
    handle(call) {
      const by = call.input as ListInput;
      const { MaxResults } = call.input;
      if (typeof MaxResults === 'number' && !(MaxResults >= 1 && MaxResults <= 1000)) {
        throw invalidValue('MaxResults must be between 1 and 1000');
      }
      const accounts = accountsAsked(call, by.ByAccountId);
      const jobs = call.sandbox.backup
        .recorded()
        .filter((job) => job.region === call.region && accounts.includes(job.account) && fits(job, by))
        .reverse(); // newest first
      const bad = () => invalidValue('Invalid NextToken');
      const { items, next } = page(jobs, call.input.NextToken, MaxResults, 1000, bad);
      return { CopyJobs: items.map((job) => jobShape(call, job)), NextToken: next };
    },
  },
  StartCopyJob: { resource: (call) => str(call, 'RecoveryPointArn') ?? '*', handle: startCopyJob },
};

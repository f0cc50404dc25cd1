import {
  BackupClient,
  DescribeBackupVaultCommand,
  DescribeCopyJobCommand,
  DescribeGlobalSettingsCommand,
  DescribeRecoveryPointCommand,
  DescribeRegionSettingsCommand,
  GetBackupVaultAccessPolicyCommand,
  ListTagsCommand,
  paginateListBackupVaults,
  paginateListCopyJobs,
  type ListCopyJobsCommandInput,
} from '@aws-sdk/client-backup';
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, paginateListGrants } from '@aws-sdk/client-kms';
import {
  DescribeAccountCommand,
  DescribeEffectivePolicyCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { Operation } from '../core/reads';
import { CLIENT_CONFIG } from './client-config';
import { clientOf } from './read-clients';
import type { Credentials } from './readers';

/** One read: the operation, what it is about (as evidence keys it), and its input in AWS's shape. */
export interface ReadCall {
  readonly operation: ReadableOperation;
  readonly resource?: string;
  readonly input: object;
}

/** What readCall sends. CloudFormation has a file of its own, template-read.ts: its client is not in every bundle. */
export type ReadableOperation = Exclude<Operation, 'cloudformation:DescribeStackResources'>;

/** At about 1 KB each; a NextToken in the answer says that there are more, and begins where the answer ends. */
const MOST_COPY_JOBS = 5_000;

/** Sends one read with the real SDK client; throws what the SDK throws. */
export async function readCall(
  { operation, input }: ReadCall,
  region: string,
  credentials: Credentials,
): Promise<object> {
  const config = { ...CLIENT_CONFIG, region, ...(credentials ? { credentials } : {}) };
  const backup = () => clientOf(BackupClient, config);
  const organizations = () => clientOf(OrganizationsClient, config);
  const kms = () => clientOf(KMSClient, config);
  const iam = () => clientOf(IAMClient, config);
  // Inputs are made where they are asked for, one beside the other; here they only change hands.
  const as = <T>() => input as T;
  switch (operation) {
    case 'backup:DescribeCopyJob':
      return backup().send(new DescribeCopyJobCommand(as()));
    case 'backup:DescribeRecoveryPoint':
      return backup().send(new DescribeRecoveryPointCommand(as()));
    case 'backup:DescribeBackupVault':
      return backup().send(new DescribeBackupVaultCommand(as()));
    case 'backup:ListBackupVaults':
      return allPages(paginateListBackupVaults({ client: backup() }, as()), 'BackupVaultList');
    case 'backup:GetBackupVaultAccessPolicy':
      return backup().send(new GetBackupVaultAccessPolicyCommand(as()));
    case 'backup:DescribeGlobalSettings':
      return backup().send(new DescribeGlobalSettingsCommand(as()));
    case 'backup:DescribeRegionSettings':
      return backup().send(new DescribeRegionSettingsCommand(as()));
    case 'backup:ListCopyJobs':
      return someCopyJobs(backup(), as());
    case 'backup:ListTags':
      return backup().send(new ListTagsCommand(as()));
    case 'tag:GetResources':
      return (await import('./tag-reads')).getTaggedResources(input, config);
    case 'ec2:DescribeImages':
    case 'ec2:DescribeSnapshots':
    case 'ec2:GetAllowedImagesSettings':
      return (await import('./ec2-reads')).ec2Read(operation, input, config);
    case 'organizations:DescribeOrganization':
      return organizations().send(new DescribeOrganizationCommand(as()));
    case 'organizations:DescribeAccount':
      return organizations().send(new DescribeAccountCommand(as()));
    case 'organizations:DescribeEffectivePolicy':
      return organizations().send(new DescribeEffectivePolicyCommand(as()));
    case 'kms:DescribeKey':
      return kms().send(new DescribeKeyCommand(as()));
    case 'kms:GetKeyPolicy':
      return kms().send(new GetKeyPolicyCommand(as()));
    case 'kms:ListGrants':
      return allPages(paginateListGrants({ client: kms() }, as()), 'Grants');
    case 'iam:GetRole':
      return iam().send(new GetRoleCommand(as()));
    case 'iam:SimulatePrincipalPolicy':
      return iam().send(new SimulatePrincipalPolicyCommand(as()));
  }
}

async function allPages<T extends object>(pages: AsyncIterable<T>, list: keyof T & string): Promise<object> {
  const rows: unknown[] = [];
  for await (const page of pages) rows.push(...((page[list] as unknown[] | undefined) ?? []));
  return { [list]: rows };
}

/** Pages until there are no more, or enough for one answer. */
async function someCopyJobs(
  client: BackupClient,
  { NextToken: startingToken, ...input }: ListCopyJobsCommandInput,
): Promise<object> {
  const CopyJobs: unknown[] = [];
  let NextToken: string | undefined;
  for await (const page of paginateListCopyJobs({ client, pageSize: 1000, startingToken }, input)) {
    CopyJobs.push(...(page.CopyJobs ?? []));
    ({ NextToken } = page);
    if (CopyJobs.length >= MOST_COPY_JOBS) break;
  }
  return { CopyJobs, ...(NextToken ? { NextToken } : {}) };
}

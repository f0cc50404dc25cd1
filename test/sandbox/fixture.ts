import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { startSandbox, type Sandbox } from '.';

export const SOURCE = '111111111111';
export const DESTINATION = '222222222222';
export const MANAGEMENT = '999999999999';
export const REGION = 'eu-west-1';

export interface Config {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export function clients(sandbox: Sandbox, who: string | Config = SOURCE, region = REGION) {
  const credentials = typeof who === 'string' ? sandbox.credentials(who) : who;
  const config = { endpoint: sandbox.endpoint, region, credentials, maxAttempts: 1 };
  return {
    backup: new BackupClient(config),
    kms: new KMSClient(config),
    organizations: new OrganizationsClient(config),
    tagging: new ResourceGroupsTaggingAPIClient(config),
    sqs: new SQSClient(config),
    sts: new STSClient(config),
    sns: new SNSClient(config),
    iam: new IAMClient(config),
    dynamodb: new DynamoDBClient(config),
    cloudformation: new CloudFormationClient(config),
    cloudtrail: new CloudTrailClient(config),
  };
}

/** A source and a destination account in which every gate of a copy of `type` is open. */
export async function openWorld(type = 'EBS', now = '2026-06-01T00:00:00Z') {
  const sandbox = await startSandbox({ now });
  for (const id of [SOURCE, DESTINATION, MANAGEMENT]) sandbox.addAccount({ id });
  const organization = sandbox.addOrganization({
    id: 'o-sandbox001',
    management: MANAGEMENT,
    members: [SOURCE, DESTINATION],
  });
  const allow = (account: string, Action: string | string[]) => ({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action,
    Resource: '*',
  });
  const sourceKey = sandbox.addKey({
    account: SOURCE,
    region: REGION,
    policy: { Version: '2012-10-17', Statement: [allow(SOURCE, 'kms:*'), allow(DESTINATION, 'kms:*')] },
  });
  const destinationKey = sandbox.addKey({ account: DESTINATION, region: REGION });
  const sourceVault = sandbox.addVault({ account: SOURCE, region: REGION, name: 'daily', key: sourceKey });
  const destinationVault = sandbox.addVault({
    account: DESTINATION,
    region: REGION,
    name: 'central',
    key: destinationKey,
    policy: { Version: '2012-10-17', Statement: [allow(SOURCE, 'backup:CopyIntoBackupVault')] },
  });
  const recoveryPoint = sandbox.addRecoveryPoint({ vault: sourceVault, type, key: sourceKey, tags: { team: 'a' } });
  const role = sandbox.addCopyRole(SOURCE);
  const copy = { recoveryPoint, destinationVaultArn: destinationVault.arn, role: role.arn };
  return { sandbox, organization, sourceKey, destinationKey, sourceVault, destinationVault, recoveryPoint, role, copy };
}
export type World = Awaited<ReturnType<typeof openWorld>>;

export async function refused(
  promise: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await promise;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('it was not refused');
}

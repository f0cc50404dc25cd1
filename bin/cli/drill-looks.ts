import {
  BackupClient,
  DescribeBackupVaultCommand,
  GetBackupVaultAccessPolicyCommand,
  paginateListBackupVaults,
} from '@aws-sdk/client-backup';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { parseArn, vaultName } from '../../lambda/core/arn';
import { asking, errorCode } from './aws-errors';
import { failedCopies } from './copy-jobs';
import type { Session } from './sessions';

/** What a look at AWS gave, or why it gave nothing: a drill goes on without it. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface VaultAnswer {
  readonly vaultArn: string;
  /** `undefined`: only the function's role may enter that account, so the drill mail tells it. */
  readonly readable?: boolean;
  readonly reason?: string;
}

export async function subscriptionsOf(topicArn: string, session: Session): Promise<readonly Subscription[]> {
  const client = new SNSClient({ region: session.region, credentials: session.credentials });
  const list: Subscription[] = [];
  await asking(`sns:ListSubscriptionsByTopic of ${topicArn}`, async () => {
    for await (const { Subscriptions } of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
      for (const { Protocol = '', Endpoint = '', SubscriptionArn = '' } of Subscriptions ?? []) {
        // What waits stands as "PendingConfirmation", what was undone as "Deleted".
        list.push({ protocol: Protocol, endpoint: Endpoint, confirmed: SubscriptionArn.startsWith('arn:') });
      }
    }
  });
  return list;
}

/** The destinations, read with the caller's own credentials where they are in this account; and a vault to copy from. */
export async function vaultsOf(
  destinations: readonly string[],
  session: Session,
): Promise<{ sourceVaultArn: string; destinations: readonly VaultAnswer[] }> {
  const [own, answers] = await Promise.all([
    firstVault(session),
    Promise.all(destinations.map((vaultArn) => readable(vaultArn, session))),
  ]);
  const { partition, region, account } = session;
  const sourceVaultArn = own ?? `arn:${partition}:backup:${region}:${account}:backup-vault:Default`;
  return { sourceVaultArn, destinations: answers };
}

async function firstVault({ region, credentials }: Session): Promise<string | undefined> {
  try {
    const pages = paginateListBackupVaults({ client: new BackupClient({ region, credentials }) }, {});
    for await (const { BackupVaultList } of pages) {
      const vault = BackupVaultList?.find(({ BackupVaultArn }) => BackupVaultArn);
      if (vault) return vault.BackupVaultArn;
    }
  } catch {
    // Not allowed to list: every Region where AWS Backup was opened has a vault Default.
  }
  return undefined;
}

async function readable(vaultArn: string, session: Session): Promise<VaultAnswer> {
  const arn = parseArn(vaultArn);
  if (arn?.account !== session.account) return { vaultArn };
  const backup = new BackupClient({ region: arn.region, credentials: session.credentials });
  const BackupVaultName = vaultName(vaultArn);
  try {
    await backup.send(new DescribeBackupVaultCommand({ BackupVaultName }));
    // A vault without a policy answers ResourceNotFoundException: read all the same.
    await backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })).catch((error: unknown) => {
      if (errorCode(error) !== 'ResourceNotFoundException') throw error;
    });
    return { vaultArn, readable: true };
  } catch (error) {
    return { vaultArn, readable: false, reason: errorCode(error) };
  }
}

/** The newest failed copy that AWS still knows. */
export async function newestFailure(session: Session): Promise<{ copyJobId: string; time: string } | undefined> {
  const [newest] = await failedCopies(new Date(Date.now() - 30 * 86_400_000), session);
  if (!newest) return undefined;
  const time = (newest.CompletionDate ?? newest.CreationDate)?.toISOString() ?? 'time unknown';
  return { copyJobId: newest.CopyJobId ?? '', time };
}

import { devNull } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IncidentTable, type Item, type Key } from '../../lambda/aws/incident-table';
import type { ApplyServices } from '../../lambda/aws/apply-change';
import { completedCopies } from '../../lambda/aws/completed-copies';
import { effectSessions } from '../../lambda/aws/effect-session';
import type { FlushServices } from '../../lambda/aws/flush';
import { gatherEvidence } from '../../lambda/aws/gather-evidence';
import { Incidents } from '../../lambda/aws/incidents';
import { readerSessions } from '../../lambda/aws/reader-sessions';
import { Readers } from '../../lambda/aws/readers';
import type { RemediateConfig } from '../../lambda/config';
import { readCopyFailure, type CopyFailure } from '../../lambda/core/copy-failure';
import { diagnose } from '../../lambda/core/diagnose';
import type { Incident, Telling } from '../../lambda/core/incident/incident';
import { proposalsOf } from '../../lambda/core/incident/proposals';
import type { PlanSettings } from '../../lambda/core/plan/plan';
import { functionTrust } from '../../lib/function-trust';
import { DESTINATION, openWorld, REGION, SOURCE } from '../sandbox/fixture';
import type { Vault } from '../sandbox/model';
import { addIncidentTable } from './incident-table-fixture';

export const allowFrom = (account: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
  ...more,
});
export const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

/** Two accounts, a hub in the source account with the role of `remediate`, and readers that trust it. */
export async function startHub() {
  const world = await openWorld();
  const { sandbox } = world;
  const all = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
  const trust = (Principal: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  });
  const role = sandbox.addRole({
    account: SOURCE,
    name: `copy-doctor-${REGION}-remediate`,
    trust: trust({ Service: 'lambda.amazonaws.com' }),
    policies: all,
  });
  for (const account of [SOURCE, DESTINATION]) {
    const name = `copy-doctor-${REGION}-reader`;
    sandbox.addRole({ account, name, trust: trust({ AWS: `arn:aws:iam::${SOURCE}:root` }), policies: all });
  }
  const effectRole = (account: string, name: string, Statement: readonly object[]) =>
    sandbox.addRole({
      account,
      name: `copy-doctor-${REGION}-${name}`,
      trust: functionTrust({ hubRoot: `arn:aws:iam::${SOURCE}:root`, functionRoles: [role.arn], namesDecider: true }),
      policies: [{ Version: '2012-10-17', Statement }],
    });
  const vaultWriter = effectRole(DESTINATION, 'vault-writer', [
    {
      Effect: 'Allow',
      Action: ['backup:GetBackupVaultAccessPolicy', 'backup:PutBackupVaultAccessPolicy'],
      Resource: `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:dr-*`,
    },
  ]);
  const retrier = effectRole(SOURCE, 'retrier', [
    { Effect: 'Allow', Action: 'backup:StartCopyJob', Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: world.role.arn,
      Condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    },
  ]);
  const { accessKeyId, secretAccessKey, sessionToken } = sandbox.roleCredentials(role.arn, 'remediate');
  const before = process.env;
  const others = Object.entries(before).filter(([name]) => !/^(AWS|POWERTOOLS)_/.test(name));
  process.env = {
    ...Object.fromEntries(others),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  let count = 0;
  return {
    ...world,
    vaultWriter,
    retrier,
    /** A deployment of its own for each test: table, topic and vaults. */
    deploy: (confirmed = true, settings: SettingsOf = () => ({})) => deploy(world, (count += 1), confirmed, settings),
    close: async () => {
      process.env = before;
      await sandbox.close();
    },
  };
}

/** Settings that differ from the usual ones; they name vaults by ARN. */
export type SettingsOf = (vaults: readonly Vault[]) => Partial<PlanSettings>;
type World = Awaited<ReturnType<typeof openWorld>>;
export type Deployment = Awaited<ReturnType<typeof deploy>>;

async function deploy(
  { sandbox, destinationKey, sourceVault, sourceKey, role }: World,
  number: number,
  confirmed: boolean,
  settingsOf: SettingsOf,
) {
  const place = { account: SOURCE, region: REGION };
  const table = await addIncidentTable(sandbox, `incidents-${number}`);
  const subscriptions = [{ protocol: 'email', endpoint: 'you@example.com', confirmed }];
  const topic = sandbox.addTopic({ ...place, name: `topic-${number}`, subscriptions });
  const deadLetters = sandbox.addQueue({ ...place, name: `dead-letters-${number}` });
  const vaults = ['a', 'b', 'c', 'd', 'e'].map((name) =>
    sandbox.addVault({ account: DESTINATION, region: REGION, name: `dr-${number}-${name}`, key: destinationKey }),
  );
  const config: RemediateConfig = {
    deployment: REGION,
    stackName: `copy-doctor-${REGION}`,
    hubAccount: SOURCE,
    region: REGION,
    tableName: table.name,
    workQueueUrl: '',
    readerRoleName: `copy-doctor-${REGION}-reader`,
    organizationId: '',
    organizationReaderArn: '',
    keyAccounts: [],
    deadLetterQueueUrl: deadLetters.url,
    settings: { destinations: vaults.map(({ arn }) => arn), keyGrantee: 'role', ...settingsOf(vaults) },
    topicArn: topic.arn,
    mailDetail: 'full',
    vaultWriterRoleName: `copy-doctor-${REGION}-vault-writer`,
    retrierRoleName: `copy-doctor-${REGION}-retrier`,
    copyRoles: [role.path ? `${role.path.replace(/^\//, '')}${role.name}` : role.name],
    retryScope: 'newest',
  };
  const now = () => sandbox.clock.now();
  const incidents = new Incidents(table.name, REGION, now);
  /** Opens sessions anew: one that was opened before a fault would outlive it. */
  const accounts = new Set([SOURCE, DESTINATION]);
  const roleNames = { 'vault-writer': config.vaultWriterRoleName, retrier: config.retrierRoleName };
  const openSession = effectSessions({ partition: 'aws', region: REGION, accounts, roleNames });
  const cold = () => {
    const credentialsOf = readerSessions({
      partition: 'aws',
      region: REGION,
      readerRoleName: config.readerRoleName,
      accounts,
      now: () => now().getTime(),
    });
    return { credentialsOf, readers: new Readers(credentialsOf, { now: () => now().getTime() }) };
  };
  const published = () => sandbox.published.filter(({ topicArn }) => topicArn === topic.arn);

  const copy = async (vault: Vault, point = newPoint()) => {
    const job = await sandbox.runCopy({ recoveryPoint: point, destinationVaultArn: vault.arn, role: role.arn });
    await sandbox.finishCopies();
    return { job, point };
  };
  const newPoint = (resourceArn?: string) =>
    sandbox.addRecoveryPoint({
      vault: sourceVault,
      type: 'EBS',
      key: sourceKey,
      ...(resourceArn ? { resourceArn } : {}),
    });

  return {
    sandbox,
    config,
    topic,
    vaults: vaults as [Vault, Vault, Vault, Vault, Vault],
    incidents,
    deadLetters,
    table,
    now,
    copy,
    newPoint,
    /** For one invocation. */
    services: (): FlushServices & ApplyServices => {
      const { credentialsOf, readers } = cold();
      const completed = completedCopies(readers);
      return { config, settings: config.settings, incidents, credentialsOf, openSession, readers, completed, now };
    },
    published,
    subjects: () => published().map(({ subject }) => subject ?? ''),
    /** What was told, of which incidents. */
    told: () =>
      published().map(({ message }) => {
        const texts = JSON.parse(message) as Record<string, string>;
        return { mail: texts['email'] ?? '', ids: new Set((texts['email'] ?? '').match(/\b[A-Z2-7]{16}\b/g)) };
      }),
    environment: (): Record<string, string> => ({
      DEPLOYMENT: config.deployment,
      STACK_NAME: config.stackName,
      HUB_ACCOUNT: config.hubAccount,
      TABLE_NAME: config.tableName,
      WORK_QUEUE_URL: 'unused',
      READER_ROLE_NAME: config.readerRoleName,
      DEAD_LETTER_QUEUE_URL: config.deadLetterQueueUrl,
      DESTINATIONS: config.settings.destinations.join(','),
      TOPIC_ARN: config.topicArn,
      VAULT_WRITER_ROLE_NAME: config.vaultWriterRoleName,
      RETRIER_ROLE_NAME: config.retrierRoleName,
      COPY_ROLES: config.copyRoles.join(','),
      RETRY: config.settings.retry ?? 'never',
      AUTO_APPLY: (config.settings.autoApply ?? []).map((arn) => config.settings.destinations.indexOf(arn)).join(','),
    }),
    /** Lets a copy fail and opens what its diagnosis proposes, as `diagnose` does. */
    fail: async (vault: Vault, point = newPoint()) => {
      const { job } = await copy(vault, point);
      const event = sandbox.events.all.find(({ detail }) => detail.copyJobId === job.id && detail.state === 'FAILED');
      const read = readCopyFailure(event);
      if (!read.ok) throw new Error(read.reason);
      const failure: CopyFailure = read.value;
      const evidence = await gatherEvidence(failure, cold().readers);
      const at = now().toISOString();
      const failedAt = new Date(failure.time).toISOString();
      const opened: Incident[] = [];
      for (const { proposal, planned } of proposalsOf(evidence, diagnose(evidence), config.settings)) {
        const { id } = proposal;
        await incidents.putCopyJob(failure.copyJobId, [id]);
        await incidents.putJob(id, { copyJobId: failure.copyJobId, way: 'diagnosed', failedAt, failure, revision: 1 });
        const { after } = await incidents.change(
          id,
          { kind: 'failed', at, failedAt, copyJobId: failure.copyJobId, readAt: at, proposal },
          async ({ revision }) => {
            if (planned?.ok) await incidents.putPlan(id, revision, planned.plan);
            const { copyJobId } = failure;
            await incidents.putEvidence(id, 1, { evidence, readAt: at, copyJobId, revision });
          },
        );
        if (after) opened.push(after);
      }
      return { failure, point, opened, incident: opened[0] as Incident };
    },
    /** What somebody who can write the table may do to an item. */
    forge: async (key: Key, members: Item) => {
      const items = new IncidentTable(table.name, new DynamoDBClient({ region: REGION }));
      await items.put({ ...(await items.get(key)), ...key, ...members });
    },
    tell: async (id: string, telling: Telling) => {
      await incidents.change(id, { kind: 'told', at: now().toISOString(), telling });
    },
  };
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

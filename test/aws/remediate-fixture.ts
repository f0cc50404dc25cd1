import { devNull } from 'node:os';
import { TABLE_SHAPE } from '../../lambda/aws/incident-table';
import { completedCopies } from '../../lambda/aws/completed-copies';
import type { FlushServices } from '../../lambda/aws/flush';
import { gatherEvidence } from '../../lambda/aws/gather-evidence';
import { Incidents } from '../../lambda/aws/incidents';
import type { LookServices } from '../../lambda/aws/look-again';
import { readerSessions } from '../../lambda/aws/reader-sessions';
import { Readers } from '../../lambda/aws/readers';
import type { RemediateConfig } from '../../lambda/config';
import { readCopyFailure, type CopyFailure } from '../../lambda/core/copy-failure';
import { diagnose } from '../../lambda/core/diagnose';
import type { Incident, Telling } from '../../lambda/core/incident/incident';
import { proposalsOf } from '../../lambda/core/incident/proposals';
import { DESTINATION, openWorld, REGION, SOURCE } from '../sandbox/fixture';
import type { Vault } from '../sandbox/model';

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
    /** A deployment of its own for each test: table, topic and vault. */
    deploy: (confirmed = true) => deploy(world, (count += 1), confirmed),
    close: async () => {
      process.env = before;
      await sandbox.close();
    },
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;
export type Deployment = Awaited<ReturnType<typeof deploy>>;

async function deploy(
  { sandbox, destinationKey, sourceVault, sourceKey, role }: World,
  number: number,
  confirmed: boolean,
) {
  const place = { account: SOURCE, region: REGION };
  const { partitionKey, sortKey, index } = TABLE_SHAPE;
  const table = await sandbox.addTable({
    ...place,
    name: `incidents-${number}`,
    partitionKey,
    sortKey,
    indexes: [{ ...index, projection: 'KEYS_ONLY' }],
  });
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
    deadLetterQueueUrl: deadLetters.url,
    settings: { destinations: vaults.map(({ arn }) => arn), keyGrantee: 'role' },
    topicArn: topic.arn,
    mailDetail: 'full',
  };
  const now = () => sandbox.clock.now();
  const incidents = new Incidents(table.name, REGION, now);
  /** Opens sessions anew: one that was opened before a fault would outlive it. */
  const cold = () => {
    const credentialsOf = readerSessions({
      partition: 'aws',
      region: REGION,
      readerRoleName: config.readerRoleName,
      accounts: new Set([SOURCE, DESTINATION]),
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
    services: (): FlushServices & LookServices => {
      const { credentialsOf, readers } = cold();
      const completed = completedCopies(readers);
      return { config, settings: config.settings, incidents, credentialsOf, readers, completed, now };
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
    tell: async (id: string, telling: Telling) => {
      await incidents.change(id, { kind: 'told', at: now().toISOString(), telling });
    },
  };
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseArn } from '../../lambda/core/arn';
import { arg } from '../../lambda/core/text/en/policy-words';
import { awsError, asking } from './aws-errors';
import { deploymentOf, type DeployedStack } from './drill-stack';
import {
  newestFailure,
  subscriptionsOf,
  vaultsOf,
  type Found,
  type Subscription,
  type VaultAnswer,
} from './drill-looks';
import { trailLine, trailsOf } from './drill-trails';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { hubSession, type Session } from './sessions';

export interface DrillOptions {
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly destinationProfile?: string;
  readonly json?: boolean;
}

/** Looks at a deployment from outside, then sends a marked failure through it. */
export async function drill(io: Io, options: DrillOptions): Promise<number> {
  const session = await hubSession(io, { region: options.region, profile: options.profile });
  const name = options.stack ?? `copy-doctor-${session.region}`;
  progress(io, `Looking at stack ${name} in account ${session.account}, Region ${session.region}...`);
  const stack = await deploymentOf(name, session);
  const [subscriptions, vaults, failure, trails] = await Promise.all([
    found(() => subscriptionsOf(stack.topicArn, session)),
    vaultsOf(stack.destinations, session),
    found(() => newestFailure(session)),
    trailsOf(io, session, stack.destinations, options.destinationProfile),
  ]);
  progress(io, 'Sending the drill...');
  const jobId = await send(stack, vaults.sourceVaultArn, session);

  const warnings = problems(subscriptions, vaults.destinations, stack);
  if (options.json) {
    const valueOf = <T>(read: Found<T>) => (read.ok ? read.value : { error: read.reason });
    printJson(io, {
      stack: name,
      account: session.account,
      region: session.region,
      deployment: stack.deployment,
      copyJobId: jobId,
      subscriptions: valueOf(subscriptions),
      vaults: vaults.destinations,
      newestFailedCopy: valueOf(failure) ?? null,
      trails,
      problems: warnings,
    });
  } else {
    const style = styles(io);
    const lines = [
      style('bold', `Deployment ${stack.deployment} (stack ${name}, account ${session.account}, ${session.region})`),
      '',
      ...subscriptionLines(subscriptions),
      ...vaults.destinations.map(vaultLine),
      failureLine(failure, session, options.profile),
      ...trails.map(trailLine),
      '',
      `Sent copy job ${jobId}. A mail "[Drill] ..." arrives within a minute and says what could be read.`,
      `No mail? Look into the dead letters: ${stack.deadLetterQueueUrl}`,
      ...warnings.map((text) => style('yellow', `Problem: ${text}`)),
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  return warnings.length > 0 ? EXIT.notWorking : EXIT.done;
}

async function found<T>(look: () => Promise<T>): Promise<Found<T>> {
  try {
    return { ok: true, value: await look() };
  } catch (error) {
    return { ok: false, reason: error instanceof CliError ? error.message : awsError('AWS', error).message };
  }
}

async function send(stack: DeployedStack, sourceVaultArn: string, session: Session): Promise<string> {
  const now = new Date();
  const jobId = `drill-${now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[:-]/g, '')}`;
  const destination = stack.destinations[0] ?? sourceVaultArn;
  const event = {
    version: '0',
    id: jobId,
    'detail-type': 'Copy Job State Change',
    source: 'aws.backup',
    account: session.account,
    time: now.toISOString(),
    region: session.region,
    resources: [],
    detail: {
      copyJobId: jobId,
      sourceBackupVaultArn: sourceVaultArn,
      destinationBackupVaultArn: destination,
      destinationRecoveryPointArn: {},
      state: 'FAILED',
      copyDoctorDrill: true,
    },
  };
  const sqs = new SQSClient({ region: session.region, credentials: session.credentials });
  await asking(`sqs:SendMessage to ${stack.failuresQueueUrl}`, () =>
    sqs.send(new SendMessageCommand({ QueueUrl: stack.failuresQueueUrl, MessageBody: JSON.stringify(event) })),
  );
  return jobId;
}

function problems(
  subscriptions: Found<readonly Subscription[]>,
  vaults: readonly VaultAnswer[],
  stack: DeployedStack,
): readonly string[] {
  const list: string[] = [];
  if (subscriptions.ok) {
    const waiting = subscriptions.value.filter(({ confirmed }) => !confirmed);
    if (subscriptions.value.length === 0) {
      list.push(`nobody is subscribed to ${stack.topicArn}: deploy again with -c email=<address>`);
    }
    for (const { endpoint } of waiting) {
      list.push(
        `${endpoint} has not confirmed and gets no mail; copy the Token out of the link in AWS's mail and run: ${stack.confirm}`,
      );
    }
  }
  for (const vault of vaults) {
    if (vault.readable === false) list.push(`${vault.vaultArn} could not be read: ${vault.reason}`);
  }
  return list;
}

function subscriptionLines(subscriptions: Found<readonly Subscription[]>): readonly string[] {
  if (!subscriptions.ok) return [`Subscription:   not known (${subscriptions.reason})`];
  return subscriptions.value.map(
    ({ protocol, endpoint, confirmed }) =>
      `Subscription:   ${protocol} ${endpoint}: ${confirmed ? 'confirmed' : 'NOT confirmed'}`,
  );
}

function vaultLine({ vaultArn, readable, reason }: VaultAnswer): string {
  const account = parseArn(vaultArn)?.account;
  if (readable === undefined)
    return `Destination:    ${vaultArn}: the drill mail says whether account ${account} is readable`;
  return `Destination:    ${vaultArn}: ${readable ? 'readable with your credentials' : `NOT readable (${reason})`}`;
}

function failureLine(
  failure: Found<{ copyJobId: string; time: string } | undefined>,
  { region }: Session,
  profile: string | undefined,
): string {
  if (!failure.ok) return `Failed copies:  not known (${failure.reason})`;
  if (!failure.value) return `Failed copies:  none in ${region} in the last 30 days`;
  const { copyJobId, time } = failure.value;
  const as = profile === undefined ? '' : ` --profile ${arg(profile)}`;
  return `Failed copies:  the newest in ${region} is ${copyJobId} (${time}): npx --no-install copy-doctor diagnose ${copyJobId} --region ${region}${as}`;
}

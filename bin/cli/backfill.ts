import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import type { CatchUp } from '../../lambda/core/failures-message';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { names } from '../../lib/names';
import { awsError } from './aws-errors';
import { commandFor, openHub, type Hub, type HubOptions } from './hub';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { addHubOptions, isDenied } from './table-of-hub';

export interface BackfillOptions extends HubOptions {
  readonly since: string;
  readonly json?: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: DAY };
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListCopyJobs.html */
const KEPT = 30 * DAY;

export function registerBackfill(program: Command, io: Io, done: (code: number) => void): void {
  addHubOptions(program.command('backfill'))
    .description(
      'Lets a deployment look for copies that failed in the past: each becomes part of an incident, and one mail sums them up.',
    )
    .requiredOption('--since <span>', 'how far back: 12h, 7d, at most 30d; or a time as 2026-06-01T00:00:00Z')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx --no-install copy-doctor backfill --since 30d
  npx --no-install copy-doctor backfill --since 7d --region eu-west-1 --account 111111111111 --profile prod

Failures that are known already are left as they are, so it may be run again. Copies are neither started nor changed.
Needs the managed policy copy-doctor-<deployment>-operator; the deployment looks with its own reader role.

Exit codes: 0 asked for; 1 AWS refused; 2 wrong input.`,
    )
    .action(async (options: BackfillOptions) => done(await backfill(io, options)));
}

/** Puts one message on the deployment's queue of failures: all else is done there. */
async function backfill(io: Io, options: BackfillOptions): Promise<number> {
  const since = sinceOf(options.since, new Date());
  const hub = await openHub(io, options);
  const { account, region } = hub;
  const message = { copyDoctor: 'catch-up', account, region, since, summary: true } satisfies CatchUp & {
    copyDoctor: string;
  };
  progress(io, `Sending to deployment ${hub.deployment}...`);
  const queueUrl = await send(hub, message);
  const look = commandFor(hub, 'incidents');
  if (options.json) {
    printJson(io, { deployment: hub.deployment, account, region, since, queueUrl, next: look });
    return EXIT.done;
  }
  const deadLetters = hub.outputs['DeadLetterQueueUrl'];
  const lines = [
    styles(io)(
      'bold',
      `Deployment ${hub.deployment} now looks for copies of account ${account}, Region ${region}, that failed since ${utc(since)}.`,
    ),
    'They become incidents within minutes, and one mail sums them up; if there are none, no mail comes.',
    'What is known already stays as it is. No copy is started, and nothing is changed.',
    'Look in a few minutes:',
    `  ${look}`,
    ...(deadLetters
      ? [`Nothing there? Then none failed, or the request lies in the dead letters: ${clean(deadLetters, 300)}`]
      : []),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** ISO time of a span or a time; AWS keeps copy jobs for 30 days. */
export function sinceOf(text: string, now: Date): string {
  const [, count, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const isTime = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text);
  const time = count ? now.getTime() - Number(count) * (UNITS[unit] ?? 0) : isTime ? Date.parse(text) : Number.NaN;
  const given = `--since ${clean(text, 60)}`;
  if (Number.isNaN(time)) {
    throw new CliError(
      `${given} is neither a time span nor a time: write hours or days, as 12h or 7d, or 2026-06-01T00:00:00Z`,
    );
  }
  if (time >= now.getTime()) throw new CliError(`${given} is not in the past: write how far back to look, as 7d`);
  if (now.getTime() - time > KEPT) {
    throw new CliError(`${given} is longer ago than AWS Backup keeps copy jobs, 30 days: write at most 30d`);
  }
  return new Date(time).toISOString();
}

async function send(hub: Hub, message: object): Promise<string> {
  const { outputs, region, account, stackName, deployment, session } = hub;
  const QueueUrl = outputs['FailuresQueueUrl'];
  if (!QueueUrl) {
    throw new CliError(
      `stack ${stackName} in account ${account}, Region ${region} has no output FailuresQueueUrl: deploy it again`,
    );
  }
  try {
    const client = new SQSClient({ region, credentials: session.credentials });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
    return QueueUrl;
  } catch (error) {
    if (!isDenied(error)) throw awsError(`sqs:SendMessage to ${QueueUrl}`, error);
    throw new CliError(
      `you may not send to ${QueueUrl}: use credentials of account ${account} that have the managed policy ${names(deployment).operator}`,
      EXIT.notWorking,
      { cause: error },
    );
  }
}

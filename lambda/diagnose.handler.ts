import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { catchUp } from './aws/catch-up';
import { toDeadLetters } from './aws/dead-letters';
import { diagnoseBatch, type DiagnoseServices, type Told } from './aws/diagnose-batch';
import { reportChange, reportOldest } from './aws/incident-metrics';
import { Incidents } from './aws/incidents';
import { KeptAnswers } from './aws/kept-answers';
import { Readers } from './aws/readers';
import { readerSessions } from './aws/reader-sessions';
import { MOST_A_TICK, tick } from './aws/tick';
import { readDiagnoseConfig } from './config';
import { parseArn } from './core/arn';
import { readFailuresMessage, type CatchUp } from './core/failures-message';

const logger = new Logger({ serviceName: 'copy-doctor-diagnose' });

/** What the rules with a schedule send. */
export interface Scheduled {
  readonly copyDoctor: 'tick' | 'catch-up';
}

export const handler = handlerWith(() => new Date());

/**
 * Failed copies to incidents. Reads AWS; changes nothing outside the service's own table and queues. What cannot be read
 * goes to the dead-letter queue with its reason; what can be tried again is a failure of that message alone.
 */
export function handlerWith(now: () => Date): (event: SQSEvent | Scheduled) => Promise<SQSBatchResponse> {
  let deployed: DiagnoseServices | undefined;
  return async (event) => {
    deployed ??= readDeployment(now);
    const failed = 'Records' in event ? await takeBatch(event.Records, deployed) : await runScheduled(event, deployed);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

async function takeBatch(records: readonly SQSRecord[], deployed: DiagnoseServices): Promise<string[]> {
  const { hubAccount } = deployed.config;
  const read = records.map((record) => ({ record, message: readFailuresMessage(record.body, hubAccount) }));
  const told = read.flatMap(({ record: { messageId, attributes }, message }): Told[] =>
    message.ok && message.value.kind === 'failure'
      ? [{ messageId, failure: message.value.failure, received: Number(attributes.ApproximateReceiveCount) }]
      : [],
  );
  const others = read.map(({ record, message }) =>
    orAgain(record.messageId, async () => {
      if (!message.ok) await refuse(record, message.reason, deployed);
      else if (message.value.kind === 'catch-up') await runCatchUp(message.value.catchUp, deployed);
    }),
  );
  const failed = await Promise.all([diagnoseBatch(told, deployed), ...others]);
  return failed.flat();
}

async function refuse(record: SQSRecord, reason: string, { config }: DiagnoseServices): Promise<void> {
  logger.warn('message refused', { messageId: record.messageId, reason });
  await toDeadLetters(config.deadLetterQueueUrl, config.region, record.body, reason);
}

/** The id of a message whose work failed: it comes again. */
async function orAgain(messageId: string, work: () => Promise<void>): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    logger.error('message failed, it comes again', { messageId, error: asError(error) });
    return [messageId];
  }
}

/** Throws what goes wrong: a rule's call is made again by Lambda, and an alarm counts errors. */
async function runScheduled(event: Scheduled, deployed: DiagnoseServices): Promise<string[]> {
  const { hubAccount, region } = deployed.config;
  switch (event.copyDoctor) {
    case 'tick': {
      const sent = await tick(deployed);
      if (sent > 0) logger.info('tick', { sent });
      if (sent === MOST_A_TICK) logger.warn('more may be due; they wait for the next minute', { sent });
      return [];
    }
    case 'catch-up':
      await runCatchUp({ account: hubAccount, region, since: undefined, summary: false }, deployed);
      return [];
    default:
      throw new Error(`neither messages nor a tick nor a catch-up: ${JSON.stringify(event).slice(0, 200)}`);
  }
}

async function runCatchUp(what: CatchUp, deployed: DiagnoseServices): Promise<void> {
  const readers = new Readers(deployed.credentialsOf);
  logger.info('caught up', { ...what, ...(await catchUp(what, { ...deployed, readers })) });
  const { config, incidents, now } = deployed;
  try {
    await reportOldest(config.deployment, incidents, now());
  } catch (error) {
    // Nothing that was sent has to be sent again for a number.
    logger.warn('metric not reported', { error: asError(error) });
  }
}

/** What lives as long as the function. */
function readDeployment(now: () => Date): DiagnoseServices {
  const config = readDiagnoseConfig();
  const { settings, hubAccount, region, readerRoleName, tableName } = config;
  const vaults = settings.destinations.flatMap((arn) => parseArn(arn) ?? []);
  const milliseconds = () => now().getTime();
  const credentialsOf = readerSessions({
    partition: vaults[0]?.partition ?? 'aws',
    region,
    readerRoleName,
    organizationReaderArn: config.organizationReaderArn,
    keyAccounts: config.keyAccounts,
    accounts: new Set([hubAccount, ...vaults.map(({ account }) => account)]),
    now: milliseconds,
  });
  return {
    config,
    credentialsOf,
    now,
    incidents: new Incidents(tableName, region, now, undefined, reportChange(config.deployment)),
    kept: new KeptAnswers(milliseconds),
    log: logger,
  };
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

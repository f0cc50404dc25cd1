import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { toDeadLetters } from './aws/dead-letters';
import { gatherEvidence } from './aws/gather-evidence';
import { publishReport } from './aws/notify';
import { Readers, type CredentialsOf } from './aws/readers';
import { readerSessions } from './aws/reader-sessions';
import { readConfig, type Config } from './config';
import { parseArn } from './core/arn';
import { readCopyFailure, type CopyFailure, type Reading } from './core/copy-failure';
import { isRefused, type Evidence } from './core/evidence';
import { reportOn } from './core/report';

const logger = new Logger({ serviceName: 'copy-doctor-diagnose' });

let config: Config | undefined;
let credentialsOf: CredentialsOf | undefined;

/**
 * One batch of failed copies, from events to mails. Reads AWS; changes nothing. What cannot be read goes to the
 * dead-letter queue with its reason; what can be tried again is reported as a failure of that message alone.
 */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  config ??= readConfig();
  credentialsOf ??= readerSessions({
    partition: parseArn(config.topicArn)?.partition ?? 'aws',
    region: config.region,
    readerRoleName: config.readerRoleName,
    accounts: new Set([config.hubAccount, ...config.destinations.map((arn) => parseArn(arn)?.account ?? '')]),
    now: Date.now,
  });
  const readers = new Readers(credentialsOf);
  const deployed = config;
  const failed = await Promise.all(event.Records.map((record) => diagnoseOne(record, readers, deployed)));
  return { batchItemFailures: failed.flatMap((id) => (id === undefined ? [] : [{ itemIdentifier: id }])) };
}

/** The id of a message that must come again; undefined when it is done with. */
async function diagnoseOne(record: SQSRecord, readers: Readers, deployed: Config): Promise<string | undefined> {
  try {
    const failure = failureIn(record.body, deployed);
    if (!failure.ok) {
      logger.warn('message refused', { messageId: record.messageId, reason: failure.reason });
      await toDeadLetters(deployed.deadLetterQueueUrl, deployed.region, record.body, failure.reason);
      return undefined;
    }
    const evidence = await gatherEvidence(failure.value, readers);
    const passing = passingTrouble(evidence);
    // Once more for what passes by itself; the second time the mail says what could not be read.
    if (passing !== undefined && Number(record.attributes.ApproximateReceiveCount) < 2) throw new Error(passing);
    const report = reportOn(evidence, new Date().toISOString(), {
      name: deployed.deployment,
      stackName: deployed.stackName,
      region: deployed.region,
      hubAccount: deployed.hubAccount,
      organizationId: deployed.organizationId,
      destinations: deployed.destinations,
    });
    await publishReport(deployed.topicArn, deployed.region, report);
    logger.info('diagnosed', {
      copyJobId: failure.value.copyJobId,
      causes: report.diagnosis.causes.map(({ id, confidence }) => `${id}:${confidence}`),
      notCheckable: report.diagnosis.notCheckable.map(({ id }) => id),
    });
    return undefined;
  } catch (error) {
    logger.error('message failed, it comes again', {
      messageId: record.messageId,
      error: error instanceof Error ? error : new Error(String(error)),
    });
    return record.messageId;
  }
}

/** Errors that are gone a moment later: no reason to tell a person that something is not readable. */
const PASSING = /^(Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|Internal|TimeoutError)|Throttl/;

function passingTrouble({ responses }: Evidence): string | undefined {
  const hit = Object.entries(responses).find(([, response]) => isRefused(response) && PASSING.test(response.error));
  return hit && `${hit[0]} answered ${JSON.stringify(hit[1]['error'])}`;
}

function failureIn(body: string, deployed: Config): Reading<CopyFailure> {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    return { ok: false, reason: 'the message is not JSON' };
  }
  const failure = readCopyFailure(event);
  if (failure.ok && failure.value.account !== deployed.hubAccount) {
    return { ok: false, reason: `account ${failure.value.account} is not a source account of this deployment` };
  }
  return failure;
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Option, type Command } from 'commander';
import { Incidents } from '../../lambda/aws/incidents';
import { causes } from '../../lambda/core/checks';
import { names } from '../../lib/names';
import { awsError, errorCode } from './aws-errors';
import type { Hub } from './hub';
import { CliError, EXIT } from './io';
import * as values from './values';

/** A deployment's incidents, read with the caller's credentials. */
export function incidentsOf({ outputs, region, session: { credentials } }: Hub): Incidents {
  const client = new DynamoDBClient({ region, credentials });
  return new Incidents(outputs['TableName'] ?? '', region, () => new Date(), client);
}

/** Reads the table; what AWS refuses becomes one line that says what the caller needs. */
export async function readingTable<T>(hub: Hub, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const where = `table ${hub.outputs['TableName']} in account ${hub.account}, Region ${hub.region}`;
    if (!isDenied(error)) throw awsError(`DynamoDB, ${where}`, error);
    throw new CliError(
      `you may not read ${where}: use credentials of account ${hub.account} that have the managed policy ${names(hub.deployment).operator}`,
      EXIT.notWorking,
      { cause: error },
    );
  }
}

export const isDenied = (error: unknown): boolean => /^AccessDenied/.test(errorCode(error));

/** The options that say which deployment is meant, as mails print them. */
export function addHubOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--region <region>', "the deployment's Region (default: AWS_REGION)").argParser(values.region),
    )
    .addOption(new Option('--account <id>', "the deployment's account").argParser(values.account))
    .option('--stack <name>', "the deployment's CloudFormation stack (default: copy-doctor-<region>)")
    .option('--profile <name>', "AWS profile for the deployment's account");
}

/** Every cause that an incident can have, with its title. */
export const CAUSE_TITLES: ReadonlyMap<string, string> = new Map(causes.map(({ id, title }) => [id, title]));

import { ENVIRONMENT } from './environment';

/** What the function is told by its deployment; read once, at cold start. */
export interface Config {
  readonly topicArn: string;
  readonly deadLetterQueueUrl: string;
  readonly deployment: string;
  readonly destinations: readonly string[];
  readonly readerRoleName: string;
  readonly organizationId: string;
  readonly hubAccount: string;
  readonly stackName: string;
  readonly region: string;
}

/** Reads the environment; a missing variable is named. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const need = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`The environment variable ${name} is missing: deploy the stack again.`);
    return value;
  };
  return {
    topicArn: need(ENVIRONMENT.topicArn),
    deadLetterQueueUrl: need(ENVIRONMENT.deadLetterQueueUrl),
    deployment: need(ENVIRONMENT.deployment),
    destinations: need(ENVIRONMENT.destinations)
      .split(',')
      .map((arn) => arn.trim()),
    readerRoleName: need(ENVIRONMENT.readerRoleName),
    organizationId: env[ENVIRONMENT.organizationId] ?? '',
    hubAccount: need(ENVIRONMENT.hubAccount),
    stackName: need(ENVIRONMENT.stackName),
    region: need('AWS_REGION'),
  };
}

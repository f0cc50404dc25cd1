import type { PlanSettings } from './core/plan/plan';
import { ENVIRONMENT } from './environment';

/** What every function is told by its deployment. */
export interface Config {
  readonly deployment: string;
  readonly stackName: string;
  readonly hubAccount: string;
  readonly region: string;
  readonly tableName: string;
  readonly workQueueUrl: string;
}

/** What `diagnose` and `remediate` are told beyond that: whose evidence they may read, and what may be planned. */
export interface ReadingConfig extends Config {
  readonly readerRoleName: string;
  readonly organizationId: string;
  /** Empty where no account has the organization reader. */
  readonly organizationReaderArn: string;
  /** Entered too, for the keys that they own. */
  readonly keyAccounts: readonly string[];
  readonly deadLetterQueueUrl: string;
  readonly settings: PlanSettings;
}

/** What `approve` is told: nothing but what it shows beside an incident. */
export interface ApproveConfig extends Config {
  readonly settings: PlanSettings;
}

export interface DiagnoseConfig extends ReadingConfig {
  readonly failuresQueueUrl: string;
}

export interface RemediateConfig extends ReadingConfig {
  readonly topicArn: string;
  readonly mailDetail: 'full' | 'short';
  readonly vaultWriterRoleName: string;
  readonly retrierRoleName: string;
  /** Roles of the hub's account that copies may be started with: names with their paths. */
  readonly copyRoles: readonly string[];
  /** The newest failed recovery point of each resource and destination, or every one. */
  readonly retryScope: 'newest' | 'all';
}

type Env = NodeJS.ProcessEnv;

function need(env: Env, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing: deploy the stack again.`);
  return value;
}

function oneOf<T extends string>(env: Env, name: string, ...allowed: readonly [T, ...T[]]): T {
  const value = env[name] ?? allowed[0];
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw new Error(`The environment variable ${name} is "${value}", not one of ${allowed.join(', ')}: deploy again.`);
  }
  return found;
}

/** Each of these reads the environment once, at cold start; a missing variable is named. */
function readConfig(env: Env = process.env): Config {
  return {
    deployment: need(env, ENVIRONMENT.deployment),
    stackName: need(env, ENVIRONMENT.stackName),
    hubAccount: need(env, ENVIRONMENT.hubAccount),
    region: need(env, 'AWS_REGION'),
    tableName: need(env, ENVIRONMENT.tableName),
    workQueueUrl: need(env, ENVIRONMENT.workQueueUrl),
  };
}

const listIn = (env: Env, name: string): string[] =>
  (env[name] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

function readSettings(env: Env): PlanSettings {
  need(env, ENVIRONMENT.destinations);
  const destinations = listIn(env, ENVIRONMENT.destinations);
  return {
    destinations,
    autoApply: listIn(env, ENVIRONMENT.autoApply).flatMap((place) => destinations[Number(place)] ?? []),
    retry: oneOf(env, ENVIRONMENT.retry, 'ask', 'auto', 'never'),
    sources: [need(env, ENVIRONMENT.hubAccount)],
    // The first one is what holds where nothing is said.
    vaultPolicy: oneOf(env, ENVIRONMENT.vaultPolicy, 'approve', 'notify'),
    keyPolicy: oneOf(env, ENVIRONMENT.keyPolicy, 'approve', 'notify'),
    keyGrantee: oneOf(env, ENVIRONMENT.keyGrantee, 'role', 'account'),
  };
}

function readReadingConfig(env: Env): ReadingConfig {
  return {
    ...readConfig(env),
    readerRoleName: need(env, ENVIRONMENT.readerRoleName),
    organizationId: env[ENVIRONMENT.organizationId] ?? '',
    organizationReaderArn: env[ENVIRONMENT.organizationReaderArn] ?? '',
    keyAccounts: listIn(env, ENVIRONMENT.keyAccounts),
    deadLetterQueueUrl: need(env, ENVIRONMENT.deadLetterQueueUrl),
    settings: readSettings(env),
  };
}

export const readDiagnoseConfig = (env: Env = process.env): DiagnoseConfig => ({
  ...readReadingConfig(env),
  failuresQueueUrl: need(env, ENVIRONMENT.failuresQueueUrl),
});

export const readRemediateConfig = (env: Env = process.env): RemediateConfig => ({
  ...readReadingConfig(env),
  topicArn: need(env, ENVIRONMENT.topicArn),
  mailDetail: oneOf(env, ENVIRONMENT.mailDetail, 'full', 'short'),
  vaultWriterRoleName: need(env, ENVIRONMENT.vaultWriterRoleName),
  retrierRoleName: need(env, ENVIRONMENT.retrierRoleName),
  copyRoles: listIn(env, ENVIRONMENT.copyRoles),
  retryScope: oneOf(env, ENVIRONMENT.retryScope, 'newest', 'all'),
});

export const readApproveConfig = (env: Env = process.env): ApproveConfig => ({
  ...readConfig(env),
  settings: readSettings(env),
});

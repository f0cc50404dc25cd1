import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunction } from '../../../lib/bundle';
import { synthesizeHub, type SynthesizedHub } from '../../../lib/synthesize';
import type { Sandbox } from '..';
import type { Table } from '../dynamodb-api';
import type { Topic } from '../model';
import type { Queue } from '../queue';
import { LocalFunction } from './local-function';
import { Resolver } from './templates';

export const FUNCTIONS = ['diagnose', 'remediate', 'approve'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface DeployOptions {
  readonly sandbox: Sandbox;
  readonly hub: string;
  readonly region: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Accounts that get the destination template. */
  readonly members: readonly string[];
  /** Whether the address of the settings has confirmed its subscription. */
  readonly confirmed?: boolean;
  /** Functions in processes of their own. */
  readonly processes?: boolean;
  /** Changes the templates before they are deployed: what happens without one statement. */
  readonly change?: (hub: SynthesizedHub) => void;
}

export interface Deployed {
  readonly stackName: string;
  readonly functions: Readonly<Record<FunctionName, LocalFunction>>;
  readonly failures: Queue;
  readonly work: Queue;
  readonly failuresBatch: number;
  readonly workBatch: number;
  /** Of the rule that lets failed copies in. */
  readonly pattern: object;
  /** What the rules with a schedule send to `diagnose`. */
  readonly tick: object;
  readonly catchUp: object;
  readonly table: Table;
  readonly topic: Topic;
  readonly outputs: Readonly<Record<string, string>>;
  /** A person of the hub account with the managed policy for operators. */
  readonly operator: string;
}

/** Deploys the templates that `cdk deploy` would deploy, with the bundles that would run. */
export async function deploy(options: DeployOptions): Promise<Deployed> {
  const { sandbox, hub, region } = options;
  const synthesized = synthesize(options.settings, hub, region);
  options.change?.(synthesized);
  const { template, destinationTemplate } = synthesized;
  const stackName = `copy-doctor-${region}`;
  // Named as CloudFormation names what has no name: stack and logical id.
  const physical = (id: string) => `${stackName}-${id}`;
  const arns = new Map<string, string>();
  const refs = new Map<string, string>();
  const attributes = new Map<string, string>();
  const resolver = new Resolver(template, {
    account: hub,
    region,
    ref: (id) => refs.get(id) ?? arns.get(id) ?? '',
    attribute: (id, name) =>
      attributes.get(`${id}.${name}`) ??
      (name === 'Arn' ? (arns.get(id) ?? `arn:aws:made-up:${region}:${hub}:${id}`) : id),
  });

  const queues = new Map<string, Queue>();
  for (const [id, { Properties }] of Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === 'AWS::SQS::Queue',
  )) {
    const { VisibilityTimeout, RedrivePolicy } = resolver.value(Properties) as QueueProperties;
    const queue = sandbox.addQueue({
      account: hub,
      region,
      name: physical(id),
      visibilityTimeoutSeconds: VisibilityTimeout ?? 30,
      // CDK writes the dead-letter queue before the queue that names it.
      ...(RedrivePolicy && {
        maxReceiveCount: RedrivePolicy.maxReceiveCount,
        deadLetter: queues.get(RedrivePolicy.deadLetterTargetArn),
      }),
    });
    queues.set(queue.arn, queue);
    arns.set(id, queue.arn);
    refs.set(id, queue.url);
    attributes.set(`${id}.QueueName`, physical(id));
  }
  for (const [id, key] of resolver.resources<{ KeyPolicy: object }>('AWS::KMS::Key')) {
    arns.set(id, sandbox.addKey({ account: hub, region, policy: key.KeyPolicy }).arn);
  }
  const subscription = { protocol: 'email', endpoint: 'you@example.com', confirmed: options.confirmed ?? true };
  const [topicId, { KmsMasterKeyId }] = found(
    resolver.resources<{ KmsMasterKeyId: string }>('AWS::SNS::Topic')[0],
    'topic',
  );
  const topic = sandbox.addTopic({
    account: hub,
    region,
    name: physical(topicId),
    subscriptions: [subscription],
    key: sandbox.key(KmsMasterKeyId),
  });
  arns.set(topicId, topic.arn);

  const [tableId, shape] = tableOf(resolver);
  const table = await sandbox.addTable({ account: hub, region, name: physical(tableId), ...shape });
  arns.set(tableId, table.arn);
  refs.set(tableId, table.name);

  for (const [id, { FunctionName }] of resolver.resources<{ FunctionName: string }>('AWS::Lambda::Function')) {
    arns.set(id, `arn:aws:lambda:${region}:${hub}:function:${FunctionName}`);
    refs.set(id, FunctionName);
  }
  for (const [id, role] of resolver.resources<RoleProperties>('AWS::IAM::Role')) {
    const arn = addRole(sandbox, hub, role);
    arns.set(id, arn);
    refs.set(id, role.RoleName);
  }
  for (const account of options.members.filter((id) => id !== hub)) {
    const organizationId = String(options.settings['organizationId'] ?? '');
    const parameters = { HubAccount: hub, Deployment: region, OrganizationId: organizationId };
    const there = new Resolver(destinationTemplate, { account, region, parameters });
    addRole(sandbox, account, there.resource<RoleProperties>('AWS::IAM::Role'));
  }

  const functions = {} as Record<FunctionName, LocalFunction>;
  const named = new Map<string, LocalFunction>();
  for (const [, lambda] of resolver.resources<LambdaProperties>('AWS::Lambda::Function')) {
    const name = FUNCTIONS.find((one) => lambda.FunctionName.endsWith(`-${one}`));
    if (!name) throw new Error(`the demo does not know the function ${lambda.FunctionName}`);
    const credentials = sandbox.roleCredentials(lambda.Role, lambda.FunctionName);
    functions[name] = new LocalFunction({
      bundle: join(bundleOf(name), 'index.js'),
      now: () => sandbox.clock.now(),
      process: options.processes ?? false,
      crashed: () => sandbox.faults.killed,
      reborn: () => sandbox.faults.revive(),
      environment: {
        ...lambda.Environment.Variables,
        AWS_REGION: region,
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
      },
    });
    named.set(`arn:aws:lambda:${region}:${hub}:function:${lambda.FunctionName}`, functions[name]);
  }
  for (const [id, url] of resolver.resources<{ TargetFunctionArn: string }>('AWS::Lambda::Url')) {
    const functionName = url.TargetFunctionArn.split(':').at(-1) ?? '';
    const target = named.get(url.TargetFunctionArn);
    if (!target) throw new Error(`the function URL ${id} has no function`);
    const made = await sandbox.addFunctionUrl({
      account: hub,
      region,
      functionName,
      invoke: (event) => target.invoke(event) as Promise<never>,
    });
    attributes.set(`${id}.FunctionUrl`, made.url);
  }

  const rules = resolver.resources<RuleProperties>('AWS::Events::Rule').map(([, rule]) => rule);
  const rule = rules.find(({ EventPattern }) => EventPattern !== undefined);
  const scheduled = rules.flatMap(({ ScheduleExpression, Targets }) =>
    ScheduleExpression ? [JSON.parse(Targets[0]?.Input ?? '{}') as { copyDoctor?: string }] : [],
  );
  const mappings = resolver.resources<{ BatchSize: number; EventSourceArn: string }>('AWS::Lambda::EventSourceMapping');
  const failures = found(queues.get(rule?.Targets[0]?.Arn ?? ''), 'queue of the rule');
  const work = found(
    mappings.map(([, { EventSourceArn }]) => queues.get(EventSourceArn)).find((queue) => queue && queue !== failures),
    'work queue',
  );
  const batchOf = (queue: Queue) => mappings.find(([, one]) => one.EventSourceArn === queue.arn)?.[1].BatchSize ?? 10;
  const outputs = Object.fromEntries(
    Object.entries(template.Outputs).map(([id, { Value }]) => [id, String(resolver.value(Value))]),
  );
  sandbox.addStack({ account: hub, region, name: stackName, outputs });
  return {
    stackName,
    functions,
    failures,
    work,
    failuresBatch: batchOf(failures),
    workBatch: batchOf(work),
    pattern: found(rule?.EventPattern, 'event pattern'),
    tick: found(
      scheduled.find(({ copyDoctor }) => copyDoctor === 'tick'),
      'tick',
    ),
    catchUp: found(
      scheduled.find(({ copyDoctor }) => copyDoctor === 'catch-up'),
      'catch-up',
    ),
    table,
    topic,
    outputs,
    operator: operatorRole(sandbox, hub, resolver),
  };
}

/** A role of a person who looks at incidents and decides, with nothing but the stack's managed policy. */
function operatorRole(sandbox: Sandbox, hub: string, resolver: Resolver): string {
  const [policy] = resolver.resources<{ PolicyDocument: object }>('AWS::IAM::ManagedPolicy');
  if (!policy) throw new Error('the template has no managed policy for operators');
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${hub}:root` }, Action: 'sts:AssumeRole' },
  };
  return sandbox.addRole({ account: hub, name: 'operator', trust, policies: [policy[1].PolicyDocument] }).arn;
}

function tableOf(resolver: Resolver) {
  const [first] = [
    ...resolver.resources<TableProperties>('AWS::DynamoDB::Table'),
    ...resolver.resources<TableProperties>('AWS::DynamoDB::GlobalTable'),
  ];
  if (!first) throw new Error('the template has no table');
  const [id, { KeySchema, GlobalSecondaryIndexes = [] }] = first;
  const keys = (schema: KeySchema) => {
    const of = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? '';
    return { partitionKey: of('HASH'), sortKey: of('RANGE') };
  };
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: schema, Projection }) => ({
    name: IndexName,
    projection: Projection.ProjectionType,
    ...keys(schema),
  }));
  return [id, { ...keys(KeySchema), indexes }] as const;
}

const bundles = new Map<FunctionName, string>();

/** Once a process, in a folder of its own: tests run side by side. */
function bundleOf(name: FunctionName): string {
  const known = bundles.get(name);
  if (known) return known;
  const outDir = mkdtempSync(join(tmpdir(), 'copy-doctor-bundle-'));
  const made = bundleFunction(name, { outDir });
  bundles.set(name, made);
  return made;
}

const templates = new Map<string, SynthesizedHub>();

/** Synthesizing takes longer than a whole scenario: once for the same settings. */
function synthesize(settings: DeployOptions['settings'], account: string, region: string): SynthesizedHub {
  const key = JSON.stringify([settings, account, region]);
  const known = templates.get(key) ?? synthesizeHub(settings, { account, region });
  templates.set(key, known);
  return structuredClone(known);
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the template has no ${what}`);
  return value;
}

function addRole(sandbox: Sandbox, account: string, role: RoleProperties): string {
  const policies = (role.Policies ?? []).map(({ PolicyDocument }) => PolicyDocument);
  return sandbox.addRole({ account, name: role.RoleName, trust: role.AssumeRolePolicyDocument, policies }).arn;
}

interface QueueProperties {
  VisibilityTimeout?: number;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

interface RoleProperties {
  RoleName: string;
  AssumeRolePolicyDocument: object;
  Policies?: { PolicyDocument: object }[];
}

interface LambdaProperties {
  FunctionName: string;
  Role: string;
  Environment: { Variables: Record<string, string> };
}

interface RuleProperties {
  EventPattern?: object;
  ScheduleExpression?: string;
  Targets: { Arn: string; Input?: string }[];
}

type KeySchema = readonly { AttributeName: string; KeyType: string }[];

interface TableProperties {
  KeySchema: KeySchema;
  GlobalSecondaryIndexes?: readonly {
    IndexName: string;
    KeySchema: KeySchema;
    Projection: { ProjectionType: 'KEYS_ONLY' | 'ALL' };
  }[];
}

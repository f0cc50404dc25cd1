import type { SynthesizedHub } from '../../../lib/synthesize';
import type { Table } from '../dynamodb-api';
import type { Topic } from '../model';
import type { Queue } from '../queue';
import { addQueues, addTopic, type Names, type Place } from './deploy-messaging';
import { addHubRoles, addMembers, addOrganizationReader, operatorRole } from './deploy-roles';
import { LocalFunction } from './local-function';
import { bundleOf, FUNCTIONS, synthesize, type FunctionName } from './synthesized';
import { Resolver } from './templates';

export interface DeployOptions extends Place {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Accounts that get the destination template. */
  readonly members: readonly string[];
  /** Its parameters, beyond those that the hub's outputs say. */
  readonly memberParameters?: Readonly<Record<string, string>>;
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

interface RuleProperties {
  EventPattern?: object;
  Targets: { Arn: string; Input?: string }[];
}

/** Deploys the templates that `cdk deploy` would deploy, with the bundles that would run. */
export async function deploy(options: DeployOptions): Promise<Deployed> {
  const { sandbox, hub, region } = options;
  const synthesized = synthesize(options.settings, hub, region);
  options.change?.(synthesized);
  const { template, destinationTemplate, organizationTemplate, ids } = synthesized;
  const stackName = `copy-doctor-${region}`;
  const names: Names = {
    arns: new Map(),
    refs: new Map(),
    attributes: new Map(),
    physical: (id) => `${stackName}-${id}`,
  };
  const resolver = new Resolver(template, {
    account: hub,
    region,
    ref: (id) => names.refs.get(id) ?? names.arns.get(id) ?? '',
    attribute: (id, name) =>
      names.attributes.get(`${id}.${name}`) ??
      (name === 'Arn' ? (names.arns.get(id) ?? `arn:aws:made-up:${region}:${hub}:${id}`) : id),
  });

  const queues = addQueues(options, resolver, names);
  const topic = addTopic(options, resolver, ids, names, options.confirmed ?? true);
  const table = await addTable(options, resolver, ids.table, names);
  for (const [id, { FunctionName }] of resolver.resources<{ FunctionName: string }>('AWS::Lambda::Function')) {
    names.arns.set(id, `arn:aws:lambda:${region}:${hub}:function:${FunctionName}`);
    names.refs.set(id, FunctionName);
  }
  addHubRoles(options, resolver, names);
  addMembers(options, destinationTemplate, {
    accounts: options.members,
    settings: options.settings,
    parameters: options.memberParameters,
  });
  addOrganizationReader(options, organizationTemplate, options.settings);
  const functions = startFunctions(options, resolver, synthesized);
  await addFunctionUrls(options, resolver, synthesized, names, functions);

  const mappings = resolver.resources<{ BatchSize: number; EventSourceArn: string }>('AWS::Lambda::EventSourceMapping');
  const batchOf = (queue: Queue) => mappings.find(([, one]) => one.EventSourceArn === queue.arn)?.[1].BatchSize ?? 10;
  const failures = found(queues.get(ids.queues.failures), 'queue of failures');
  const work = found(queues.get(ids.queues.work), 'work queue');
  const rules = resolver.resources<RuleProperties>('AWS::Events::Rule').map(([, rule]) => rule);
  const rule = rules.find(({ Targets }) => Targets.some(({ Arn }) => Arn === failures.arn));
  const inputOf = (id: string) =>
    JSON.parse(found(resolver.properties<RuleProperties>(id).Targets[0]?.Input, `input of ${id}`)) as object;
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
    tick: inputOf(ids.rules.tick),
    catchUp: inputOf(ids.rules.catchUp),
    table,
    topic,
    outputs,
    operator: operatorRole(options, resolver),
  };
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

async function addTable({ sandbox, hub, region }: Place, resolver: Resolver, id: string, names: Names): Promise<Table> {
  const { KeySchema, GlobalSecondaryIndexes = [] } = resolver.properties<TableProperties>(id);
  const keys = (schema: KeySchema) => {
    const of = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? '';
    return { partitionKey: of('HASH'), sortKey: of('RANGE') };
  };
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: schema, Projection }) => ({
    name: IndexName,
    projection: Projection.ProjectionType,
    ...keys(schema),
  }));
  const table = await sandbox.addTable({
    ...{ account: hub, region, name: names.physical(id) },
    ...keys(KeySchema),
    indexes,
  });
  names.arns.set(id, table.arn);
  names.refs.set(id, table.name);
  return table;
}

interface LambdaProperties {
  FunctionName: string;
  Role: string;
  Environment: { Variables: Record<string, string> };
}

function startFunctions(
  { sandbox, region, processes }: DeployOptions,
  resolver: Resolver,
  { ids }: SynthesizedHub,
): Record<FunctionName, LocalFunction> {
  const start = (name: FunctionName) => {
    const { FunctionName, Role, Environment } = resolver.properties<LambdaProperties>(ids.functions[name]);
    const credentials = sandbox.roleCredentials(Role, FunctionName);
    return new LocalFunction({
      bundle: bundleOf(name),
      now: () => sandbox.clock.now(),
      process: processes ?? false,
      crashed: () => sandbox.faults.killed,
      reborn: () => sandbox.faults.revive(),
      environment: {
        ...Environment.Variables,
        AWS_REGION: region,
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
      },
    });
  };
  return Object.fromEntries(FUNCTIONS.map((name) => [name, start(name)])) as Record<FunctionName, LocalFunction>;
}

async function addFunctionUrls(
  { sandbox, hub, region }: Place,
  resolver: Resolver,
  { ids }: SynthesizedHub,
  names: Names,
  functions: Record<FunctionName, LocalFunction>,
): Promise<void> {
  for (const [id, url] of resolver.resources<{ TargetFunctionArn: string }>('AWS::Lambda::Url')) {
    const name = FUNCTIONS.find((one) => names.arns.get(ids.functions[one]) === url.TargetFunctionArn);
    const made = await sandbox.addFunctionUrl({
      account: hub,
      region,
      functionName: url.TargetFunctionArn.split(':').at(-1) ?? '',
      invoke: (event) => functions[found(name, `function of ${id}`)].invoke(event) as Promise<never>,
    });
    names.attributes.set(`${id}.FunctionUrl`, made.url);
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the template has no ${what}`);
  return value;
}

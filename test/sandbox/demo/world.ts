import { devNull } from 'node:os';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { synthesizeHub } from '../../../lib/synthesize';
import { FunctionQueue, matchesPattern, startSandbox, type Sandbox } from '..';
import type { Organization } from '../model';
import type { Queue } from '../queue';
import { Resolver } from './templates';
import { DESTINATION, MANAGEMENT, PARTNER, REGION, SOURCE, TODAY, UNREAD } from './scenario';

export type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export interface WorldOptions {
  /** Vault ARNs: the deployment's setting `destinations`. */
  readonly destinations: readonly string[];
  readonly hub?: string;
  readonly region?: string;
  readonly now?: string;
  readonly port?: number;
  /** The function's module keeps clients and sessions: a second world in one process needs a fresh one. */
  readonly loadHandler?: () => Promise<Handler>;
}

export interface World {
  readonly sandbox: Sandbox;
  readonly organization: Organization;
  readonly hub: string;
  /** Through the rule into the queue and the function; false: the rule does not let the event through. */
  deliver(event: object): Promise<boolean>;
  /** Gives the function what lies in its queue, such as a drill. */
  drain(): Promise<void>;
  /** The deployment's stack, as the CLI finds it. */
  readonly stackName: string;
  /** Bodies that ended as dead letters. */
  deadLetters(): string[];
  close(): Promise<void>;
}

const ORGANIZATION = 'o-madeup00001';

/** A small organization with Copy Doctor deployed in it, from the templates that `cdk deploy` would use. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { hub = SOURCE, region = REGION } = options;
  const sandbox = await startSandbox({ now: options.now ?? TODAY, port: options.port ?? 0 });
  const members = [...new Set([SOURCE, DESTINATION, UNREAD, hub])].filter((id) => id !== MANAGEMENT && id !== PARTNER);
  for (const id of [MANAGEMENT, PARTNER, ...members]) sandbox.addAccount({ id });
  sandbox.account(hub).enabledRegions.add(region);
  const organization = sandbox.addOrganization({ id: ORGANIZATION, management: MANAGEMENT, members });
  sandbox.addOrganization({ id: 'o-partner0001', management: PARTNER, members: [] });
  const organizationId = sandbox.account(hub).organization?.id ?? ORGANIZATION;

  const { template, destinationTemplate } = synthesizeHub(
    {
      email: 'you@example.com',
      destinations: options.destinations.join(','),
      organizationId,
    },
    { account: hub, region },
  );
  const arns = new Map<string, string>();
  const urls = new Map<string, string>();
  const resolver = new Resolver(template, {
    account: hub,
    region,
    ref: (id) => urls.get(id) ?? arns.get(id) ?? '',
    attribute: (id, name) => (name === 'Arn' ? (arns.get(id) ?? `arn:aws:made-up:${region}:${hub}:${id}`) : id),
  });

  // Named as CloudFormation names what has no name: stack and logical id.
  const physical = (id: string) => `copy-doctor-${region}-${id}`;
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
    urls.set(id, queue.url);
  }
  for (const [id, key] of resolver.resources<{ KeyPolicy: object }>('AWS::KMS::Key')) {
    arns.set(id, sandbox.addKey({ account: hub, region, policy: key.KeyPolicy }).arn);
  }
  for (const [id] of resolver.resources('AWS::SNS::Topic')) {
    const subscriptions = [{ protocol: 'email', endpoint: 'you@example.com', confirmed: true }];
    arns.set(id, sandbox.addTopic({ account: hub, region, name: physical(id), subscriptions }).arn);
  }
  for (const [id, role] of resolver.resources<RoleProperties>('AWS::IAM::Role')) {
    arns.set(id, addRole(sandbox, hub, role));
  }
  for (const account of [DESTINATION, PARTNER].filter((id) => id !== hub)) {
    const parameters = { HubAccount: hub, Deployment: region, OrganizationId: organizationId };
    const there = new Resolver(destinationTemplate, { account, region, parameters });
    addRole(sandbox, account, there.resource<RoleProperties>('AWS::IAM::Role'));
  }

  const lambda = resolver.resource<{ Role: string; Environment: { Variables: Record<string, string> } }>(
    'AWS::Lambda::Function',
  );
  const credentials = sandbox.roleCredentials(lambda.Role, 'copy-doctor-diagnose');
  const restore = setEnvironment({
    ...lambda.Environment.Variables,
    AWS_REGION: region,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    // Which Node runs the demo is not what the demo tells about.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // The log of errors goes to standard error; standard output belongs to the demo.
    POWERTOOLS_LOG_LEVEL: 'ERROR',
  });
  const rule = resolver.resource<{ EventPattern: object; Targets: { Arn: string }[] }>('AWS::Events::Rule');
  const mapping = resolver.resource<{ BatchSize: number }>('AWS::Lambda::EventSourceMapping');
  const handler = await (options.loadHandler ?? loadHandler)();
  const failures = queues.get(rule.Targets[0]?.Arn ?? '');
  if (!failures) throw new Error('the rule has no queue as its target');
  const queue = new FunctionQueue({ handler, queue: failures, batchSize: mapping.BatchSize });
  const stackName = `copy-doctor-${region}`;
  const outputs = Object.entries(template.Outputs).map(([id, { Value }]) => [id, String(resolver.value(Value))]);
  sandbox.addStack({ account: hub, region, name: stackName, outputs: Object.fromEntries(outputs) });
  return {
    sandbox,
    organization,
    hub,
    stackName,
    drain: async () => void (await queue.drain()),
    deliver: async (event) => {
      if (!matchesPattern(rule.EventPattern, event)) return false;
      queue.send(event);
      await queue.drain();
      return true;
    },
    deadLetters: () => queue.deadLetters.map(({ body }) => body),
    close: async () => {
      restore();
      await sandbox.close();
    },
  };
}

interface QueueProperties {
  VisibilityTimeout?: number;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

interface RoleProperties {
  RoleName: string;
  AssumeRolePolicyDocument: object;
  Policies: { PolicyDocument: object }[];
}

function addRole(sandbox: Sandbox, account: string, role: RoleProperties): string {
  const policies = role.Policies.map(({ PolicyDocument }) => PolicyDocument);
  return sandbox.addRole({ account, name: role.RoleName, trust: role.AssumeRolePolicyDocument, policies }).arn;
}

const loadHandler = async (): Promise<Handler> => (await import('../../../lambda/diagnose.handler')).handler;

/** The function's environment: nothing of the AWS settings of whoever runs this. Gives back what undoes it. */
function setEnvironment(variables: Record<string, string>): () => void {
  const before = process.env;
  const others = Object.entries(before).filter(([name]) => !/^(AWS|POWERTOOLS)_/.test(name));
  const noFiles = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_EC2_METADATA_DISABLED: 'true' };
  process.env = { ...Object.fromEntries(others), ...noFiles, ...variables };
  return () => {
    process.env = before;
  };
}

import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { randomBytes, randomUUID } from 'node:crypto';
import { AuthorizationLog, type Refusal } from './authorization-log';
import { BackupService, ended, type RunCopy } from './backup-service';
import { Clock } from './clock';
import { callCounts, type Call } from './calls';
import { DynamoDb, type AddTable, type Table } from './dynamodb-engine';
import { Events } from './events';
import { Faults } from './faults';
import { openFunctionUrl, type AddFunctionUrl } from './function-url';
import { Queue } from './queue';
import { Sessions, type Session, type StaticCredentials } from './sessions';
import { State } from './state';
import type { AddAccount } from './state-options';
import { createEndpoint } from './server';
import type { Account, CopyJob, Key, Stack, Topic, Trail } from './model';
import type { PolicyDelay } from './policy-delay';

export interface SandboxOptions {
  now?: Date | string;
  latencyMs?: number;
  port?: number;
}

export interface Published {
  topicArn: string;
  subject: string | undefined;
  message: string;
  messageStructure: string | undefined;
  attributes: Record<string, { DataType?: string; StringValue?: string }>;
  at: Date;
}

/** What a confirmed subscriber gets. */
export interface Delivered {
  topicArn: string;
  protocol: string;
  endpoint: string;
  subject: string | undefined;
  text: string;
  at: Date;
}

interface AddTopic {
  account: string;
  region: string;
  name: string;
  key?: Key;
  subscriptions?: { protocol: string; endpoint: string; confirmed?: boolean }[];
}
interface AddQueue {
  account: string;
  region: string;
  name: string;
  key?: Key;
  visibilityTimeoutSeconds?: number;
  maxReceiveCount?: number;
  deadLetter?: Queue;
}
interface AddTrail extends Partial<Pick<Trail, 'multiRegion' | 'organization' | 'logging'>> {
  account: string;
  region: string;
  name?: string;
}
type AddStack = Pick<Stack, 'account' | 'region' | 'name'> & Partial<Pick<Stack, 'status' | 'outputs' | 'resources'>>;

export class Sandbox {
  readonly clock: Clock;
  readonly state: State;
  readonly events = new Events();
  readonly faults = new Faults();
  readonly sessions: Sessions;
  readonly backup: BackupService;
  readonly dynamodb = new DynamoDb();
  readonly topics: Topic[] = [];
  readonly queues: Queue[] = [];
  readonly stacks: Stack[] = [];
  readonly trails: Trail[] = [];
  readonly taggedResources: { account: string; region: string; arn: string; tags: Record<string, string> }[] = [];
  readonly published: Published[] = [];
  readonly delivered: Delivered[] = [];
  readonly calls: Call[] = [];
  readonly authorizations = new AuthorizationLog();
  latencyMs: number;
  /** Whether DescribeGlobalSettings tells a member the organization's value: AWS does not say. */
  memberSeesGlobalSettings = false;
  /** For so long a policy that was put is not there yet: for gates, callers and Get. */
  policyDelayMs = 0;
  /** The first that fits counts instead. */
  policyDelays: PolicyDelay[] = [];
  /** So many copies of an account and Region may be CREATED or RUNNING before StartCopyJob refuses another. */
  maxRunningCopies = Infinity;
  endpoint = '';
  private readonly servers: Server[] = [];

  constructor(options: SandboxOptions = {}) {
    this.clock = new Clock(options.now ?? '2026-06-01T00:00:00Z');
    this.latencyMs = options.latencyMs ?? 0;
    this.state = new State(this.clock);
    this.sessions = new Sessions(this.clock);
    this.backup = new BackupService(this.state, this.clock, this.events);
  }

  async listen(port: number): Promise<void> {
    const server = createEndpoint(this);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.servers.push(server);
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.dynamodb.close();
    const closing = this.servers.splice(0).map((server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    });
    await Promise.all(closing);
  }

  addAccount(options: AddAccount): Account {
    this.sessions.admin(options.id);
    return this.state.addAccount(options);
  }
  addOrganization: State['addOrganization'] = (options) => this.state.addOrganization(options);
  addVault: State['addVault'] = (options) => this.state.addVault(options);
  addKey: State['addKey'] = (options) => this.state.addKey(options);
  addRecoveryPoint: State['addRecoveryPoint'] = (options) => this.state.addRecoveryPoint(options);
  addRole: State['addRole'] = (options) => this.state.addRole(options);
  addCopyRole: State['addCopyRole'] = (account, name) => this.state.addCopyRole(account, name);
  account: State['account'] = (id) => this.state.account(id);
  vault: State['vault'] = (arn) => this.state.vault(arn);
  key: State['key'] = (arn) => this.state.key(arn);
  role: State['role'] = (arn) => this.state.role(arn);
  recoveryPoint: State['recoveryPoint'] = (arn) => this.state.recoveryPoint(arn);
  removeVault: State['removeVault'] = (arn) => this.state.removeVault(arn);

  addTopic({ account, region, name, key, subscriptions = [] }: AddTopic): Topic {
    const arn = `arn:aws:sns:${region}:${account}:${name}`;
    const known = subscriptions.map((one) => ({
      arn: `${arn}:${randomUUID()}`,
      confirmed: true,
      token: randomBytes(32).toString('hex'),
      authenticateOnUnsubscribe: false,
      ...one,
    }));
    const topic: Topic = { arn, account, region, key, subscriptions: known };
    this.topics.push(topic);
    return topic;
  }

  /** As if the subscriber had followed the link. */
  confirm(topicArn: string, endpoint: string): void {
    const topic = this.topics.find(({ arn }) => arn === topicArn);
    const subscription = topic?.subscriptions.find((one) => one.endpoint === endpoint);
    if (!subscription) throw new Error(`the sandbox has no subscription of ${endpoint} to ${topicArn}`);
    subscription.confirmed = true;
  }

  addTable(options: AddTable): Promise<Table> {
    this.account(options.account);
    return this.dynamodb.add(options);
  }

  async addFunctionUrl(options: AddFunctionUrl): Promise<{ url: string }> {
    this.account(options.account);
    const { url, server } = await openFunctionUrl(this, options);
    this.servers.push(server);
    return { url };
  }

  addQueue({ account, region, name, ...options }: AddQueue): Queue {
    const queue = new Queue({
      arn: `arn:aws:sqs:${region}:${account}:${name}`,
      url: `${this.endpoint}/${account}/${name}`,
      now: () => this.clock.now().getTime(),
      ...options,
    });
    this.queues.push(queue);
    return queue;
  }

  addStack({ account, region, name, ...options }: AddStack): Stack {
    const stack: Stack = {
      id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`,
      account,
      region,
      name,
      status: options.status ?? 'CREATE_COMPLETE',
      outputs: options.outputs ?? {},
      resources: options.resources ?? [],
      createdAt: this.clock.now(),
    };
    this.stacks.push(stack);
    return stack;
  }

  addTaggedResource(resource: Sandbox['taggedResources'][number]): void {
    this.taggedResources.push(resource);
  }

  addTrail({ account, region, name = 'trail', ...options }: AddTrail): Trail {
    const arn = `arn:aws:cloudtrail:${region}:${account}:trail/${name}`;
    const defaults = { multiRegion: true, organization: false, logging: true };
    const trail: Trail = { arn, account, homeRegion: region, name, ...defaults, ...options };
    this.trails.push(trail);
    return trail;
  }

  removeAccount(id: string): void {
    this.state.removeAccount(id);
    this.sessions.forget(id);
  }

  credentials(account: string): StaticCredentials {
    this.account(account);
    return this.sessions.admin(account);
  }

  roleCredentials(roleArn: string, sessionName = 'session'): Omit<Session, 'identity' | 'expired'> {
    const role = this.role(roleArn);
    if (!role) throw new Error(`the sandbox has no role ${roleArn}`);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = this.sessions.open(role, sessionName);
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  }

  expireSessions(account?: string): void {
    this.sessions.expire(account);
  }

  get copyJobs(): CopyJob[] {
    return this.backup.jobs;
  }

  get fullyManagedCopier() {
    return this.backup.fullyManagedCopier;
  }
  set fullyManagedCopier(who: BackupService['fullyManagedCopier']) {
    this.backup.fullyManagedCopier = who;
  }

  runCopy(options: RunCopy): Promise<CopyJob> {
    return this.backup.run(options);
  }

  async finishCopies(): Promise<void> {
    for (let minutes = 0; this.copyJobs.some((job) => !ended(job)); minutes++) {
      if (minutes > 7 * 24 * 60) throw new Error('copies do not end within a week');
      await this.clock.advance(60_000);
    }
  }

  get refusals(): Refusal[] {
    return this.authorizations.refusals;
  }

  get allowedBy(): Map<string, Set<string>> {
    return this.authorizations.allowedBy;
  }

  callCounts(): Record<string, number> {
    return callCounts(this.calls);
  }

  clearCalls(): void {
    this.calls.length = 0;
  }
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = new Sandbox(options);
  await sandbox.listen(options.port ?? 0);
  return sandbox;
}

import type { SQSEvent } from 'aws-lambda';
import { run } from '../../../bin/cli/run';
import { FunctionQueue, matchesPattern, startSandbox, type Sandbox } from '..';
import type { Organization } from '../model';
import { deploy, type Deployed, type DeployOptions } from './deploy';
import { writeProfiles, type Profiles } from './profiles';
import { FUNCTIONS } from './synthesized';
import { DESTINATION, KEYS, MANAGEMENT, PARTNER, REGION, SOURCE, TODAY, UNREAD } from './scenario';

export interface WorldOptions {
  /** Vault ARNs: the deployment's setting `destinations`. */
  readonly destinations: readonly string[];
  readonly hub?: string;
  readonly region?: string;
  readonly now?: string;
  readonly port?: number;
  /** Other settings of the deployment. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly confirmed?: DeployOptions['confirmed'];
  readonly processes?: DeployOptions['processes'];
  readonly memberParameters?: DeployOptions['memberParameters'];
  readonly change?: DeployOptions['change'];
}

export interface World extends Omit<Deployed, 'operator' | 'failures' | 'work'> {
  readonly sandbox: Sandbox;
  readonly organization: Organization;
  readonly hub: string;
  readonly region: string;
  readonly failures: FunctionQueue;
  readonly work: FunctionQueue;
  readonly profiles: Profiles;
  /**
   * Copy jobs whose events the rule does not forward, because a test sends them by hand, or to lose them. The events of
   * all others reach the queue by themselves, as soon as they happen.
   */
  readonly heldBack: Set<string>;
  /** Through the rule into the queue and the functions; false: the rule does not let the event through. */
  deliver(event: object): Promise<boolean>;
  /** Gives the functions what lies in their queues and is due, until nothing is. */
  drain(): Promise<void>;
  /** One minute's rule: sends what is due. */
  tick(): Promise<void>;
  /** Lets time go by, with a tick at the end of each step (a minute if not said otherwise). */
  pass(milliseconds: number, step?: number): Promise<void>;
  /** The command line in this process, as it is typed; profiles: operator, source, destination. */
  cli(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Bodies that ended as dead letters. */
  deadLetters(): string[];
  /** What the functions threw, a line each. */
  readonly errors: string[];
  close(): Promise<void>;
}

const ORGANIZATION = 'o-madeup00001';
const MINUTE = 60_000;

/** A small organization with Copy Doctor deployed in it, from the templates that `cdk deploy` would use. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { hub = SOURCE, region = REGION } = options;
  const sandbox = await startSandbox({ now: options.now ?? TODAY, port: options.port ?? 0 });
  const members = [...new Set([SOURCE, DESTINATION, UNREAD, KEYS, hub])].filter(
    (id) => id !== MANAGEMENT && id !== PARTNER,
  );
  for (const id of [MANAGEMENT, PARTNER, ...members]) sandbox.addAccount({ id });
  sandbox.account(hub).enabledRegions.add(region);
  const organization = sandbox.addOrganization({ id: ORGANIZATION, management: MANAGEMENT, members });
  sandbox.addTrail({ account: MANAGEMENT, region, organization: true });
  sandbox.addOrganization({ id: 'o-partner0001', management: PARTNER, members: [] });
  const organizationId = sandbox.account(hub).organization?.id ?? ORGANIZATION;

  const deployed = await deploy({
    sandbox,
    hub,
    region,
    settings: {
      email: 'you@example.com',
      destinations: options.destinations.join(','),
      organizationId,
      keyAccounts: KEYS,
      ...options.settings,
    },
    members: [DESTINATION, PARTNER, KEYS],
    ...(options.confirmed === undefined ? {} : { confirmed: options.confirmed }),
    ...(options.processes === undefined ? {} : { processes: options.processes }),
    ...(options.memberParameters ? { memberParameters: options.memberParameters } : {}),
    ...(options.change ? { change: options.change } : {}),
  });
  const { functions } = deployed;
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(String(error));
  const source = (name: 'diagnose' | 'remediate', queue: Deployed['work'], batchSize: number) =>
    new FunctionQueue({
      handler: (event: SQSEvent) => functions[name].invoke(event),
      queue,
      batchSize,
      onError,
    });
  const failures = source('diagnose', deployed.failures, deployed.failuresBatch);
  const work = source('remediate', deployed.work, deployed.workBatch);
  const profiles = writeProfiles(sandbox.endpoint, region, {
    operator: sandbox.roleCredentials(deployed.operator, 'operator'),
    source: sandbox.credentials(hub),
    destination: sandbox.credentials(DESTINATION),
    unread: sandbox.credentials(UNREAD),
    keys: sandbox.credentials(KEYS),
    management: sandbox.credentials(MANAGEMENT),
  });

  const heldBack = new Set<string>();
  sandbox.events.on((event) => {
    const { copyJobId = '' } = event.detail;
    if (!heldBack.has(copyJobId) && matchesPattern(deployed.pattern, event)) failures.send(event);
  });

  const drain = async () => {
    while ((await failures.drain()) + (await work.drain()) > 0);
  };
  const tick = async () => {
    await functions.diagnose.invoke(deployed.tick).catch(onError);
    await drain();
  };
  return {
    ...deployed,
    sandbox,
    organization,
    hub,
    region,
    failures,
    work,
    profiles,
    heldBack,
    errors,
    drain,
    tick,
    deliver: async (event) => {
      if (!matchesPattern(deployed.pattern, event)) return false;
      failures.send(event);
      await drain();
      return true;
    },
    pass: async (milliseconds, step = MINUTE) => {
      for (let left = milliseconds; left > 0; left -= step) {
        await sandbox.clock.advance(Math.min(step, left));
        await tick();
      }
    },
    cli: async (...argv) => {
      const written = { stdout: '', stderr: '' };
      const out = (name: keyof typeof written) => ({ isTTY: false, write: (text: string) => (written[name] += text) });
      const restore = profiles.use();
      try {
        const code = await run(argv, { stdout: out('stdout'), stderr: out('stderr') });
        return { code, ...written };
      } finally {
        restore();
      }
    },
    deadLetters: () => [...failures.deadLetters, ...work.deadLetters].map(({ body }) => body),
    close: async () => {
      await Promise.all(FUNCTIONS.map((name) => functions[name].restart()));
      profiles.remove();
      await sandbox.close();
    },
  };
}

import type { Incident } from '../../../lambda/core/incident/incident';
import { apply, decide } from './cure';
import { headOf } from './heads';
import { messageOf } from './options';
import { untilAtRest } from './rest';
import { DESTINATION, REGION } from './scenario';
import { allowCopyFrom, ownKeys, policy } from './stage';
import { Tally } from './tally';
import { createWorld, type World } from './world';

export interface Storm {
  readonly failures: number;
  /** With keys: so many keys whose policies lack the destination; else vaults whose policies lack the source. */
  readonly keys: number | undefined;
}

/** What a storm cost, as `--json` prints it. */
export interface StormResult {
  readonly failures: number;
  readonly incidents: number;
  /** That tell the diagnosis. */
  readonly mails: number;
  /** Reads of member accounts, counted at the endpoint; calls to the service's own table, queues and topic apart. */
  readonly readsPerFailure: number;
  /** Copies that the service has started, and reads of member accounts for each, from the decision on. */
  readonly retries: number;
  readonly readsPerRetry: number;
  /** That tell what came of it. */
  readonly resultMails: number;
  readonly calls: Readonly<Record<string, number>>;
  /** Maximum resident set of the largest function's process. */
  readonly peakMemoryMB: number;
  readonly seconds: number;
}

const VAULTS = 3;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Say = (text: string) => void;

/**
 * So many copies fail at once, for few causes; each incident is approved, and time passes until all is copied. The
 * functions run in processes of their own, with Lambda's heap limits.
 */
export async function storm({ failures, keys }: Storm, say: Say): Promise<StormResult> {
  const began = performance.now();
  const names = Array.from({ length: keys === undefined ? VAULTS : 1 }, (_, index) => `dr-storm-${index + 1}`);
  const destinations = names.map((name) => `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:${name}`);
  say('Synthesizing the stack and deploying it into an AWS that is made up, on this machine …\n');
  const world = await createWorld({ destinations, processes: true });
  try {
    const { sandbox } = world;
    // Small increments; else most of the time would be spent on waiting for room.
    sandbox.backup.pace = { startAfterMs: 5_000, runMs: 40_000 };
    say(`Letting ${failures} copies fail …\n`);
    await letFail(world, destinations, failures, keys);
    const failed = sandbox.copyJobs.length;
    const tally = new Tally(sandbox);
    tally.clear();
    await deliver(world, failed, say);
    // The first mails go out a minute after the first failure.
    await world.pass(3 * MINUTE);
    const mails = sandbox.published.length;
    const diagnosed = tally.take();
    const incidents = (await world.table.items()).flatMap(({ sk, id }) => (sk === 'HEAD' ? [String(id)] : []));
    say(`${incidents.length} incidents, ${mails} mails. A person approves each …\n`);
    const atRest = await heal(world, incidents, failed, tally, say);
    const peaks = await Promise.all(Object.values(world.functions).map((one) => one.peakMemoryMB()));
    const retries = sandbox.copyJobs.length - failed;
    const problems = [...world.errors, ...world.deadLetters(), ...notHealed(world, atRest, failed)];
    if (problems.length > 0) throw new Error(`${problems.length} problems: ${problems.slice(0, 3).join('; ')}`);
    const healed = tally.take();
    return {
      failures: failed,
      incidents: incidents.length,
      mails,
      readsPerFailure: share(diagnosed.reads, failed),
      retries,
      readsPerRetry: share(healed.reads, retries),
      resultMails: sandbox.published.length - mails,
      calls: tally.total,
      peakMemoryMB: Math.round(Math.max(...peaks)),
      seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
    };
  } finally {
    await world.close();
  }
}

const share = (count: number, among: number) => Number((among === 0 ? 0 : count / among).toFixed(4));

async function letFail({ sandbox, hub }: World, destinations: readonly string[], failures: number, keys?: number) {
  const from = { account: hub, region: REGION };
  const shared = {
    Sid: 'All',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DESTINATION}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const sourceKeys = Array.from({ length: keys ?? 1 }, () =>
    sandbox.addKey({ ...from, policy: policy(ownKeys(hub), ...(keys === undefined ? [shared] : [])) }),
  );
  const vault = sandbox.addVault({ ...from, name: 'prod', key: sourceKeys[0] });
  const role = sandbox.addCopyRole(hub);
  const destinationKey = sandbox.addKey({ account: DESTINATION, region: REGION });
  for (const arn of destinations) {
    const open = keys === undefined ? {} : { policy: policy(allowCopyFrom(hub)) };
    const name = arn.split(':').at(-1) ?? '';
    sandbox.addVault({ account: DESTINATION, region: REGION, name, key: destinationKey, ...open });
  }
  for (let index = 0; index < failures; index++) {
    const key = sourceKeys[index % sourceKeys.length];
    await sandbox.runCopy({
      recoveryPoint: sandbox.addRecoveryPoint({ vault, type: 'EBS', key, bytes: 1_000_000_000 }),
      destinationVaultArn: destinations[index % destinations.length] ?? '',
      role: role.arn,
    });
  }
  await sandbox.finishCopies();
}

/** As Lambda does with several function instances, but one after the other: memory is one instance's. */
async function deliver(world: World, total: number, say: Say): Promise<void> {
  const began = performance.now();
  let told = 0;
  for (let given = 0; given < total;) {
    const batch = await world.failures.deliver();
    if (batch === 0)
      throw new Error(`${total - given} failures wait, but none is delivered: ${messageOf(world.errors[0])}`);
    given += batch;
    if (given - told >= total / 20) {
      told = given;
      say(`${given} of ${total} delivered, ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    }
  }
  await world.drain();
}

async function heal(
  world: World,
  ids: readonly string[],
  failed: number,
  tally: Tally,
  say: Say,
): Promise<readonly Incident[]> {
  const quiet = () => undefined;
  for (const id of ids) {
    await decide(world, await headOf(world, id), quiet);
    await apply(world, await headOf(world, id), quiet);
  }
  say('Time goes by, and copies are started again …\n');
  const began = performance.now();
  let told = 0;
  return untilAtRest(world, ids, {
    atMost: 14 * DAY,
    each: (passed) => {
      // Calls are counted and forgotten: they would need more memory than all the rest.
      tally.count();
      const copied = world.sandbox.copyJobs.slice(failed).filter(({ state }) => state === 'COMPLETED').length;
      if (copied - told < failed / 20) return;
      told = copied;
      const hours = (passed / (60 * MINUTE)).toFixed(1);
      say(
        `${copied} of ${failed} copied again, ${hours} h later, ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
      );
    },
  });
}

/** Every resource has exactly one copy in its vault, and every incident knows. */
function notHealed({ sandbox }: World, incidents: readonly Incident[], failed: number): string[] {
  const copies = new Map<string, number>();
  const key = (job: { resourceArn: string; destinationVaultArn: string }) =>
    `${job.resourceArn} to ${job.destinationVaultArn}`;
  for (const job of sandbox.copyJobs.slice(failed)) {
    if (job.state === 'COMPLETED') copies.set(key(job), (copies.get(key(job)) ?? 0) + 1);
  }
  return [
    ...incidents.filter(({ state }) => state !== 'resolved').map(({ id, state }) => `incident ${id} is ${state}`),
    ...sandbox.copyJobs
      .slice(0, failed)
      .filter((job) => copies.get(key(job)) !== 1)
      .map((job) => `${key(job)}: ${copies.get(key(job)) ?? 0} copies`),
  ];
}

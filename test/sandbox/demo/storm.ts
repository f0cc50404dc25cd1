import type { Sandbox } from '..';
import { messageOf } from './options';
import { DESTINATION, REGION } from './scenario';
import { allowCopyFrom, ownKeys, policy } from './stage';
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
  readonly mails: number;
  /** Reads of member accounts, counted at the endpoint; calls to the service's own table, queues and topic apart. */
  readonly readsPerFailure: number;
  readonly calls: Readonly<Record<string, number>>;
  /** Maximum resident set of the largest function's process. */
  readonly peakMemoryMB: number;
  readonly seconds: number;
}

const VAULTS = 3;
/** What the service itself runs on. */
const OWN = new Set(['dynamodb', 'sqs', 'sns', 'sts']);

/** So many copies fail at once, for few causes. The functions run in processes of their own, with Lambda's heap limits. */
export async function storm({ failures, keys }: Storm, say: (text: string) => void): Promise<StormResult> {
  const began = performance.now();
  const names = Array.from({ length: keys === undefined ? VAULTS : 1 }, (_, index) => `dr-storm-${index + 1}`);
  const destinations = names.map((name) => `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:${name}`);
  say('Synthesizing the stack and deploying it into an AWS that is made up, on this machine …\n');
  const world = await createWorld({ destinations, processes: true });
  try {
    say(`Letting ${failures} copies fail …\n`);
    await letFail(world, destinations, failures, keys);
    const { sandbox } = world;
    const events = sandbox.events.all.filter(({ detail }) => detail.state === 'FAILED');
    sandbox.clearCalls();
    for (const event of events) world.failures.send(event);
    await deliver(world, events.length, say);
    // The first mails go out a minute after the first failure.
    await world.pass(3 * 60_000);
    const items = await world.table.items();
    const calls = byService(sandbox);
    const reads = Object.entries(calls).filter(([service]) => !OWN.has(service));
    const peaks = await Promise.all(Object.values(world.functions).map((one) => one.peakMemoryMB()));
    const problems = [...world.errors, ...world.deadLetters()];
    if (problems.length > 0) throw new Error(`${problems.length} problems: ${problems.slice(0, 3).join('; ')}`);
    return {
      failures: events.length,
      incidents: items.filter(({ sk }) => sk === 'HEAD').length,
      mails: sandbox.published.length,
      readsPerFailure: Number((reads.reduce((sum, [, count]) => sum + count, 0) / events.length).toFixed(4)),
      calls,
      peakMemoryMB: Math.round(Math.max(...peaks)),
      seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
    };
  } finally {
    await world.close();
  }
}

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
async function deliver(world: World, total: number, say: (text: string) => void): Promise<void> {
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

function byService({ calls }: Sandbox): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service } of calls) counts[service] = (counts[service] ?? 0) + 1;
  return counts;
}

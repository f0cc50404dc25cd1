import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../../lambda/core/incident/incident';
import type { Failed } from './play';
import type { World } from './world';

interface Document {
  readonly Statement: readonly object[];
}

/** A policy before and after a change; null: there was none. */
export interface FinalPolicy {
  readonly resource: string;
  readonly before: Document | null;
  readonly after: Document | null;
}

const MINUTE = 60_000;

/**
 * What people do about incidents that a policy cures: decide and apply, each with the real command line; then time goes
 * by until the service has seen the change, and a later copy succeeds. Others stay as they are.
 */
export async function cure(
  world: World,
  failed: Failed,
  incidents: readonly Incident[],
  say: (text: string) => void,
): Promise<readonly FinalPolicy[]> {
  const proposed = incidents.filter(({ state }) => state === 'proposed');
  if (proposed.length === 0) return [];
  const before = proposed.map(({ resource }) => policyOf(world, resource));
  for (const incident of proposed) {
    await decide(world, incident, say);
    await apply(world, incident, say);
  }
  await close(world, failed, say);
  return proposed.map(({ resource }, index) => ({
    resource,
    before: before[index] ?? null,
    after: policyOf(world, resource),
  }));
}

export async function decide(
  world: World,
  { id, planHash = '' }: Incident,
  say: (text: string) => void,
): Promise<void> {
  const args = ['approve', id, ...hubOf(world), '--profile', 'operator', '--plan', planHash.slice(0, 12), '--yes'];
  say(`$ npx --no-install copy-doctor ${args.join(' ')}\n`);
  await typed(world, args);
  await world.drain();
}

/** The owner of the vault or key makes the change with credentials of their own. */
export async function apply(world: World, incident: Incident, say: (text: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'copy-doctor-demo-'));
  const { id, planHash = '', owner } = incident;
  const profile = owner === world.hub ? 'source' : 'destination';
  const args = ['apply', id, ...hubOf(world), '--profile', profile, '--hub-profile', 'operator'];
  const decided = [...args, '--plan', planHash.slice(0, 12), '--yes'];
  say(`$ npx --no-install copy-doctor ${decided.join(' ')}\n`);
  try {
    await typed(world, [...decided, '--out', folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The service sees the change by itself, policies settle, and the next scheduled copy shows whether it worked. */
export async function close(world: World, { job }: Failed, say: (text: string) => void): Promise<void> {
  const { sandbox } = world;
  await world.pass(20 * MINUTE, 5 * MINUTE);
  const again = await sandbox.runCopy({
    recoveryPoint: job.sourceRecoveryPointArn,
    destinationVaultArn: job.destinationVaultArn,
    role: job.role,
  });
  await sandbox.finishCopies();
  say(`The next copy: ${again.state}${again.statusMessage ? ` (${again.statusMessage})` : ''}\n`);
  if (again.state !== 'COMPLETED')
    throw new Error(`the copy after the change is ${again.state}: ${again.statusMessage}`);
  await world.pass(70 * MINUTE, 10 * MINUTE);
}

const hubOf = ({ region, hub }: World) => ['--region', region, '--account', hub];

async function typed(world: World, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await world.cli(...args);
  if (code !== 0) throw new Error(`copy-doctor ${args[0]} ended with ${code}: ${(stderr || stdout).trim()}`);
}

function policyOf({ sandbox }: World, resource: string): Document | null {
  const text = (sandbox.vault(resource) ?? sandbox.key(resource))?.policy;
  return text === undefined ? null : (JSON.parse(text) as Document);
}

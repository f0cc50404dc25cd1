import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../../lambda/core/incident/incident';
import { headOf, incidentsOf } from './heads';
import type { Failed } from './play';
import { untilAtRest } from './rest';
import { KEYS } from './scenario';
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

export interface StartedCopy {
  readonly copyJobId: string;
  readonly state: string;
}

/** What became of a failure after its diagnosis. */
export interface Cured {
  readonly finalPolicies: readonly FinalPolicy[];
  readonly retries: readonly StartedCopy[];
  readonly resultMail: { readonly subject: string; readonly body: string } | null;
}

export const NOTHING_DONE: Cured = { finalPolicies: [], retries: [], resultMail: null };

type Say = (text: string) => void;

/**
 * Sees incidents through that can be cured: a person decides with the real command line, the service changes the policy
 * of a vault and the owner that of a key; then the service copies again and tells the result. What passes by itself needs
 * nobody. Others stay as they are.
 */
export async function cure(world: World, failed: Failed, incidents: readonly Incident[], say: Say): Promise<Cured> {
  const proposed = incidents.filter(({ state }) => state === 'proposed');
  if (proposed.length === 0 && !incidents.some(({ state }) => state === 'waiting')) return NOTHING_DONE;
  const before = proposed.map(({ resource }) => policyOf(world, resource));
  const told = world.sandbox.published.length;
  for (const { id } of proposed) {
    // The change of one may have made the plan of the next another one.
    await decide(world, await headOf(world, id), say);
    await apply(world, await headOf(world, id), say);
  }
  await close(world, failed, say);
  return {
    finalPolicies: proposed.map(({ resource }, index) => ({
      resource,
      before: before[index] ?? null,
      after: policyOf(world, resource),
    })),
    retries: retriesOf(world, failed),
    resultMail: lastMail(world, incidents, told),
  };
}

/** Approves: the change, and that the failed copies are started again, where that is asked. */
export async function decide(world: World, { id, planHash = '', retry }: Incident, say: Say): Promise<void> {
  const again = retry === 'ask' ? ['--retry'] : [];
  const plan = ['--plan', planHash.slice(0, 12), '--yes'];
  const args = ['approve', id, ...hubOf(world), '--profile', 'operator', ...again, ...plan];
  say(`$ npx --no-install copy-doctor ${args.join(' ')}\n`);
  await typed(world, args);
  await world.drain();
}

/** The owner makes the change with credentials of their own, where the service does not. */
export async function apply(world: World, incident: Incident, say: Say): Promise<void> {
  const { id, planHash = '', owner, applies } = incident;
  if (applies !== 'owner') return;
  const folder = mkdtempSync(join(tmpdir(), 'copy-doctor-demo-'));
  const profile = owner === world.hub ? 'source' : owner === KEYS ? 'keys' : 'destination';
  const args = ['apply', id, ...hubOf(world), '--profile', profile, '--hub-profile', 'operator'];
  const decided = [...args, '--plan', planHash.slice(0, 12), '--yes'];
  say(`$ npx --no-install copy-doctor ${decided.join(' ')}\n`);
  try {
    await typed(world, [...decided, '--out', folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Time goes by until the service has seen all incidents of a failure through. */
export async function close(world: World, { job }: Failed, say: Say): Promise<void> {
  const incidents = await incidentsOf(world, job.id);
  await untilAtRest(
    world,
    incidents.map(({ id }) => id),
    { say },
  );
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

/** Copies of the same recovery point to the same vault that came after it. */
const retriesOf = ({ sandbox }: World, { job }: Pick<Failed, 'job'>): readonly StartedCopy[] =>
  sandbox.copyJobs
    .slice(sandbox.copyJobs.indexOf(job) + 1)
    .filter(
      (one) =>
        one.sourceRecoveryPointArn === job.sourceRecoveryPointArn &&
        one.destinationVaultArn === job.destinationVaultArn,
    )
    .map(({ id, state }) => ({ copyJobId: id, state }));

/** The last mail that names one of these incidents, since a count of publishes. */
export function lastMail(world: World, incidents: readonly Incident[], since: number): Cured['resultMail'] {
  const mails = world.sandbox.published.slice(since);
  const last = mails.filter(({ message }) => incidents.some(({ id }) => message.includes(id))).at(-1);
  return last ? { subject: last.subject ?? '', body: (JSON.parse(last.message) as { email: string }).email } : null;
}

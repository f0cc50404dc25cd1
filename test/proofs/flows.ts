import type { Incident } from '../../lambda/core/incident/incident';
import { apply, close, decide } from '../sandbox/demo/cure';
import { fail, headOf, incidentsOf } from '../sandbox/demo/play';
import { destinationVaultArn, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World, type WorldOptions } from '../sandbox/demo/world';

export const named = (name: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};

const HOUR = 3_600_000;
/** Long enough for a lease to end that a dead function holds (3 min), and for the ticks after it. */
const RECOVERED = 6 * 60_000;

export const worldFor = (scenario: Scenario, options: Partial<WorldOptions> = {}): Promise<World> =>
  createWorld({ destinations: [destinationVaultArn(scenario)], ...options });

/** What a person does again when it did not work the first time. */
async function persist(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch {
    await act();
  }
}

const quiet = () => undefined;

/** Ways through an incident's life; each leaves the world quiet. */
export const FLOWS: Readonly<Record<string, (world: World) => Promise<void>>> = {
  /** One failure, two policies: told, approved, applied by their owners, seen, and resolved by a later copy. */
  resolved: (world) =>
    fail(world, named('vault-policy-and-key-policy'), async (failed) => {
      await world.deliver(failed.event);
      await world.pass(RECOVERED);
      const { copyJobId } = (failed.event as { detail: { copyJobId: string } }).detail;
      for (const { id } of await incidentsOf(world, copyJobId)) {
        await persist(async () => decide(world, await headOf(world, id), quiet));
        await apply(world, await headOf(world, id), quiet);
      }
      await world.pass(RECOVERED);
      await close(world, failed, quiet);
      await world.pass(HOUR, HOUR / 4);
      await world.pass(RECOVERED);
    }),
  /** Nobody answers: recalled twice, then expired. */
  expired: (world) =>
    fail(world, named('vault-policy-lacks-source'), async ({ event }) => {
      await world.deliver(event);
      await world.pass(RECOVERED);
      await world.pass(75 * HOUR, 5 * HOUR);
      await world.pass(RECOVERED);
    }),
  /** Somebody else changes the policy while a person is asked; the new plan is rejected. */
  rejected: (world) =>
    fail(world, named('vault-policy-lacks-source'), async ({ event, stage, job }) => {
      await world.deliver(event);
      await world.pass(RECOVERED);
      stage.destinationVault.policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' },
        ],
      });
      await world.pass(HOUR / 2, HOUR / 12);
      const [incident] = await incidentsOf(world, job.id);
      await persist(() => reject(world, incident));
      await world.pass(RECOVERED);
    }),
};

async function reject(world: World, incident: Incident | undefined): Promise<void> {
  const { id = '', planHash = '' } = incident ?? {};
  const hub = ['--region', world.region, '--account', world.hub, '--profile', 'operator'];
  const { code, stderr } = await world.cli(
    'reject',
    id,
    ...hub,
    '--plan',
    planHash.slice(0, 12),
    '--yes',
    '--reason',
    'not now',
  );
  if (code !== 0) throw new Error(stderr);
  await world.drain();
}

interface Entry {
  readonly at: string;
  readonly what: string;
}

/** What must be the same however often something died on the way. Ids of keys are made up anew in every world. */
export async function finalState(world: World) {
  const items = await world.table.items();
  const heads = items.filter(({ sk }) => sk === 'HEAD') as unknown as (Incident & { pk: string })[];
  const kindOf = (pk: unknown) => heads.find((head) => head.pk === pk)?.kind ?? String(pk);
  return {
    incidents: heads
      .map(({ kind, state, revision, planHash, decision, reminders, tell }) => ({
        kind,
        state,
        revision,
        planned: planHash !== undefined,
        reminders,
        tell,
        decided: decision && [decision.decision, decision.by],
      }))
      .sort((a, b) => a.kind.localeCompare(b.kind)),
    jobs: items
      .filter(({ sk }) => String(sk).startsWith('JOB#'))
      .map(({ pk, way, copiedBy }) => `${kindOf(pk)} ${String(way)} ${copiedBy === undefined ? 'open' : 'copied'}`)
      .sort(),
    decisions: items.filter(({ pk }) => String(pk).startsWith('DECISION#')).length,
    copyJobs: items.filter(({ pk }) => String(pk).startsWith('COPYJOB#')).length,
    // The newest entry stands in HEAD until the next one is written.
    log: [
      ...new Set(
        [
          ...items.filter(({ sk }) => String(sk).startsWith('LOG#')).map(({ pk, at, what }) => [kindOf(pk), at, what]),
          ...items.flatMap(({ pk, log }) => (log ? [[kindOf(pk), (log as Entry).at, (log as Entry).what]] : [])),
        ].map((entry) => entry.join(' ')),
      ),
    ]
      .map((line) => line.replace(/ \S+Z /, ' '))
      .sort(),
    mails: [
      ...new Set(world.sandbox.published.map(({ subject = '' }) => subject.replace(/[0-9a-f-]{36}|\d+ hours/g, '<n>'))),
    ].sort(),
    deadLetters: world.deadLetters(),
    policies: world.sandbox.account('222222222222').vaults.map(({ policy }) => policy),
  };
}

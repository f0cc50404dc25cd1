import type { Incident } from '../../lambda/core/incident/incident';
import type { CopyJob } from '../sandbox';
import { apply, decide } from '../sandbox/demo/cure';
import { fail, headOf, incidentsOf, type Failed } from '../sandbox/demo/play';
import { untilAtRest } from '../sandbox/demo/rest';
import { destinationVaultArn, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World, type WorldOptions } from '../sandbox/demo/world';

const THEIRS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }],
});

const scenarioOf = (name: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};

/** Without a statement of others a rollback would leave none, which AWS does not take. */
export const takenBack: Scenario = {
  ...scenarioOf('vault-policy-lacks-source'),
  name: 'taken-back',
  arrange: ({ destinationVault }) => void (destinationVault.policy = THEIRS),
};

export const named = (name: string): Scenario => (name === takenBack.name ? takenBack : scenarioOf(name));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Long enough for a lease to end that a dead function holds (3 min), and for the ticks after it. */
const RECOVERED = 6 * MINUTE;

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

export interface Flow {
  readonly scenario: string;
  /** `started`: from here on functions die. Leaves the world quiet. */
  play(world: World, started: () => void): Promise<void>;
}

/** Ways through an incident's life. */
export const FLOWS: Readonly<Record<string, Flow>> = {
  /** Three copies fail for want of a vault policy: told, approved, changed, one copied first, then the others, told. */
  healed: {
    scenario: 'vault-policy-lacks-source',
    play: (world, started) =>
      fail(world, named('vault-policy-lacks-source'), async (failed) => {
        await failOthers(world, failed, 2);
        await world.deliver(failed.event);
        await world.pass(RECOVERED);
        started();
        await decided(world, failed);
        await seenThrough(world, failed);
      }),
  },
  /** One failure, two policies, one of them a key's, which its owner changes; copied when both are in place. */
  both: {
    scenario: 'vault-policy-and-key-policy',
    play: (world, started) =>
      fail(world, named('vault-policy-and-key-policy'), async (failed) => {
        await world.deliver(failed.event);
        await world.pass(RECOVERED);
        await decided(world, failed);
        started();
        await seenThrough(world, failed);
      }),
  },
  /** Healed, and then taken back. */
  'rolled-back': {
    scenario: 'taken-back',
    play: (world, started) =>
      fail(world, takenBack, async (failed) => {
        await world.deliver(failed.event);
        await world.pass(RECOVERED);
        await decided(world, failed);
        await seenThrough(world, failed);
        started();
        const [incident] = await incidentsOf(world, failed.job.id);
        await rollBack(world, incident?.id ?? '');
        await world.pass(2 * RECOVERED);
      }),
  },
  /** Nobody answers: recalled twice, then expired. From the first failure on. */
  expired: {
    scenario: 'vault-policy-lacks-source',
    play: (world, started) =>
      fail(world, named('vault-policy-lacks-source'), async ({ event }) => {
        started();
        await world.deliver(event);
        await world.pass(RECOVERED);
        await world.pass(75 * HOUR, 5 * HOUR);
        await world.pass(RECOVERED);
      }),
  },
  /** Somebody else changes the policy while a person is asked; the new plan is rejected. */
  rejected: {
    scenario: 'vault-policy-lacks-source',
    play: (world, started) =>
      fail(world, named('vault-policy-lacks-source'), async ({ event, stage, job }) => {
        await world.deliver(event);
        await world.pass(RECOVERED);
        started();
        stage.destinationVault.policy = THEIRS;
        await world.pass(HOUR / 2, HOUR / 12);
        const [incident] = await incidentsOf(world, job.id);
        await persist(() => reject(world, incident));
        await world.pass(RECOVERED);
      }),
  },
};

export const flow = (name: string): Flow => {
  const found = FLOWS[name];
  if (!found) throw new Error(`no flow ${name}`);
  return found;
};

/** More copies of the same kind, of other resources. */
async function failOthers({ sandbox }: World, { stage, job }: Failed, count: number): Promise<void> {
  const { sourceVault, sourceKey, recoveryPoint } = stage;
  for (let index = 0; index < count; index++) {
    await sandbox.runCopy({
      recoveryPoint: sandbox.addRecoveryPoint({ vault: sourceVault, type: recoveryPoint.type, key: sourceKey }),
      destinationVaultArn: job.destinationVaultArn,
      role: job.role,
    });
  }
  await sandbox.finishCopies();
}

/** By people, whatever died meanwhile; what is an owner's to change is changed. */
async function decided(world: World, { job }: Failed): Promise<void> {
  for (const { id } of await incidentsOf(world, job.id)) {
    await persist(async () => decide(world, await headOf(world, id), quiet));
    await apply(world, await headOf(world, id), quiet);
  }
}

/** Time passes until all rests. */
async function seenThrough(world: World, { job }: Failed): Promise<void> {
  const incidents = await incidentsOf(world, job.id);
  await untilAtRest(
    world,
    incidents.map(({ id }) => id),
  );
  await world.pass(RECOVERED);
}

/** A rollback is asked for, planned a moment later, and then decided on. */
async function rollBack(world: World, id: string): Promise<void> {
  const args = ['rollback', id, '--region', world.region, '--account', world.hub, '--profile', 'operator'];
  await persist(async () => {
    const { code, stderr } = await world.cli(...args, '--no-wait');
    if (code !== 0) throw new Error(stderr);
  });
  await world.pass(RECOVERED);
  const planned = (await headOf(world, id)).rollback?.planHash ?? '';
  await persist(async () => {
    const { code, stderr } = await world.cli(...args, '--plan', planned.slice(0, 12), '--yes');
    if (code !== 0) throw new Error(stderr);
  });
}

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

/** Carried out: what was lost on the way there has changed nothing. */
const isPut = ({ operation, error, lost }: World['sandbox']['calls'][number]) =>
  operation === 'PutBackupVaultAccessPolicy' && error === undefined && lost !== 'before';

/** By resource, in the order of its copies, how each ended: one that is copied twice shows. */
function copiesOf(jobs: readonly CopyJob[]): readonly string[] {
  const resources = [...new Set(jobs.map(({ resourceArn }) => resourceArn))];
  return resources
    .map((arn) => jobs.filter(({ resourceArn }) => resourceArn === arn).map(({ state }) => state))
    .map((states) => states.join(' '))
    .sort();
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
    // One change, and one retry a copy.
    puts: world.sandbox.calls.filter(isPut).length,
    copies: copiesOf(world.sandbox.copyJobs),
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
      // What was cut short is begun once more, and found done: the record says so.
      .filter((line) => !line.endsWith(' applying again'))
      .map((line) => line.replace('rollback already-there', 'rollback applied'))
      .sort(),
    mails: [
      ...new Set(world.sandbox.published.map(({ subject = '' }) => subject.replace(/[0-9a-f-]{36}|\d+ hours/g, '<n>'))),
    ].sort(),
    deadLetters: world.deadLetters(),
    policies: world.sandbox.account('222222222222').vaults.map(({ policy }) => policy),
  };
}

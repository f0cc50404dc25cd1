import type { Incident } from '../../../lambda/core/incident/incident';
import { Random } from './random';
import { Audit } from './week-audit';
import { addLanes, breakLane, CAUSES, copyLane, laneName, LANES, mendLane, vaultArnOf, type Lane } from './week-lanes';
import { scheduleOf } from './week-outages';
import { People } from './week-people';
import { createWorld, type World } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 7;
const STEP = 10 * MINUTE;
/** After the last day nothing breaks any more, and what was begun ends. */
const AFTERWARDS = 24 * HOUR;

export interface WeekResult {
  /** What happened, a line each. */
  readonly diary: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** States of the incidents at the end. */
  readonly states: Readonly<Record<string, number>>;
  /** What must never be, and was. */
  readonly problems: readonly string[];
}

/**
 * A week of backups in which things break, people do what they like and AWS has bad days; all of it from one seed. Ticks
 * come every 10 minutes instead of every one, the catch-up every hour.
 */
export async function week(seed: number): Promise<WeekResult> {
  const random = new Random(seed);
  const destinations = Array.from({ length: LANES }, (_, index) => vaultArnOf(laneName(index)));
  // The first vault is changed without asking.
  const autoApply = destinations.slice(0, 1);
  const world = await createWorld({ destinations, settings: { autoApply: autoApply.join(',') } });
  try {
    return await live(world, random, autoApply);
  } finally {
    await world.close();
  }
}

async function live(world: World, random: Random, autoApply: readonly string[]): Promise<WeekResult> {
  const { sandbox } = world;
  const began = sandbox.clock.now().getTime();
  const diary: string[] = [];
  const counts: Record<string, number> = {};
  const note = (who: string, what: string) => {
    const hours = Math.floor((sandbox.clock.now().getTime() - began) / HOUR);
    diary.push(`day ${1 + Math.floor(hours / 24)} ${String(hours % 24).padStart(2, '0')}h  ${who.padEnd(8)}  ${what}`);
  };
  const count = (what: string) => (counts[what] = (counts[what] ?? 0) + 1);
  const lanes = addLanes(world);
  sandbox.policyDelays = [{ ms: 20_000, readAtOnce: true }];
  const audit = new Audit(world, lanes);
  const people = new People(world, random, note);
  const outages = scheduleOf(random, DAYS);
  const ends: { at: number; what: string; end: () => void }[] = [];

  for (let passed = 0; passed < DAYS * 24 * HOUR + AFTERWARDS; passed += STEP) {
    const calm = passed >= DAYS * 24 * HOUR;
    for (const { outage, at } of outages.filter((one) => one.at === passed)) {
      ends.push({ at: at + outage.hours * HOUR, what: outage.what, end: outage.begin(world, random) });
      note('AWS', `${outage.what}, for ${outage.hours} h`);
      count('outages');
    }
    for (const over of ends.filter(({ at }) => at === passed)) over.end();
    if (!calm && passed % (4 * HOUR) === HOUR) {
      const lane = random.of(lanes);
      const cause = random.of(CAUSES);
      if (!lane.broken) {
        breakLane(lane, cause);
        lane.broken = { cause, since: passed };
        note(lane.name, `broken: ${cause}`);
        count('broken');
      }
    }
    if (passed % (8 * HOUR) === 0) for (const lane of lanes) await copyLane(sandbox, world.hub, lane);
    // What passes by itself has passed after the next run; a disabled key is seen by its owner.
    for (const lane of lanes) mendInTime(lane, passed);
    audit.remember();
    await world.pass(STEP, STEP);
    if (passed % HOUR === 0) {
      // A run that fails is made up for by the next ones.
      await world.functions.diagnose.invoke(world.catchUp).catch(() => count('catch-ups that failed'));
      await world.drain();
    }
    if (passed % (30 * MINUTE) === 0) {
      await people.act(await headsOf(world), lanes);
      audit.remember();
    }
    for (const lane of lanes) if (lane.broken && isWell(lane)) lane.broken = undefined;
    sandbox.clearCalls();
  }

  const heads = await headsOf(world);
  const states: Record<string, number> = {};
  for (const { state } of heads) states[state] = (states[state] ?? 0) + 1;
  const copies = sandbox.copyJobs;
  Object.assign(counts, people.counts, {
    failures: copies.filter(({ state }) => state === 'FAILED').length,
    'copies started by the service': copies.filter(({ createdBy }) => createdBy === undefined).length,
    'changes by the service': audit.changes.filter(({ takesBack }) => !takesBack).length,
    'changes taken back': audit.changes.filter(({ takesBack }) => takesBack).length,
    incidents: heads.length,
    mails: sandbox.published.length,
    'dead letters': world.deadLetters().length,
  });
  return { diary, counts, states, problems: await audit.atTheEnd(autoApply) };
}

const headsOf = async (world: World): Promise<Incident[]> =>
  (await world.table.items()).filter(({ sk }) => sk === 'HEAD') as unknown as Incident[];

function mendInTime(lane: Lane, passed: number): void {
  const { broken, stage } = lane;
  if (!broken) return;
  if (broken.cause === 'transient' && passed - broken.since > 9 * HOUR) lane.broken = undefined;
  // Nobody looks after a policy that nobody was told of: the next run shows it.
  if (broken.cause === 'disabled key' && passed - broken.since > 20 * HOUR) {
    stage.sourceKey.state = 'Enabled';
    mendLane(lane);
  }
}

/** Somebody, or the service, has mended it. */
function isWell({ stage, broken }: Lane): boolean {
  const { destinationVault, sourceKey } = stage;
  if (broken?.cause === 'transient') return false;
  return (
    (destinationVault.policy ?? '').includes('backup:CopyIntoBackupVault') &&
    sourceKey.policy.includes('kms:CreateGrant') &&
    sourceKey.state === 'Enabled'
  );
}

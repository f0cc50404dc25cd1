import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../../lambda/core/incident/incident';
import type { Random } from './random';
import { mendLane, type Lane } from './week-lanes';
import type { World } from './world';

/** What somebody means to do about an incident. */
type Act = 'approve' | 'approve, no retry' | 'reject' | 'ignore' | 'by hand' | 'owner applies';

const ACTS: readonly Act[] = [
  ...(['approve', 'approve', 'approve', 'approve'] as const),
  ...(['approve, no retry', 'reject', 'ignore', 'by hand', 'owner applies'] as const),
];

/** How an act is counted. */
const COUNTED: Readonly<Record<Act, string>> = {
  approve: 'approve',
  'approve, no retry': 'approve, no retry',
  reject: 'reject',
  ignore: 'ignored',
  'by hand': 'changed by hand',
  'owner applies': 'owner applies',
};

/** Who would have done one of these wants the change back that the service made. */
const REGRETS: readonly Act[] = ['reject', 'owner applies', 'ignore'];

const HOUR = 3_600_000;

/** A regret is quick: it is for what was just seen. */
const SOON: readonly string[] = ['resolved', 'rollback-proposed'];

export type Note = (lane: string, what: string) => void;

/** People who read their mails at odd hours. Each incident's revision gets one plan, drawn once. */
export class People {
  readonly #plans = new Map<string, { readonly act: Act; readonly at: number }>();
  readonly counts: Record<string, number> = {};

  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly note: Note,
  ) {}

  /** All of them look at what they were told. */
  async act(incidents: readonly Incident[], lanes: readonly Lane[]): Promise<void> {
    const now = this.world.sandbox.clock.now().getTime();
    for (const incident of incidents) {
      const { id, revision, state, toldAt, kind } = incident;
      const lane = lanes.find(({ stage }) =>
        [stage.destinationVault.arn, stage.sourceKey.arn].includes(incident.resource),
      );
      if (!lane || toldAt === undefined) continue;
      const key = `${id}#${revision}#${state}`;
      const plan = this.#plans.get(key) ?? {
        act: this.#deal(state),
        at: now + this.random.below(SOON.includes(state) ? HOUR : 10 * HOUR),
      };
      this.#plans.set(key, plan);
      if (plan.at > now) continue;
      if (state === 'proposed') await this.#decide(plan.act, incident, lane);
      else if (state === 'approved' && incident.applies === 'owner') await this.#owner(incident, lane);
      else if (state === 'resolved' && incident.change && REGRETS.includes(plan.act))
        await this.#rollBack(incident, lane);
      else if (state === 'rollback-proposed') await this.#rollBack(incident, lane);
      // Whoever is told what to do does it, sooner or later.
      else if (['reported', 'refused', 'stale', 'expired', 'rejected', 'not-cured'].includes(state)) {
        if (kind !== 'retry-later') this.#mend(lane, `${state} is mended by hand`);
      } else continue;
      this.#plans.set(key, { ...plan, at: Infinity });
    }
  }

  /** What nobody has done yet comes first, so that no week is without it. */
  #deal(state: Incident['state']): Act {
    if (state !== 'proposed') return this.random.of(this.counts['rolls back'] ? ACTS : REGRETS);
    const undone = ACTS.filter((act) => !this.counts[COUNTED[act]]);
    return this.random.of(undone.length > 0 ? undone : ACTS);
  }

  async #decide(act: Act, incident: Incident, lane: Lane): Promise<void> {
    if (act === 'ignore') return this.#count('ignored', lane);
    if (act === 'by hand') return this.#mend(lane, 'changed by hand');
    if (act === 'owner applies') return this.#owner(incident, lane);
    const verb = act === 'reject' ? 'reject' : 'approve';
    const again = verb === 'reject' || incident.retry !== 'ask' ? [] : [act === 'approve' ? '--retry' : '--no-retry'];
    await this.#typed(lane, act, verb, incident, 'operator', ...again);
  }

  async #owner(incident: Incident, lane: Lane): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'copy-doctor-week-'));
    const profile = incident.owner === this.world.hub ? 'source' : 'destination';
    await this.#typed(lane, 'owner applies', 'apply', incident, profile, '--hub-profile', 'operator', '--out', folder);
    rmSync(folder, { recursive: true, force: true });
  }

  async #rollBack({ id, state, rollback }: Incident, lane: Lane): Promise<void> {
    const asked = ['rollback', id, ...this.#hub(), '--profile', 'operator'];
    if (state !== 'rollback-proposed') await this.#run(lane, 'asks for a rollback', [...asked, '--no-wait']);
    else {
      const plan = ['--plan', rollback?.planHash?.slice(0, 12) ?? '', '--yes'];
      if (await this.#run(lane, 'rolls back', [...asked, ...plan])) {
        lane.broken = { cause: 'statement removed', since: this.world.sandbox.clock.now().getTime() };
      }
    }
  }

  #mend(lane: Lane, why: string): void {
    mendLane(lane);
    this.#count(why, lane);
  }

  #typed(lane: Lane, what: string, verb: string, { id, planHash = '' }: Incident, profile: string, ...more: string[]) {
    const plan = ['--plan', planHash.slice(0, 12), '--yes'];
    return this.#run(lane, what, [verb, id, ...this.#hub(), '--profile', profile, ...plan, ...more]);
  }

  /** A refusal is an answer: people were too late, or AWS is down. */
  async #run(lane: Lane, what: string, args: readonly string[]): Promise<boolean> {
    const { code, stderr } = await this.world.cli(...args);
    await this.world.drain();
    this.#count(code === 0 ? what : `${what}: refused`, lane, code === 0 ? '' : stderr.trim().split('\n').at(-1));
    return code === 0;
  }

  #count(what: string, { name }: Lane, more = ''): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    this.note(name, more ? `${what} (${more.slice(0, 90)})` : what);
  }

  #hub = () => ['--region', this.world.region, '--account', this.world.hub];
}

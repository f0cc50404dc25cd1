import type { Incident } from '../../../lambda/core/incident/incident';
import type { CopyJob } from '../model';
import type { ApiCallEvent } from '../events';
import { rests } from './rest';
import type { Lane } from './week-lanes';
import type { World } from './world';

interface Document {
  Statement?: { Sid?: string }[];
}
const statementsOf = (text: string | undefined) =>
  (text === undefined ? [] : ((JSON.parse(text) as Document).Statement ?? [])).map((one) => ({
    text: JSON.stringify(one),
    ours: one.Sid?.startsWith('CopyDoctor') ?? false,
  }));

const WRITER = /assumed-role\/copy-doctor-[\w-]+-vault-writer\/([A-Z2-7]{16})-(\d+)$/;

interface Change {
  /** `<incident>#<revision>`. */
  readonly of: string;
  readonly at: string;
  readonly takesBack: boolean;
  readonly resource: string;
}

/** Sees every change of a policy that is made by a call, and what it did to the statements of others. */
export class Audit {
  readonly problems: string[] = [];
  /** By the service. */
  readonly changes: Change[] = [];
  readonly #known = new Map<string, string | undefined>();

  constructor(
    private readonly world: World,
    private readonly lanes: readonly Lane[],
  ) {
    world.sandbox.events.onChange((event) => this.#seen(event));
    this.remember();
  }

  /** After people have changed policies past the API, on purpose. */
  remember(): void {
    for (const { stage } of this.lanes) {
      for (const { arn, policy } of [stage.destinationVault, stage.sourceKey]) this.#known.set(arn, policy);
    }
  }

  #seen({ time, detail }: ApiCallEvent): void {
    const { arn: caller = '' } = detail.userIdentity as { arn?: string };
    const { backupVaultName, keyId } = detail.requestParameters as { backupVaultName?: string; keyId?: string };
    const lane = this.lanes.find(
      ({ stage }) => stage.destinationVault.name === backupVaultName || (keyId?.endsWith(stage.sourceKey.id) ?? false),
    );
    const resource = backupVaultName === undefined ? lane?.stage.sourceKey : lane?.stage.destinationVault;
    if (!resource) return void this.problems.push(`${caller} changed a policy that is none of the week's`);
    const [before, after] = [this.#known.get(resource.arn), resource.policy].map(statementsOf);
    const kept = new Set((after ?? []).map(({ text }) => text));
    const gone = (before ?? []).filter(({ text }) => !kept.has(text));
    if (gone.some(({ ours }) => !ours)) this.problems.push(`${caller} lost a statement of others in ${resource.arn}`);
    const [, incident, revision] = WRITER.exec(caller) ?? [];
    if (incident !== undefined) {
      const of = `${incident}#${revision}`;
      this.changes.push({ of, at: time, takesBack: gone.length > 0, resource: resource.arn });
    } else if (gone.length > 0) this.problems.push(`${caller} removed a statement from ${resource.arn}`);
    this.#known.set(resource.arn, resource.policy);
  }

  /** What must be true at the end of the week. */
  async atTheEnd(autoApply: readonly string[]): Promise<readonly string[]> {
    const items = await this.world.table.items();
    const heads = items.filter(({ sk }) => sk === 'HEAD') as unknown as Incident[];
    const keys = new Map(items.map((item) => [String(item['pk']), item]));
    return [
      ...this.problems,
      ...this.#lost(keys),
      ...heads.filter((head) => !rests(head) && !told(head)).map(({ id, state }) => `incident ${id} is ${state}`),
      ...this.changes.flatMap((change) => this.#undecided(change, items, autoApply)),
      ...this.#twice(),
      ...this.world.deadLetters().flatMap((body) => this.#unexplained(body, keys)),
    ];
  }

  #lost(keys: ReadonlyMap<string, Record<string, unknown>>): string[] {
    const failed = ({ state }: CopyJob) => state === 'FAILED' || state === 'PARTIAL';
    return this.world.sandbox.copyJobs
      .filter(failed)
      .filter(({ id }) => ((keys.get(`COPYJOB#${id}`)?.['incidents'] ?? []) as string[]).length === 0)
      .map(({ id, statusMessage }) => `no incident holds the failed copy ${id} (${statusMessage})`);
  }

  /** A decision that was there before the change, or a vault that the settings name. */
  #undecided({ of, at, takesBack, resource }: Change, items: Record<string, unknown>[], auto: readonly string[]) {
    const decided = items.some(
      ({ pk, decision, at: when }) =>
        String(pk).startsWith(`DECISION#${of}${takesBack ? '#rollback#' : ''}`) &&
        (takesBack || pk === `DECISION#${of}`) &&
        decision === 'approved' &&
        String(when) <= new Date(Date.parse(at) + 1000).toISOString(),
    );
    return decided || (!takesBack && auto.includes(resource)) ? [] : [`nobody decided on the change for ${of}`];
  }

  #twice(): string[] {
    const seen = this.changes.map(({ of, takesBack }) => `${of}${takesBack ? ', taken back' : ''}`);
    return seen.filter((one, index) => seen.indexOf(one) !== index).map((one) => `${one}: changed twice`);
  }

  /** A message that no function could handle, and that came again another way. */
  #unexplained(body: string, keys: ReadonlyMap<string, Record<string, unknown>>): string[] {
    const { detail, incident } = JSON.parse(body) as { detail?: { copyJobId?: string }; incident?: string };
    if (incident !== undefined && keys.has(`INCIDENT#${incident}`)) return [];
    if (detail?.copyJobId !== undefined && keys.has(`COPYJOB#${detail.copyJobId}`)) return [];
    return [`dead letter: ${body.slice(0, 200)}`];
  }
}

/** Waits for people, and they know. */
const told = ({ state, toldAt }: Incident) =>
  ['reported', 'proposed', 'approved', 'stale', 'rollback-proposed'].includes(state) && toldAt !== undefined;

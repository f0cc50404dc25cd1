import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Fold } from '../core/incident/fold';
import type { Decision } from '../core/incident/incident';
import { CLIENT_CONFIG } from './client-config';
import { idIn, KEYS, without } from './incident-items';
import { IncidentTable } from './incident-table';

/** What stands beside the incidents in their table: copy jobs that are known, folds, decisions, leases. */
export class IncidentRecords {
  protected readonly table: IncidentTable;

  /** `client`: for credentials or an endpoint of one's own; the environment's otherwise. */
  constructor(
    table: string,
    region: string,
    protected readonly now: () => Date,
    client: DynamoDBClient = new DynamoDBClient({ ...CLIENT_CONFIG, region }),
  ) {
    this.table = new IncidentTable(table, client);
  }

  async knownCopyJobs(ids: readonly string[]): Promise<Map<string, { readonly incidents: readonly string[] }>> {
    const items = await this.table.getAll([...new Set(ids)].map(KEYS.copyJob));
    return new Map(items.map((item) => [idIn(item), { incidents: item['incidents'] as string[] }]));
  }

  /** Written before anything else of a failure. Where it is there, incidents are only added. */
  async putCopyJob(copyJobId: string, incidents: readonly string[]): Promise<void> {
    const key = KEYS.copyJob(copyJobId);
    const at = this.now().toISOString();
    if (await this.table.putIfAbsent({ ...key, incidents: [...new Set(incidents)], at, attempt: 0 })) return;
    const known = new Set((await this.knownCopyJobs([copyJobId])).get(copyJobId)?.incidents ?? []);
    for (const id of new Set(incidents)) {
      if (known.has(id)) continue;
      // Refused: another added it meanwhile.
      await this.table.update(
        key,
        { text: 'SET #incidents = list_append(#incidents, :list)', values: { ':list': [id] } },
        { text: 'not contains(#incidents, :id)', values: { ':id': id } },
      );
    }
  }

  async folds(hashes: readonly string[]): Promise<Map<string, Fold>> {
    const items = await this.table.getAll([...new Set(hashes)].map(KEYS.fold));
    return new Map(items.map((item) => [idIn(item), without(item) as unknown as Fold]));
  }

  async putFold(hash: string, fold: Fold): Promise<void> {
    await this.table.put({ ...KEYS.fold(hash), ...fold });
  }

  async decision(id: string, revision: number): Promise<Decision | undefined> {
    const item = await this.table.get(KEYS.decision(id, revision));
    return item && (without(item) as unknown as Decision);
  }

  /** Put if absent: a decision stands. `same`: the same person had decided the same already. */
  async putDecision(decision: Decision): Promise<'put' | 'same' | 'other'> {
    const { incident, revision } = decision;
    if (await this.table.putIfAbsent({ ...KEYS.decision(incident, revision), ...decision })) return 'put';
    const there = await this.decision(incident, revision);
    const same =
      there?.decision === decision.decision && there.planHash === decision.planHash && there.by === decision.by;
    return same ? 'same' : 'other';
  }

  /** True: `owner` has it until then, and no other. Its owner may take it again. */
  lease(name: string, owner: string, milliseconds: number): Promise<boolean> {
    const now = this.now();
    const until = new Date(now.getTime() + milliseconds).toISOString();
    return this.table.put(
      { ...KEYS.lease(name), owner, until },
      {
        text: 'attribute_not_exists(#pk) or #until <= :now or #owner = :owner',
        values: { ':now': now.toISOString(), ':owner': owner },
      },
    );
  }

  /** Only what is still its owner's. */
  async release(name: string, owner: string): Promise<void> {
    await this.table.remove(KEYS.lease(name), { text: '#owner = :owner', values: { ':owner': owner } });
  }
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Fold } from '../core/incident/fold';
import { isDecision, type Decision } from '../core/incident/incident';
import type { Lineage } from '../core/incident/shown';
import {
  MOST_KINDS,
  type OtherMessages,
  type UnknownExample,
  type UnknownKind,
  type UnknownMessage,
  type UnknownMessages,
} from '../core/messages/unknown';
import { CLIENT_CONFIG } from './client-config';
import { idIn, KEYS, without, type About } from './incident-items';
import { IncidentTable } from './incident-table';

const UNKNOWN_KINDS = 'kinds';
const UNKNOWN_OTHER = 'other';

/** What stands beside the incidents in their table: copy jobs that are known, folds, decisions, leases, counts. */
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

  /** Those that are there. One without incidents is a retry that nobody has diagnosed: it has not failed, or just now. */
  async knownCopyJobs(ids: readonly string[]): Promise<Map<string, Lineage>> {
    const items = await this.table.getAll([...new Set(ids)].map(KEYS.copyJob));
    return new Map(items.map((item) => [idIn(item), without(item, 'at') as unknown as Lineage]));
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

  /** A copy that the service started. It may have failed and be known already: then its place is added. */
  async putRetryOf(retryId: string, { root, attempt }: { readonly root: string; readonly attempt: number }) {
    const key = KEYS.copyJob(retryId);
    const at = this.now().toISOString();
    if (await this.table.putIfAbsent({ ...key, incidents: [], at, root, attempt })) return;
    const place = { text: 'SET #root = :root, #attempt = :attempt', values: { ':root': root, ':attempt': attempt } };
    await this.table.update(key, place, { text: 'attribute_exists(#pk)' });
  }

  async folds(hashes: readonly string[]): Promise<Map<string, Fold>> {
    const items = await this.table.getAll([...new Set(hashes)].map(KEYS.fold));
    return new Map(items.map((item) => [idIn(item), without(item) as unknown as Fold]));
  }

  async putFold(hash: string, fold: Fold): Promise<void> {
    await this.table.put({ ...KEYS.fold(hash), ...fold });
  }

  /** `planHash`: what is decided on, where that is a rollback. */
  async decision(id: string, revision: number, about?: About, planHash?: string): Promise<Decision | undefined> {
    const item = await this.table.get(KEYS.decision(id, revision, about, planHash));
    return item && isDecision(item) ? (without(item) as unknown as Decision) : undefined;
  }

  /** The newest. */
  rollbackRequest(id: string, revision: number): Promise<Decision | undefined> {
    return this.decision(id, revision, 'rollback-request');
  }

  /**
   * Put if absent: a decision stands. `same`: the same person had decided the same already. A request for a rollback
   * decides nothing, and a newer one takes the place of an older one: it may have been answered.
   */
  async putDecision(decision: Decision): Promise<'put' | 'same' | 'other'> {
    const { incident, revision, about, planHash, at } = decision;
    const item = { ...KEYS.decision(incident, revision, about, planHash), ...decision };
    if (about === 'rollback-request') {
      const newer = { text: 'attribute_not_exists(#pk) or #at < :at', values: { ':at': at } };
      return (await this.table.put(item, newer)) ? 'put' : 'same';
    }
    if (await this.table.putIfAbsent(item)) return 'put';
    const there = await this.decision(incident, revision, about, planHash);
    const same =
      there?.decision === decision.decision && there.planHash === decision.planHash && there.by === decision.by;
    return same ? 'same' : 'other';
  }

  /**
   * True: one more change of this vault without asking is within the day's number, or this one was counted before.
   * `day`: YYYY-MM-DD in UTC.
   */
  claimAuto(vaultArn: string, day: string, id: string, revision: number, most = 5): Promise<boolean> {
    const claim = `${id}#${revision}`;
    return this.table.update(
      KEYS.auto(vaultArn, day),
      { text: 'ADD #by :claims', values: { ':claims': new Set([claim]) } },
      {
        text: 'attribute_not_exists(#by) or contains(#by, :claim) or size(#by) < :most',
        values: { ':claim': claim, ':most': most },
      },
    );
  }

  /** Counts so many more texts of a kind; beyond the kinds that are told apart, among the others. */
  async countUnknown(met: {
    readonly kind: UnknownKind;
    readonly example: UnknownExample;
    readonly count: number;
    readonly at: string;
  }): Promise<void> {
    const { kind, example, count, at } = met;
    const more = { text: 'SET #last = :at ADD #count :count', values: { ':at': at, ':count': count } };
    const there = { text: 'attribute_exists(#pk)' };
    if (await this.table.update(KEYS.unknown(kind.id), more, there)) return;
    // A place is taken once a kind, so that whoever comes second takes no other.
    const known = await this.table.update(
      KEYS.unknown(UNKNOWN_KINDS),
      { text: 'ADD #kinds :kinds', values: { ':kinds': new Set([kind.id]) } },
      {
        text: 'attribute_not_exists(#kinds) or contains(#kinds, :id) or size(#kinds) < :most',
        values: { ':id': kind.id, ':most': MOST_KINDS },
      },
    );
    const key = KEYS.unknown(known ? kind.id : UNKNOWN_OTHER);
    const own = known ? { text: kind.text, example } : {};
    if (await this.table.putIfAbsent({ ...key, ...own, count, first: at, last: at })) return;
    await this.table.update(key, more, there);
  }

  /** Those that are met most often first. */
  async unknownMessages(): Promise<UnknownMessages> {
    const list = await this.table.get(KEYS.unknown(UNKNOWN_KINDS));
    const ids = [...((list?.['kinds'] as ReadonlySet<string> | undefined) ?? [])];
    const items = await this.table.getAll([...ids, UNKNOWN_OTHER].map(KEYS.unknown));
    const rows = items.map((item) => ({ id: idIn(item), ...without(item) }) as unknown as UnknownMessage);
    const other: OtherMessages | undefined = rows.find(({ id }) => id === UNKNOWN_OTHER);
    const kinds = rows.filter(({ id }) => id !== UNKNOWN_OTHER);
    return { kinds: kinds.sort((a, b) => b.count - a.count || (a.last > b.last ? -1 : 1)), other };
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

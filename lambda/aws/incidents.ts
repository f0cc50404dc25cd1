import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { setTimeout as wait } from 'node:timers/promises';
import type { Evidence } from '../core/evidence';
import type { Incident } from '../core/incident/incident';
import type { IncidentEvent } from '../core/incident/incident-event';
import { keepEvidence } from '../core/incident/keep-evidence';
import { reduce } from '../core/incident/reduce';
import type { LogEntry, StoredEvidence } from '../core/incident/shown';
import type { Plan } from '../core/plan/plan';
import { cutTexts, DUE, fromTo, headItem, headOf, idIn, KEYS, under, without, type Head } from './incident-items';
import { IncidentJobs } from './incident-jobs';
import { jitter, TABLE_SHAPE } from './incident-table';

export { TABLE_SHAPE };

/** Others wrote the incident each time in between; whoever asked comes again. */
export class IncidentBusyError extends Error {
  override readonly name = 'IncidentBusyError';
  constructor(id: string) {
    // No cause: every try was refused by a condition, as it should be.
    super(`Incident ${id} was changed by others ${TRIES} times in between.`);
  }
}

const TRIES = 8;

export interface Change {
  readonly before?: Incident | undefined;
  readonly after?: Incident | undefined;
  readonly changed: boolean;
}

export type OnChange = (before: Incident | undefined, after: Incident, at: string) => void;

/** Which of the evidence an incident keeps: 1 belongs to the current revision's opening, 2 and 3 to further failures. */
export type EvidenceSlot = 1 | 2 | 3;

/** Incidents in their table. Small items that are written one by one, in an order that a second try completes. */
export class Incidents extends IncidentJobs {
  constructor(
    table: string,
    region: string,
    now: () => Date,
    client?: DynamoDBClient,
    /** Told of every change that was written. */
    private readonly onChange?: OnChange,
  ) {
    super(table, region, now, client);
  }

  async head(id: string): Promise<Incident | undefined> {
    return (await this.readHead(id))?.incident;
  }

  /** Those that are there, in the order they were asked for. */
  async heads(ids: readonly string[]): Promise<Incident[]> {
    const items = await this.table.getAll([...new Set(ids)].map(KEYS.head));
    const byId = new Map(items.map((item) => [idIn(item), headOf(item).incident]));
    return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
  }

  /**
   * Reads, reduces, and writes if nobody wrote in between; otherwise the same again. `prepare` puts what HEAD will
   * refer to, before each write. Nothing is written where the event changes nothing.
   */
  async change(id: string, event: IncidentEvent, prepare?: (next: Incident) => Promise<void>): Promise<Change> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await wait(jitter(tries));
      const head = await this.readHead(id);
      const before = head?.incident;
      const { incident, log } = reduce(before, event);
      if (incident === undefined || incident === before) return { before, after: before, changed: false };
      const after = cutTexts(incident);
      const version = (head?.version ?? 0) + 1;
      const entry: LogEntry | undefined = log && { at: event.at, ...log, ...fromTo(before, after) };
      await prepare?.(after);
      await this.writeLog(id, head);
      const next: Head = { incident: after, version, log: entry };
      const written = await this.table.put(headItem(next), {
        text: head ? '#version = :version' : 'attribute_not_exists(#pk)',
        ...(head ? { values: { ':version': head.version } } : {}),
      });
      if (!written) continue;
      await this.writeLog(id, next);
      this.onChange?.(before, after, event.at);
      return { before, after, changed: true };
    }
    throw new IncidentBusyError(id);
  }

  async putPlan(id: string, revision: number, plan: Plan): Promise<void> {
    await this.table.put({ ...KEYS.plan(id, revision, plan.hash), plan: JSON.stringify(plan) });
  }

  async plan(id: string, revision: number, hash: string): Promise<Plan | undefined> {
    const item = await this.table.get(KEYS.plan(id, revision, hash));
    return item && (JSON.parse(String(item['plan'])) as Plan);
  }

  /**
   * True: it is kept now. Of slot 1 the evidence that was read last stands for its revision, so that two diagnoses
   * that meet never leave the older one beside the newer plan; 2 and 3 are filled once a revision.
   */
  putEvidence(id: string, slot: EvidenceSlot, stored: StoredEvidence): Promise<boolean> {
    const { evidence, ...rest } = stored;
    const newer = slot === 1 ? ' or (#revision = :revision and #readAt <= :readAt)' : '';
    return this.table.put(
      { ...KEYS.evidence(id, slot), ...rest, evidence: JSON.stringify(keepEvidence(evidence)) },
      {
        text: `attribute_not_exists(#pk) or #revision < :revision${newer}`,
        values: { ':revision': stored.revision, ...(slot === 1 ? { ':readAt': stored.readAt } : {}) },
      },
    );
  }

  /** In the order of the slots; what belongs to an older revision says so. */
  async evidence(id: string): Promise<StoredEvidence[]> {
    const all: StoredEvidence[] = [];
    for await (const item of this.table.query({ key: under(id, 'EVIDENCE#') })) {
      all.push({ ...without(item), evidence: JSON.parse(String(item['evidence'])) as Evidence } as StoredEvidence);
    }
    return all;
  }

  /** Ids of incidents for which something is to be done, earliest first. */
  async due(now: string, limit: number): Promise<string[]> {
    const ids: string[] = [];
    const until = { text: '#duePartition = :due and #due <= :now', values: { ':due': DUE, ':now': now } };
    for await (const item of this.table.query({ key: until, index: TABLE_SHAPE.index.name, limit })) {
      if (ids.push(idIn(item)) >= limit) break;
    }
    return ids;
  }

  /** What happened, oldest first. */
  async log(id: string): Promise<LogEntry[]> {
    const entries = new Map<string, LogEntry>();
    for await (const item of this.table.query({ key: under(id, 'LOG#') })) {
      entries.set(String(item['sk']), without(item) as unknown as LogEntry);
    }
    const head = await this.readHead(id);
    if (head?.log) entries.set(KEYS.log(id, head.log.at, head.version).sk, head.log);
    return [...entries.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }

  /** Every incident there ever was; reads the whole table. */
  async *all(): AsyncIterable<Incident> {
    for await (const item of this.table.scan({ text: '#sk = :head', values: { ':head': 'HEAD' } })) {
      yield headOf(item).incident;
    }
  }

  /** Those for which something is still to come, and so everything that is not over; the next one due first. */
  async *open(): AsyncIterable<Incident> {
    const ids: string[] = [];
    const key = { text: '#duePartition = :due', values: { ':due': DUE } };
    for await (const item of this.table.query({ key, index: TABLE_SHAPE.index.name })) ids.push(idIn(item));
    for (const incident of await this.heads(ids)) if (incident.state !== 'resolved') yield incident;
  }

  private async readHead(id: string): Promise<Head | undefined> {
    const item = await this.table.get(KEYS.head(id));
    return item && headOf(item);
  }

  /** HEAD carries its LOG entry, and the next write puts it once more: a crash between the two loses nothing. */
  private async writeLog(id: string, head: Head | undefined): Promise<void> {
    if (head?.log) await this.table.put({ ...KEYS.log(id, head.log.at, head.version), ...head.log });
  }
}

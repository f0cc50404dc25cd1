import type { Decision, Incident } from '../core/incident/incident';
import { nextDue } from '../core/incident/incident';
import type { Counted, Job, LogEntry } from '../core/incident/shown';
import { bytesOf } from '../core/plan/normal-form';
import type { Expression, Item, Key } from './incident-table';

/** Keys of the table's items; ARCHITECTURE.md lists what each holds. */
export const KEYS = {
  head: (id: string): Key => ({ pk: `INCIDENT#${id}`, sk: 'HEAD' }),
  job: (id: string, copyJobId: string): Key => ({ pk: `INCIDENT#${id}`, sk: `JOB#${copyJobId}` }),
  evidence: (id: string, slot: number): Key => ({ pk: `INCIDENT#${id}`, sk: `EVIDENCE#${slot}` }),
  plan: (id: string, revision: number, hash: string): Key => ({
    pk: `INCIDENT#${id}`,
    sk: `PLAN#${revision}#${hash.slice(0, 12)}`,
  }),
  log: (id: string, at: string, version: number): Key => ({
    pk: `INCIDENT#${id}`,
    sk: `LOG#${at}#${String(version).padStart(8, '0')}`,
  }),
  decision: (id: string, revision: number): Key => ({ pk: `DECISION#${id}#${revision}`, sk: 'DECISION' }),
  copyJob: (copyJobId: string): Key => ({ pk: `COPYJOB#${copyJobId}`, sk: 'COPYJOB' }),
  fold: (hash: string): Key => ({ pk: `FOLD#${hash}`, sk: 'FOLD' }),
  lease: (name: string): Key => ({ pk: `LEASE#${name}`, sk: 'LEASE' }),
};

/** An incident's items of one kind. */
export const under = (id: string, prefix: string): Expression => ({
  text: '#pk = :pk and begins_with(#sk, :prefix)',
  values: { ':pk': KEYS.head(id).pk, ':prefix': prefix },
});

/** What follows the first `#` of a partition key. */
export const idIn = ({ pk }: Item): string => String(pk).slice(String(pk).indexOf('#') + 1);

export const DUE = 'DUE';

/** HEAD as it was read: `version` is what the next write depends on. */
export interface Head {
  readonly incident: Incident;
  readonly version: number;
  /** The LOG item of this version, which may not have been written yet. */
  readonly log?: LogEntry | undefined;
}

export function headItem({ incident, version, log }: Head): Key & Item {
  const next = nextDue(incident);
  return {
    ...KEYS.head(incident.id),
    ...incident,
    version,
    ...(log ? { log } : {}),
    // Both or none: an item without them is not in the index.
    ...(next ? { duePartition: DUE, due: next.due } : {}),
  };
}

export function headOf(item: Item): Head {
  const log = item['log'] as LogEntry | undefined;
  const incident = without(item, 'version', 'log', 'duePartition', 'due') as unknown as Incident;
  return { incident, version: Number(item['version']), ...(log ? { log } : {}) };
}

/** An item without its keys and these attributes. */
export function without(item: Item, ...names: readonly string[]): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !['pk', 'sk', ...names].includes(name)));
}

/** The part of a LOG entry that says how the state changed, where it did. */
export function fromTo(before: Incident | undefined, after: Incident): Pick<LogEntry, 'from' | 'to'> {
  if (before?.state === after.state) return {};
  return { ...(before ? { from: before.state } : {}), to: after.state };
}

/** Bytes that texts of any length may take in HEAD, which every reader and every write pays for. */
const TEXTS = { title: 300, refused: 900, reason: 600 } as const;

/** The incident with long texts cut: HEAD stays under 4 KB. PLAN and DECISION hold theirs whole. */
export function cutTexts(incident: Incident): Incident {
  const { title, refused, decision } = incident;
  return {
    ...incident,
    title: cut(title, TEXTS.title),
    ...(refused === undefined ? {} : { refused: cut(refused, TEXTS.refused) }),
    ...(decision?.reason === undefined
      ? {}
      : { decision: { ...decision, reason: cut(decision.reason, TEXTS.reason) } satisfies Decision }),
  };
}

function cut(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text;
  let kept = '';
  let used = bytesOf('…');
  // By code point: half a character is none.
  for (const character of text) {
    used += bytesOf(character);
    if (used > bytes) break;
    kept += character;
  }
  return `${kept}…`;
}

/** What `countJobs` looks at. */
export const COUNTED = [
  'copyJobId',
  'failedAt',
  'bytes',
  'copiedBy',
  'failure.resourceArn',
  'failure.recoveryPointArn',
] as const;

/** Counts failures that no newer copy has taken off the list; a resource's size is the newest failure's. */
export async function countJobs(items: AsyncIterable<Item>): Promise<Counted> {
  const newest = new Map<string, { readonly failedAt: string; readonly bytes?: number | undefined }>();
  let copies = 0;
  for await (const item of items) {
    const job = item as unknown as Job;
    if (job.copiedBy !== undefined) continue;
    copies += 1;
    // An event without any resource stands for one of its own.
    const resource = job.failure?.resourceArn ?? job.failure?.recoveryPointArn ?? job.copyJobId;
    const before = newest.get(resource);
    if (before === undefined || job.failedAt >= before.failedAt) newest.set(resource, job);
  }
  const sizes = [...newest.values()].map(({ bytes }) => bytes);
  return {
    copies,
    resources: sizes.length,
    bytes: sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    withoutSize: sizes.filter((bytes) => bytes === undefined).length,
  };
}

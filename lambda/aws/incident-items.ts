import type { Decision, Incident } from '../core/incident/incident';
import { nextDue } from '../core/incident/incident';
import type { LogEntry } from '../core/incident/shown';
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
  newest: (id: string): Key => ({ pk: `INCIDENT#${id}`, sk: 'NEWEST' }),
  batch: (id: string, revision: number, batch: number): Key => ({
    pk: `INCIDENT#${id}`,
    sk: `BATCH#${revision}#${String(batch).padStart(4, '0')}`,
  }),
  before: (id: string, revision: number): Key => ({ pk: `INCIDENT#${id}`, sk: `BEFORE#${revision}` }),
  /** Of a rollback there is one for each plan, and a plan for each request: what was rejected may be asked for again. */
  decision: (id: string, revision: number, about: About = 'change', planHash = ''): Key => {
    const what = {
      change: '',
      'rollback-request': '#rollback-request',
      rollback: `#rollback#${planHash.slice(0, 12)}`,
    };
    return { pk: `DECISION#${id}#${revision}${what[about]}`, sk: 'DECISION' };
  },
  copyJob: (copyJobId: string): Key => ({ pk: `COPYJOB#${copyJobId}`, sk: 'COPYJOB' }),
  fold: (hash: string): Key => ({ pk: `FOLD#${hash}`, sk: 'FOLD' }),
  /** Status messages that are not in the catalogue: one kind, the list of kinds, or all others. */
  unknown: (id: string): Key => ({ pk: `UNKNOWN#${id}`, sk: 'UNKNOWN' }),
  lease: (name: string): Key => ({ pk: `LEASE#${name}`, sk: 'LEASE' }),
  auto: (vaultArn: string, day: string): Key => ({ pk: `AUTO#${vaultArn}#${day}`, sk: 'AUTO' }),
};

export type About = NonNullable<Decision['about']>;

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
  const kept = without(item, 'version', 'log', 'duePartition', 'due') as unknown as Incident;
  // The key is what was asked for; an attribute may say anything.
  const incident: Incident = { ...kept, id: idIn(item) };
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
const TEXTS = { title: 300, refused: 900, because: 600, reason: 600 };
/** The same where all else is long too. */
const SHORT_TEXTS = { title: 120, refused: 300, because: 200, reason: 100 };
/** HEAD has 4 KB; keys, version and the LOG entry take the rest. */
const INCIDENT_BYTES = 3_550;

/** The incident with long texts cut: HEAD stays under 4 KB. PLAN and DECISION hold theirs whole. */
export function cutTexts(incident: Incident): Incident {
  const next = cutTo(incident, TEXTS);
  return bytesOf(JSON.stringify(next)) <= INCIDENT_BYTES ? next : cutTo(incident, SHORT_TEXTS);
}

function cutTo(incident: Incident, most: typeof TEXTS): Incident {
  const { title, refused, because, decision, rollback } = incident;
  const cutReason = (one: Decision): Decision =>
    one.reason === undefined ? one : { ...one, reason: cut(one.reason, most.reason) };
  return {
    ...incident,
    title: cut(title, most.title),
    ...(refused === undefined ? {} : { refused: cut(refused, most.refused) }),
    ...(because === undefined ? {} : { because: cut(because, most.because) }),
    ...(decision ? { decision: cutReason(decision) } : {}),
    ...(rollback?.decision ? { rollback: { ...rollback, decision: cutReason(rollback.decision) } } : {}),
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

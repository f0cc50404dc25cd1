import type { Incident, IncidentState } from './incident';

export interface Measure {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds';
  readonly value: number;
  /** Absent: of all causes together. */
  readonly cause?: string;
}

/** What a change of an incident adds to the deployment's metrics. Practice counts nowhere. */
export function measuresOf(before: Incident | undefined, after: Incident): readonly Measure[] {
  if (after.kind === 'drill') return [];
  const opened = after.revision !== before?.revision;
  // Where nothing is taken back after all, an incident is what it was before.
  const back = before?.state === 'rollback-proposed' || before?.state === 'rollback-approved';
  const to = (state: IncidentState) => after.state === state && (opened || (before?.state !== state && !back));
  const healed = to('resolved');
  const decided = after.decision !== undefined && (opened || before?.decision === undefined);
  return [
    ...(opened ? counted('IncidentsOpened', after) : []),
    ...(opened && isFirstVerdict(before, after) ? seconds('TimeToVerdict', after.firstFailedAt, after.openedAt) : []),
    ...(decided ? seconds('TimeToDecision', after.toldAt, after.decision?.at) : []),
    ...(to('refused') ? [count('ChangesRefused')] : []),
    ...(to('not-cured') ? counted('IncidentsNotCured', after) : []),
    ...(healed ? counted('IncidentsHealed', after) : []),
    ...(healed ? seconds('TimeToHeal', after.firstFailedAt, after.since) : []),
  ];
}

/** False: the failure was told of before, with another plan, or it is one of the past that nobody was there for. */
const isFirstVerdict = (before: Incident | undefined, { firstFailedAt, summary }: Incident): boolean =>
  !summary && (before === undefined || (firstFailedAt !== undefined && firstFailedAt > before.since));

/** For how many seconds the oldest failure without a copy has been waiting; 0: none is. */
export function oldestUnhealed(incidents: readonly Incident[], now: string): number {
  const waiting = incidents.filter(
    ({ kind, state }) => kind !== 'drill' && state !== 'resolved' && state !== 'rolled-back',
  );
  return Math.max(0, ...waiting.map(({ firstFailedAt, openedAt }) => secondsFrom(firstFailedAt ?? openedAt, now)));
}

const count = (name: string, cause?: string): Measure => ({
  name,
  unit: 'Count',
  value: 1,
  ...(cause ? { cause } : {}),
});

/** Once for all, and once for each cause. */
const counted = (name: string, { causes }: Incident): readonly Measure[] => [
  count(name),
  ...causes.map((cause) => count(name, cause)),
];

function seconds(name: string, from: string | undefined, to: string | undefined): readonly Measure[] {
  if (from === undefined || to === undefined) return [];
  return [{ name, unit: 'Seconds', value: secondsFrom(from, to) }];
}

/** Clocks differ: what ended before it began took no time. */
const secondsFrom = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

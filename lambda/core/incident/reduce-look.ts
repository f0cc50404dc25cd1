import { isLookedAt, moved, nextLook, rescheduled, type Event, type Transition } from './agenda';
import type { Incident, IncidentState } from './incident';
import { settling } from './reduce-change';
import { opened } from './reduce-open';
import { later, TIMES } from './times';

// The live state: whether the change is there, and which copies have succeeded since.

/** States in which a person may make the change, however it was decided. */
const CHANGES: readonly IncidentState[] = ['proposed', 'approved', 'stale', 'refused'];

export function looked(
  incident: Incident,
  { at, endedAt = at, policy, open, listed, cut = false }: Event<'looked'>,
): Transition {
  const { state, agenda, since } = incident;
  // What was seen before this state began says nothing about it.
  if (at < since || !isLookedAt(incident)) return { incident };
  const tooSoon = at < (agenda['look-again'] ?? at);
  if (state === 'resolved' && tooSoon) return { incident };
  const moves = rescheduled(incident, { 'look-again': nextLook(state, since, at) });
  const seen: Incident = listed ? { ...moves, listedAt: at, listCut: cut || undefined } : moves;
  // What is open may have a copy that was not listed.
  if (state === 'resolved') return lookedAtEnd(seen, at, cut && open !== 0 ? undefined : open, listed);
  if (open === 0) {
    // The last look begins when this one has been written: whatever joined until then is in the table for it to see.
    const agenda = { 'look-again': later(endedAt, TIMES.lastLook) };
    return { incident: moved(seen, 'resolved', at, { tell: 'resolved', agenda }), log: { what: 'resolved' } };
  }
  if (policy === 'in-place' && CHANGES.includes(state)) {
    return { incident: inPlace(seen, at), log: { what: 'change seen in place' } };
  }
  // It was not made after all: who makes it from now on is somebody else.
  if (policy === 'as-planned' && state === 'refused' && seen.notSeen)
    return { incident: { ...seen, notSeen: undefined } };
  if (policy === 'changed' && (state === 'proposed' || state === 'approved')) {
    return { incident: moved(seen, 'stale', at, { tell: 'stale' }), log: { what: 'stale' } };
  }
  return { incident: seen };
}

/** Where the service had asked AWS for it and had not seen it, it is its own after all, and can be taken back. */
function inPlace(seen: Incident, at: string): Incident {
  const { state, notSeen, since } = seen;
  return state === 'refused' && notSeen
    ? { ...settling(seen, at, 'applied'), change: { at: since } }
    : settling(seen, at, 'in-place');
}

/**
 * The last look at what is resolved. A failure that came in late and has no newer copy opens the incident again: as
 * reported, since nothing is known of its policy until the next diagnosis.
 */
function lookedAtEnd(seen: Incident, at: string, open: number | undefined, listed: boolean): Transition {
  if (open === 0) return { incident: rescheduled(seen, { 'look-again': undefined }) };
  if (open === undefined || !listed) {
    const enough = listed && at > later(seen.since, TIMES.lookOften);
    return { incident: enough ? rescheduled(seen, { 'look-again': undefined }) : seen };
  }
  const { id, kind, causes, title, resource, owner, region, account, openedBy, readAt } = seen;
  const proposal = { id, kind, causes, title, resource, owner, region, account, ask: false };
  return opened(seen, { kind: 'failed', at, failedAt: at, copyJobId: openedBy, readAt, proposal });
}

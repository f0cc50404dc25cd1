import { moved, rescheduled, type Event, type Transition } from './agenda';
import type { Incident } from './incident';
import { later, nextFollow, earlier, TIMES, WAIT_ROUNDS, waitOf } from './times';

// Copies that are started again: one first, then the rest, followed to the end.

const RETRIES: readonly Incident['state'][] = ['canary', 'waiting', 'retrying'];
const retries = ({ state }: Incident): boolean => RETRIES.includes(state);

export function canaryStarted(incident: Incident, event: Event<'canary-started'>): Transition {
  const { at, copyJobId, retryId } = event;
  if (incident.state !== 'canary' || incident.canary?.retryId === retryId) return { incident };
  const agenda = { follow: later(at, TIMES.followFirst), retry: later(at, TIMES.canaryAlone) };
  return {
    incident: {
      ...rescheduled(incident, agenda),
      canary: { copyJobId, retryId, at },
      startedAt: at,
      idleFrom: undefined,
    },
    log: { what: 'first copy started' },
  };
}

export function batched(incident: Incident, { at, count }: Event<'batched'>): Transition {
  return retries(incident) ? { incident: surveyed(incident, at, count), log: { what: 'retrying' } } : { incident };
}

/** What is to be copied is known. Copies that run already, a canary among them, are followed as any other. */
function surveyed(incident: Incident, at: string, count: number): Incident {
  const { follow } = incident.agenda;
  const kept = follow ? { follow } : {};
  const agenda = count > 0 ? { ...kept, retry: at } : { follow: at };
  const next =
    incident.state === 'retrying'
      ? rescheduled(incident, { retry: undefined, ...agenda })
      : moved(incident, 'retrying', at, { agenda });
  return { ...next, batches: { count, started: 0, at }, idleFrom: undefined };
}

export function batchStarted(incident: Incident, { at, started: n }: Event<'batch-started'>): Transition {
  const { state, batches, agenda } = incident;
  if (state !== 'retrying' || !batches || n <= batches.started) return { incident };
  const started = Math.min(n, batches.count);
  const next = rescheduled(incident, {
    follow: earlier(agenda.follow, later(at, TIMES.followFirst)),
    retry: started < batches.count ? at : undefined,
  });
  return {
    incident: { ...next, batches: { ...batches, started }, startedAt: at, idleFrom: undefined },
    log: { what: `copies started, ${started} of ${batches.count}` },
  };
}

export function retryWaits(incident: Incident, { at, until, idle }: Event<'retry-waits'>): Transition {
  if (!retries(incident)) return { incident };
  // A time that is over would be due again at once, and for ever.
  const due = until > at ? until : later(at, TIMES.surveyAgain);
  const idleFrom = idle ? (incident.idleFrom ?? at) : undefined;
  const next = rescheduled(incident, { retry: due });
  return { incident: idleFrom === incident.idleFrom ? next : { ...next, idleFrom } };
}

export function nothingToRetry(incident: Incident, { at }: Event<'nothing-to-retry'>): Transition {
  if (!retries(incident)) return { incident };
  if (incident.state === 'canary' && incident.canary === undefined) {
    return { incident: moved(incident, 'applied', at, { tell: 'left-out' }), log: { what: 'nothing to copy again' } };
  }
  return { incident: surveyed(incident, at, 0), log: { what: 'nothing more to copy again' } };
}

export function retryNotAllowed(incident: Incident, { at, because }: Event<'retry-not-allowed'>): Transition {
  if (!retries(incident)) return { incident };
  const log = { what: 'not copied again' };
  return { incident: moved(incident, 'applied', at, { tell: 'left-out', because }), log };
}

export function followed(incident: Incident, event: Event<'followed'>): Transition {
  // What was looked at before this state began, or before the last copy was started, says nothing about it.
  if (event.at < incident.since || event.at < (incident.startedAt ?? '')) return { incident };
  if (incident.state === 'canary') return canaryFollowed(incident, event);
  if (incident.state === 'retrying' || incident.state === 'waiting') return restFollowed(incident, event);
  return { incident };
}

function canaryFollowed(incident: Incident, { at, canary: end }: Event<'followed'>): Transition {
  if (incident.canary === undefined) return { incident: rescheduled(incident, { follow: undefined }) };
  switch (end) {
    case undefined:
    case 'running':
      return { incident: rescheduled(incident, { follow: nextFollow(incident.canary.at, at) }) };
    case 'same': {
      const failedRounds = (incident.failedRounds ?? 0) + 1;
      const again = { ...incident, canary: undefined, failedRounds };
      const log = { what: 'the first copy failed for the same cause' };
      if (failedRounds > 1) return { incident: moved(again, 'not-cured', at, { tell: 'not-cured' }), log };
      return {
        incident: rescheduled(again, { follow: undefined, retry: later(at, TIMES.secondCanary) }),
        log,
      };
    }
    case 'copied':
    case 'other':
    case 'gone': {
      const next = { ...incident, canary: undefined, batches: undefined };
      return { incident: moved(next, 'retrying', at, { agenda: { retry: at } }), log: { what: `first copy: ${end}` } };
    }
  }
}

function restFollowed(incident: Incident, event: Event<'followed'>): Transition {
  const { at, running, left, same, other, others, batchesEnded } = event;
  const { agenda, kind, id, batches } = incident;
  const startedAt = incident.startedAt ?? incident.since;
  const next = nextFollow(startedAt, at);
  // Not all have been started: what becomes of the first is not the end.
  if (agenda.retry !== undefined || batchesEnded !== undefined) {
    const waits = rescheduled(incident, { follow: next });
    if (batches === undefined || batchesEnded === undefined) return { incident: waits };
    return { incident: { ...waits, batches: { ...batches, ended: Math.min(batchesEnded, batches.started) } } };
  }
  // A survey that found nothing to start has said so: the same answer is not asked for again at once.
  const stuck = left > 0 && incident.batches?.count === 0;
  if (running > 0 || stuck) {
    if (at < later(startedAt, TIMES.followAtMost)) {
      return { incident: rescheduled(incident, running > 0 ? { follow: next } : { follow: undefined, retry: next }) };
    }
    const because =
      running > 0
        ? `${running === 1 ? '1 copy has' : `${running} copies have`} run for more than 7 days`
        : `${left === 1 ? '1 copy' : `${left} copies`} cannot be started`;
    return { incident: moved(incident, 'not-cured', at, { tell: 'not-cured', because }), log: { what: 'not-cured' } };
  }
  if (left > 0) {
    return { incident: { ...rescheduled(incident, { follow: undefined, retry: at }), batches: undefined } };
  }
  if (same > 0) {
    const failedRounds = (incident.failedRounds ?? 0) + 1;
    const again = { ...incident, failedRounds, batches: undefined };
    if (kind !== 'retry-later' || failedRounds >= WAIT_ROUNDS) {
      return { incident: moved(again, 'not-cured', at, { tell: 'not-cured' }), log: { what: 'not-cured' } };
    }
    const retry = later(at, waitOf(id, failedRounds));
    return { incident: moved(again, 'waiting', at, { agenda: { retry } }), log: { what: 'waiting' } };
  }
  if (other > 0) {
    const reopened = { ...moved(incident, 'reopened', at, { tell: 'reopened' }), others };
    return { incident: reopened, log: { what: 'reopened' } };
  }
  return { incident: moved(incident, 'resolved', at, { tell: 'resolved' }), log: { what: 'resolved' } };
}

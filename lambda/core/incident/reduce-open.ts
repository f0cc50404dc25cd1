import { saidNoBefore } from '../text/en/refusals';
import { nextLook, rescheduled, type Event, type Transition } from './agenda';
import {
  AT_REST,
  isOpen,
  wantsRetry,
  type Agenda,
  type Incident,
  type IncidentState,
  type Proposal,
  type Telling,
} from './incident';
import { earlier, later, TIMES, waitOf } from './times';

// A failure opens an incident, its next revision, or joins.

/** A new revision: what was proposed before, and decided on it, is over. */
export function opened(
  before: Incident | undefined,
  event: Event<'failed'>,
  telling: 'opened' | 'stale' = 'opened',
): Transition {
  const { at, copyJobId, readAt, failedAt, summary } = event;
  const saidNo = before?.saidNo === true;
  const asked = saidNo && event.proposal.auto === true;
  const proposal = asked ? { ...event.proposal, auto: false } : event.proposal;
  const drill = proposal.kind === 'drill';
  const state = firstState(proposal);
  // What the settings allow is told together with what came of it.
  const tell = drill ? 'drill' : state === 'approved' ? undefined : telling;
  const incident: Incident = {
    ...proposal,
    revision: (before?.revision ?? 0) + 1,
    state,
    since: at,
    openedAt: at,
    openedBy: copyJobId,
    readAt,
    reminders: 0,
    tell,
    firstFailedAt: earlier(before?.firstFailedAt, failedAt),
    ...(summary ? { summary } : {}),
    ...(saidNo ? { saidNo } : {}),
    ...(asked ? { because: saidNoBefore } : {}),
    ...(before?.listedAt ? { listedAt: before.listedAt } : {}),
    agenda: {
      ...(drill ? { notify: at } : { 'look-again': nextLook(state, at, at) }),
      ...(tell && !drill ? { notify: firstMail(before, at, tell) } : {}),
      ...firstEffect(state, proposal, at),
    },
  };
  return { incident, log: { what: telling === 'stale' ? 'proposed-again' : state } };
}

function firstState(proposal: Proposal): IncidentState {
  const { kind, planHash, ask, auto } = proposal;
  if (kind === 'retry-later' && wantsRetry(proposal)) return 'waiting';
  if (planHash === undefined || kind === 'drill') return 'reported';
  if (auto) return 'approved';
  return ask ? 'proposed' : 'reported';
}

function firstEffect(state: IncidentState, { id }: Proposal, at: string): Agenda {
  if (state === 'waiting') return { retry: later(at, waitOf(id, 0)) };
  return state === 'approved' ? { apply: at } : {};
}

/** A mail that waits already is not put off, however often the plan changes; it is due no sooner than what it tells. */
function firstMail(before: Incident | undefined, at: string, telling: Telling): string {
  const waiting = before?.tell === telling ? before.agenda.notify : undefined;
  if (waiting === undefined) return later(at, TIMES.firstMail);
  return waiting > at ? waiting : at;
}

export function failed(incident: Incident, event: Event<'failed'>): Transition {
  const { state, kind } = incident;
  if (kind !== 'drill' && holdsNoMore(incident, event)) {
    const shown = !AT_REST.includes(state) && ((incident.toldAt && incident.planHash) || incident.tell === 'stale');
    // The copies that failed before a revision that is resolved were copied.
    const before = state === 'resolved' ? { ...incident, firstFailedAt: undefined } : incident;
    return opened(before, event, shown ? 'stale' : 'opened');
  }
  return { incident: joined(lookedSooner(incident, event.at), event) };
}

/** What is known by now opens the next revision. */
function holdsNoMore(incident: Incident, { proposal, failedAt, readAt }: Event<'failed'>): boolean {
  const { state, since } = incident;
  const another = !sameOffer(proposal, incident);
  // A late report of a copy that failed before it came to rest does not open anything again.
  const metTheEnd = failedAt > since && readAt > since;
  // Evidence that was read later and gives another plan: what was shown does not hold any more.
  if (isOpen(incident) && state !== 'waiting') return readAt > incident.readAt && another;
  // What is stale can be decided no longer, so that the same plan is proposed again too.
  if (state === 'stale') return readAt > incident.readAt;
  // What was just refused is not proposed again by failures that were on their way.
  if (state === 'refused') return metTheEnd || (readAt > since && another);
  return AT_REST.includes(state) && metTheEnd;
}

const sameOffer = (a: Proposal, b: Proposal) => a.planHash === b.planHash && a.ask === b.ask && a.kind === b.kind;

function joined(incident: Incident, { failedAt }: Event<'failed'>): Incident {
  const firstFailedAt = earlier(incident.firstFailedAt, failedAt);
  return firstFailedAt === incident.firstFailedAt ? incident : { ...incident, firstFailedAt };
}

function lookedSooner(incident: Incident, at: string): Incident {
  const { state, agenda, kind, canary } = incident;
  if (kind === 'drill') return incident;
  // A failure that was reported after the end: a look that starts later says whether it has a newer copy.
  if (state === 'resolved') return rescheduled(incident, { 'look-again': later(at, TIMES.lastLook) });
  if (state !== 'retrying' && (state !== 'canary' || canary === undefined)) return incident;
  return rescheduled(incident, { follow: earlier(agenda.follow, later(at, TIMES.followFailure)) });
}

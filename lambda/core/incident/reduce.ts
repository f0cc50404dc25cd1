import type { Agenda, Incident, IncidentEvent, IncidentState, Proposal, Telling } from './incident';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds. A first mail waits, so that it can count; policies need time to reach all of AWS. */
export const TIMES = {
  firstMail: 60 * SECOND,
  reminders: [24 * HOUR, 48 * HOUR],
  expiry: 72 * HOUR,
  settleVaultPolicy: 60 * SECOND,
  /** https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency */
  settleKeyPolicy: 5 * MINUTE,
  lookForChange: 10 * MINUTE,
  lookAfterApproval: 5 * MINUTE,
  lookForSuccess: HOUR,
  /** An incident that nobody has mended for a week is looked at once a day. */
  lookOften: 7 * DAY,
  lastLook: 10 * MINUTE,
} as const;

/** The incident afterwards, and what the log says of it; `log` is absent where nothing changed. */
export interface Transition {
  readonly incident: Incident | undefined;
  readonly log?: { readonly what: string; readonly by?: string };
}

/** Total: every event in every state has an answer, and most answers are "nothing changes". */
export function reduce(incident: Incident | undefined, event: IncidentEvent): Transition {
  if (incident === undefined) return event.kind === 'failed' ? opened(undefined, event, 'opened') : { incident };
  switch (event.kind) {
    case 'failed':
      return failed(incident, event);
    case 'told':
      return told(incident, event);
    case 'decided':
      return decided(incident, event);
    case 'remind':
      return reminded(incident, event.at);
    case 'expire':
      return expired(incident, event.at);
    case 'looked':
      return looked(incident, event);
  }
}

type Event<K extends IncidentEvent['kind']> = Extract<IncidentEvent, { kind: K }>;

/** A new revision: what was proposed before, and decided on it, is over. */
function opened(before: Incident | undefined, event: Event<'failed'>, telling: 'opened' | 'stale'): Transition {
  const { proposal, at, copyJobId, readAt, summary } = event;
  const drill = proposal.kind === 'drill';
  const state: IncidentState = proposal.ask && proposal.planHash !== undefined ? 'proposed' : 'reported';
  const incident: Incident = {
    ...proposal,
    revision: (before?.revision ?? 0) + 1,
    state,
    since: at,
    openedAt: at,
    openedBy: copyJobId,
    readAt,
    reminders: 0,
    tell: drill ? 'drill' : telling,
    ...(summary ? { summary } : {}),
    ...(before?.listedAt ? { listedAt: before.listedAt } : {}),
    agenda: drill ? { notify: at } : { notify: firstMail(before, at, telling), 'look-again': nextLook(state, at, at) },
  };
  return { incident, log: { what: telling === 'stale' ? 'proposed-again' : state } };
}

/** A mail that waits already is not put off, however often the plan changes; it is due no sooner than what it tells. */
function firstMail(before: Incident | undefined, at: string, telling: Telling): string {
  const waiting = before?.tell === telling ? before.agenda.notify : undefined;
  if (waiting === undefined) return later(at, TIMES.firstMail);
  return waiting > at ? waiting : at;
}

function failed(incident: Incident, event: Event<'failed'>): Transition {
  const { proposal, failedAt, readAt } = event;
  const newer = readAt > incident.readAt;
  switch (incident.state) {
    case 'reported':
    case 'proposed':
    case 'approved':
    case 'stale': {
      // Evidence that was read later and gives another plan: what was shown does not hold any more. What is stale can
      // be decided no longer, so that the same plan is proposed again too.
      if (!newer || (incident.state !== 'stale' && sameOffer(proposal, incident))) return { incident };
      const shown = (incident.toldAt && incident.planHash) || incident.tell === 'stale';
      return opened(incident, event, shown ? 'stale' : 'opened');
    }
    case 'settling':
      return { incident };
    case 'applied':
    case 'rejected':
    case 'expired':
    case 'resolved':
      // A late report of a copy that failed before does not open anything again.
      if (failedAt > incident.since && readAt > incident.since) return opened(incident, event, 'opened');
      return { incident: incident.state === 'resolved' ? lookedOnceMore(incident, event.at) : incident };
  }
}

/** A failure that was reported after the end: a look that starts later says whether it has a newer copy. */
function lookedOnceMore(incident: Incident, at: string): Incident {
  if (incident.kind === 'drill') return incident;
  return { ...incident, agenda: { ...incident.agenda, 'look-again': later(at, TIMES.lastLook) } };
}

const sameOffer = (a: Proposal, b: Proposal) => a.planHash === b.planHash && a.ask === b.ask && a.kind === b.kind;

function told(incident: Incident, { at, telling, revision, template }: Event<'told'>): Transition {
  // A mail about an earlier revision, or one that was made before this one was due, told of something else.
  if ((revision ?? incident.revision) !== incident.revision) return { incident };
  if (incident.tell !== telling || at < (incident.agenda.notify ?? at)) return { incident };
  const agenda = without(incident.agenda, 'notify');
  const first = incident.toldAt === undefined;
  const asking = incident.state === 'proposed' && first;
  const next: Incident = {
    ...incident,
    tell: undefined,
    toldAt: incident.toldAt ?? at,
    ...(template ? { template } : {}),
    // The time to answer begins when a person was told.
    ...(asking ? { expiresAt: later(at, TIMES.expiry) } : {}),
    agenda: {
      ...agenda,
      ...(asking ? { remind: later(at, TIMES.reminders[0]), expire: later(at, TIMES.expiry) } : {}),
    },
  };
  // A drill ends with its mail.
  if (telling === 'drill')
    return { incident: { ...next, state: 'resolved', since: at, agenda: {} }, log: { what: 'told drill' } };
  return { incident: next, log: { what: `told ${telling}` } };
}

function decided(incident: Incident, { at, decision }: Event<'decided'>): Transition {
  // Recorded in time, and absorbed when the time was over: whoever decided was told that it counts.
  if (incident.state !== 'proposed' && incident.state !== 'expired') return { incident };
  const meant = decision.incident === incident.id && decision.revision === incident.revision;
  if (!meant || decision.planHash !== incident.planHash) return { incident };
  if (incident.expiresAt !== undefined && decision.at >= incident.expiresAt) return { incident };
  const next = moved(incident, decision.decision, at, decision.decision);
  const log = { what: decision.decision, by: decision.by };
  return { incident: { ...next, decision, agenda: without(next.agenda, 'remind', 'expire') }, log };
}

function reminded(incident: Incident, at: string): Transition {
  const { remind, expire } = incident.agenda;
  if (incident.state !== 'proposed' || remind === undefined || at < remind) return { incident };
  const agenda = without(incident.agenda, 'remind');
  if (expire !== undefined && at >= expire) return { incident: { ...incident, agenda } };
  const toldAt = incident.toldAt ?? remind;
  // Two that are due together are one mail.
  const reminders = TIMES.reminders.filter((wait) => at >= later(toldAt, wait)).length;
  const wait = TIMES.reminders[reminders];
  const next = wait === undefined ? undefined : later(toldAt, wait);
  return {
    incident: {
      ...incident,
      reminders,
      tell: 'reminder',
      agenda: { ...agenda, notify: at, ...(next ? { remind: next } : {}) },
    },
    log: { what: 'reminder due' },
  };
}

function expired(incident: Incident, at: string): Transition {
  const { expire } = incident.agenda;
  if (incident.state !== 'proposed' || expire === undefined || at < expire) return { incident };
  const next = moved(incident, 'expired', at, 'expired');
  return { incident: { ...next, agenda: without(next.agenda, 'remind', 'expire') }, log: { what: 'expired' } };
}

function looked(incident: Incident, { at, policy, open, listed }: Event<'looked'>): Transition {
  const { state, agenda } = incident;
  // What was seen before this state began says nothing about it; and nothing is looked at for a drill.
  if (at < incident.since || incident.kind === 'drill') return { incident };
  const seen: Incident = {
    ...incident,
    ...(listed ? { listedAt: at } : {}),
    agenda: { ...without(incident.agenda, 'look-again'), ...again(incident, at) },
  };
  const tooSoon = at < (agenda['look-again'] ?? at);
  if (state === 'resolved') return tooSoon ? { incident } : lookedAtEnd(seen, at, open, listed);
  if (open === 0) {
    const next = moved(seen, 'resolved', at, 'resolved');
    const agenda: Agenda = { ...without(next.agenda, 'remind', 'expire'), 'look-again': later(at, TIMES.lastLook) };
    return { incident: { ...next, agenda }, log: { what: 'resolved' } };
  }
  if (state === 'settling') {
    return tooSoon ? { incident } : { incident: moved(seen, 'applied', at), log: { what: 'applied' } };
  }
  if (state !== 'proposed' && state !== 'approved' && state !== 'stale') return { incident: seen };
  if (policy === 'in-place') {
    const next = moved(seen, 'settling', at, 'in-place');
    return {
      incident: { ...next, agenda: without(next.agenda, 'remind', 'expire') },
      log: { what: 'change seen in place' },
    };
  }
  if (policy === 'changed' && state !== 'stale') {
    const next = moved(seen, 'stale', at, 'stale');
    return { incident: { ...next, agenda: without(next.agenda, 'remind', 'expire') }, log: { what: 'stale' } };
  }
  return { incident: seen };
}

/**
 * The last look at what is resolved. A failure that came in late and has no newer copy opens the incident again: as
 * reported, since nothing is known of its policy until the next diagnosis.
 */
function lookedAtEnd(seen: Incident, at: string, open: number | undefined, listed: boolean): Transition {
  if (open === 0) return { incident: seen };
  if (open === undefined || !listed) {
    const next = nextLook(seen.state, seen.since, at);
    return { incident: { ...seen, agenda: { ...seen.agenda, 'look-again': next } } };
  }
  const { id, kind, causes, title, resource, owner, region, account, openedBy, readAt } = seen;
  const proposal = { id, kind, causes, title, resource, owner, region, account, ask: false };
  const event = { kind: 'failed', at, failedAt: at, copyJobId: openedBy, readAt, proposal } as const;
  return opened(seen, event, 'opened');
}

/** Another state, and where people have to hear of it, a mail at once. */
function moved(incident: Incident, state: IncidentState, at: string, tell?: Telling): Incident {
  return {
    ...incident,
    state,
    since: at,
    ...(tell ? { tell } : {}),
    agenda: {
      ...incident.agenda,
      'look-again': nextLook(state, at, at, incident.kind),
      ...(tell ? { notify: at } : {}),
    },
  };
}

const again = (incident: Incident, at: string): Agenda =>
  // The last look at what is resolved has been made.
  incident.state === 'resolved' ? {} : { 'look-again': nextLook(incident.state, incident.since, at, incident.kind) };

function nextLook(state: IncidentState, since: string, at: string, kind?: Incident['kind']): string {
  if (state === 'settling') return later(at, kind === 'key-policy' ? TIMES.settleKeyPolicy : TIMES.settleVaultPolicy);
  if (at > later(since, TIMES.lookOften)) return later(at, DAY);
  if (state === 'approved') return later(at, TIMES.lookAfterApproval);
  if (state === 'proposed' || state === 'stale') return later(at, TIMES.lookForChange);
  return later(at, TIMES.lookForSuccess);
}

function without(agenda: Agenda, ...effects: readonly (keyof Agenda)[]): Agenda {
  return Object.fromEntries(Object.entries(agenda).filter(([effect]) => !effects.includes(effect as keyof Agenda)));
}

/** ISO 8601, so that texts compare as times do. */
export const later = (iso: string, milliseconds: number): string =>
  new Date(Date.parse(iso) + milliseconds).toISOString();

import type { Effect, Incident, IncidentState } from '../../lambda/core/incident/incident';
import type { LeftOut } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { utc } from '../../lambda/core/text/utc';
import { plural } from './show-plan';

/** Most urgent first: what waits for a person, then what is under way, then what rests. */
export const STATES: readonly IncidentState[] = [
  'proposed',
  'rollback-proposed',
  'approved',
  'refused',
  'stale',
  'not-cured',
  'reopened',
  'reported',
  'applying',
  'rollback-approved',
  'settling',
  'canary',
  'retrying',
  'waiting',
  'applied',
  'rejected',
  'expired',
  'resolved',
  'rolled-back',
];

/** Something is to be done by a person. */
export const ASKS: readonly IncidentState[] = ['proposed', 'rollback-proposed', 'refused', 'stale', 'not-cured'];

const untilOf = (until: string | undefined) => (until ? ` until ${utc(until)}` : '');
const why = ({ because }: Incident) => (because ? `: ${clean(because, 900).replace(/[.\s]+$/, '')}` : '');

const SENTENCE: Readonly<Record<IncidentState, (incident: Incident) => string>> = {
  reported: ({ refused, planHash }) => {
    if (refused) return 'There is nothing to decide: no change is proposed.';
    return planHash
      ? 'There is nothing to decide: the owner of the resource can make the change.'
      : 'There is nothing to decide: the cause is mended by hand, or passes by itself.';
  },
  waiting: ({ failedRounds = 0 }) =>
    `The cause passes by itself: the copies are started again later${failedRounds > 0 ? ` (tried ${plural(failedRounds, 'time')} so far)` : ''}.`,
  proposed: ({ expiresAt }) => `The change waits for a decision${untilOf(expiresAt)}.`,
  approved: ({ agenda }) =>
    agenda.apply === undefined
      ? 'The change waits for the owner of the resource, who makes it.'
      : 'The service is about to make the change.',
  applying: () => 'The service makes the change now.',
  refused: (incident) =>
    `The change was not made${why(incident)}. The owner can make it; a new failure is diagnosed again.`,
  rejected: () => 'A new failure asks again; a later success ends it.',
  expired: ({ expiresAt, since }) =>
    `The time to decide ended ${utc(expiresAt ?? since)} without a decision. A new failure asks again; a later success ends it.`,
  stale: ({ since }) =>
    `At ${utc(since)} the policy was no longer the one that the plan was made from, and no new plan came of it.`,
  settling: ({ since }) => `The change was seen in place at ${utc(since)}; policies take minutes to reach all of AWS.`,
  canary: ({ canary, failedRounds = 0 }) =>
    canary
      ? `One copy was started first, at ${utc(canary.at)}: copy job ${clean(canary.retryId, 128)}.`
      : `One copy is started first${failedRounds > 0 ? ', once more, since the first one failed for the same cause' : ''}.`,
  retrying: ({ batches }) =>
    batches && batches.started < batches.count
      ? `The other copies are started again: ${batches.started} of ${plural(batches.count, 'batch', 'batches')} so far.`
      : 'The copies were started again, and are followed until they end.',
  applied: (incident) =>
    `The change is in place since ${utc(incident.settledFrom ?? incident.since)}; the next copy shows whether it worked${why(incident)}.`,
  reopened: (incident) => `This cause is mended, and the copies fail for another one${why(incident)}.`,
  'not-cured': (incident) =>
    `The copies were started again and failed for the same cause${why(incident)}. The change stays; nothing more is tried.`,
  resolved: ({ since }) => `It is over since ${utc(since)}: what failed was copied since, or it was a drill.`,
  'rollback-proposed': ({ agenda }) => `Taking the change back waits for a decision${untilOf(agenda.expire)}.`,
  'rollback-approved': () => 'The service takes the change back now.',
  'rolled-back': ({ since }) => `The change was taken back at ${utc(since)}. Copies that need it fail.`,
};

/** Where an incident stands, as a sentence. */
export const stateSentence = (incident: Incident): string => SENTENCE[incident.state](incident);

/** What is done next for an incident; `Next, at …, …`. */
export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  notify: 'a mail is sent',
  expire: 'the time to decide ends',
  remind: 'people are reminded',
  apply: 'the service makes the change',
  rollback: 'the service takes the change back',
  settle: 'the change has settled',
  retry: 'copies are started',
  follow: 'the service looks what became of the copies that it started',
  'look-again': 'the service looks again at the policy and for newer copies',
};

/** Why copies are not started again; after their number. */
export const LEFT_OUT_WORDS: Readonly<Record<LeftOut, string>> = {
  'older-point': 'a newer recovery point of the same resource is copied in its place',
  'recovery-point-gone': 'the recovery point is gone',
  continuous: 'the recovery point is continuous',
  'record-gone': 'AWS no longer has the record of the copy job',
  'role-not-listed': 'the setting copyRoles does not name its role',
  'not-listed': 'the setting destinations does not name its destination vault',
  'other-incident': 'another incident that holds it was not mended',
  attempts: 'it was tried 5 times',
  'with-composite': 'copied together with the composite recovery point that it belongs to',
  'next-run': 'its backup plan runs again within 2 hours',
  refused: 'AWS did not take it',
};

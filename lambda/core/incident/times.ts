import { hashOf } from '../plan/normal-form';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds. A first mail waits, so that it can count; policies need time to reach all of AWS. */
export const TIMES = {
  firstMail: 60 * SECOND,
  reminders: [24 * HOUR, 48 * HOUR],
  expiry: 72 * HOUR,
  /** A decision is carried out within minutes; after so long it is none any more. */
  decisionHolds: DAY,
  /** A change that was begun and has no end by then is begun again: whoever made it has died. */
  applyAgain: 5 * MINUTE,
  settleVaultPolicy: 60 * SECOND,
  /** https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency */
  settleKeyPolicy: 5 * MINUTE,
  /** A first copy that runs for longer does not hold up the others. */
  canaryAlone: 30 * MINUTE,
  /** So long a first copy waits for another cause that a person mends by hand. */
  waitForHands: DAY,
  secondCanary: 15 * MINUTE,
  followFirst: 5 * MINUTE,
  followMost: HOUR,
  /** A failure came in while copies run: most likely it is one of theirs. */
  followFailure: MINUTE,
  followAtMost: 7 * DAY,
  /** Something is left to copy, and nothing could be started for it. */
  surveyAgain: 10 * MINUTE,
  waitFirst: 15 * MINUTE,
  waitMost: 4 * HOUR,
  rollbackExpiry: 72 * HOUR,
  lookForChange: 10 * MINUTE,
  lookAfterApproval: 5 * MINUTE,
  lookForSuccess: HOUR,
  /** An incident that nobody has mended for a week is looked at once a day. */
  lookOften: 7 * DAY,
  lookRarely: DAY,
  lastLook: 10 * MINUTE,
} as const;

/** So often is tried what passes by itself. */
export const WAIT_ROUNDS = 5;

/** ISO 8601, so that texts compare as times do. */
export const later = (iso: string, milliseconds: number): string =>
  new Date(Date.parse(iso) + milliseconds).toISOString();

export const earlier = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);

/**
 * How long something that passes by itself is waited for. Up to a quarter longer, so that incidents of one trouble do
 * not all come back at once; always the same for one incident and round.
 */
export function waitOf(id: string, round: number): number {
  const share = Number.parseInt(hashOf([id, round]).slice(0, 8), 16) / 0xffffffff;
  return Math.round(Math.min(TIMES.waitFirst * 2 ** round, TIMES.waitMost) * (1 + share / 4));
}

/** When copies are looked at next: the longer they run, the less often. */
export const nextFollow = (startedAt: string, at: string): string => {
  const runs = Date.parse(at) - Date.parse(startedAt);
  return later(at, Math.min(Math.max(runs, TIMES.followFirst), TIMES.followMost));
};

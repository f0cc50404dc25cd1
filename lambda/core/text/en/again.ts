import { copiesOf, plural } from './plural';

/** What people read about copies that are started again: whether, which, and what came of it. */

export type Mode = 'ask' | 'auto' | 'never';

/** When and in which order. */
const steps = (wait: string, one: boolean) =>
  `waits ${wait}, since a policy takes time to reach all of AWS, and ${one ? 'starts the copy again' : 'tries the smallest copy first, then the others'}`;

const theTest = 'The next scheduled copy shows whether the change works.';
const noticed = 'Copy Doctor notices by itself when the change is in place.';
const result = 'A mail tells the result.';
const off = 'Nothing is copied again: the setting "retry" of this deployment does not say so.';

export const again = {
  theTest,
  noticed,
  result,

  /** `5 copies (1.2 TiB, 1 of unknown size), the newest failed recovery point of each resource, within eu-west-1` */
  amount: (copies: number, size: string, newest: boolean, route: string | undefined) =>
    [
      `${copiesOf(copies)}${size === '' ? '' : ` (${size})`}`,
      ...(newest
        ? [copies === 1 ? 'the newest failed recovery point' : 'the newest failed recovery point of each resource']
        : []),
      ...(route === undefined ? [] : [route]),
    ].join(', '),
  /** Every failed copy is started, and only sizes of the newest are known. */
  atLeast: (size: string) => `at least ${size}`,
  unknownSize: (resources: number) => `${resources} of unknown size`,
  route: (from: string, to: string) => (from === to ? `within ${from}` : `from ${from} to ${to}`),
  routes: (ways: readonly string[]) =>
    ways.length > 4 ? `${ways.slice(0, 3).join('; ')}; ${ways.length - 3} more ways` : ways.join('; '),

  /** Before a decision; `by`: who makes the change. */
  before: {
    ask: '`approve` also asks whether to copy again what has failed; --retry and --no-retry answer that beforehand.',
    yes: (by: 'service' | 'owner' | 'all', wait: string, one: boolean) =>
      `If you say yes: ${WHEN[by]}, Copy Doctor ${steps(wait, one)}. ${result}`,
    no: `If you say no, nothing is copied again: a mail says when the change is in place. ${theTest}`,
    auto: (by: 'service' | 'owner' | 'all', wait: string, one: boolean) =>
      `Failed copies are copied again without asking (the setting retry=auto): ${WHEN[by]}, Copy Doctor ${steps(wait, one)}. ${result}`,
    never: `${off} A mail says when the change is in place. ${theTest}`,
    now: (amount: string) => `As of now: ${amount}.`,
  },

  /** After it. */
  starts: (wait: string, one: boolean) => `Copy Doctor ${steps(wait, one)}. ${result}`,
  startsOnceInPlace: (wait: string, one: boolean) => `${noticed} It then ${steps(wait, one)}. ${result}`,
  not: {
    off,
    decided: 'Nothing is copied again, as was decided.',
    unasked: 'Nothing is copied again: with the setting retry=ask a person decides that, and nobody was asked.',
  },
  untilCopied: 'One more mail follows when every copy that had failed has been followed by one that succeeded.',

  waiting: {
    subject: (vault: string, title: string) => `[Info] Copy to ${vault} is tried again: ${title}`,
    notice: (title: string) => `[Info] Copies are tried again: ${title}`,
    nothing: 'Nothing for now: this may pass by itself.',
    next: (when: string | undefined, most: number) =>
      `Copy Doctor starts the failed copies again ${when === undefined ? 'soon' : `at about ${when}`}, and after longer and longer waits if they fail for this cause again: at most ${most} times.`,
    shared: 'A copy that has other causes too is started once all of them are mended.',
    off: 'To have nothing copied again, deploy with the setting retry=never.',
    ifNothing: (most: number) =>
      `Nothing has to be done. If the copies have failed ${most} more times, a mail says so, and nothing more is tried.`,
  },

  /** What came of it. */
  copied: (copies: number, size: string) =>
    `Copied again by Copy Doctor: ${copiesOf(copies)}${size === '' ? '' : ` (${size})`}.`,
  failed: (copies: number) => `Failed again: ${copiesOf(copies)}.`,
  running: (copies: number) => `Still running: ${copiesOf(copies)}.`,
  leftOut: 'Not copied again:',
  why: (copies: number, reason: string) => `${copiesOf(copies)}: ${reason}`,
  reasons: {
    'older-point': 'only the newest failed recovery point of a resource is copied again, and this one is older',
    'with-composite': 'the composite recovery point that it belongs to is copied as a whole',
    'recovery-point-gone': 'the recovery point is no longer there',
    continuous: 'the recovery point is a continuous one, which AWS Backup does not copy on demand',
    'record-gone': 'the record of the copy job is gone, since AWS keeps it for 30 days',
    'role-not-listed': 'the setting "copyRoles" does not name the role of the copy',
    'not-listed': 'the setting "destinations" does not name the destination vault',
    'other-incident': 'stopped by another incident too, which is not mended',
    attempts: 'tried as often as Copy Doctor tries a copy',
    'next-run': 'the backup plan runs again within 2 hours',
    refused: 'AWS did not take the request to copy again',
  },
  /** After 7 days in which nothing could be started. */
  stuck: {
    held: 'For 7 days another incident has held the copies that are left, and it was not mended.',
    idle: 'For 7 days no copy could be started: AWS did not say which copies run, or took no more of them.',
  },
  minutes: (count: number) => plural(count, 'minute'),
};

const WHEN = {
  service: 'after the change',
  owner: 'once it sees the change in place',
  all: 'once all these changes are in place',
};

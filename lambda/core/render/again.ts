import type { Copy } from '../evidence';
import { wantsRetry, type Incident } from '../incident/incident';
import type { LeftOut, Retried } from '../incident/shown';
import { TIMES } from '../incident/times';
import { again as words, type Mode } from '../text/en/again';
import { sizeOf } from '../text/size';
import { bullet, plain, wrap, type Lines } from './layout';
import { isMadeByService, type MailContext, type ToldIncident } from './told';

// What a mail says about copies that are started again.

const MINUTE = 60_000;

const waitOf = (incidents: readonly Incident[]): string =>
  words.minutes(
    (incidents.some(({ kind }) => kind === 'key-policy') ? TIMES.settleKeyPolicy : TIMES.settleVaultPolicy) / MINUTE,
  );

/** How many copies there are to start: one a resource, or every one. */
function countOf(told: readonly ToldIncident[], { retryScope = 'newest' }: MailContext) {
  // One failure has stopped the same copies for each of its causes, unless a cause was there before.
  const counted = [...told].sort((a, b) => b.counted.copies - a.counted.copies)[0]?.counted;
  const newest = retryScope === 'newest';
  return { counted, newest, copies: (newest ? counted?.resources : counted?.copies) ?? 0 };
}

function now(told: readonly ToldIncident[], context: MailContext, copy: Copy | undefined): Lines {
  const { counted, newest, copies } = countOf(told, context);
  if (!counted || copies === 0) return [];
  const { bytes, withoutSize } = counted;
  const known = newest ? sizeOf(bytes) : words.atLeast(sizeOf(bytes));
  const size = [
    ...(bytes > 0 ? [known] : []),
    ...(bytes > 0 && withoutSize > 0 ? [words.unknownSize(withoutSize)] : []),
  ].join(', ');
  const one = copy ? [{ from: copy.sourceRegion, to: copy.destinationRegion }] : [];
  const ways = (counted.routes ?? one).map(({ from, to }) => words.route(plain(from, 40), plain(to, 40)));
  const route = ways.length > 0 ? words.routes(ways) : undefined;
  return wrap(words.before.now(words.amount(copies, size, newest && counted.copies > copies, route)));
}

/** Before a decision: whether copies are started again after it, when, and how many. */
export function copiesIfApproved(asked: readonly ToldIncident[], context: MailContext, copy: Copy | undefined): Lines {
  const incidents = asked.map(({ incident }) => incident);
  const mode: Mode = incidents[0]?.retry ?? 'never';
  const { before } = words;
  if (mode === 'never') return wrap(before.never);
  const by = incidents.length > 1 ? 'all' : incidents.every(isMadeByService) ? 'service' : 'owner';
  const one = isOne(asked, context);
  const wait = waitOf(incidents);
  const amount = now(asked, context, copy);
  return mode === 'auto'
    ? [...wrap(before.auto(by, wait, one)), ...amount]
    : [...wrap(before.ask), ...wrap(before.yes(by, wait, one)), ...amount, ...wrap(before.no)];
}

/** Once the change is in place: whether copies are started again. */
export function copiesNow(told: ToldIncident, context: MailContext, copy: Copy | undefined): Lines {
  const { incident } = told;
  if (!wantsRetry(incident)) return nextIsTheTest(incident);
  return [...wrap(words.starts(waitOf([incident]), isOne([told], context))), ...now([told], context, copy)];
}

/** The same where its owner has to make the change first. */
export function copiesOnceInPlace(told: ToldIncident, context: MailContext, copy: Copy | undefined): Lines {
  const { incident } = told;
  if (!wantsRetry(incident)) return [...wrap(words.noticed), ...nextIsTheTest(incident)];
  const steps = words.startsOnceInPlace(waitOf([incident]), isOne([told], context));
  return [...wrap(steps), ...now([told], context, copy)];
}

const isOne = (told: readonly ToldIncident[], context: MailContext): boolean => countOf(told, context).copies === 1;

const nextIsTheTest = (incident: Incident): Lines =>
  [notAgain(incident), words.theTest, words.untilCopied].flatMap(wrap);

function notAgain({ retry = 'never', decision }: Incident): string {
  if (retry === 'never') return words.not.off;
  return decision ? words.not.decided : words.not.unasked;
}

/** Another copy, which is started too, is in their place. */
const IN_PLACE: readonly LeftOut[] = ['older-point', 'with-composite'];

/** Left out for good: these recovery points get no copy, and neither does a newer one of their resource. */
export const missing = (retried: Retried | undefined): number =>
  rowsOf(retried).reduce((sum, [reason, copies]) => (IN_PLACE.includes(reason) ? sum : sum + copies), 0);

/** True: whatever is left out will be copied all the same. */
export const isBenign = (retried: Retried | undefined): boolean => {
  const rows = rowsOf(retried);
  return rows.length > 0 && rows.every(([reason]) => reason === 'next-run' || IN_PLACE.includes(reason));
};

/** Copies were started again, whatever has become of them. */
export const startedAny = (retried: Retried | undefined): boolean =>
  retried !== undefined && retried.copied + retried.running + retried.failed > 0;

/** What came of it, in numbers. */
export function copiesAgain(retried: Retried | undefined): Lines {
  if (!retried) return [];
  const { copied, bytes, running, failed } = retried;
  return [
    ...(copied > 0 ? [words.copied(copied, bytes > 0 ? sizeOf(bytes) : '')] : []),
    ...(failed > 0 ? [words.failed(failed)] : []),
    ...(running > 0 ? [words.running(running)] : []),
    ...leftOutLines(retried),
  ];
}

function leftOutLines(retried: Retried | undefined): Lines {
  const rows = rowsOf(retried);
  if (rows.length === 0) return [];
  return [words.leftOut, ...rows.flatMap(([reason, copies]) => bullet(words.why(copies, words.reasons[reason])))];
}

const rowsOf = (retried: Retried | undefined): readonly (readonly [LeftOut, number])[] =>
  (Object.entries(retried?.leftOut ?? {}) as [LeftOut, number][]).filter(([, copies]) => copies > 0);

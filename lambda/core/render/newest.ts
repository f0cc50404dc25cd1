import { shortName, vaultName } from '../arn';
import type { NewestCopies } from '../incident/newest-copies';
import { incident } from '../text/en/incident';
import { newest as words } from '../text/en/newest';
import { utc } from '../text/utc';
import { bullet, plain, wrap, type Lines, type Section } from './layout';
import type { MailContext, ToldIncident } from './told';

/** Of incidents that one failure opened, which have stopped the same copies, the one that has stopped most. */
export function newestSection(told: readonly ToldIncident[], context: MailContext): Section {
  const [most] = told.flatMap(({ newest }) => newest ?? []).sort((a, b) => b.resources - a.resources);
  return [words.heading, most ? newestLines(most, context) : []];
}

function newestLines(newest: NewestCopies, { mailDetail, now }: MailContext): Lines {
  const { resources, without, unread, oldest, worst, unsure = 0 } = newest;
  const known = resources - unread;
  if (known === 0) return wrap(words.unread(unread, true));
  const unknown = unread > 0 ? wrap(words.unread(unread, false)) : [];
  if (mailDetail === 'short') {
    return [
      ...wrap(words.summary(known, without)),
      ...(oldest === undefined ? [] : wrap(words.oldest(age(oldest, now)))),
      ...(unsure > 0 ? wrap(words.unsure(unsure)) : []),
      ...unknown,
    ];
  }
  return [
    ...newestRows(newest, now).flatMap((row) => bullet(row)),
    ...unknown,
    ...(without > 0 && worst.length > 0 ? wrap(words.records) : []),
    ...(worst.some((row) => row.unsure) ? wrap(words.kept) : []),
  ];
}

const HOUR = 60 * 60_000;

/** Whole hours or days: it is at least so old. */
function age(begunAt: string, now: string): string {
  const hours = Math.floor(Math.max(Date.parse(now) - Date.parse(begunAt), 0) / HOUR);
  return hours < 48 ? incident.hours(hours) : incident.days(Math.floor(hours / 24));
}

/** A line a resource, the worst first, as a mail and `show` have them. */
export function newestRows({ resources, unread, without, worst }: NewestCopies, now: string): Lines {
  const left = resources - unread - worst.length;
  const shownWithout = worst.filter(({ begunAt }) => begunAt === undefined).length;
  return [
    ...worst.map(({ resourceArn, destinationVaultArn, begunAt, unsure = false }) =>
      words.row(
        plain(shortName(resourceArn), 100),
        plain(vaultName(destinationVaultArn), 100),
        begunAt === undefined ? words.none : words.age(age(begunAt, now), utc(begunAt), unsure),
      ),
    ),
    ...(left > 0 ? [words.more(left, without - shownWithout)] : []),
  ];
}

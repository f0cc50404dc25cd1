import type { Incident } from '../../lambda/core/incident/incident';
import type { LeftOut, Retried } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { sizeOf } from '../../lambda/core/text/size';
import { commandFor, type HubPlace } from './hub';
import { plural } from './show-plan';
import { LEFT_OUT_WORDS } from './state-words';

/** What came of starting copies again; empty: none was. */
export function retriedLines(retried: Retried | undefined): readonly string[] {
  if (!retried) return [];
  const { copied, bytes, running, failed, leftOut } = retried;
  const of = (count: number, what: string) => (count > 0 ? [`${plural(count, 'resource')} ${what}`] : []);
  return [
    ...of(copied, `copied (${sizeOf(bytes)})`),
    ...of(running, 'being copied now'),
    ...of(failed, 'failed again'),
    ...(Object.entries(leftOut) as [LeftOut, number][]).map(
      ([reason, count]) =>
        `${plural(count, 'copy', 'copies')} left out: ${LEFT_OUT_WORDS[reason] ?? clean(reason, 40)}`,
    ),
  ];
}

export const otherLines = (hub: HubPlace, { others = [] }: Incident): readonly string[] =>
  others.length === 0
    ? []
    : [
        'Copies that were started again failed for another cause, which is told in:',
        ...others.map((id) => `  ${commandFor(hub, `show ${clean(id, 16)}`)}`),
      ];

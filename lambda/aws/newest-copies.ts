import { newestCopies, recordsBegin, type Affected, type NewestCopies } from '../core/incident/newest-copies';
import type { Incident } from '../core/incident/incident';
import type { CompletedCopies } from './completed-copies';
import type { Incidents } from './incidents';
import { newestLists, type NewestLists } from './newest-lists';

export interface NewestServices {
  readonly incidents: Incidents;
  readonly completed: CompletedCopies;
  /** Whose bounds others share. */
  readonly lists?: NewestLists;
  readonly now: () => Date;
}

/** So many vaults are listed for one incident; each once for all incidents of a batch. */
const MOST_VAULTS = 10;
const DAY = 24 * 60 * 60_000;

/** Finds out how old the newest good copies of an incident's resources are, and keeps that with it. */
export async function readNewestCopies(
  { id }: Pick<Incident, 'id'>,
  { incidents, completed, lists = newestLists(completed), now }: NewestServices,
): Promise<NewestCopies | undefined> {
  const affected = await incidents.affected(id);
  if (affected.length === 0) return undefined;
  const readAt = now().toISOString();
  const targets = new Map(affected.map((one) => [keyOf(one), one]));
  const listed = await Promise.all(
    [...targets].slice(0, MOST_VAULTS).map(async ([key, { account, region, destinationVaultArn }]) => {
      const answer = await lists({ account, region }, destinationVaultArn, recordsBegin(readAt));
      // Where some were left out, a newer one may be among them.
      return [key, answer?.complete ? answer.copies : undefined] as const;
    }),
  );
  const copies = new Map(listed);
  const newest = newestCopies(affected, (one) => copies.get(keyOf(one)), readAt);
  await incidents.putNewest(id, newest);
  return newest;
}

const keyOf = ({ account, region, destinationVaultArn }: Affected) => `${account}/${region}#${destinationVaultArn}`;

/** For whoever looks at an incident that no mail is about any more: once a day. */
export async function refreshNewestCopies(incident: Pick<Incident, 'id'>, services: NewestServices): Promise<void> {
  const kept = await services.incidents.newest(incident.id);
  if (kept && services.now().getTime() - Date.parse(kept.readAt) >= DAY) await readNewestCopies(incident, services);
}

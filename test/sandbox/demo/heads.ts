import type { Incident } from '../../../lambda/core/incident/incident';
import type { World } from './world';

/** The incidents that hold a copy job, in the order in which they were proposed. */
export async function incidentsOf(world: World, copyJobId: string): Promise<readonly Incident[]> {
  const items = await world.table.items();
  const held = items.find(({ pk }) => pk === `COPYJOB#${copyJobId}`);
  const ids = (held?.['incidents'] ?? []) as readonly string[];
  return Promise.all(ids.map((id) => headOf(world, id)));
}

export async function headOf(world: World, id: string): Promise<Incident> {
  const head = await world.table.item({ pk: `INCIDENT#${id}`, sk: 'HEAD' });
  if (!head) throw new Error(`there is no incident ${id}`);
  return head as unknown as Incident;
}

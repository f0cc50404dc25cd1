import { TABLE_SHAPE } from '../../lambda/aws/incident-table';
import type { Sandbox } from '../sandbox';
import { REGION, SOURCE } from '../sandbox/fixture';

/** The table of incidents, as the stack makes it in the hub. */
export function addIncidentTable(sandbox: Sandbox, name = 'incidents') {
  const { partitionKey, sortKey, index } = TABLE_SHAPE;
  const indexes = [{ ...index, projection: 'KEYS_ONLY' as const }];
  return sandbox.addTable({ account: SOURCE, region: REGION, name, partitionKey, sortKey, indexes });
}

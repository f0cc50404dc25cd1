import { parseArn } from '../core/arn';
import { textAt, type Json } from '../core/evidence';
import type { CopyUnderWay } from '../core/incident/copy-room';
import { listCopyJobs } from './completed-copies';
import type { Place, Readers } from './readers';

/** One list a source while its readers live; whoever starts a copy adds it. */
const lists = new WeakMap<Readers, Map<string, Promise<CopyUnderWay[] | undefined>>>();

/** Copies that are created or run now, of one account and Region; undefined: they cannot be listed. */
export function copiesUnderWay(readers: Readers, place: Place): Promise<CopyUnderWay[] | undefined> {
  const known = lists.get(readers) ?? new Map<string, Promise<CopyUnderWay[] | undefined>>();
  lists.set(readers, known);
  const key = `${place.account}/${place.region}`;
  const list = known.get(key) ?? read(readers, place);
  known.set(key, list);
  return list;
}

async function read(readers: Readers, place: Place): Promise<CopyUnderWay[] | undefined> {
  // Created first: what begins to run in between is in both lists, not in none.
  const created = await listCopyJobs(readers, place, { ByState: 'CREATED' });
  const running = created && (await listCopyJobs(readers, place, { ByState: 'RUNNING' }));
  if (!created || !running) return undefined;
  const copies = [...created, ...running].flatMap((job) => copyUnderWay(job, place));
  return [...new Map(copies.map((copy) => [copy.copyJobId, copy])).values()];
}

function copyUnderWay(job: Json, { account }: Place): CopyUnderWay[] {
  const copyJobId = textAt(job, 'CopyJobId');
  const destinationVaultArn = textAt(job, 'DestinationBackupVaultArn');
  // A list may name copies that others made into this account.
  const source = parseArn(textAt(job, 'SourceBackupVaultArn') ?? '')?.account;
  if (!copyJobId || !destinationVaultArn || source !== account) return [];
  return [
    {
      copyJobId,
      destinationVaultArn,
      resourceArn: textAt(job, 'ResourceArn'),
      resourceType: textAt(job, 'ResourceType'),
      recoveryPointArn: textAt(job, 'SourceRecoveryPointArn'),
    },
  ];
}

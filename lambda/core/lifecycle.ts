import { objectAt, type Json } from './json';

/** How long a copy is kept, as StartCopyJob takes it. */
export interface Lifecycle {
  readonly MoveToColdStorageAfterDays?: number;
  readonly DeleteAfterDays?: number;
  readonly OptInToArchiveForSupportedResources?: boolean;
}

const NAMES = ['MoveToColdStorageAfterDays', 'DeleteAfterDays', 'OptInToArchiveForSupportedResources'];

/** As a copy job's record has it, without what is "not valid as an input" (DeleteAfterEvent). None stays none. */
export function lifecycleOf(record: Json): Lifecycle | undefined {
  const lifecycle = objectAt(record, 'DestinationRecoveryPointLifecycle');
  if (!lifecycle) return undefined;
  const kept = NAMES.flatMap((name) => (lifecycle[name] === undefined ? [] : [[name, lifecycle[name]] as const]));
  return kept.length > 0 ? (Object.fromEntries(kept) as Lifecycle) : undefined;
}

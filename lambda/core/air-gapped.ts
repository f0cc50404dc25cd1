import { copyOf, recoveryPoint, textAt, vault, type Evidence, type Read } from './evidence';
import type { Feature } from './feature-table';

/** The job's record says it; where it does not, the vault does. */
export function destinationVaultType(evidence: Evidence): Read<string | undefined> {
  const value = copyOf(evidence).destinationVaultType;
  if (value !== undefined) return { ok: true, value };
  const described = vault(evidence, 'destination');
  return described.ok ? { ok: true, value: textAt(described.value, 'VaultType') } : described;
}

export const isAirGapped = (vaultType: string | undefined): boolean =>
  vaultType === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';

/** AWS says "not supported for provided resource type" for such a vault too: then no other cause is behind the text. */
export function isRefusedByAirGappedVault(evidence: Evidence, { airGapped, encryptedOnly }: Feature): boolean {
  const type = destinationVaultType(evidence);
  if (!type.ok || !isAirGapped(type.value)) return false;
  const point = recoveryPoint(evidence);
  return airGapped === false || (encryptedOnly && point.ok && point.value['IsEncrypted'] === false);
}

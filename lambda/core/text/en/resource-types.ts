import type { Exception } from '../../feature-rows';

/** Words of `copy-doctor resource-types`. */
export const resourceTypes = {
  title: (asOf: string) => `What AWS Backup copies, as of ${asOf}`,
  headings: {
    type: 'TYPE',
    crossRegion: 'REGION',
    crossAccount: 'ACCOUNT',
    singleAction: 'BOTH',
    fullyManaged: 'OWN KEY',
    airGapped: 'AIR-GAPPED',
    coldStorage: 'COLD',
    notes: 'NOTES',
  },
  values: { yes: 'yes', no: 'no', unknown: '?' },
  legend: [
    'REGION      can be copied to another Region',
    'ACCOUNT     can be copied to another account of the organization',
    'BOTH        can be copied to another account and another Region in one copy action',
    'OWN KEY     full management: the recovery point is under the key of its vault, not of its resource',
    'AIR-GAPPED  can be copied into a logically air-gapped vault',
    'COLD        can move to cold storage, from where nothing is copied',
    '?           what AWS publishes does not settle it; no verdict rests on it',
  ],
  columns: {
    crossRegion: 'to another Region',
    crossAccount: 'to another account',
    singleAction: 'to another account and Region at once',
    airGapped: 'into air-gapped vaults',
    airGappedFar: 'into air-gapped vaults of another Region',
  },
  everyWay: 'of any kind',
  since: (what: string, day: string) => `Copies ${what}: since ${day}.`,
  exception: ({ on, regions, until }: Exception) => {
    const where = `${resourceTypes.columns[on]} in ${regions.map(regionsNamed).join(', ')}`;
    return until === undefined ? `Not ${where}.` : `Before ${until}, not ${where}.`;
  },
  encryptedOnly: 'An air-gapped vault takes encrypted clusters only.',
  composite: 'Holds nested recovery points; each follows the row of its own type.',
  everywhere:
    'Nothing is copied between commercial, GovCloud and China Regions. Copies between accounts in China: since 2026-08-27. What has no in REGION and ACCOUNT is not copied within one Region either.',
  read: (day: string, source: string) => [
    `AWS's table as read on ${day}; it has no API. Changes are dated from 2025-10-23 on.`,
    source,
  ],
  wrongDay: (given: string, first: string, today: string) =>
    `--as-of ${given} is no day from ${first} to today (${today}): write it as YYYY-MM-DD`,
};

const regionsNamed = (region: string) =>
  region === 'opt-in' ? 'Regions that an account has to turn on' : region === 'cn-' ? 'China' : region;

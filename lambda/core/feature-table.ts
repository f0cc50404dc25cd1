import type { Copy } from './evidence';
import { EVERYWHERE, FEATURE_TABLE, type Cell, type Exception, type FeatureRow, type SubKind } from './feature-rows';

export interface Route {
  readonly crossAccount: boolean;
  readonly crossRegion: boolean;
  /** When the copy was made, ISO. */
  readonly date: string;
  /** DynamoDB with advanced features; unknown counts as true. */
  readonly dynamoDbAdvanced?: boolean;
  readonly subKind?: SubKind | undefined;
  /** The copy's Regions, where the table has exceptions by Region. */
  readonly regions?: readonly string[];
}

/** What the table says of one type on one route at one time. */
export interface Feature {
  readonly type: string;
  readonly copyable: boolean;
  /** The day from which this route is supported, where that day is the only reason why it was not. */
  readonly since: string | undefined;
  /** False: the two Regions belong to partitions of AWS between which nothing is copied. */
  readonly onePartition: boolean;
  /** The copyable routes, whatever this one is. */
  readonly crossRegion: boolean;
  readonly crossAccount: boolean;
  readonly singleAction: boolean;
  /** The day from which single action is supported, where there is one. */
  readonly singleActionSince: string | undefined;
  readonly fullyManaged: boolean;
  /** A logically air-gapped vault as the destination on this route; undefined: not told. */
  readonly airGapped: boolean | undefined;
  readonly airGappedSince: string | undefined;
  /** Such a vault takes no unencrypted ones. */
  readonly encryptedOnly: boolean;
  readonly inDoubt: boolean;
  readonly note: string | undefined;
  readonly airGappedNote: string | undefined;
  readonly source: string;
}

// Regions that are on in every account; all others must be opted in to.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
const ALWAYS_ON = new Set(
  (
    'us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ' +
    'ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1'
  ).split(' '),
);

/** A Region that an account has to turn on before it can be used. */
export const isOptIn = (region: string): boolean =>
  !ALWAYS_ON.has(region) && !/^(cn|us-gov|us-iso|eu-isoe|eusc)/.test(region);

const partitionOf = (region: string) => /^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/.exec(region)?.[1] ?? 'aws';

const plain = (type: string) =>
  type
    .toLowerCase()
    .replace(/\b(amazon|aws)\b/g, '')
    .replace(/[^a-z0-9]/g, '');
// A row of its own type comes before one of a part of it that has the same name.
const BY_SPELLING = new Map(
  [...FEATURE_TABLE]
    .reverse()
    .flatMap((row) => [row.type, ...(row.spellings ?? [])].map((name) => [plain(name), row] as const)),
);
const rowNamed = (type: string | undefined) => (type === undefined ? undefined : BY_SPELLING.get(plain(type)));

/** What a cell says at a time; undefined: nothing. */
export const cellAt = (cell: Cell, date: string): boolean | undefined =>
  typeof cell === 'boolean' ? cell : cell === 'unknown' ? undefined : Date.parse(date) >= Date.parse(cell);

const dayOf = (cell: Cell) => (typeof cell === 'boolean' || cell === 'unknown' ? undefined : cell);

interface Told {
  /** Undefined: not told, or an exception touches one end of the copy. */
  readonly value: boolean | undefined;
  readonly since?: string | undefined;
}

const touches = (regions: readonly string[], region: string) =>
  regions.some((one) => (one === 'opt-in' ? isOptIn(region) : region.startsWith(one)));

/** A cell with its exceptions: no where both ends are in one, open where one is. */
function told(row: FeatureRow, on: Exception['on'], { date, regions = [] }: Route, cell = row[on]): Told {
  const value = cellAt(cell, date);
  const inForce = [...EVERYWHERE, ...(row.exceptions ?? [])].filter(
    (one) => one.on === on && (one.until === undefined || Date.parse(date) < Date.parse(one.until)),
  );
  const closed = inForce.filter((one) => regions.length > 0 && regions.every((region) => touches(one.regions, region)));
  if (value === false || (value === true && closed.length > 0)) {
    const days = [...(value ? [] : [dayOf(cell)]), ...closed.map(({ until }) => until)];
    // The last day counts, and what has none is sorted behind all.
    return { value: false, since: days.sort().at(-1) };
  }
  return { value: inForce.some((one) => regions.some((region) => touches(one.regions, region))) ? undefined : value };
}

/** The table's word on a type and a route; undefined: the table has no such type. */
export function featureOf(resourceType: string | undefined, route: Route): Feature | undefined {
  const row = rowOf(resourceType, route);
  if (!row) return undefined;
  const onePartition = new Set((route.regions ?? []).map(partitionOf)).size < 2;
  const region = told(row, 'crossRegion', route);
  const account = told(row, 'crossAccount', route);
  // A type without any tick cannot be copied inside its own account and Region either.
  const nowhere = region.value === false && account.value === false;
  const legs = [...(route.crossRegion || nowhere ? [region] : []), ...(route.crossAccount || nowhere ? [account] : [])];
  const closed = legs.filter(({ value }) => value === false);
  const days = closed.flatMap(({ since }) => since ?? []).sort();
  const airGapped = [
    told(row, 'airGapped', route),
    ...(route.crossRegion ? [told(row, 'airGapped', route, row.airGappedFar ?? true)] : []),
  ];
  return {
    type: row.name ?? row.type,
    copyable: onePartition && closed.length === 0,
    since: onePartition && days.length === closed.length ? days.at(-1) : undefined,
    onePartition,
    crossRegion: region.value === true,
    crossAccount: account.value === true,
    singleAction: cellAt(row.singleAction, route.date) === true,
    singleActionSince: dayOf(row.singleAction),
    fullyManaged: row.fullyManaged,
    airGapped: airGapped.some(({ value }) => value === false)
      ? false
      : airGapped.every(({ value }) => value === true) || undefined,
    airGappedSince: airGapped.find(({ value }) => value === false)?.since,
    encryptedOnly: row.encryptedOnly === true,
    inDoubt: legs.some(({ value }) => value === undefined),
    note: row.note,
    airGappedNote: row.airGappedNote,
    source: row.source,
  };
}

/** The same on a copy's own route. */
export const featureOfCopy = (copy: Copy): Feature | undefined =>
  featureOf(copy.resourceType, {
    crossAccount: copy.crossAccount,
    crossRegion: copy.crossRegion,
    date: copy.time,
    subKind: subKindOf(copy.resourceType, copy.resourceArn, copy.recoveryPointArn),
    regions: [copy.sourceRegion, copy.destinationRegion],
  });

function rowOf(resourceType: string | undefined, { subKind, dynamoDbAdvanced }: Route): FeatureRow | undefined {
  const row = rowNamed(resourceType);
  const kind = row?.type === 'DynamoDB' && dynamoDbAdvanced === false ? 'plain' : subKind;
  return FEATURE_TABLE.find((one) => kind !== undefined && one.type === row?.type && one.kind === kind) ?? row;
}

/** The part of a type that only an ARN tells; the resource's or the recovery point's. */
function subKindOf(resourceType: string | undefined, ...arns: (string | undefined)[]): SubKind | undefined {
  const type = rowNamed(resourceType)?.type;
  const some = (pattern: RegExp) => arns.some((arn) => arn !== undefined && pattern.test(arn));
  if (type === 'RDS' && some(/^arn:[^:]*:rds:[^:]*:[^:]*:cluster(-snapshot)?:/)) return 'multi-az-cluster';
  // FSx for ONTAP is the only FSx kind that AWS Backup backs up by the volume.
  if (type === 'FSx' && some(/^arn:[^:]*:fsx:[^:]*:[^:]*:volume\//)) return 'ontap-volume';
  if (type === 'Redshift' && some(/^arn:[^:]*:redshift-serverless:/)) return 'serverless';
  return undefined;
}

/** AWS's spelling of a type, as this table's other functions and texts use it. */
export const canonicalType = (resourceType: string | undefined): string | undefined => rowNamed(resourceType)?.type;

/**
 * Is the recovery point under AWS Backup's full management, with the vault's key? DynamoDB: yes, because only tables
 * with advanced features can be copied at all. Undefined: the table has no such type.
 */
export const isFullyManaged = (resourceType: string | undefined): boolean | undefined =>
  rowNamed(resourceType)?.fullyManaged;

/** Can recovery points of a type move to cold storage? Undefined: not told. */
export function canBeCold(resourceType: string | undefined): boolean | undefined {
  const cell = rowNamed(resourceType)?.coldStorage;
  return typeof cell === 'boolean' ? cell : undefined;
}

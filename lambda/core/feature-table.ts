/** Can it be done: always, never, or from a day on (ISO date, UTC). */
export type Cell = boolean | { readonly since: string };

/** One row of AWS's table "Feature availability by resource", as read on 27 August 2026. */
export interface FeatureRow {
  /** AWS's spelling in CopyJob.ResourceType. */
  readonly type: string;
  readonly spellings?: readonly string[];
  readonly crossRegion: Cell;
  readonly crossAccount: Cell;
  /** Another account and another Region in one copy action. */
  readonly singleAction: Cell;
  readonly fullyManaged: boolean;
  /** Exceptions by Region that the table's footnotes name; a copy there cannot be judged from the ticks. */
  readonly regionsInDoubt?: { readonly on: 'crossAccount' | 'crossRegion'; readonly is: (region: string) => boolean };
  readonly note?: string;
  readonly source: string;
}

export type SubKind = 'multi-az-cluster' | 'fsx-volume';

export interface Route {
  readonly crossAccount: boolean;
  readonly crossRegion: boolean;
  /** When the copy was made, ISO. */
  readonly date: string;
  /** DynamoDB with advanced features; unknown counts as true. */
  readonly dynamoDbAdvanced?: boolean;
  readonly subKind?: SubKind;
  /** The copy's Regions, where the table has exceptions by Region. */
  readonly regions?: readonly string[];
}

/** What the table says of one type on one route at one time. */
export interface Feature {
  readonly type: string;
  readonly copyable: boolean;
  /** The copyable routes, whatever this one is. */
  readonly crossRegion: boolean;
  readonly crossAccount: boolean;
  readonly singleAction: boolean;
  /** The day from which single action is supported, where there is one. */
  readonly singleActionSince: string | undefined;
  readonly fullyManaged: boolean;
  readonly inDoubt: boolean;
  readonly note: string | undefined;
  readonly source: string;
}

const GUIDE = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/';
const TABLE = `${GUIDE}backup-feature-availability.html`;
// "Single-action cross-Region and cross-account copies": the guide's document history.
const SINGLE_ACTION: Cell = { since: '2025-10-23' };
const everywhere = { crossRegion: true, crossAccount: true, singleAction: true, source: TABLE };
const nowhere = { crossRegion: false, crossAccount: false, singleAction: false, source: TABLE };
const database = {
  ...everywhere,
  singleAction: SINGLE_ACTION,
  fullyManaged: false,
  source: `${GUIDE}doc-history.html`,
};

// Regions that are on in every account; all others must be opted in to.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
const ALWAYS_ON = new Set(
  (
    'us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ' +
    'ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1'
  ).split(' '),
);
const optIn = (region: string) => !ALWAYS_ON.has(region) && !/^(cn|us-gov|us-iso)/.test(region);
const notInOptInRegions = { on: 'crossAccount', is: optIn } as const;

const MULTI_AZ_CLUSTER: FeatureRow = {
  ...nowhere,
  type: 'RDS Multi-AZ DB cluster',
  fullyManaged: false,
  note: 'The table ticks Multi-AZ DB clusters, but its footnote says that they "do not currently support any copy operations".',
};
const DYNAMODB_PLAIN: FeatureRow = {
  ...nowhere,
  type: 'DynamoDB',
  fullyManaged: false,
  note: 'Only tables under advanced DynamoDB features can be copied.',
  source: `${GUIDE}advanced-ddb-backup.html`,
};

export const FEATURE_TABLE: readonly FeatureRow[] = [
  { ...everywhere, type: 'EC2', spellings: ['Windows VSS', 'EC2 instance'], fullyManaged: false },
  { ...everywhere, type: 'EBS', fullyManaged: false },
  { ...everywhere, type: 'Storage Gateway', fullyManaged: false },
  { ...everywhere, type: 'S3', fullyManaged: true },
  { ...everywhere, type: 'EFS', fullyManaged: true },
  { ...everywhere, type: 'Timestream', fullyManaged: true, regionsInDoubt: notInOptInRegions },
  { ...everywhere, type: 'VirtualMachine', spellings: ['VMware'], fullyManaged: true },
  { ...everywhere, type: 'Aurora DSQL', spellings: ['DSQL'], fullyManaged: true },
  { ...everywhere, type: 'DynamoDB', fullyManaged: true, source: DYNAMODB_PLAIN.source },
  { ...database, type: 'RDS' },
  { ...database, type: 'Aurora' },
  { ...database, type: 'DocumentDB', spellings: ['DocDB'] },
  { ...database, type: 'Neptune', regionsInDoubt: notInOptInRegions },
  {
    ...everywhere,
    type: 'FSx',
    spellings: ['FSx Lustre', 'FSx Windows', 'FSx OpenZFS', 'FSx ONTAP'],
    fullyManaged: false,
    regionsInDoubt: { on: 'crossRegion', is: (region) => region === 'me-south-1' || region === 'me-central-1' },
    note: 'FSx for ONTAP volumes can be copied since 27 August 2026.',
  },
  {
    ...everywhere,
    type: 'SAP HANA on Amazon EC2',
    spellings: ['SAP HANA', 'SAP HANA on EC2'],
    fullyManaged: true,
    note: 'The page on SAP HANA backups still calls a copy unsupported in one console step.',
  },
  { ...everywhere, type: 'EKS', fullyManaged: true },
  {
    ...nowhere,
    type: 'CloudFormation',
    crossRegion: true,
    fullyManaged: false,
    note: 'Composite recovery points of stacks can be copied to another Region, not to another account.',
  },
  {
    ...nowhere,
    type: 'Redshift Serverless',
    fullyManaged: false,
    note: 'Snapshots of Redshift Serverless cannot be copied on any route.',
  },
  {
    ...nowhere,
    type: 'Redshift',
    fullyManaged: false,
    note: 'The table has no row with a copy tick for Redshift.',
  },
];

const plain = (type: string) =>
  type
    .toLowerCase()
    .replace(/\b(amazon|aws)\b/g, '')
    .replace(/[^a-z0-9]/g, '');
const BY_SPELLING = new Map(
  FEATURE_TABLE.flatMap((row) => [row.type, ...(row.spellings ?? [])].map((name) => [plain(name), row] as const)),
);

/** FSx for ONTAP is the only FSx kind that AWS Backup backs up by the volume. */
const ONTAP_SINCE = '2026-08-27';
/** Cross-account copies in the Regions of China. */
const CHINA_SINCE = '2026-08-27';

/** The table's word on a type and a route; undefined: the table has no such type (or none that can be told). */
export function featureOf(resourceType: string | undefined, route: Route): Feature | undefined {
  const row = rowOf(resourceType, route);
  if (!row) return undefined;
  const at = (cell: Cell) => (typeof cell === 'boolean' ? cell : Date.parse(route.date) >= Date.parse(cell.since));
  if (route.subKind === 'fsx-volume' && !at({ since: ONTAP_SINCE })) return undefined;
  const crossRegion = at(row.crossRegion);
  const crossAccount = at(row.crossAccount);
  // A type without any tick cannot be copied inside its own account and Region either.
  const copyable =
    (crossRegion || crossAccount) && (!route.crossRegion || crossRegion) && (!route.crossAccount || crossAccount);
  const doubt = row.regionsInDoubt && route[row.regionsInDoubt.on] ? row.regionsInDoubt : undefined;
  const chinaInDoubt = route.crossAccount && !at({ since: CHINA_SINCE });
  const regions = route.regions ?? [];
  return {
    type: row.type,
    copyable,
    crossRegion,
    crossAccount,
    singleAction: at(row.singleAction),
    singleActionSince: typeof row.singleAction === 'boolean' ? undefined : row.singleAction.since,
    fullyManaged: row.fullyManaged,
    inDoubt: regions.some((region) => (doubt?.is(region) ?? false) || (chinaInDoubt && region.startsWith('cn-'))),
    note: row.note,
    source: row.source,
  };
}

function rowOf(resourceType: string | undefined, route: Route): FeatureRow | undefined {
  const row = resourceType === undefined ? undefined : BY_SPELLING.get(plain(resourceType));
  if (row?.type === 'RDS' && route.subKind === 'multi-az-cluster') return MULTI_AZ_CLUSTER;
  if (row?.type === 'DynamoDB' && route.dynamoDbAdvanced === false) return DYNAMODB_PLAIN;
  return row;
}

/** The part of a type that only an ARN tells; the resource's or the recovery point's. */
export function subKindOf(resourceType: string | undefined, ...arns: (string | undefined)[]): SubKind | undefined {
  const row = resourceType === undefined ? undefined : BY_SPELLING.get(plain(resourceType));
  const some = (pattern: RegExp) => arns.some((arn) => arn !== undefined && pattern.test(arn));
  if (row?.type === 'RDS' && some(/^arn:[^:]*:rds:[^:]*:[^:]*:cluster(-snapshot)?:/)) return 'multi-az-cluster';
  if (row?.type === 'FSx' && some(/^arn:[^:]*:fsx:[^:]*:[^:]*:volume\//)) return 'fsx-volume';
  return undefined;
}

/** AWS's spelling of a type, as this table's other functions and texts use it. */
export function canonicalType(resourceType: string | undefined): string | undefined {
  return resourceType === undefined ? undefined : BY_SPELLING.get(plain(resourceType))?.type;
}

/**
 * Is the recovery point under AWS Backup's full management, with the vault's key? DynamoDB: yes, because only tables
 * with advanced features can be copied at all. Undefined: the table has no such type.
 */
export function isFullyManaged(resourceType: string | undefined): boolean | undefined {
  return resourceType === undefined ? undefined : BY_SPELLING.get(plain(resourceType))?.fullyManaged;
}

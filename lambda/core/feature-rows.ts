/** Can it be done: always, never, from a day on (ISO date, UTC), or nothing that AWS publishes says it. */
export type Cell = boolean | 'unknown' | `${number}-${number}-${number}`;

/** Regions where a tick does not hold. AWS does not say whether one end of a copy there is enough. */
export interface Exception {
  readonly on: 'crossRegion' | 'crossAccount' | 'airGapped';
  /** Regions, or how their names begin; `opt-in`: all that an account has to turn on. */
  readonly regions: readonly string[];
  /** The day from which the tick holds there too. */
  readonly until?: string;
}

/** A part of a type that AWS's table treats in its own way. `openzfs`: no ARN tells it, only a spelling. */
export type SubKind = 'multi-az-cluster' | 'ontap-volume' | 'openzfs' | 'plain' | 'serverless';

/** One row of AWS's table "Feature availability by resource". */
export interface FeatureRow {
  /** AWS's spelling in CopyJob.ResourceType. */
  readonly type: string;
  readonly spellings?: readonly string[];
  readonly kind?: SubKind;
  /** What people call it, where that is not the type. */
  readonly name?: string;
  readonly crossRegion: Cell;
  readonly crossAccount: Cell;
  /** Another account and another Region in one copy action. */
  readonly singleAction: Cell;
  readonly fullyManaged: boolean;
  /** A logically air-gapped vault as the destination; in another Region, where that came later. */
  readonly airGapped: Cell;
  readonly airGappedFar?: Cell;
  /** Such a vault takes no copies of unencrypted ones. */
  readonly encryptedOnly?: true;
  /** Can its recovery points move to cold storage, from where nothing is copied? */
  readonly coldStorage: Cell;
  /** Its recovery points hold others, which follow the rows of their own types. */
  readonly composite?: true;
  readonly exceptions?: readonly Exception[];
  readonly note?: string;
  /** Why it is not told whether an air-gapped vault takes it. */
  readonly airGappedNote?: string;
  readonly source: string;
}

const GUIDE = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/';
export const TABLE = `${GUIDE}backup-feature-availability.html`;
/** When AWS's table was read. */
export const READ_ON = '2026-08-27';
const HISTORY = `${GUIDE}doc-history.html`;

/** Holds for all types: copies between accounts in the Regions of China. */
export const EVERYWHERE: readonly Exception[] = [{ on: 'crossAccount', regions: ['cn-'], until: '2026-08-27' }];

// Cold storage: the pricing page names EBS, EFS and DynamoDB alone (https://aws.eu/backup/pricing). Of the other types
// under full management, and of stacks, AWS's pages do not agree or say nothing: unknown.
const everywhere = {
  crossRegion: true,
  crossAccount: true,
  singleAction: true,
  airGapped: true,
  coldStorage: false,
  fullyManaged: false,
  source: TABLE,
} as const;
const full = { ...everywhere, fullyManaged: true, coldStorage: 'unknown' } as const;
const nowhere = {
  crossRegion: false,
  crossAccount: false,
  singleAction: false,
  airGapped: false,
  coldStorage: false,
  fullyManaged: false,
  source: TABLE,
} as const;
// "Single-action cross-Region and cross-account copies": the guide's document history.
const database = { ...everywhere, singleAction: '2025-10-23', source: HISTORY } as const;
// "Cross-Region copies to logically air-gapped vaults", 12 February 2026: the same.
const cluster = { ...database, encryptedOnly: true, airGappedFar: '2026-02-12' } as const;
const fsx = { ...everywhere, type: 'FSx' } as const;
const NOT_IN_GULF: Exception = { on: 'crossRegion', regions: ['me-south-1', 'me-central-1'] };
const optIn = (until?: string): Exception => ({
  on: 'crossAccount',
  regions: ['opt-in'],
  ...(until === undefined ? {} : { until }),
});
const dynamoDb = { type: 'DynamoDB', source: `${GUIDE}advanced-ddb-backup.html` } as const;

export const FEATURE_TABLE: readonly FeatureRow[] = [
  { ...everywhere, type: 'EC2', spellings: ['Windows VSS', 'EC2 instance'] },
  { ...everywhere, type: 'EBS', coldStorage: true },
  { ...everywhere, type: 'Storage Gateway' },
  { ...full, type: 'S3', coldStorage: false },
  { ...full, type: 'EFS', coldStorage: true },
  { ...full, type: 'Timestream', exceptions: [optIn()] },
  { ...full, type: 'VirtualMachine', spellings: ['VMware'] },
  { ...full, type: 'Aurora DSQL', spellings: ['DSQL'] },
  { ...full, ...dynamoDb, coldStorage: true },
  {
    ...nowhere,
    ...dynamoDb,
    kind: 'plain',
    name: 'DynamoDB, no advanced features',
    note: 'Only tables under advanced DynamoDB features can be copied.',
  },
  { ...database, type: 'RDS', airGapped: false },
  {
    ...nowhere,
    type: 'RDS',
    kind: 'multi-az-cluster',
    name: 'RDS Multi-AZ DB cluster',
    note: 'The table ticks Multi-AZ DB clusters, but its footnote says that they "do not currently support any copy operations".',
  },
  { ...cluster, type: 'Aurora' },
  { ...cluster, type: 'DocumentDB', spellings: ['DocDB'], exceptions: [optIn('2026-08-26')] },
  { ...cluster, type: 'Neptune', exceptions: [optIn(), { on: 'airGapped', regions: ['ap-southeast-3'] }] },
  {
    ...fsx,
    spellings: ['FSx Lustre', 'FSx Windows'],
    // What is called FSx may be OpenZFS: neither its resource nor its recovery points tell it by their ARNs.
    airGapped: 'unknown',
    exceptions: [NOT_IN_GULF],
    airGappedNote: 'An air-gapped vault takes FSx for Lustre and Windows, not for OpenZFS, and their ARNs are alike.',
  },
  {
    ...fsx,
    kind: 'openzfs',
    name: 'FSx OpenZFS',
    spellings: ['FSx OpenZFS'],
    airGapped: false,
    exceptions: [NOT_IN_GULF],
  },
  {
    ...fsx,
    kind: 'ontap-volume',
    name: 'FSx ONTAP volume',
    spellings: ['FSx ONTAP'],
    crossRegion: '2026-08-27',
    crossAccount: '2026-08-27',
    singleAction: '2026-08-27',
    airGapped: '2026-08-27',
    exceptions: [
      NOT_IN_GULF,
      { on: 'crossRegion', regions: ['ap-southeast-6', 'cn-'] },
      { on: 'crossAccount', regions: ['ap-southeast-6', 'cn-'] },
    ],
  },
  {
    ...full,
    type: 'SAP HANA on Amazon EC2',
    spellings: ['SAP HANA', 'SAP HANA on EC2'],
    airGapped: false,
    note: 'The page on SAP HANA backups still calls a copy unsupported in one console step.',
  },
  { ...full, type: 'EKS', composite: true },
  {
    ...nowhere,
    type: 'CloudFormation',
    crossRegion: true,
    coldStorage: 'unknown',
    composite: true,
    exceptions: [optIn()],
    note: 'Composite recovery points of stacks can be copied to another Region, not to another account.',
  },
  {
    ...nowhere,
    type: 'Redshift',
    note: 'The table has no row with a copy tick for Redshift.',
  },
  {
    ...nowhere,
    type: 'Redshift',
    kind: 'serverless',
    name: 'Redshift Serverless',
    spellings: ['Redshift Serverless'],
    note: 'Snapshots of Redshift Serverless cannot be copied on any route.',
  },
];

// AWS Backup's feature table (devguide, backup-feature-availability), with the dates on which it changed.

export interface Feature {
  crossRegion: boolean;
  crossAccount: boolean;
  /** AWS Backup encrypts it itself, with the vault's key. */
  fullyManaged: boolean;
  airGapped: boolean;
  /** An air-gapped vault takes no unencrypted ones. */
  encryptedOnly?: true;
  /** AWS Backup does nothing with it where its service opt-in is off. */
  needsOptIn?: true;
  /** The service that KMS sees (kms:ViaService). */
  via?: 'ec2' | 'rds' | 'fsx';
  /** What a tag policy calls its copy. */
  taggedAs: string[];
}

const POINT = ['backup:recovery-point'];
const ec2 = (...taggedAs: string[]): Feature => ({
  crossRegion: true,
  crossAccount: true,
  fullyManaged: false,
  airGapped: true,
  via: 'ec2',
  taggedAs,
});
// https://docs.aws.amazon.com/aws-backup/latest/devguide/working-with-supported-services.html names these three.
const cluster: Feature = { ...ec2('rds:cluster-snapshot'), via: 'rds', encryptedOnly: true, needsOptIn: true };
const fsx: Feature = { ...ec2('fsx:backup'), via: 'fsx' };
const full: Feature = { crossRegion: true, crossAccount: true, fullyManaged: true, airGapped: true, taggedAs: POINT };
const never: Feature = {
  crossRegion: false,
  crossAccount: false,
  fullyManaged: false,
  airGapped: false,
  taggedAs: POINT,
};

const table: Record<string, Feature> = {
  EC2: ec2('ec2:image', 'ec2:snapshot'),
  EBS: ec2('ec2:snapshot'),
  'Storage Gateway': ec2('ec2:snapshot'),
  RDS: { ...ec2('rds:snapshot'), via: 'rds', airGapped: false },
  Aurora: cluster,
  DocumentDB: cluster,
  Neptune: cluster,
  FSx: fsx,
  S3: full,
  EFS: full,
  Timestream: full,
  VirtualMachine: full,
  'Aurora DSQL': full,
  EKS: full,
  'SAP HANA on Amazon EC2': { ...full, airGapped: false },
  DynamoDB: full, // with advanced features; without them see copyable()
  CloudFormation: { crossRegion: true, crossAccount: false, fullyManaged: true, airGapped: false, taggedAs: POINT },
  Redshift: never,
  'Redshift Serverless': never,
};

export const RESOURCE_TYPES = Object.keys(table);

export function feature(type: string): Feature {
  const found = table[type];
  if (!found) throw new Error(`the sandbox has no feature row for resource type "${type}"`);
  return found;
}

const OPT_IN_REGIONS = [
  'af-south-1',
  'ap-east-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
];
export const DEFAULT_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
];

/** RDS, Aurora, Neptune, DocumentDB: another account and another Region in one action. */
const SINGLE_ACTION_SINCE = Date.parse('2025-10-23T00:00:00Z');
const DOCUMENTDB_OPT_IN_SINCE = Date.parse('2026-08-26T00:00:00Z');
/** Volumes of FSx for ONTAP, on any route. */
const ONTAP_SINCE = Date.parse('2026-08-27T00:00:00Z');
/** Aurora, Neptune, DocumentDB: into an air-gapped vault of another Region. */
const CLUSTER_AIR_GAPPED_FAR_SINCE = Date.parse('2026-02-12T00:00:00Z');
const NO_FSX_ABROAD = ['me-south-1', 'me-central-1'];

export interface Route {
  type: string;
  resourceArn: string;
  crossAccount: boolean;
  sourceRegion: string;
  destinationRegion: string;
  toAirGapped: boolean;
  encrypted: boolean;
  dynamoDbAdvanced: boolean;
  now: Date;
}

export function copyable(route: Route): boolean {
  const { type, crossAccount } = route;
  const row = feature(type);
  const crossRegion = route.sourceRegion !== route.destinationRegion;
  if (!row.crossRegion && !row.crossAccount) return false;
  if (type === 'DynamoDB' && !route.dynamoDbAdvanced) return false;
  if (type === 'RDS' && /:cluster:/.test(route.resourceArn)) return false; // Multi-AZ cluster
  if (crossAccount && !row.crossAccount) return false;
  if (type === 'FSx' && /:volume\//.test(route.resourceArn) && route.now.getTime() < ONTAP_SINCE) return false;
  if (
    type === 'FSx' &&
    crossRegion &&
    [route.sourceRegion, route.destinationRegion].some((at) => NO_FSX_ABROAD.includes(at))
  )
    return false;
  if (route.toAirGapped) {
    if (!row.airGapped || (row.encryptedOnly && !route.encrypted)) return false;
    if (row.encryptedOnly && crossRegion && route.now.getTime() < CLUSTER_AIR_GAPPED_FAR_SINCE) return false;
  }
  if (crossAccount && crossRegion && row.via === 'rds' && route.now.getTime() < SINGLE_ACTION_SINCE) return false;
  const optIn = [route.sourceRegion, route.destinationRegion].some((region) => OPT_IN_REGIONS.includes(region));
  if (crossAccount && optIn) {
    if (['CloudFormation', 'Neptune', 'Timestream'].includes(type)) return false;
    if (type === 'DocumentDB' && route.now.getTime() < DOCUMENTDB_OPT_IN_SINCE) return false;
  }
  return true;
}

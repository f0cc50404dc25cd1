// AWS Backup's feature table (devguide, backup-feature-availability), with the dates on which it changed.

export interface Feature {
  crossRegion: boolean;
  crossAccount: boolean;
  /** AWS Backup encrypts it itself, with the vault's key. */
  fullyManaged: boolean;
  airGapped: boolean;
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
const cluster: Feature = { ...ec2('rds:cluster-snapshot'), via: 'rds' };
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

export function feature(type: string): Feature {
  const found = table[type];
  if (!found) throw new Error(`the sandbox has no feature row for resource type "${type}"`);
  return found;
}

export const OPT_IN_REGIONS = [
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

export interface Route {
  type: string;
  resourceArn: string;
  crossAccount: boolean;
  sourceRegion: string;
  destinationRegion: string;
  toAirGapped: boolean;
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
  if (route.toAirGapped && !row.airGapped) return false;
  if (crossAccount && crossRegion && row.via === 'rds' && route.now.getTime() < SINGLE_ACTION_SINCE) return false;
  const optIn = [route.sourceRegion, route.destinationRegion].some((region) => OPT_IN_REGIONS.includes(region));
  if (crossAccount && optIn) {
    if (['CloudFormation', 'Neptune', 'Timestream'].includes(type)) return false;
    if (type === 'DocumentDB' && route.now.getTime() < DOCUMENTDB_OPT_IN_SINCE) return false;
  }
  return true;
}

import { randomBytes, randomUUID } from 'node:crypto';

export interface Arn {
  service: string;
  region: string;
  account: string;
  resource: string;
}

export function parseArn(arn: string): Arn | undefined {
  const [prefix, , service, region, account, ...resource] = arn.split(':');
  if (prefix !== 'arn' || service === undefined || region === undefined || account === undefined) return undefined;
  return { service, region, account, resource: resource.join(':') };
}

export function regionOf(arn: string): string {
  const region = parseArn(arn)?.region;
  if (!region) throw new Error(`no Region in ${arn}`);
  return region;
}

const SERVICE_LINKED_ROLE = 'role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup';
export const serviceLinkedRoleArn = (account: string) => `arn:aws:iam::${account}:${SERVICE_LINKED_ROLE}`;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const uniqueId = (prefix: string, length = 21) =>
  prefix + [...randomBytes(length - prefix.length)].map((byte) => DIGITS[byte % 32]).join('');
const hex = (length: number) => randomBytes(length).toString('hex').slice(0, length);

interface Names {
  resource: string;
  recoveryPoint: string;
}

/** AWS's shapes of the ARNs of a new resource and of its recovery point. */
export function newArns(type: string, region: string, account: string): Names {
  const id = hex(17);
  const at = `${region}:${account}`;
  const point = `arn:aws:backup:${at}:recovery-point:${randomUUID().toUpperCase()}`;
  const names: Record<string, Names> = {
    EC2: { resource: `arn:aws:ec2:${at}:instance/i-${id}`, recoveryPoint: `arn:aws:ec2:${region}::image/ami-${id}` },
    EBS: {
      resource: `arn:aws:ec2:${at}:volume/vol-${id}`,
      recoveryPoint: `arn:aws:ec2:${region}::snapshot/snap-${id}`,
    },
    'Storage Gateway': {
      resource: `arn:aws:storagegateway:${at}:gateway/sgw-${hex(8).toUpperCase()}/volume/vol-${id}`,
      recoveryPoint: `arn:aws:ec2:${region}::snapshot/snap-${id}`,
    },
    RDS: { resource: `arn:aws:rds:${at}:db:db-${id}`, recoveryPoint: `arn:aws:rds:${at}:snapshot:awsbackup:job-${id}` },
    FSx: { resource: `arn:aws:fsx:${at}:file-system/fs-${id}`, recoveryPoint: `arn:aws:fsx:${at}:backup/backup-${id}` },
    S3: { resource: `arn:aws:s3:::bucket-${id}`, recoveryPoint: point },
    EFS: { resource: `arn:aws:elasticfilesystem:${at}:file-system/fs-${id}`, recoveryPoint: point },
    DynamoDB: { resource: `arn:aws:dynamodb:${at}:table/table-${id}`, recoveryPoint: point },
    Timestream: { resource: `arn:aws:timestream:${at}:database/db-${id}/table/t`, recoveryPoint: point },
    VirtualMachine: { resource: `arn:aws:backup-gateway:${at}:vm/vm-${id}`, recoveryPoint: point },
    EKS: { resource: `arn:aws:eks:${at}:cluster/cluster-${id}`, recoveryPoint: point },
    CloudFormation: {
      resource: `arn:aws:cloudformation:${at}:stack/stack-${id}/${randomUUID()}`,
      recoveryPoint: point,
    },
    'Aurora DSQL': { resource: `arn:aws:dsql:${at}:cluster/${id}`, recoveryPoint: point },
    Redshift: { resource: `arn:aws:redshift:${at}:cluster:c-${id}`, recoveryPoint: point },
    'Redshift Serverless': {
      resource: `arn:aws:redshift-serverless:${at}:namespace/${randomUUID()}`,
      recoveryPoint: point,
    },
    'SAP HANA on Amazon EC2': { resource: `arn:aws:ssm-sap:${at}:HANA/app/DB/${id}`, recoveryPoint: point },
  };
  const cluster = {
    resource: `arn:aws:rds:${at}:cluster:cluster-${id}`,
    recoveryPoint: `arn:aws:rds:${at}:cluster-snapshot:awsbackup:job-${id}`,
  };
  const found = ['Aurora', 'DocumentDB', 'Neptune'].includes(type) ? cluster : names[type];
  if (!found) throw new Error(`the sandbox has no ARN shape for resource type "${type}"`);
  return found;
}

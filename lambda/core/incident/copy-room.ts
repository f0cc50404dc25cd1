import { parseArn } from '../arn';
import { canonicalType } from '../feature-table';

/** A copy that is created or runs. */
export interface CopyUnderWay {
  readonly copyJobId: string;
  readonly resourceArn?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly recoveryPointArn?: string | undefined;
  readonly destinationVaultArn: string;
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html "Concurrent backup copies per account outbound to a destination Region" */
const LIMIT = 100;

/** Types whose own service copies fewer at a time to one Region. */
const LIMITS: Readonly<Record<string, number>> = {
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html
  RDS: 20,
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html, as for air-gapped vaults
  Aurora: 20,
  DocumentDB: 20,
  Neptune: 20,
  'Storage Gateway': 5,
  // https://docs.aws.amazon.com/fsx/latest/APIReference/API_CopyBackup.html
  FSx: 5,
};

export const limitOf = (resourceType: string | undefined): number => LIMITS[canonicalType(resourceType) ?? ''] ?? LIMIT;

type Target = Pick<CopyUnderWay, 'resourceType' | 'destinationVaultArn'>;

/** How many more copies of this type AWS takes now into this account and Region. */
export function roomFor(target: Target, underWay: readonly CopyUnderWay[]): number {
  const key = keyOf(target);
  return limitOf(target.resourceType) - underWay.filter((copy) => keyOf(copy) === key).length;
}

function keyOf({ resourceType, destinationVaultArn }: Target): string {
  const vault = parseArn(destinationVaultArn);
  return `${vault?.account ?? ''}/${vault?.region ?? ''}#${canonicalType(resourceType) ?? resourceType ?? ''}`;
}

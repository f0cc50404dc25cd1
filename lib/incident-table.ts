import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** Incidents, decisions and the audit trail: one table of small items. Its keys are told in ARCHITECTURE.md. */
export class IncidentTable extends Construct {
  /** Incidents with something to do, by time; the others are not in it. */
  static readonly DUE_INDEX = 'due';
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    // No name, so that a new deployment is not blocked by the table that an older one left behind.
    this.table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // `cdk destroy` leaves the table: who decided what must not vanish with the stack. Only a first deployment that
      // fails takes its empty table with it.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: IncidentTable.DUE_INDEX,
      partitionKey: text('duePartition'),
      sortKey: text('due'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
}

export const dueIndexArn = (tableArn: string): string => `${tableArn}/index/${IncidentTable.DUE_INDEX}`;

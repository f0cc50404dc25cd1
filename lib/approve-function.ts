import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { hasFunctionUrls } from './function-url-regions';
import { allow, type CommonFunctionProps, HubFunction } from './hub-function';
import { allowItems, denyAllButDecisions } from './table-access';

export interface ApproveFunctionProps extends CommonFunctionProps {
  readonly table: ITable;
  readonly work: IQueue;
}

/** Shows one incident and takes the decision about it. It enters no account and changes no incident. */
export class ApproveFunction extends HubFunction {
  /** None in a Region that has no function URLs, where nothing is deployed. */
  readonly url: FunctionUrl | undefined;

  constructor(scope: Construct, id: string, props: ApproveFunctionProps) {
    const { table, work } = props;
    super(scope, id, {
      ...props,
      name: 'approve',
      description: 'Copy Doctor: shows an incident and takes the decision about it',
      // A person waits for it, while it may count thousands of failed copies.
      timeout: Duration.seconds(30),
      memorySize: 512,
      statements: [
        allowItems('ReadIncidents', table, ['INCIDENT'], ['GetItem', 'Query']),
        allowItems('Decide', table, ['DECISION'], ['GetItem', 'PutItem']),
        ...denyAllButDecisions(table),
        allow('Send', ['sqs:SendMessage'], work.queueArn),
      ],
      environment: { tableName: table.tableName, workQueueUrl: work.queueUrl },
    });
    // Signed requests only: the signature says who decides.
    this.url = hasFunctionUrls(Stack.of(this).region)
      ? this.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM })
      : undefined;
  }
}

import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsError, errorCode } from './aws-errors';
import { CliError, EXIT } from './io';
import type { Session } from './sessions';

/** What the stack's outputs say (lib/outputs.ts). */
export interface DeployedStack {
  readonly deployment: string;
  readonly topicArn: string;
  readonly failuresQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly readerRoleName: string;
  readonly destinations: readonly string[];
  /** The command that confirms a subscription. */
  readonly confirm: string;
}

export async function deploymentOf(name: string, session: Session): Promise<DeployedStack> {
  const where = `stack ${name} in account ${session.account}, Region ${session.region}`;
  const outputs = await outputsOf(name, where, session);
  const need = (key: string): string => {
    const value = outputs.get(key);
    if (value) return value;
    throw new CliError(
      `${where} has no output ${key}: name the stack of a Copy Doctor with --stack, or deploy it again`,
      EXIT.wrongInput,
    );
  };
  const topicArn = need('TopicArn');
  return {
    topicArn,
    failuresQueueUrl: need('FailuresQueueUrl'),
    deadLetterQueueUrl: need('DeadLetterQueueUrl'),
    readerRoleName: need('ReaderRoleName'),
    deployment: need('Deployment'),
    destinations: destinationsOf(outputs),
    confirm:
      outputs.get('ConfirmSubscription') ??
      `aws sns confirm-subscription --authenticate-on-unsubscribe true --topic-arn ${topicArn} --token <Token> --region ${session.region}`,
  };
}

async function outputsOf(name: string, where: string, { region, credentials }: Session): Promise<Map<string, string>> {
  try {
    const { Stacks } = await new CloudFormationClient({ region, credentials }).send(
      new DescribeStacksCommand({ StackName: name }),
    );
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    if (errorCode(error) === 'ValidationError') {
      throw new CliError(`there is no ${where}: check --stack, --region and --profile, or deploy it`, EXIT.wrongInput, {
        cause: error,
      });
    }
    throw awsError(`cloudformation:DescribeStacks of ${where}`, error);
  }
}

/** The vault ARNs of the setting `destinations`. */
function destinationsOf(outputs: ReadonlyMap<string, string>): readonly string[] {
  return (outputs.get('Destinations') ?? '').split(',').flatMap((arn) => (arn.trim() ? [arn.trim()] : []));
}

import { Aws, type Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, type Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../lambda/environment';
import { names } from './names';
import type { Settings } from './settings';

export const FUNCTIONS = ['diagnose', 'remediate', 'approve'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** What each function's own construct is given. */
export interface CommonFunctionProps {
  readonly code: Code;
  readonly deployment: string;
  readonly settings: Settings;
}

interface HubFunctionProps extends CommonFunctionProps {
  readonly name: FunctionName;
  readonly description: string;
  readonly timeout: Duration;
  /** In MB; its share of a processor follows it. */
  readonly memorySize?: number;
  /** All that it may do, beside writing its log. */
  readonly statements: readonly PolicyStatement[];
  readonly environment: Partial<Record<keyof typeof ENVIRONMENT, string>>;
}

/** What the three functions have in common: runtime, log, a named role. */
export class HubFunction extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HubFunctionProps) {
    super(scope, id);
    const { deployment, settings } = props;
    const name = names(deployment)[props.name];
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Named, since reader roles in other accounts and the topic's key know it by its ARN.
    this.role = new Role(this, 'Role', {
      roleName: name,
      description: `Copy Doctor: role of the function ${props.name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        [props.name]: new PolicyDocument({
          statements: [
            ...props.statements,
            allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          ],
        }),
      },
    });
    const { account, stackName } = Stack.of(this);
    const variables = {
      deployment,
      hubAccount: account,
      stackName,
      // What may be planned: `approve` shows it with an incident, the other two plan by it.
      destinations: settings.destinations.join(','),
      vaultPolicy: settings.vaultPolicy,
      keyPolicy: settings.keyPolicy,
      keyGrantee: settings.keyGrantee,
      autoApply: placesIn(settings.destinations, settings.autoApply),
      retry: settings.retry,
      ...props.environment,
    };
    this.function = new Function(this, 'Function', {
      functionName: name,
      description: props.description,
      code: props.code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout,
      logGroup,
      role: this.role,
      environment: Object.fromEntries(
        Object.entries(variables).map(([key, value]) => [ENVIRONMENT[key as keyof typeof ENVIRONMENT], value]),
      ),
    });
    // CDK makes the function depend on its role twice; the reference in Role is enough.
    (this.function.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
  }
}

/** ARNs as places in the list that holds them: said twice, they would not fit. */
const placesIn = (list: readonly string[], values: readonly string[]): string =>
  list.flatMap((value, place) => (values.includes(value) ? [place] : [])).join(',');

/** One statement; a small one is easy to read in IAM. */
export const allow = (sid: string, actions: string[], ...resources: string[]) =>
  new PolicyStatement({ sid, actions, resources });

/** What a function needs that an event source mapping feeds from a queue. */
export const allowTaking = (sid: string, queue: IQueue) =>
  allow(
    sid,
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    queue.queueArn,
  );

/** The reader role of every account, and the organization's where one is named. */
export const allowReaders = (deployment: string, settings: Settings) => [
  allow('ReadAccounts', ['sts:AssumeRole'], `arn:${Aws.PARTITION}:iam::*:role/${names(deployment).reader}`),
  ...[organizationReaderArn(deployment, settings)]
    .filter((arn) => arn !== '')
    .map((arn) => allow('ReadOrganization', ['sts:AssumeRole'], arn)),
];

/** What a function that reads other accounts is told about it. */
export const readingEnvironment = (deployment: string, settings: Settings) => ({
  readerRoleName: names(deployment).reader,
  organizationId: settings.organizationId ?? '',
  organizationReaderArn: organizationReaderArn(deployment, settings),
  keyAccounts: settings.keyAccounts.join(','),
});

/** Empty: the settings name no account for it. */
const organizationReaderArn = (deployment: string, { organizationAccount }: Settings): string =>
  organizationAccount === undefined
    ? ''
    : `arn:${Aws.PARTITION}:iam::${organizationAccount}:role/${names(deployment).organizationReader}`;

/** Tells cdk-nag why the readers of all accounts are named. */
export function acknowledgeReaders(role: Role, deployment: string): void {
  // The id as cdk-nag prints it: tokens by name.
  const printed = Token.isUnresolved(deployment) ? '<AWS::Region>' : deployment;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${names(printed).reader}]`,
    reason: 'Each account decides for itself whether it has a reader role that trusts this hub.',
  });
}

import { Aws, CfnCondition, CfnOutput, Fn, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { parseArn, vaultName } from '../lambda/core/arn';
import { destinationCommand, organizationCommand, regionOfRoles } from '../lambda/core/destination-command';
import { names } from './names';
import type { Settings } from './settings';

export interface OutputsProps {
  readonly deployment: string;
  readonly settings: Settings;
  /** Plain values by the name of their output. */
  readonly values: Readonly<
    Record<
      | 'TopicArn'
      | 'FailuresQueueUrl'
      | 'DeadLetterQueueUrl'
      | 'FunctionName'
      | 'TableName'
      | 'WorkQueueUrl'
      | 'WorkDeadLetterQueueUrl'
      | 'ApproveUrl'
      | 'ApproverRoleArn'
      | 'OperatorPolicyArn'
      | 'DashboardName',
      string
    >
  >;
}

/** What the CLI reads from the stack, and what a person does next. */
export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { region, account, stackName } = Stack.of(this);
    const { deployment, settings, values } = props;
    for (const [name, value] of Object.entries(values)) this.output(name, value);
    this.output('ReaderRoleName', names(deployment).reader);
    this.output('Deployment', deployment);
    this.output('Destinations', settings.destinations.join(','));
    this.output('Region', region);
    this.output('Account', account);
    this.output(
      'ConfirmSubscription',
      `aws sns confirm-subscription --authenticate-on-unsubscribe true --topic-arn ${values.TopicArn} ` +
        `--token <Token> --region ${region}`,
      'Confirms a subscription so that no mail scanner can undo it. <Token> is the value of Token in the link of the ' +
        'confirmation mail; do not open the link itself',
    );
    this.output(
      'NextCommand',
      `npx --no-install copy-doctor drill --stack ${stackName} --region ${region}`,
      'Sends a practice failure through everything',
    );
    this.output(
      'WatchedByTrails',
      `aws cloudtrail describe-trails --region ${region}`,
      "Changes of a vault's policy by others are noticed only in Regions whose management events a CloudTrail trail " +
        'logs. Lists the trails; run it in every account and Region of a destination',
    );
    const { organizationAccount, organizationId, permissionsBoundary } = settings;
    if (organizationAccount !== undefined) {
      this.output(
        `OrganizationTemplate${organizationAccount}`,
        organizationCommand({
          region,
          stackName: names(deployment).stack,
          hubAccount: account,
          deployment,
          organizationId,
          permissionsBoundary: permissionsBoundary && boundaryIn(organizationAccount, permissionsBoundary),
        }),
        `Run with credentials of account ${organizationAccount}, once`,
      );
    }
    const destinations = byAccount(settings.destinations);
    for (const [destination, vaults] of destinations) this.destination(destination, vaults, deployment, settings);
    for (const owner of settings.keyAccounts.filter((id) => id !== account && !destinations.has(id))) {
      this.output(
        `KeyAccountTemplate${owner}`,
        destinationCommand({
          region,
          stackName: names(deployment).stack,
          hubAccount: account,
          deployment,
          organizationId,
          vaultNames: [],
          watch: false,
          permissionsBoundary: permissionsBoundary && boundaryIn(owner, permissionsBoundary),
        }),
        `Run with credentials of account ${owner}, once`,
      );
    }
  }

  /** Roles come with one Region of the account, further Regions get the watch alone. */
  private destination(destination: string, vaults: readonly string[], deployment: string, settings: Settings): void {
    const { account, region } = Stack.of(this);
    const { organizationId, permissionsBoundary } = settings;
    const isHub = destination === account;
    const regions = [...new Set(vaults.map(regionOf))].filter((there) => !isHub || there !== region);
    for (const there of regions) {
      const roles = !isHub && there === regionOfRoles(vaults);
      const line = destinationCommand({
        region: there,
        stackName: names(deployment).stack,
        hubAccount: account,
        deployment,
        ...(roles
          ? {
              organizationId,
              vaultNames: vaults.map(vaultName),
              permissionsBoundary: permissionsBoundary && boundaryIn(destination, permissionsBoundary),
            }
          : { vaultNames: [], roles }),
      });
      const output = this.output(
        roles ? `DestinationTemplate${destination}` : `WatchTemplate${destination}${there.replaceAll('-', '')}`,
        line,
        `Run with credentials of account ${destination}, once`,
      );
      if (roles && Token.isUnresolved(account)) {
        output.condition = new CfnCondition(this, `IsNot${destination}`, {
          expression: Fn.conditionNot(Fn.conditionEquals(Aws.ACCOUNT_ID, destination)),
        });
      }
    }
  }

  private output(name: string, value: string, description?: string): CfnOutput {
    const output = new CfnOutput(this, name, { value, description });
    output.overrideLogicalId(name);
    return output;
  }
}

const regionOf = (arn: string): string => parseArn(arn)?.region ?? '';

function byAccount(vaultArns: readonly string[]): Map<string, string[]> {
  const accounts = new Map<string, string[]>();
  for (const arn of vaultArns) {
    const account = parseArn(arn)?.account ?? '';
    accounts.set(account, [...(accounts.get(account) ?? []), arn]);
  }
  return accounts;
}

/** The boundary of the same name in another account; AWS's own policies are the same everywhere. */
function boundaryIn(account: string, boundary: string): string {
  if (!boundary.startsWith('arn:')) return `arn:${Aws.PARTITION}:iam::${account}:policy/${boundary}`;
  return boundary.replace(/:iam::\d{12}:/, `:iam::${account}:`);
}

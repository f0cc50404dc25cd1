import { Aws, CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { parseArn } from '../lambda/core/arn';
import { names } from './names';

export interface PolicyWatchProps {
  readonly deployment: string;
  readonly destinations: readonly string[];
  readonly topicArn: string;
}

/**
 * Tells people that somebody else changed a vault's policy, where the hub's own account and Region hold a destination,
 * or may hold one. Other accounts and Regions get the same resources from destination-template.ts.
 */
export class PolicyWatch extends Construct {
  constructor(scope: Construct, id: string, { deployment, destinations, topicArn }: PolicyWatchProps) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    const isHere = (arn: string) => {
      const vault = parseArn(arn);
      const same = (here: string, there = '') => Token.isUnresolved(here) || here === there;
      return same(account, vault?.account) && same(region, vault?.region);
    };
    if (!destinations.some(isHere)) return;
    const resources = policyWatch({ deployment, text: withTokens, alarmActions: [topicArn] });
    for (const [name, { Type, Properties }] of Object.entries(resources)) {
      const resource = new CfnResource(this, name, { type: Type, properties: Properties });
      resource.overrideLogicalId(name);
    }
  }
}

/** What Fn::Sub does, as CDK says it. */
const withTokens = (text: string): string =>
  text
    .replaceAll('${AWS::Partition}', Aws.PARTITION)
    .replaceAll('${AWS::Region}', Aws.REGION)
    .replaceAll('${AWS::AccountId}', Aws.ACCOUNT_ID);

export interface PolicyWatchValues {
  readonly deployment: string;
  /** Resolves pseudo parameters, and placeholders in `deployment`. */
  readonly text: (text: string) => unknown;
  readonly alarmActions: unknown;
}

/** Rule, log and alarm as CloudFormation has them. AWS sends these events only where a CloudTrail trail logs them. */
export function policyWatch({ deployment, text, alarmActions }: PolicyWatchValues) {
  const name = names(deployment).policyWatch;
  const group = `/aws/events/${name}`;
  return {
    WatchLog: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: text(group), RetentionInDays: 365 },
    },
    WatchLogPolicy: {
      Type: 'AWS::Logs::ResourcePolicy',
      Properties: { PolicyName: text(name), PolicyDocument: text(JSON.stringify(eventsMayWrite(group))) },
    },
    WatchRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: text(name),
        Description: "Copy Doctor: a vault's policy was changed or removed by somebody else",
        EventPattern: changedByOthers(
          text(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${names(deployment).vaultWriter}`),
        ),
        State: 'ENABLED',
        Targets: [{ Id: 'Log', Arn: { 'Fn::GetAtt': ['WatchLog', 'Arn'] } }],
      },
    },
    WatchAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: text(name),
        AlarmDescription:
          "Somebody else than Copy Doctor changed or removed a vault's policy. " +
          'What to do: docs/runbook.md#vault-policy-changed',
        // The rule's own metric, not the log's: it counts where the event cannot be written to the log as well.
        Namespace: 'AWS/Events',
        MetricName: 'TriggeredRules',
        Dimensions: [{ Name: 'RuleName', Value: { Ref: 'WatchRule' } }],
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: alarmActions,
      },
    },
  };
}

/**
 * All vaults of the account: a name that was misspelt in a list would be watched by nobody, in silence. A call that AWS
 * refused changed nothing, and is left to CloudTrail: an alarm that tells of it as well would soon be read by nobody.
 */
const changedByOthers = (writerArn: unknown) => {
  const by = (arn: unknown) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn: [arn] } } } });
  return {
    source: ['aws.backup'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['backup.amazonaws.com'],
      eventName: ['PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'],
      errorCode: [{ exists: false }],
      // Users and root have no session issuer, and "anything but" matches nothing where there is nothing.
      $or: [by({ 'anything-but': writerArn }), by({ exists: false })],
    },
  };
};

const eventsMayWrite = (group: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'EventsMayWrite',
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${group}:*`,
    },
  ],
});

import { readFileSync } from 'node:fs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { readingContext } from '../../lambda/core/report';
import { EXAMPLE_SETTINGS, hubForReading, synthesizeHub } from '../../lib/synthesize';
import { evidenceOf } from '../core/evidence-fixture';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const OWN_VAULT = 'arn:aws:backup:eu-west-1:111111111111:backup-vault:own';
const template = Template.fromStack(hubForReading(EXAMPLE_SETTINGS, ENV));

describe('from the event to the function', () => {
  test('the rule takes failed and partial copy jobs of AWS Backup', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.backup'],
        'detail-type': ['Copy Job State Change'],
        detail: { state: ['FAILED', 'PARTIAL'] },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() }, RetryPolicy: Match.anyValue() })],
    });
  });

  test('all queues are encrypted by SQS and refuse plain HTTP', () => {
    const queues = Object.values(template.findResources('AWS::SQS::Queue'));
    expect(queues).toHaveLength(4);
    for (const queue of queues) expect(queue.Properties.SqsManagedSseEnabled).toBe(true);
    const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toHaveLength(4);
    for (const policy of policies) {
      const statements = policy.Properties.PolicyDocument.Statement;
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
    const fromRules = policies.filter((policy) =>
      policy.Properties.PolicyDocument.Statement.some(
        (statement: { Effect: string; Principal: { Service?: string } }) =>
          statement.Effect === 'Allow' && statement.Principal.Service === 'events.amazonaws.com',
      ),
    );
    // The failures, and what a rule could not deliver. The functions send the work themselves.
    expect(fromRules).toHaveLength(2);
  });

  test('what fails 5 times goes to the dead letters and stays there for 14 days', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
      MessageRetentionPeriod: 345_600,
      VisibilityTimeout: 720,
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: Match.absent(),
    });
  });
});

describe('alarms', () => {
  test.each([
    ['dead-letters', 'ApproximateNumberOfMessagesVisible', 'Maximum', 0],
    ['work-dead-letters', 'ApproximateNumberOfMessagesVisible', 'Maximum', 0],
    ['diagnose-errors', 'Errors', 'Sum', 0],
    ['remediate-errors', 'Errors', 'Sum', 0],
    ['approve-errors', 'Errors', 'Sum', 0],
    ['failures-wait', 'ApproximateAgeOfOldestMessage', 'Maximum', 900],
    ['work-waits', 'ApproximateAgeOfOldestMessage', 'Maximum', 1800],
    ['no-confirmed-subscriber', 'NoConfirmedSubscriber', 'Sum', 0],
    ['not-cured', 'IncidentsNotCured', 'Sum', 0],
    ['changes-refused', 'ChangesRefused', 'Sum', 0],
    ['oldest-unhealed-copy', 'OldestUnhealedCopy', 'Maximum', 604_800],
  ])('%s', (name, metric, statistic, threshold) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `copy-doctor-eu-west-1-${name}`,
      AlarmDescription: Match.stringLikeRegexp(`What to do: docs/runbook.md#${name}$`),
      MetricName: metric,
      Statistic: statistic,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Object.keys(template.findResources('AWS::SNS::Topic'))[0] }],
    });
  });

  test('each watches something of its own', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const watched = alarms.map(({ Namespace, MetricName, Dimensions }) => [Namespace, MetricName, Dimensions]);
    expect(new Set(watched.map((metric) => JSON.stringify(metric))).size).toBe(11);
    const own = watched.filter(([namespace]) => namespace === 'CopyDoctor');
    expect(own).toHaveLength(4);
    // A dimension more, or another name for it, and the alarm would watch nothing, in silence.
    for (const [, , dimensions] of own) expect(dimensions).toEqual([{ Name: 'deployment', Value: 'eu-west-1' }]);
  });

  test('each has its chapter in the runbook, and the runbook has no other', () => {
    // The watch lies in the destination template, and in the hub with a destination there.
    const hub = synthesizeHub({ ...EXAMPLE_SETTINGS, destinations: OWN_VAULT }, ENV).template;
    const alarms = Object.values(hub.Resources)
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => String(Properties['AlarmName']).replace('copy-doctor-eu-west-1-', ''));
    const chapters = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    // No alarm tells of the limit: a person is asked by mail.
    expect(chapters.sort()).toEqual([...alarms, 'auto-apply-limit'].sort());
  });
});

describe('the dashboard', () => {
  const hub = synthesizeHub(EXAMPLE_SETTINGS, ENV).template;
  const Properties = Object.values(hub.Resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard')?.Properties;
  const body = JSON.stringify(Properties?.['DashboardBody']);

  test('is named like the stack', () => {
    expect(Properties?.['DashboardName']).toBe('copy-doctor-eu-west-1');
  });

  test.each([
    ...[
      'IncidentsOpened',
      'IncidentsHealed',
      'IncidentsNotCured',
      'ChangesRefused',
      'TimeToVerdict',
      'UnknownMessages',
    ],
    ...['TimeToDecision', 'TimeToHeal', 'OldestUnhealedCopy', 'Errors', 'Duration'],
    ...['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
  ])('shows %s', (metric) => {
    expect(body).toContain(metric);
  });

  test.each(['IncidentsOpened', 'IncidentsHealed', 'IncidentsNotCured'])('shows %s by cause', (metric) => {
    expect(body.replaceAll('\\', '')).toContain(
      `SEARCH('{CopyDoctor,cause,deployment} MetricName="${metric}" deployment="eu-west-1"', 'Sum', 86400)`,
    );
  });
});

describe('outputs', () => {
  const valueOf = (outputs: Record<string, { Value: unknown }>, name: string): string =>
    JSON.stringify(outputs[name]?.Value);

  test('carry what the CLI and a person need', () => {
    const { Outputs } = synthesizeHub(EXAMPLE_SETTINGS, ENV).template;
    expect(Object.keys(Outputs).sort()).toEqual([
      'Account',
      'ApproveUrl',
      'ApproverRoleArn',
      'ConfirmSubscription',
      'DashboardName',
      'DeadLetterQueueUrl',
      'Deployment',
      'DestinationTemplate222222222222',
      'Destinations',
      'FailuresQueueUrl',
      'FunctionName',
      'NextCommand',
      'OperatorPolicyArn',
      'ReaderRoleName',
      'Region',
      'TableName',
      'TopicArn',
      'WatchedByTrails',
      'WorkDeadLetterQueueUrl',
      'WorkQueueUrl',
    ]);
    expect(Outputs.NextCommand?.Value).toBe(
      'npx --no-install copy-doctor drill --stack copy-doctor-eu-west-1 --region eu-west-1',
    );
    expect(valueOf(Outputs, 'ConfirmSubscription')).toContain('--authenticate-on-unsubscribe true');
    expect(Outputs.DestinationTemplate222222222222?.Value).toBe(
      'aws cloudformation deploy --region eu-west-1 --template-file dist/destination.template.json ' +
        '--stack-name copy-doctor-eu-west-1-destination --capabilities CAPABILITY_NAMED_IAM ' +
        '--parameter-overrides HubAccount=111111111111 Deployment=eu-west-1 VaultNames=dr',
    );
  });

  test('one line an account with all its vaults, and for further Regions one for the watch alone', () => {
    const vault = (account: string, region: string, name: string) =>
      `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
    const destinations = [
      vault('222222222222', 'eu-west-1', 'dr'),
      vault('222222222222', 'eu-central-1', 'far'),
      vault('111111111111', 'eu-central-1', 'own'),
    ];
    const settings = { ...EXAMPLE_SETTINGS, destinations, organizationId: 'o-a1b2c3d4e5', permissionsBoundary: 'B' };
    const { Outputs } = synthesizeHub(settings, ENV).template;
    expect(Object.keys(Outputs).filter((name) => /^(Destination|Watch)Template/.test(name))).toEqual([
      'DestinationTemplate222222222222',
      'WatchTemplate222222222222eucentral1',
      'WatchTemplate111111111111eucentral1',
    ]);
    for (const account of ['222222222222', '111111111111']) {
      expect(Outputs[`WatchTemplate${account}eucentral1`]?.Value).toBe(
        'aws cloudformation deploy --region eu-central-1 --template-file dist/destination.template.json ' +
          '--stack-name copy-doctor-eu-west-1-destination --capabilities CAPABILITY_NAMED_IAM ' +
          '--parameter-overrides HubAccount=111111111111 Deployment=eu-west-1 Roles=no',
      );
    }
    const line = valueOf(Outputs, 'DestinationTemplate222222222222');
    expect(line).toContain('OrganizationId=o-a1b2c3d4e5 VaultNames=dr,far PermissionsBoundary=arn:');
    expect(line).toContain(':iam::222222222222:policy/B');
    // A mail about a copy to another Region's vault names the same Region: the roles are in one stack.
    const far = evidenceOf({ detail: { destinationBackupVaultArn: vault('222222222222', 'eu-central-1', 'far') } });
    const hub = { name: 'eu-west-1', stackName: 'copy-doctor-eu-west-1', region: 'eu-west-1', hubAccount: ENV.account };
    const deployment = { ...hub, organizationId: settings.organizationId, destinations };
    const { destinationCommand = '' } = readingContext(far, '2026-06-01T10:16:00Z', deployment);
    expect(destinationCommand).not.toBe('');
    expect(line).toContain(destinationCommand);
  });

  test('one line an account that only owns keys: a reader, nothing to watch', () => {
    const keyAccounts = ['333333333333', '222222222222', '111111111111'];
    const { Outputs } = synthesizeHub({ ...EXAMPLE_SETTINGS, keyAccounts }, ENV).template;
    expect(Object.keys(Outputs).filter((name) => name.startsWith('KeyAccount'))).toEqual([
      'KeyAccountTemplate333333333333',
    ]);
    expect(Outputs['KeyAccountTemplate333333333333']?.Value).toBe(
      'aws cloudformation deploy --region eu-west-1 --template-file dist/destination.template.json ' +
        '--stack-name copy-doctor-eu-west-1-destination --capabilities CAPABILITY_NAMED_IAM ' +
        '--parameter-overrides HubAccount=111111111111 Deployment=eu-west-1 Watch=no',
    );
  });

  test("the hub's own account and Region need no line: the watch is in the stack", () => {
    const { Outputs } = synthesizeHub({ ...EXAMPLE_SETTINGS, destinations: OWN_VAULT }, ENV).template;
    expect(Object.keys(Outputs).filter((name) => /^(Destination|Watch)Template/.test(name))).toEqual([]);
  });

  test('say that the watch needs a trail', () => {
    const { WatchedByTrails } = synthesizeHub(EXAMPLE_SETTINGS, ENV).template.Outputs;
    expect(WatchedByTrails?.Value).toBe('aws cloudtrail describe-trails --region eu-west-1');
    expect(WatchedByTrails?.Description).toContain('only in Regions whose management events a CloudTrail trail logs');
  });

  test('of an account that is known only on deployment the line depends on it', () => {
    const { Outputs, Conditions } = synthesizeHub().template;
    const condition = Outputs.DestinationTemplate222222222222?.Condition ?? '';
    expect(Conditions?.[condition]).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '222222222222'] }],
    });
  });
});

test.each([
  [{}, ENV, 'copy-doctor-eu-west-1'],
  [{ deployment: 'blue' }, ENV, 'copy-doctor-blue'],
  [{}, undefined, 'copy-doctor'],
])('stack name with %j in %j', (settings, env, name) => {
  expect(hubForReading({ ...EXAMPLE_SETTINGS, ...settings }, env).stackName).toBe(name);
});

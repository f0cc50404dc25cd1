import { destinationTemplate } from '../../lib/destination-template';
import { EXAMPLE_SETTINGS } from '../../lib/synthesize';
import { matchesPattern } from '../sandbox/event-pattern';
import { Resolver } from '../sandbox/demo/templates';
import { deployedHub, ENV } from './hub-fixture';

const HERE = 'arn:aws:backup:eu-west-1:111111111111:backup-vault:own';
const NAME = 'copy-doctor-eu-west-1-vault-policy-changed';
const TYPES = [
  'AWS::Logs::LogGroup',
  'AWS::Logs::ResourcePolicy',
  'AWS::Events::Rule',
  'AWS::CloudWatch::Alarm',
] as const;
type Watch = Record<(typeof TYPES)[number], Record<string, unknown>>;

/** As deployed in the hub's own account, so that both templates can be held side by side. */
const inTemplate = (parameters: Record<string, string> = {}) =>
  new Resolver(destinationTemplate(), {
    ...ENV,
    parameters: { HubAccount: '999999999999', Deployment: 'eu-west-1', ...parameters },
    ref: (id) => id,
    attribute: (id) => id,
  });

const watchOf = (resources: (type: string) => readonly Record<string, unknown>[]): Watch =>
  Object.fromEntries(
    TYPES.map((type) => [
      type,
      resources(type).find((properties) => JSON.stringify(properties).includes('vault-policy-changed')) ?? {},
    ]),
  ) as Watch;

const watch = watchOf((type) =>
  inTemplate()
    .resources<Record<string, unknown>>(type)
    .map(([, found]) => found),
);
const pattern = watch['AWS::Events::Rule']['EventPattern'] as object;

describe('the rule', () => {
  const WRITER = 'arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-vault-writer';
  const sessionOf = (arn: string) => ({
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:session',
    arn: `${arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`,
    accountId: '111111111111',
    accessKeyId: 'ASIAEXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLE',
        arn,
        accountId: '111111111111',
        userName: arn.split('/').at(-1),
      },
      attributes: { creationDate: '2026-11-25T18:00:00Z', mfaAuthenticated: 'false' },
      sourceIdentity: '222222222222+Admin+me',
    },
  });
  const change = (userIdentity: object, detail: object = {}) => ({
    version: '0',
    id: 'd5c7a1e2-0000-4000-8000-000000000000',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.backup',
    account: '111111111111',
    time: '2026-11-25T18:00:01Z',
    region: 'eu-west-1',
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity,
      eventTime: '2026-11-25T18:00:01Z',
      eventSource: 'backup.amazonaws.com',
      eventName: 'PutBackupVaultAccessPolicy',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '198.51.100.7',
      userAgent: 'aws-cli/2',
      requestParameters: { backupVaultName: 'own', policy: '{}' },
      responseElements: null,
      requestID: '6e3ad1b5-0000-4000-8000-000000000000',
      eventID: '0e9ad1b5-0000-4000-8000-000000000000',
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111111111111',
      eventCategory: 'Management',
      ...detail,
    },
  });
  const user = {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE',
    arn: 'arn:aws:iam::111111111111:user/me',
    userName: 'me',
  };

  test.each<[string, object]>([
    ['an IAM user', user],
    [
      'an IAM user in the console',
      { ...user, sessionContext: { sessionIssuer: {}, attributes: { mfaAuthenticated: 'true' } } },
    ],
    ['root', { type: 'Root', principalId: '111111111111', arn: 'arn:aws:iam::111111111111:root' }],
    ['another role', sessionOf('arn:aws:iam::111111111111:role/Admin')],
    ["another hub's writer", sessionOf(WRITER.replace('eu-west-1', 'blue'))],
    ["a role of the writer's name with a path", sessionOf(WRITER.replace('role/', 'role/team/'))],
    ["the writer's name in another account", sessionOf(WRITER.replace('111111111111', '222222222222'))],
    ['an AWS service', { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' }],
  ])('tells of a change by %s', (_, identity) => {
    expect(matchesPattern(pattern, change(identity))).toBe(true);
  });

  test('tells of a policy that is removed', () => {
    expect(matchesPattern(pattern, change(user, { eventName: 'DeleteBackupVaultAccessPolicy' }))).toBe(true);
  });

  test.each<[string, object]>([
    ['a change by the vault writer', change(sessionOf(WRITER))],
    ['a refused call', change(user, { errorCode: 'AccessDenied', errorMessage: 'no' })],
    ['a read', change(user, { eventName: 'GetBackupVaultAccessPolicy', readOnly: true })],
    ['a call of the same name to another service', change(user, { eventSource: 'glacier.amazonaws.com' })],
    ['an event that no trail wrote', { ...change(user), source: 'my.app' }],
  ])('does not tell of %s', (_, event) => {
    expect(matchesPattern(pattern, event)).toBe(false);
  });
});

test('the alarm counts how often the rule fired', () => {
  expect(watch['AWS::Events::Rule']).toMatchObject({
    Name: NAME,
    State: 'ENABLED',
    Targets: [{ Id: 'Log', Arn: 'WatchLog' }],
  });
  expect(watch['AWS::CloudWatch::Alarm']).toMatchObject({
    AlarmName: NAME,
    Namespace: 'AWS/Events',
    MetricName: 'TriggeredRules',
    Dimensions: [{ Name: 'RuleName', Value: 'WatchRule' }],
    Statistic: 'Sum',
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('EventBridge may write to this log group and no other', () => {
  expect(watch['AWS::Logs::LogGroup']).toEqual({ LogGroupName: `/aws/events/${NAME}`, RetentionInDays: 365 });
  const { PolicyDocument } = watch['AWS::Logs::ResourcePolicy'];
  expect(JSON.parse(PolicyDocument as string)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'EventsMayWrite',
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/${NAME}:*`,
      },
    ],
  });
});

test('in a member the alarm tells the topic that is given, or nobody', () => {
  const actions = (parameters: Record<string, string>) =>
    inTemplate(parameters).resource<{ AlarmActions?: string[] }>('AWS::CloudWatch::Alarm').AlarmActions;
  const topic = 'arn:aws:sns:eu-west-1:111111111111:alarms';
  expect(actions({ AlarmTopicArn: topic })).toEqual([topic]);
  expect(actions({})).toBeUndefined();
});

describe("the hub's own account and Region", () => {
  const hub = (destinations: string) => {
    const { resources, ids } = deployedHub({ destinations });
    return { found: watchOf((type) => resources<Record<string, unknown>>(type)), topic: ids.topic };
  };

  test("have the same watch where they hold a destination, and the hub's topic is told", () => {
    const { found, topic } = hub(`${EXAMPLE_SETTINGS.destinations},${HERE}`);
    expect(found).toEqual({
      ...watch,
      'AWS::CloudWatch::Alarm': { ...watch['AWS::CloudWatch::Alarm'], AlarmActions: [topic] },
    });
  });

  test.each([EXAMPLE_SETTINGS.destinations, HERE.replace('eu-west-1', 'eu-west-2')])('have none with %s', (other) => {
    for (const properties of Object.values(hub(other).found)) expect(properties).toEqual({});
  });
});

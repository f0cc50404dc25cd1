import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { approverTrust } from '../../lib/approver-role';
import { EXAMPLE_SETTINGS, hubForReading } from '../../lib/synthesize';
import { decide, deployedHub, sidsAndActions, statementsOf, type Statement } from './hub-fixture';

const hub = deployedHub();
const { table, topic, queues, functions } = hub.ids;
const APPROVE = functions.approve;
const BY_URL = { 'lambda:InvokedViaFunctionUrl': 'true' };
const SIGNED = { 'lambda:FunctionUrlAuthType': 'AWS_IAM' };
const STACK = 'arn:aws:cloudformation:eu-west-1:111111111111:stack/copy-doctor-eu-west-1';

const approver = statementsOf(hub.role('-approver'));
const [policy] = hub.resources<{ ManagedPolicyName: string; PolicyDocument: { Statement: Statement[] } }>(
  'AWS::IAM::ManagedPolicy',
);
const operator = policy?.PolicyDocument.Statement ?? [];

const MAY_DECIDE = {
  OpenUrl: ['lambda:InvokeFunctionUrl'],
  InvokeByUrl: ['lambda:InvokeFunction'],
  FindStack: ['cloudformation:DescribeStacks'],
};

test('an approver may open the URL, and find it', () => {
  expect(sidsAndActions(approver)).toEqual(MAY_DECIDE);
});

test('an operator may do that too, read incidents, send failures, and see who is subscribed, metrics and trails', () => {
  expect(policy?.ManagedPolicyName).toBe('copy-doctor-eu-west-1-operator');
  expect(sidsAndActions(operator)).toEqual({
    ...MAY_DECIDE,
    ReadIncidents: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],
    SendFailures: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
    SeeSubscribers: ['sns:ListSubscriptionsByTopic'],
    SeeDashboard: ['cloudwatch:GetDashboard'],
    SeeMetrics: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
    SeeTrails: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'],
  });
});

/** y: may, n: may not; approver, operator. */
test.each<[string, string, Record<string, string>, string]>([
  ['lambda:InvokeFunctionUrl', APPROVE, SIGNED, 'yy'],
  ['lambda:InvokeFunctionUrl', APPROVE, { 'lambda:FunctionUrlAuthType': 'NONE' }, 'nn'],
  ['lambda:InvokeFunctionUrl', functions.diagnose, SIGNED, 'nn'],
  ['lambda:InvokeFunction', APPROVE, BY_URL, 'yy'],
  // Who could do this would write into the event who decides.
  ['lambda:InvokeFunction', APPROVE, { 'lambda:InvokedViaFunctionUrl': 'false' }, 'nn'],
  ['lambda:InvokeFunction', APPROVE, {}, 'nn'],
  ['lambda:InvokeFunction', functions.remediate, BY_URL, 'nn'],
  ['cloudformation:DescribeStacks', `${STACK}/*`, {}, 'yy'],
  ['cloudformation:DescribeStacks', `${STACK}/1a2b3c4d`, {}, 'yy'],
  ['cloudformation:DescribeStacks', `${STACK}-destination/1a2b3c4d`, {}, 'nn'],
  ['dynamodb:GetItem', table, {}, 'ny'],
  ['dynamodb:Scan', table, {}, 'ny'],
  ['dynamodb:Query', `${table}/index/due`, {}, 'ny'],
  ['dynamodb:PutItem', table, {}, 'nn'],
  ['dynamodb:DeleteItem', table, {}, 'nn'],
  ['sqs:SendMessage', queues.failures, {}, 'ny'],
  ['sqs:SendMessage', queues.work, {}, 'nn'],
  ['sns:ListSubscriptionsByTopic', topic, {}, 'ny'],
  ['sns:Publish', topic, {}, 'nn'],
  ['sts:AssumeRole', 'arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-vault-writer', {}, 'nn'],
  ['sts:AssumeRole', 'arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-retrier', {}, 'nn'],
  ['cloudtrail:StopLogging', 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/t', {}, 'nn'],
])('%s of %s with %j: %s', (action, resource, context, answers) => {
  const answer = [approver, operator].map((statements) =>
    decide(statements, action, resource, context) === 'allowed' ? 'y' : 'n',
  );
  expect(answer.join('')).toBe(answers);
});

describe('who may take the approver role', () => {
  const trust = (settings: Record<string, unknown>) =>
    deployedHub(settings).role('-approver').AssumeRolePolicyDocument.Statement;
  const root = (account: string) => `arn:aws:iam::${account}:root`;
  const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
  const taking = { Effect: 'Allow', Action: 'sts:AssumeRole' };

  test("by default the hub's account", () => {
    expect(trust({})).toEqual([{ ...taking, Sid: 'Accounts', Principal: { AWS: [root('111111111111')] } }]);
  });

  test('accounts', () => {
    expect(trust({ approvers: '222222222222,333333333333' })).toEqual([
      { ...taking, Sid: 'Accounts', Principal: { AWS: [root('222222222222'), root('333333333333')] } },
    ]);
  });

  test('roles, in a condition on their account', () => {
    const roles = [role('222222222222', 'A'), role('222222222222', 'aws-reserved/sso.amazonaws.com/B')];
    expect(trust({ approvers: roles })).toEqual([
      {
        ...taking,
        Sid: 'Roles',
        Principal: { AWS: [root('222222222222')] },
        Condition: { ArnEquals: { 'aws:PrincipalArn': roles } },
      },
    ]);
  });

  test('both, within the organization', () => {
    const approvers = ['222222222222', role('333333333333', 'A')];
    const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
    expect(trust({ approvers, organizationId: 'o-a1b2c3d4e5' })).toEqual([
      { ...taking, Sid: 'Accounts', Principal: { AWS: [root('222222222222')] }, Condition: inOrganization },
      {
        ...taking,
        Sid: 'Roles',
        Principal: { AWS: [root('333333333333')] },
        Condition: { ArnEquals: { 'aws:PrincipalArn': [role('333333333333', 'A')] }, ...inOrganization },
      },
    ]);
  });

  test('not more than a trust policy holds', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => role('222222222222', `Role${index}`));
    expect(JSON.stringify(approverTrust(many(20))).length).toBeGreaterThan(1000);
    Annotations.fromStack(hubForReading({ ...EXAMPLE_SETTINGS, approvers: many(20) })).hasNoError(
      '*',
      Match.anyValue(),
    );
    Annotations.fromStack(hubForReading({ ...EXAMPLE_SETTINGS, approvers: many(60) })).hasError(
      '/CopyDoctor',
      Match.stringLikeRegexp(
        'Setting approvers has 60 entries, a trust policy of \\d+ characters\\. Allowed: 2048 characters; name accounts',
      ),
    );
  });
});

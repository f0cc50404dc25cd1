import { Aws, Stack, Token, Validations } from 'aws-cdk-lib';
import { CfnRole, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { allow } from './hub-function';
import { names } from './names';

export interface ApproverRoleProps {
  readonly deployment: string;
  /** Account ids and role ARNs; none: the hub's account. */
  readonly approvers: readonly string[];
  readonly organizationId?: string;
  readonly approve: IFunction;
}

/** The role that people take to see an incident and to decide about it. */
export class ApproverRole extends Construct {
  readonly role: CfnRole;

  constructor(scope: Construct, id: string, props: ApproverRoleProps) {
    super(scope, id);
    const { deployment, organizationId, approve } = props;
    const { account } = Stack.of(this);
    const approvers = props.approvers.length > 0 ? props.approvers : [account];
    this.role = new CfnRole(this, 'Role', {
      roleName: names(deployment).approver,
      description: 'Copy Doctor: people take this role to see an incident and to decide about it.',
      assumeRolePolicyDocument: approverTrust(approvers, organizationId),
      policies: [
        {
          policyName: 'decide',
          policyDocument: new PolicyDocument({ statements: [...mayDecide(approve), mayFindStack(this)] }),
        },
      ],
    });
    acknowledgeStack(this.role);
  }
}

/** See and decide, through the URL only: who invokes the function itself writes into the event who the caller is. */
export const mayDecide = (approve: IFunction): PolicyStatement[] => [
  new PolicyStatement({
    sid: 'OpenUrl',
    actions: ['lambda:InvokeFunctionUrl'],
    resources: [approve.functionArn],
    conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
  }),
  new PolicyStatement({
    sid: 'InvokeByUrl',
    actions: ['lambda:InvokeFunction'],
    resources: [approve.functionArn],
    conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  }),
];

/** The command line finds everything else in the stack's outputs. */
export const mayFindStack = (scope: IConstruct): PolicyStatement =>
  allow('FindStack', ['cloudformation:DescribeStacks'], stackArn(scope, Aws.PARTITION));

/** Asked by name, IAM sees the ARN with the name alone or with the id: both match. */
function stackArn(scope: IConstruct, partition: string): string {
  const { region, account, stackName } = Stack.of(scope);
  // As cdk-nag prints tokens: by name.
  const printed = (value: string, name: string) =>
    partition !== Aws.PARTITION && Token.isUnresolved(value) ? name : value;
  return [
    `arn:${partition}:cloudformation`,
    printed(region, '<AWS::Region>'),
    printed(account, '<AWS::AccountId>'),
    `stack/${stackName}/*`,
  ].join(':');
}

/** Tells cdk-nag why the stack's ARN ends in a wildcard. */
export function acknowledgeStack(resource: IConstruct): void {
  Validations.of(resource).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${stackArn(resource, '<AWS::Partition>')}]`,
    reason: 'This one stack: the part after its name is an id that is new with every deployment.',
  });
}

/**
 * Who may take the role. Roles are named in a condition, not as principals: a principal is stored as the role's unique
 * id and would be dead after that role is made anew.
 */
export function approverTrust(
  approvers: readonly string[],
  organizationId?: string,
  partition: string = Aws.PARTITION,
) {
  const root = (account: string) => `arn:${partition}:iam::${account}:root`;
  const isRole = (approver: string) => approver.startsWith('arn:');
  const accounts = approvers.filter((approver) => !isRole(approver));
  const roles = approvers.filter(isRole);
  const inOrganization = organizationId ? { StringEquals: { 'aws:PrincipalOrgID': organizationId } } : {};
  const statement = (Sid: string, AWS: readonly string[], condition: object) => ({
    Sid,
    Effect: 'Allow',
    Principal: { AWS },
    Action: 'sts:AssumeRole',
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  });
  return {
    Version: '2012-10-17',
    Statement: [
      ...(accounts.length > 0 ? [statement('Accounts', accounts.map(root), inOrganization)] : []),
      ...(roles.length > 0
        ? [
            statement('Roles', [...new Set(roles.map((arn) => root(arn.split(':')[4] ?? '')))], {
              ArnEquals: { 'aws:PrincipalArn': roles },
              ...inOrganization,
            }),
          ]
        : []),
    ],
  };
}

/** IAM's quota for a trust policy; it can be raised, but a deployment must not depend on that. */
const LONGEST_TRUST = 2048;

/** Says so before a deployment does, if there are more approvers than a trust policy holds. */
export function tooManyApprovers(approvers: readonly string[], organizationId?: string): string[] {
  const { length } = JSON.stringify(approverTrust(approvers, organizationId, 'aws-us-gov'));
  if (length <= LONGEST_TRUST) return [];
  return [
    `Setting approvers has ${approvers.length} entries, a trust policy of ${length} characters. ` +
      `Allowed: ${LONGEST_TRUST} characters; name accounts, or one role for all approvers.`,
  ];
}

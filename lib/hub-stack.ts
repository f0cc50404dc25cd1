import { Annotations, Stack, type StackProps } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Code, type Function } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Alarms } from './alarms';
import { ApproveFunction } from './approve-function';
import { ApproverRole, tooManyApprovers } from './approver-role';
import { bundleFunction } from './bundle';
import { Dashboard } from './dashboard';
import { DiagnoseFunction } from './diagnose-function';
import { EffectRoles } from './effect-roles';
import { FailureQueue } from './failure-queue';
import { regionProblems } from './function-url-regions';
import type { FunctionName } from './hub-function';
import { IncidentTable } from './incident-table';
import { names } from './names';
import { NotificationTopic } from './notification-topic';
import { OperatorPolicy } from './operator-policy';
import { Outputs } from './outputs';
import { PolicyWatch } from './policy-watch';
import { QueueWithDeadLetters } from './queue-with-dead-letters';
import { ReaderRole } from './reader-role';
import { RemediateFunction } from './remediate-function';
import { Schedule } from './schedule';
import { readSettings } from './settings';

export interface HubStackProps extends StackProps {
  /** Every function's code, where it is not to be bundled. */
  readonly code?: Code;
}

/** Copy Doctor, in the account and Region of the vaults that copies come from. */
export class HubStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, Function>>;
  readonly failures: FailureQueue;
  readonly work: QueueWithDeadLetters;
  readonly incidents: IncidentTable;
  readonly notifications: NotificationTopic;
  readonly schedule: Schedule;

  constructor(scope: Construct, id: string, props: HubStackProps = {}) {
    const { settings, problems: wrongSettings, warnings } = readSettings(scope.node.getAllContext());
    const name = settings.deployment ?? props.env?.region;
    super(scope, id, {
      description: 'Copy Doctor: finds out why copies of AWS Backup fail',
      stackName: name ? names(name).stack : 'copy-doctor',
      ...props,
    });
    const { organizationId, approvers } = settings;
    const problems = [...wrongSettings, ...tooManyApprovers(approvers, organizationId), ...regionProblems(this.region)];
    for (const problem of problems) Annotations.of(this).addError(problem);
    for (const warning of warnings) Annotations.of(this).addWarning(warning);
    const deployment = name ?? this.region;
    const code = (of: FunctionName) => props.code ?? this.bundledCode(of, problems.length === 0);

    this.failures = new FailureQueue(this, 'Failures', { functionTimeout: DiagnoseFunction.TIMEOUT });
    this.work = new QueueWithDeadLetters(this, 'Work', {
      queueId: 'Work',
      functionTimeout: RemediateFunction.TIMEOUT,
    });
    this.incidents = new IncidentTable(this, 'Incidents');
    this.notifications = new NotificationTopic(this, 'Notifications', { deployment, email: settings.email });
    const { topic, key } = this.notifications;
    const { table } = this.incidents;
    const failures = this.failures.queue;
    const work = this.work.queue;
    const common = { deployment, settings, table, work };

    new ReaderRole(this, 'Reader', { deployment, organizationId });
    new EffectRoles(this, 'Effects', { deployment, settings });
    const { function: diagnose } = new DiagnoseFunction(this, 'Diagnose', {
      ...common,
      code: code('diagnose'),
      failures,
      deadLetters: this.failures.deadLetters,
    });
    const { function: remediate } = new RemediateFunction(this, 'Remediate', {
      ...common,
      code: code('remediate'),
      deadLetters: this.work.deadLetters,
      topic,
      key,
    });
    const { function: approve, url } = new ApproveFunction(this, 'Approve', {
      ...common,
      code: code('approve'),
    });
    this.functions = { diagnose, remediate, approve };
    this.schedule = new Schedule(this, 'Schedule', { diagnose, deadLetters: this.failures.deadLetters });
    const { role: approver } = new ApproverRole(this, 'Approver', { deployment, approvers, organizationId, approve });
    const watched = { deployment, failures: this.failures, work: this.work, functions: this.functions };
    const { board: dashboard } = new Dashboard(this, 'Dashboard', watched);
    const { policy: operator } = new OperatorPolicy(this, 'Operator', {
      deployment,
      table,
      failures,
      topic,
      approve,
      dashboard,
    });
    new Alarms(this, 'Alarms', { ...watched, topic });
    new PolicyWatch(this, 'PolicyWatch', {
      deployment,
      destinations: settings.destinations,
      topicArn: topic.topicArn,
    });
    new Outputs(this, 'Outputs', {
      deployment,
      settings,
      values: {
        TopicArn: topic.topicArn,
        FailuresQueueUrl: failures.queueUrl,
        DeadLetterQueueUrl: this.failures.deadLetters.queueUrl,
        FunctionName: diagnose.functionName,
        TableName: table.tableName,
        WorkQueueUrl: work.queueUrl,
        WorkDeadLetterQueueUrl: this.work.deadLetters.queueUrl,
        ApproveUrl: url?.url ?? '',
        ApproverRoleArn: approver.attrArn,
        OperatorPolicyArn: operator.managedPolicyArn,
        DashboardName: dashboard.dashboardName,
      },
    });
    this.applyBoundary(settings.permissionsBoundary);
  }

  /** `cdk ls` and `cdk destroy` ask for no bundling: they work even where the code does not build. */
  private bundledCode(name: FunctionName, settingsAreGood: boolean): Code {
    if (!settingsAreGood || !this.bundlingRequired) return Code.fromInline('// not bundled');
    return Code.fromAsset(bundleFunction(name));
  }

  private applyBoundary(boundary: string | undefined): void {
    if (!boundary) return;
    const policy = boundary.startsWith('arn:')
      ? ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', boundary)
      : ManagedPolicy.fromManagedPolicyName(this, 'Boundary', boundary);
    PermissionsBoundary.of(this).apply(policy);
  }
}

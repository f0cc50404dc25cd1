import { Annotations, Stack, type StackProps } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Alarms } from './alarms';
import { bundleFunction } from './bundle';
import { DiagnoseFunction } from './diagnose-function';
import { FailureQueue } from './failure-queue';
import { names } from './names';
import { NotificationTopic } from './notification-topic';
import { Outputs } from './outputs';
import { ReaderRole } from './reader-role';
import { readSettings } from './settings';

export interface HubStackProps extends StackProps {
  /** The function's code, where it is not to be bundled. */
  readonly code?: Code;
}

/** Copy Doctor, in the account and Region of the vaults that copies come from. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, props: HubStackProps = {}) {
    const { settings, problems } = readSettings(scope.node.getAllContext());
    const name = settings.deployment ?? props.env?.region;
    super(scope, id, {
      description: 'Copy Doctor: finds out why copies of AWS Backup fail',
      stackName: name ? names(name).stack : 'copy-doctor',
      ...props,
    });
    for (const problem of problems) Annotations.of(this).addError(problem);
    const deployment = name ?? this.region;
    const { organizationId } = settings;

    const { failures, deadLetters } = new FailureQueue(this, 'Failures', { functionTimeout: DiagnoseFunction.TIMEOUT });
    const { topic, key } = new NotificationTopic(this, 'Notifications', { deployment, email: settings.email });
    new ReaderRole(this, 'Reader', { deployment, organizationId });
    const { function: diagnose } = new DiagnoseFunction(this, 'Diagnose', {
      code: props.code ?? this.bundledCode(problems.length === 0),
      deployment,
      destinations: settings.destinations,
      organizationId,
      failures,
      deadLetters,
      topic,
      key,
    });
    new Alarms(this, 'Alarms', { deployment, failures, deadLetters, diagnose, topic });
    new Outputs(this, 'Outputs', {
      deployment,
      settings,
      topicArn: topic.topicArn,
      failuresQueueUrl: failures.queueUrl,
      deadLetterQueueUrl: deadLetters.queueUrl,
      functionName: diagnose.functionName,
    });
    this.applyBoundary(settings.permissionsBoundary);
  }

  /** `cdk ls` and `cdk destroy` ask for no bundling: they work even where the code does not build. */
  private bundledCode(settingsAreGood: boolean): Code {
    if (!settingsAreGood || !this.bundlingRequired) return Code.fromInline('// not bundled');
    return Code.fromAsset(bundleFunction('diagnose'));
  }

  private applyBoundary(boundary: string | undefined): void {
    if (!boundary) return;
    const policy = boundary.startsWith('arn:')
      ? ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', boundary)
      : ManagedPolicy.fromManagedPolicyName(this, 'Boundary', boundary);
    PermissionsBoundary.of(this).apply(policy);
  }
}

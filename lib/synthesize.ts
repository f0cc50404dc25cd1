import type { CfnElement, Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { destinationTemplate } from './destination-template';
import type { FunctionName } from './hub-function';
import { HubStack } from './hub-stack';
import { newApp } from './new-app';
import { organizationTemplate } from './organization-template';

export const EXAMPLE_SETTINGS = {
  email: 'you@example.com',
  destinations: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
} as const;

export interface CloudFormationTemplate {
  readonly Parameters?: Record<string, Record<string, unknown>>;
  readonly Conditions?: Record<string, unknown>;
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  readonly Outputs: Record<string, { Value: unknown; Description?: string; Condition?: string }>;
}

export interface SynthesizedHub {
  readonly template: CloudFormationTemplate;
  readonly destinationTemplate: CloudFormationTemplate;
  /** For the account in the setting `organizationAccount`. */
  readonly organizationTemplate: CloudFormationTemplate;
  readonly ids: HubIds;
}

/** Logical ids of what a test or the demo picks out of the hub's template. */
export interface HubIds {
  readonly functions: Readonly<Record<FunctionName, string>>;
  readonly queues: Readonly<Record<'failures' | 'deadLetters' | 'work' | 'workDeadLetters', string>>;
  /** Rules with a schedule, whose target is `diagnose`. */
  readonly rules: Readonly<Record<'tick' | 'catchUp', string>>;
  readonly table: string;
  readonly topic: string;
}

/** The templates as objects, without bundling: for tests, the demo and the page about permissions. */
export function synthesizeHub(settings: Record<string, unknown> = EXAMPLE_SETTINGS, env?: Environment): SynthesizedHub {
  const hub = hubForReading(settings, env);
  return {
    template: Template.fromStack(hub).toJSON() as CloudFormationTemplate,
    destinationTemplate: destinationTemplate(),
    organizationTemplate: organizationTemplate(),
    ids: idsOf(hub),
  };
}

function idsOf(hub: HubStack): HubIds {
  const id = (construct: IConstruct) => hub.resolve((construct.node.defaultChild as CfnElement).logicalId) as string;
  const { diagnose, remediate, approve } = hub.functions;
  return {
    functions: { diagnose: id(diagnose), remediate: id(remediate), approve: id(approve) },
    queues: {
      failures: id(hub.failures.queue),
      deadLetters: id(hub.failures.deadLetters),
      work: id(hub.work.queue),
      workDeadLetters: id(hub.work.deadLetters),
    },
    rules: { tick: id(hub.schedule.tick), catchUp: id(hub.schedule.catchUp) },
    table: id(hub.incidents.table),
    topic: id(hub.notifications.topic),
  };
}

/** The stack alone, in an app of its own. */
export function hubForReading(settings: Record<string, unknown> = EXAMPLE_SETTINGS, env?: Environment): HubStack {
  const app = newApp({ context: settings, analyticsReporting: false });
  return new HubStack(app, 'CopyDoctor', { env, code: Code.fromInline('// not bundled') });
}

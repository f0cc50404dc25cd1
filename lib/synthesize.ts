import type { Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { destinationTemplate } from './destination-template';
import { HubStack } from './hub-stack';
import { newApp } from './new-app';

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
}

/** The templates as objects, without bundling: for tests, the demo and the page about permissions. */
export function synthesizeHub(settings: Record<string, unknown> = EXAMPLE_SETTINGS, env?: Environment): SynthesizedHub {
  return {
    template: Template.fromStack(hubForReading(settings, env)).toJSON() as CloudFormationTemplate,
    destinationTemplate: destinationTemplate(),
  };
}

/** The stack alone, in an app of its own. */
export function hubForReading(settings: Record<string, unknown> = EXAMPLE_SETTINGS, env?: Environment): HubStack {
  const app = newApp({ context: settings, analyticsReporting: false });
  return new HubStack(app, 'CopyDoctor', { env, code: Code.fromInline('// not bundled') });
}

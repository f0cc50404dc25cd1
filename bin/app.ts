import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { destinationTemplate } from '../lib/destination-template';
import { HubStack } from '../lib/hub-stack';
import { DESTINATION_TEMPLATE_FILE, ORGANIZATION_TEMPLATE_FILE } from '../lambda/core/destination-command';
import { newApp } from '../lib/new-app';
import { organizationTemplate } from '../lib/organization-template';

const app = newApp();
new HubStack(app, 'CopyDoctor', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

for (const [name, template] of [
  [DESTINATION_TEMPLATE_FILE, destinationTemplate()],
  [ORGANIZATION_TEMPLATE_FILE, organizationTemplate()],
] as const) {
  const file = resolve(__dirname, '..', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(template, null, 2)}\n`);
}

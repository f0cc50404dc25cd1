import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { READER_OPERATIONS, READS } from '../lambda/core/reads';
import { functionTrust } from './function-trust';
import { names } from './names';

export interface ReaderRoleProps {
  readonly deployment: string;
  readonly organizationId?: string;
}

/** The reader role in the hub's own account. Other accounts get the same role from destination-template.ts. */
export class ReaderRole extends Construct {
  readonly roleName: string;

  constructor(scope: Construct, id: string, { deployment, organizationId }: ReaderRoleProps) {
    super(scope, id);
    this.roleName = names(deployment).reader;
    const hub = `arn:${Aws.PARTITION}:iam::${Stack.of(this).account}`;
    const role = new CfnRole(this, 'Role', {
      roleName: this.roleName,
      description: 'Copy Doctor reads here why a copy failed. It can change nothing.',
      assumeRolePolicyDocument: functionTrust({
        hubRoot: `${hub}:root`,
        functionRoles: [names(deployment).diagnose, names(deployment).remediate].map((name) => `${hub}:role/${name}`),
        organization: organizationId && { 'aws:PrincipalOrgID': organizationId },
      }),
      policies: readerPolicies(),
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Reads only. Which vault, key, recovery point or role a failed copy names is not known before it fails.',
    });
  }
}

/** The permissions of every read that gathering makes, a statement a service. */
export function readerPolicies() {
  const actions = [...new Set(READER_OPERATIONS.map((operation) => READS[operation]))].sort();
  const services = [...new Set(actions.map(serviceOf))];
  const Statement = services.map((service) => ({
    Sid: `Read${service[0]?.toUpperCase()}${service.slice(1)}`,
    Effect: 'Allow',
    Action: actions.filter((action) => serviceOf(action) === service),
    Resource: '*',
  }));
  return [{ policyName: 'read', policyDocument: { Version: '2012-10-17', Statement } }];
}

const serviceOf = (action: string): string => action.split(':')[0] ?? action;

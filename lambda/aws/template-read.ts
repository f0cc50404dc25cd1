import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { isRefused, listOf, textAt } from '../core/evidence';
import { CLIENT_CONFIG } from './client-config';
import type { CredentialsOf, Place, Readers } from './readers';

/** One resource of a stack; what AWS does not say is ''. */
export interface StackResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** The resources of the stack that holds this one: none where no stack does, undefined where nobody could ask. */
export async function stackResources(
  physicalId: string,
  place: Place,
  credentialsOf: CredentialsOf,
): Promise<readonly StackResource[] | undefined> {
  let client: CloudFormationClient | undefined;
  try {
    const credentials = await credentialsOf(place);
    client = new CloudFormationClient({
      ...CLIENT_CONFIG,
      region: place.region,
      ...(credentials ? { credentials } : {}),
    });
    const answer = await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId }));
    return (answer.StackResources ?? []).map((row) => ({
      stack: row.StackName ?? '',
      logicalId: row.LogicalResourceId ?? '',
      physicalId: row.PhysicalResourceId ?? '',
      type: row.ResourceType ?? '',
    }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.name === 'ValidationError' && /does not exist/.test(error.message) ? [] : undefined;
  } finally {
    client?.destroy();
  }
}

/** The stack that a resource's tag names; CloudFormation sets it, and nobody else can. */
export async function stackTag(
  resource: string,
  place: Place,
  readers: Readers,
): Promise<string | undefined | 'unreadable'> {
  const answer = await readers.read('tag:GetResources', place, { resource, input: { ResourceARNList: [resource] } });
  if (isRefused(answer)) return 'unreadable';
  const [row] = listOf(answer, 'ResourceTagMappingList');
  const tag = row && listOf(row, 'Tags').find((one) => textAt(one, 'Key') === 'aws:cloudformation:stack-name');
  return tag && textAt(tag, 'Value');
}

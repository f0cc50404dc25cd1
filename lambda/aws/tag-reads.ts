import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { clientOf, type ClientConfig } from './read-clients';

/** Only `import()` this file: tags are read where a tag policy enforces something, or a message speaks of them. */
export const getTaggedResources = (input: object, config: ClientConfig): Promise<object> =>
  clientOf(ResourceGroupsTaggingAPIClient, config).send(new GetResourcesCommand(input));

/** Names of the functions' environment variables, shared by the stack that sets them and the code that reads them. */
export const ENVIRONMENT = {
  topicArn: 'TOPIC_ARN',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  deployment: 'DEPLOYMENT',
  destinations: 'DESTINATIONS',
  readerRoleName: 'READER_ROLE_NAME',
  organizationId: 'ORGANIZATION_ID',
  hubAccount: 'HUB_ACCOUNT',
  stackName: 'STACK_NAME',
} as const;

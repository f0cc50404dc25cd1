/** Names of the functions' environment variables, shared by the stack that sets them and the code that reads them. */
export const ENVIRONMENT = {
  deployment: 'DEPLOYMENT',
  stackName: 'STACK_NAME',
  hubAccount: 'HUB_ACCOUNT',
  tableName: 'TABLE_NAME',
  workQueueUrl: 'WORK_QUEUE_URL',
  destinations: 'DESTINATIONS',
  vaultPolicy: 'VAULT_POLICY',
  keyPolicy: 'KEY_POLICY',
  keyGrantee: 'KEY_GRANTEE',
  /** diagnose and remediate. */
  readerRoleName: 'READER_ROLE_NAME',
  organizationId: 'ORGANIZATION_ID',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** diagnose alone. */
  failuresQueueUrl: 'FAILURES_QUEUE_URL',
  /** remediate alone. */
  topicArn: 'TOPIC_ARN',
  mailDetail: 'MAIL_DETAIL',
} as const;

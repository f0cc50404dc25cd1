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
  /** Places in DESTINATIONS, from 0: all variables of a function share 4 KB. */
  autoApply: 'AUTO_APPLY',
  retry: 'RETRY',
  /** diagnose and remediate. */
  readerRoleName: 'READER_ROLE_NAME',
  organizationId: 'ORGANIZATION_ID',
  /** Empty where no account has the organization reader. */
  organizationReaderArn: 'ORGANIZATION_READER_ARN',
  keyAccounts: 'KEY_ACCOUNTS',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** diagnose alone. */
  failuresQueueUrl: 'FAILURES_QUEUE_URL',
  /** remediate alone. */
  topicArn: 'TOPIC_ARN',
  mailDetail: 'MAIL_DETAIL',
  vaultWriterRoleName: 'VAULT_WRITER_ROLE_NAME',
  retrierRoleName: 'RETRIER_ROLE_NAME',
  /** Names with their paths, comma separated. */
  copyRoles: 'COPY_ROLES',
  retryScope: 'RETRY_SCOPE',
} as const;

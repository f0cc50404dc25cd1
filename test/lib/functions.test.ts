import { readApproveConfig, readDiagnoseConfig, readRemediateConfig } from '../../lambda/config';
import { ENVIRONMENT } from '../../lambda/environment';
import { readSettings } from '../../lib/settings';
import { EXAMPLE_SETTINGS } from '../../lib/synthesize';
import { deployedHub, ENV } from './hub-fixture';

const VAULTS = ['dr', 'far', 'third'].map((name) => EXAMPLE_SETTINGS.destinations.replace(/dr$/, name));

const hub = deployedHub({
  organizationId: 'o-a1b2c3d4e5',
  vaultPolicy: 'notify',
  keyGrantee: 'account',
  mailDetail: 'short',
  destinations: VAULTS,
  autoApply: [VAULTS[2], VAULTS[0]],
  retry: 'auto',
  retryScope: 'all',
  copyRoles: 'service-role/AWSBackupDefaultServiceRole,team/Copier',
  keyAccounts: '333333333333,444444444444',
});
const { functions, queues, rules, table, topic } = hub.ids;
type Name = keyof typeof functions;

interface FunctionProperties {
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Record<string, string> };
}
const properties = (name: Name) => hub.properties<FunctionProperties>(functions[name]);
const variables = (name: Name) => properties(name).Environment.Variables;

describe('functions', () => {
  test.each<[Name, number, number]>([
    ['diagnose', 120, 256],
    ['remediate', 120, 256],
    // A person waits for it, while it may count thousands of copies.
    ['approve', 30, 512],
  ])('%s', (name, timeout, memory) => {
    expect(properties(name)).toMatchObject({
      FunctionName: `copy-doctor-eu-west-1-${name}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: memory,
      Timeout: timeout,
    });
    // Deploying reserved concurrency fails in accounts with the smallest limit.
    expect(properties(name)).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(hub.resources<object>('AWS::Logs::LogGroup')).toContainEqual({
      LogGroupName: `/aws/lambda/copy-doctor-eu-west-1-${name}`,
      RetentionInDays: 90,
    });
  });
});

describe('environment', () => {
  const common = { deployment: 'eu-west-1', stackName: 'copy-doctor-eu-west-1', hubAccount: ENV.account };
  const settings = {
    destinations: VAULTS,
    autoApply: [VAULTS[0], VAULTS[2]],
    retry: 'auto',
    sources: [ENV.account],
    vaultPolicy: 'notify',
    keyPolicy: 'approve',
    keyGrantee: 'account',
  };
  const kept = { tableName: table, workQueueUrl: queues.work };
  const reading = {
    readerRoleName: 'copy-doctor-eu-west-1-reader',
    organizationId: 'o-a1b2c3d4e5',
    organizationReaderArn: '',
    keyAccounts: ['333333333333', '444444444444'],
  };
  const read = (name: Name, config: (env: NodeJS.ProcessEnv) => object) =>
    config({ ...variables(name), AWS_REGION: 'eu-west-1' });

  test('is what each function reads', () => {
    const all = { ...common, ...kept, settings, region: 'eu-west-1' };
    expect(read('diagnose', readDiagnoseConfig)).toEqual({
      ...all,
      ...reading,
      failuresQueueUrl: queues.failures,
      deadLetterQueueUrl: queues.deadLetters,
    });
    expect(read('remediate', readRemediateConfig)).toEqual({
      ...all,
      ...reading,
      deadLetterQueueUrl: queues.workDeadLetters,
      topicArn: topic,
      mailDetail: 'short',
      vaultWriterRoleName: 'copy-doctor-eu-west-1-vault-writer',
      retrierRoleName: 'copy-doctor-eu-west-1-retrier',
      copyRoles: ['service-role/AWSBackupDefaultServiceRole', 'team/Copier'],
      retryScope: 'all',
    });
    expect(read('approve', readApproveConfig)).toEqual(all);
  });

  test('has nothing that another function needs', () => {
    const without = (...names: (keyof typeof ENVIRONMENT)[]) =>
      Object.values(ENVIRONMENT)
        .filter((variable) => !names.map((name) => ENVIRONMENT[name] as string).includes(variable))
        .sort();
    const names = (name: Name) => Object.keys(variables(name)).sort();
    const ofRemediate = [
      'topicArn',
      'mailDetail',
      'vaultWriterRoleName',
      'retrierRoleName',
      'copyRoles',
      'retryScope',
    ] as const;
    expect(names('diagnose')).toEqual(without(...ofRemediate));
    expect(names('remediate')).toEqual(without('failuresQueueUrl'));
    expect(names('approve')).toEqual(
      without(
        ...ofRemediate,
        'failuresQueueUrl',
        'deadLetterQueueUrl',
        'readerRoleName',
        'organizationId',
        'organizationReaderArn',
        'keyAccounts',
      ),
    );
  });

  describe('has room for the longest settings', () => {
    const account = '111111111111';
    const long = 'x'.repeat(24);
    const name = `copy-doctor-${long}-FailuresDeadLetters71BB5A13-${'y'.repeat(26)}`;
    const queueUrl = `https://sqs.ap-southeast-1.amazonaws.com/${account}/${name}`;
    // What is known on deployment only.
    const physical = (key: string, value: string) =>
      key.endsWith('QUEUE_URL')
        ? queueUrl
        : ({ TABLE_NAME: name, TOPIC_ARN: `arn:aws-us-gov:sns:ap-southeast-1:${account}:${name}` }[key] ?? value);
    const ARN = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:';
    // As many as fit, so that the places in AUTO_APPLY are the most; then as long as fit.
    const many = Array.from({ length: 50 }, (_, index) => `${ARN}${String(index).padStart(2, '0')}`).slice(0, 42);

    test.each<[string, string[]]>([
      ['many short names', many],
      [
        'few long names',
        Array.from({ length: 22 }, (_, index) => `${ARN}${String(index).padStart(2, '0')}${'v'.repeat(48)}`),
      ],
    ])('%s', (_, destinations) => {
      const longest = {
        email: 'you@example.com',
        destinations,
        autoApply: destinations,
        deployment: long,
        organizationId: `o-${'o'.repeat(32)}`,
        organizationAccount: '999999999999',
        keyAccounts: Array.from({ length: 10 }, (_, index) => String(333333333300 + index)),
        copyRoles: ['c'.repeat(64), `${'p'.repeat(69)}/${'c'.repeat(64)}`],
        keyGrantee: 'account',
        vaultPolicy: 'approve',
      };
      expect(readSettings(longest).problems).toEqual([]);
      const { ids, properties } = deployedHub(longest);
      for (const lambda of ['diagnose', 'remediate', 'approve'] as const) {
        const { Variables } = properties<FunctionProperties>(ids.functions[lambda]).Environment;
        const filled = Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, physical(key, value)]));
        expect(filled['AUTO_APPLY']?.split(',')).toHaveLength(destinations.length);
        expect(JSON.stringify(filled).length).toBeLessThan(4096);
      }
    });
  });
});

describe('what starts a function', () => {
  const mappings = hub.resources<{ FunctionName: string }>('AWS::Lambda::EventSourceMapping');

  test.each<[Name, string, object]>([
    ['diagnose', queues.failures, { BatchSize: 10, MaximumBatchingWindowInSeconds: 5 }],
    ['remediate', queues.work, { BatchSize: 5 }],
  ])('%s: its queue, in batches with partial failures', (name, queue, batch) => {
    expect(mappings.filter(({ FunctionName }) => FunctionName === functions[name])).toEqual([
      {
        FunctionName: functions[name],
        EventSourceArn: queue,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
        ...batch,
      },
    ]);
  });

  test('approve: a URL for signed requests only, open to nobody by a policy of the function', () => {
    expect(hub.resources('AWS::Lambda::Url')).toEqual([{ AuthType: 'AWS_IAM', TargetFunctionArn: functions.approve }]);
    const permissions = hub.resources<{ FunctionName: string; Principal: string }>('AWS::Lambda::Permission');
    expect(permissions.map(({ FunctionName, Principal }) => [FunctionName, Principal])).toEqual([
      [functions.diagnose, 'events.amazonaws.com'],
      [functions.diagnose, 'events.amazonaws.com'],
    ]);
  });

  test.each([
    [rules.tick, 'rate(1 minute)', 'tick', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }, undefined],
    [
      rules.catchUp,
      'rate(1 hour)',
      'catch-up',
      { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
      queues.deadLetters,
    ],
  ])('rule %s', (id, rate, name, RetryPolicy, deadLetters) => {
    expect(hub.properties(id)).toMatchObject({
      ScheduleExpression: rate,
      State: 'ENABLED',
      Targets: [
        {
          Arn: functions.diagnose,
          Input: JSON.stringify({ copyDoctor: name }),
          RetryPolicy,
          ...(deadLetters ? { DeadLetterConfig: { Arn: deadLetters } } : {}),
        },
      ],
    });
  });

  test('there is no other rule, and a tick that failed is not tried again', () => {
    expect(hub.resources('AWS::Events::Rule')).toHaveLength(3);
    expect(hub.resources('AWS::Lambda::EventInvokeConfig')).toEqual([
      {
        FunctionName: functions.diagnose,
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 300,
      },
    ]);
  });
});

describe('queue work', () => {
  test('gives what fails 5 times to dead letters of its own', () => {
    expect(hub.properties(queues.work)).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: queues.workDeadLetters, maxReceiveCount: 5 },
      MessageRetentionPeriod: 345_600,
      VisibilityTimeout: 720,
      SqsManagedSseEnabled: true,
    });
    expect(hub.properties(queues.workDeadLetters)).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });
});

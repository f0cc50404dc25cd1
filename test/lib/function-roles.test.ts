import { decide, deployedHub, sidsAndActions, statementsOf } from './hub-fixture';

const hub = deployedHub();
const { table, topic, queues } = hub.ids;
const DUE = `${table}/index/due`;
const READER = 'arn:aws:iam::222222222222:role/copy-doctor-eu-west-1-reader';
const WRITER = READER.replace('-reader', '-vault-writer');
const RETRIER = 'arn:aws:iam::111111111111:role/copy-doctor-eu-west-1-retrier';
const statements = {
  diagnose: statementsOf(hub.role('-diagnose')),
  remediate: statementsOf(hub.role('-remediate')),
  approve: statementsOf(hub.role('-approve')),
};
type Name = keyof typeof statements;

const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const CHANGES = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:UpdateItem',
];
const TAKE = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const KEEP = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'];

describe('all statements of', () => {
  test.each<[Name, Record<string, string[]>]>([
    [
      'diagnose',
      {
        ReadAccounts: ['sts:AssumeRole'],
        KeepIncidents: KEEP.filter((action) => action !== 'dynamodb:Query'),
        FindDue: ['dynamodb:Query'],
        'NeverDecide (deny)': [...CHANGES, 'dynamodb:PutItem'].sort(),
        Send: ['sqs:SendMessage'],
        TakeFailures: TAKE,
        Log: LOG,
      },
    ],
    [
      'remediate',
      {
        ReadAccounts: ['sts:AssumeRole'],
        ChangeVaults: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        StartCopies: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        KeepIncidents: KEEP,
        CountAutomaticChanges: ['dynamodb:UpdateItem'],
        EndLeases: ['dynamodb:DeleteItem'],
        ReadDecisions: ['dynamodb:GetItem'],
        FindDue: ['dynamodb:Query'],
        'NeverDecide (deny)': [...CHANGES, 'dynamodb:PutItem'].sort(),
        Tell: ['sns:ListSubscriptionsByTopic', 'sns:Publish'],
        EncryptWhatIsTold: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Send: ['sqs:SendMessage'],
        TakeWork: TAKE,
        Log: LOG,
      },
    ],
    [
      'approve',
      {
        ReadIncidents: ['dynamodb:GetItem', 'dynamodb:Query'],
        Decide: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        'PutNothingElse (deny)': ['dynamodb:PutItem'],
        'ChangeNothing (deny)': CHANGES,
        Send: ['sqs:SendMessage'],
        Log: LOG,
      },
    ],
  ])('%s', (name, expected) => {
    expect(sidsAndActions(statements[name])).toEqual(expected);
  });
});

/** y: may, n: is not allowed, d: is denied whatever else is allowed. In the order diagnose, remediate, approve. */
const ANSWERS = { y: 'allowed', n: 'implicitDeny', d: 'explicitDeny' } as const;
const eachRole = (answers: string): [Name, string][] =>
  (['diagnose', 'remediate', 'approve'] as const).map((name, index) => [
    name,
    ANSWERS[answers[index] as keyof typeof ANSWERS],
  ]);

describe('items of the table', () => {
  test.each([
    ['GetItem', 'INCIDENT#a', 'yyy'],
    ['BatchGetItem', 'INCIDENT#a', 'yyn'],
    ['Query', 'INCIDENT#a', 'nyy'],
    ['PutItem', 'INCIDENT#a', 'yyd'],
    ['UpdateItem', 'INCIDENT#a', 'yyd'],
    ['DeleteItem', 'INCIDENT#a', 'nnd'],
    ['BatchWriteItem', 'INCIDENT#a', 'nnd'],
    ['GetItem', 'COPYJOB#a', 'yyn'],
    ['PutItem', 'COPYJOB#a', 'yyd'],
    ['DeleteItem', 'COPYJOB#a', 'nnd'],
    ['GetItem', 'FOLD#a', 'yyn'],
    ['PutItem', 'FOLD#a', 'yyd'],
    ['GetItem', 'UNKNOWN#a', 'ynn'],
    ['PutItem', 'UNKNOWN#a', 'ynd'],
    ['UpdateItem', 'UNKNOWN#a', 'ynd'],
    ['DeleteItem', 'UNKNOWN#a', 'nnd'],
    ['PutItem', 'LEASE#notify', 'nyd'],
    ['UpdateItem', 'LEASE#notify', 'nyd'],
    ['DeleteItem', 'LEASE#notify', 'nyd'],
    ['GetItem', 'DECISION#a#1', 'nyy'],
    ['Query', 'DECISION#a#1', 'nnn'],
    ['PutItem', 'DECISION#a#1', 'ddy'],
    ['UpdateItem', 'DECISION#a#1', 'ddd'],
    ['DeleteItem', 'DECISION#a#1', 'ddd'],
    ['BatchWriteItem', 'DECISION#a#1', 'ddd'],
    ['PartiQLInsert', 'DECISION#a#1', 'ddd'],
    ['PutItem', 'DECISION#a#1#rollback-request', 'ddy'],
    ['UpdateItem', 'DECISION#a#1#rollback-request', 'ddd'],
    ['GetItem', 'AUTO#a', 'nnn'],
    ['PutItem', 'AUTO#a', 'nnd'],
    ['UpdateItem', 'AUTO#a', 'nyd'],
    ['DeleteItem', 'AUTO#a', 'nnd'],
    ['Query', 'AUTO#a', 'nnn'],
  ])('%s of %s: %s', (action, key, answers) => {
    for (const [name, expected] of eachRole(answers)) {
      const answer = decide(statements[name], `dynamodb:${action}`, table, { 'dynamodb:LeadingKeys': [key] });
      expect([name, answer]).toEqual([name, expected]);
    }
  });

  test('a batch with one decision among incidents is not read by diagnose', () => {
    const keys = { 'dynamodb:LeadingKeys': ['INCIDENT#a', 'DECISION#a#1'] };
    expect(decide(statements.diagnose, 'dynamodb:BatchGetItem', table, keys)).toBe('implicitDeny');
  });
});

test.each([
  ['dynamodb:Query', DUE, 'yyn'],
  ['dynamodb:Scan', table, 'nnn'],
  ['dynamodb:Scan', DUE, 'nnn'],
  ['dynamodb:DeleteTable', table, 'nnn'],
  ['sns:Publish', topic, 'nyn'],
  ['sns:ListSubscriptionsByTopic', topic, 'nyn'],
  ['sns:Subscribe', topic, 'nnn'],
  ['sqs:SendMessage', queues.failures, 'ynn'],
  ['sqs:SendMessage', queues.deadLetters, 'ynn'],
  ['sqs:SendMessage', queues.work, 'yyy'],
  ['sqs:SendMessage', queues.workDeadLetters, 'nyn'],
  ['sqs:ReceiveMessage', queues.failures, 'ynn'],
  ['sqs:ReceiveMessage', queues.work, 'nyn'],
  ['sqs:PurgeQueue', queues.work, 'nnn'],
  ['sts:AssumeRole', READER, 'yyn'],
  ['sts:AssumeRole', READER.replace('-reader', '-approver'), 'nnn'],
  ['sts:AssumeRole', READER.replace('eu-west-1', 'blue'), 'nnn'],
  ['sts:SetSourceIdentity', READER, 'nnn'],
  ...[WRITER, RETRIER].flatMap<[string, string, string]>((role) => [
    ['sts:AssumeRole', role, 'nyn'],
    ['sts:SetSourceIdentity', role, 'nyn'],
    ['sts:AssumeRole', role.replace('eu-west-1', 'blue'), 'nnn'],
    // An account without a destination, and not the hub's.
    ['sts:AssumeRole', role.replace(/\d{12}/, '333333333333'), 'nnn'],
  ]),
  // Copies start in the hub's account alone.
  ['sts:AssumeRole', RETRIER.replace('111111111111', '222222222222'), 'nnn'],
  ['backup:StartCopyJob', 'arn:aws:ec2:eu-west-1::snapshot/snap-1', 'nnn'],
  ['iam:PassRole', 'arn:aws:iam::111111111111:role/service-role/AWSBackupDefaultServiceRole', 'nnn'],
  ['backup:PutBackupVaultAccessPolicy', 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr', 'nnn'],
  ['kms:PutKeyPolicy', 'arn:aws:kms:eu-west-1:111111111111:key/a', 'nnn'],
  ['lambda:InvokeFunction', hub.ids.functions.approve, 'nnn'],
])('%s of %s: %s', (action, resource, answers) => {
  for (const [name, expected] of eachRole(answers)) {
    expect([name, decide(statements[name], action, resource)]).toEqual([name, expected]);
  }
});

test('every function has a role of its name, and no other function has it', () => {
  for (const name of ['diagnose', 'remediate', 'approve'] as const) {
    const { FunctionName, Role } = hub.properties<{ FunctionName: string; Role: string }>(hub.ids.functions[name]);
    expect(FunctionName).toBe(`copy-doctor-eu-west-1-${name}`);
    expect(hub.properties<{ RoleName: string }>(Role).RoleName).toBe(FunctionName);
  }
});

import { evaluate, type Decision } from '.';

const caller = {
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/r/s',
  roleArn: 'arn:aws:iam::111111111111:role/r',
};
const decide = (statement: object, context: Record<string, string | string[] | undefined> = {}) =>
  evaluate(
    [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', ...statement }],
      },
    ],
    {
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::b/k',
      principal: caller,
      context,
    },
  );

const rows: [string, object, Record<string, string | string[]>, Decision][] = [
  ['action case', { Action: 'S3:getobject' }, {}, 'allowed'],
  ['action ?', { Action: 's3:Get?bject' }, {}, 'allowed'],
  ['NotAction', { Action: undefined, NotAction: 's3:Get*' }, {}, 'implicitDeny'],
  ['resource', { Resource: 'arn:aws:s3:::b/*' }, {}, 'allowed'],
  ['NotResource', { Resource: undefined, NotResource: 'arn:aws:s3:::b/*' }, {}, 'implicitDeny'],
  ['account id', { Principal: { AWS: '111111111111' } }, {}, 'allowed'],
  ['other role', { Principal: { AWS: 'arn:aws:iam::111111111111:role/q' } }, {}, 'implicitDeny'],
  ['NotPrincipal', { Principal: undefined, NotPrincipal: { AWS: caller.roleArn } }, {}, 'implicitDeny'],
  ['Deny', { Effect: 'Deny' }, {}, 'explicitDeny'],
  ['variable', { Resource: 'arn:aws:s3:::${aws:PrincipalAccount}/*' }, { 'aws:PrincipalAccount': 'b' }, 'allowed'],
  [
    'a value from a variable is no pattern',
    { Condition: { StringLike: { k: '${aws:username}' } } },
    { k: 'ann', 'aws:username': 'a*' },
    'implicitDeny',
  ],
  ['a star of its own', { Condition: { StringLike: { k: 'a${*}' } } }, { k: 'ann' }, 'implicitDeny'],
  ['a star of its own, met', { Condition: { StringEquals: { k: 'a${*}' } } }, { k: 'a*' }, 'allowed'],
  ['missing key', { Condition: { StringEquals: { k: 'v' } } }, {}, 'implicitDeny'],
  ['missing key, IfExists', { Condition: { StringEqualsIfExists: { k: 'v' } } }, {}, 'allowed'],
  ['missing key, negative', { Condition: { StringNotEquals: { k: 'v' } } }, {}, 'allowed'],
  ['negative, list', { Condition: { StringNotEquals: { k: ['a', 'v'] } } }, { k: 'v' }, 'implicitDeny'],
  ['ForAnyValue', { Condition: { 'ForAnyValue:StringLike': { k: 'a*' } } }, { k: ['b', 'ab'] }, 'allowed'],
  ['ForAllValues', { Condition: { 'ForAllValues:StringLike': { k: 'a*' } } }, { k: ['b', 'ab'] }, 'implicitDeny'],
  ['ForAllValues, none', { Condition: { 'ForAllValues:StringLike': { k: 'a*' } } }, {}, 'allowed'],
  ['ForAllValues, empty', { Condition: { 'ForAllValues:StringLike': { k: 'a*' } } }, { k: '' }, 'allowed'],
  ['ForAnyValue, none', { Condition: { 'ForAnyValue:StringLike': { k: 'a*' } } }, {}, 'implicitDeny'],
  ['ForAnyValue not like, none', { Condition: { 'ForAnyValue:StringNotLike': { k: 'a*' } } }, {}, 'implicitDeny'],
  [
    'ForAnyValue not like, one',
    { Condition: { 'ForAnyValue:StringNotLike': { k: ['a*', 'b*'] } } },
    { k: ['ab', 'c'] },
    'allowed',
  ],
  [
    'ForAnyValue not like, all',
    { Condition: { 'ForAnyValue:StringNotLike': { k: ['a*', 'b*'] } } },
    { k: ['ab', 'bc'] },
    'implicitDeny',
  ],
  [
    'ForAllValues equals',
    { Condition: { 'ForAllValues:StringEquals': { k: ['a', 'b'] } } },
    { k: ['a', 'b'] },
    'allowed',
  ],
  [
    'ForAllValues not like, one',
    { Condition: { 'ForAllValues:StringNotLike': { k: 'a*' } } },
    { k: ['ab', 'c'] },
    'implicitDeny',
  ],
  [
    'ForAllValues not like',
    { Condition: { 'ForAllValues:ArnNotLike': { k: 'arn:aws:a:*:*:*' } } },
    { k: ['arn:aws:b:r:1:x'] },
    'allowed',
  ],
  [
    'ArnLike does not cross colons',
    { Condition: { ArnLike: { k: 'arn:*:role/x' } } },
    { k: 'arn:aws:iam::1:role/x' },
    'implicitDeny',
  ],
  ['numeric', { Condition: { NumericLessThan: { k: '10' } } }, { k: '9' }, 'allowed'],
  ['date', { Condition: { DateLessThan: { k: '2026-01-01T00:00:00Z' } } }, { k: '2025-12-31T00:00:00Z' }, 'allowed'],
  ['key case', { Condition: { Bool: { 'AWS:SecureTransport': true } } }, { 'aws:securetransport': 'true' }, 'allowed'],
];
test.each(rows)('%s', (_, statement, context, decision) => {
  expect(decide(statement, context)).toBe(decision);
});

test('what it does not know, it throws at', () => {
  expect(() =>
    decide({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, { 'aws:SourceIp': '10.0.0.1' }),
  ).toThrow('operator IpAddress');
  expect(() => decide({ Effect: 'allow' })).toThrow('Effect allow');
  expect(() => decide({ Actions: 's3:*' })).toThrow('statement member Actions');
  expect(() => decide({ Principal: { Other: 'x' } })).toThrow('principal type Other');
});

test('without a version, or with the old one, a variable is text', () => {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '${aws:username}' }];
  for (const document of [{ Statement }, { Version: '2008-10-17', Statement }]) {
    const request = { action: 's3:GetObject', principal: caller, context: { 'aws:username': 'ann' } };
    expect(evaluate([document], { ...request, resource: 'ann' })).toBe('implicitDeny');
    expect(evaluate([document], { ...request, resource: '${aws:username}' })).toBe('allowed');
  }
});

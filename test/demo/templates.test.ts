import type { CloudFormationTemplate } from '../../lib/synthesize';
import { Resolver } from '../sandbox/demo/templates';

const template = {
  Parameters: { Name: { Default: '' }, Needed: {} },
  Conditions: { Named: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Name' }, ''] }] } },
  Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Name' } } } },
  Outputs: {},
} as unknown as CloudFormationTemplate;

const resolver = (parameters: Record<string, string> = {}) =>
  new Resolver(template, {
    account: '111111111111',
    region: 'eu-west-1',
    parameters,
    ref: (id) => (id === 'Queue' ? 'https://queue' : (undefined as never)),
    attribute: (id, name) => `${id}/${name}`,
  });

test.each([
  [{ Ref: 'AWS::AccountId' }, '111111111111'],
  [{ Ref: 'Queue' }, 'https://queue'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
  [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 'sns']] }, 'arn:aws:sns'],
  [{ 'Fn::Sub': 'a-${Name}-${AWS::Region}' }, 'a-x-eu-west-1'],
  [{ a: { 'Fn::If': ['Named', 'yes', { Ref: 'AWS::NoValue' }] } }, { a: 'yes' }],
  [
    { Ref: 'Name', other: 1 },
    { Ref: 'Name', other: 1 },
  ],
])('resolves %j', (value, expected) => {
  expect(resolver({ Name: 'x' }).value(value)).toEqual(expected);
});

it('leaves out what has no value', () => {
  const value = { a: { 'Fn::If': ['Named', 'yes', { Ref: 'AWS::NoValue' }] }, b: [{ Ref: 'AWS::NoValue' }, 1] };
  expect(resolver().value(value)).toEqual({ b: [1] });
});

test.each([
  [{ 'Fn::ImportValue': 'x' }, /Fn::ImportValue is not known/],
  [{ Ref: 'Nowhere' }, /Nowhere, which is not there/],
  [{ Ref: 'Needed' }, /Needed, which is not there/],
])('refuses %j', (value, message) => {
  expect(() => resolver().value(value)).toThrow(message);
});

it('gives the only resource of a type and refuses to choose', () => {
  expect(resolver({ Name: 'n' }).resource('AWS::SQS::Queue')).toEqual({ QueueName: 'n' });
  expect(() => resolver().resource('AWS::SNS::Topic')).toThrow('has 0 of AWS::SNS::Topic, not 1');
});

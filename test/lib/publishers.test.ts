import { Template } from 'aws-cdk-lib/assertions';
import { EXAMPLE_SETTINGS, hubForReading } from '../../lib/synthesize';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const template = Template.fromStack(hubForReading({ ...EXAMPLE_SETTINGS, email: 'a@example.com,b@example.com' }, ENV));
const only = (type: string) => Object.values(template.findResources(type))[0]?.Properties;

const keyPolicy = only('AWS::KMS::Key').KeyPolicy.Statement;
const topicPolicy = only('AWS::SNS::TopicPolicy').PolicyDocument.Statement;
const topicId = Object.keys(template.findResources('AWS::SNS::Topic'))[0];
const keyId = Object.keys(template.findResources('AWS::KMS::Key'))[0];
const arn = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] });

test('the topic has a key of its own that rotates', () => {
  expect(only('AWS::SNS::Topic').KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
  expect(only('AWS::KMS::Key').EnableKeyRotation).toBe(true);
});

test('CloudWatch: key policy and topic policy let alarms of this account publish', () => {
  const alarms = {
    Sid: 'AlarmsPublish',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
  };
  const ofThisAccount = { Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } };
  expect(keyPolicy).toContainEqual({ ...alarms, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' });
  expect(topicPolicy).toContainEqual({
    ...alarms,
    ...ofThisAccount,
    Action: 'sns:Publish',
    Resource: { Ref: topicId },
  });
});

test('remediate: key policy and its own role let it publish', () => {
  expect(keyPolicy).toContainEqual({
    Sid: 'RemediatePublishes',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': arn(':iam::111111111111:role/copy-doctor-eu-west-1-remediate') },
    },
  });
  const role = Object.values(template.findResources('AWS::IAM::Role')).find(
    ({ Properties }) => Properties.RoleName === 'copy-doctor-eu-west-1-remediate',
  );
  const statements = role?.Properties.Policies[0].PolicyDocument.Statement;
  expect(statements).toContainEqual({
    Sid: 'Tell',
    Effect: 'Allow',
    Action: ['sns:ListSubscriptionsByTopic', 'sns:Publish'],
    Resource: { Ref: topicId },
  });
  expect(statements).toContainEqual({
    Sid: 'EncryptWhatIsTold',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: { 'Fn::GetAtt': [keyId, 'Arn'] },
  });
});

test('no other role publishes or uses the key', () => {
  const others = Object.values(template.findResources('AWS::IAM::Role')).filter(
    ({ Properties }) => Properties.RoleName !== 'copy-doctor-eu-west-1-remediate',
  );
  expect(others).toHaveLength(6);
  expect(JSON.stringify(others)).not.toMatch(/sns:Publish|kms:Decrypt|kms:GenerateDataKey/);
  expect(keyPolicy.map(({ Sid }: { Sid?: string }) => Sid)).toEqual([undefined, 'AlarmsPublish', 'RemediatePublishes']);
});

test('nobody publishes over plain HTTP', () => {
  expect(topicPolicy).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

test('every address is subscribed', () => {
  const addresses = Object.values(template.findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties);
  expect(addresses.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
    ['email', 'a@example.com'],
    ['email', 'b@example.com'],
  ]);
});

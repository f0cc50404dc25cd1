import { sourceKeyPolicyLacksDestination } from '../../lambda/core/checks/source-key-policy-lacks-destination';
import { sourceKeyPolicyLacksGrants } from '../../lambda/core/checks/source-key-policy-lacks-grants';
import {
  COPY_ROLE,
  DESTINATION,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  REGION,
  SERVICE_LINKED_ROLE,
  SOURCE,
} from './evidence-fixture';

// What is known of a request to KMS decides; what is not known leaves the question open.

const { owner, use, grants } = KEY_STATEMENTS;
type Result = 'ok' | 'fault' | 'unknown';

/** The destination's statement that lets it use the key, under one more condition. */
function usedUnder(Condition: object, type = 'EBS', actions = use.Action): string {
  const Policy = policyText(owner, { ...use, Action: actions, Condition }, grants);
  const evidence = evidenceOf({ detail: { resourceType: type }, responses: { 'kms:GetKeyPolicy@source': { Policy } } });
  return sourceKeyPolicyLacksDestination.evaluate(evidence).status;
}
const describe_ = ['kms:DescribeKey'];

test.each<[string, object, Result]>([
  ['the caller is of the destination', { StringEquals: { 'kms:CallerAccount': DESTINATION } }, 'ok'],
  ['the caller is of another account', { StringEquals: { 'kms:CallerAccount': SOURCE } }, 'fault'],
  ['the Region of the key', { StringEquals: { 'aws:RequestedRegion': REGION } }, 'ok'],
  ['another Region', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, 'fault'],
  ["the key's account", { StringEquals: { 'aws:ResourceAccount': SOURCE } }, 'ok'],
  ['a service that calls for an account', { StringEquals: { 'aws:SourceAccount': SOURCE } }, 'fault'],
  ['a service that calls, if it is one', { StringEqualsIfExists: { 'aws:SourceAccount': SOURCE } }, 'ok'],
  ['a service that calls for a resource', { ArnLike: { 'aws:SourceArn': 'arn:aws:backup:*' } }, 'fault'],
  ['no grantee, since it is no grant', { Null: { 'kms:GranteePrincipal': 'true' } }, 'ok'],
  ['any encryption context: DescribeKey has none', { Null: { 'kms:EncryptionContextKeys': 'false' } }, 'fault'],
  ['an address', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'unknown'],
  ['an alias of the key', { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/a' } }, 'unknown'],
])('use of the key under: %s', (_, condition, expected) => {
  expect(usedUnder(condition)).toBe(expected);
});

/** DescribeKey, which has no encryption context, is allowed by a statement of its own. */
function reEncryptUnder(Condition: object, type: string): string {
  const statements = [
    { ...use, Action: describe_ },
    { ...use, Action: ['kms:ReEncrypt*', 'kms:Decrypt', 'kms:GenerateDataKey'], Condition },
  ];
  const Policy = policyText(owner, ...statements, grants);
  const statusMessage = 'Given key ID is not accessible';
  const evidence = evidenceOf({
    detail: { resourceType: type, statusMessage },
    responses: { 'kms:GetKeyPolicy@source': { Policy } },
  });
  return sourceKeyPolicyLacksDestination.evaluate(evidence).status;
}

describe('an encryption context', () => {
  test.each<[string, object, string, Result]>([
    ["EBS's one pair", { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['aws:ebs:id'] } }, 'EBS', 'ok'],
    ['another name', { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'AppName' } }, 'EBS', 'fault'],
    ['another pair', { StringEquals: { 'kms:EncryptionContext:AppName': 'x' } }, 'EBS', 'fault'],
    ['another pair, spelled otherwise', { StringEquals: { 'KMS:encryptioncontext:appname': 'x' } }, 'EBS', 'fault'],
    // The volume's id, or of a copy the snapshot's: which one it is nobody tells.
    ["the value of EBS's pair", { StringLike: { 'kms:EncryptionContext:aws:ebs:id': 'vol-*' } }, 'EBS', 'unknown'],
    [
      'what RDS sends',
      { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'aws:rds:db-id' } },
      'RDS',
      'unknown',
    ],
    ['what Backup sends', { StringEquals: { 'kms:EncryptionContext:aws:backup:backup-vault': 'p' } }, 'EFS', 'unknown'],
  ])('%s', (_, condition, type, expected) => {
    expect(reEncryptUnder(condition, type)).toBe(expected);
  });
});

test.each<[string, object, Result]>([
  ['for the same key', { Bool: { 'kms:ReEncryptOnSameKey': 'true' } }, 'fault'],
  ['for other keys', { Bool: { 'kms:ReEncryptOnSameKey': 'false' } }, 'ok'],
])('ReEncryptFrom %s: the copy has the key of the vault', (_, condition, expected) => {
  expect(reEncryptUnder(condition, 'EBS')).toBe(expected);
});

test('DescribeKey through a service: AWS does not say that it comes so', () => {
  const Condition = { StringEquals: { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` } };
  const Policy = policyText(owner, { ...use, Action: describe_, Condition }, { ...use, Action: ['kms:ReEncrypt*'] });
  const evidence = evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy } } });
  expect(sourceKeyPolicyLacksDestination.evaluate(evidence).status).toBe('unknown');
});

test('a grant with DescribeKey: what constrains it is an encryption context, which DescribeKey does not have', () => {
  const grant = {
    GranteePrincipal: SERVICE_LINKED_ROLE,
    Operations: ['DescribeKey'],
    Constraints: { EncryptionContextSubset: { a: 'b' } },
  };
  const Policy = policyText(owner, { ...use, Action: ['kms:ReEncrypt*'] }, grants);
  const evidence = evidenceOf({
    responses: { 'kms:GetKeyPolicy@source': { Policy }, 'kms:ListGrants@source': { Grants: [grant] } },
  });
  expect(sourceKeyPolicyLacksDestination.evaluate(evidence).status).toBe('ok');
});

describe('grants', () => {
  function grantsUnder(Condition: object): string {
    const Policy = policyText(owner, use, { ...grants, Condition });
    return sourceKeyPolicyLacksGrants.evaluate(evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy } } }))
      .status;
  }

  test.each<[string, object, Result]>([
    ['for AWS resources', { Bool: { 'kms:GrantIsForAWSResource': 'true' } }, 'ok'],
    ['by the destination', { StringEquals: { 'kms:CallerAccount': DESTINATION } }, 'ok'],
    ['by another', { StringEquals: { 'kms:CallerAccount': '333333333333' } }, 'fault'],
    ['for some operations', { 'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt'] } }, 'unknown'],
    ['under an encryption context', { StringEquals: { 'kms:EncryptionContext:aws:ebs:id': 'vol-1' } }, 'unknown'],
    ['under other names of one', { Null: { 'kms:EncryptionContextKeys': 'false' } }, 'unknown'],
    ['to somebody', { StringLike: { 'kms:GranteePrincipal': '*' } }, 'unknown'],
  ])('%s', (_, condition, expected) => expect(grantsUnder(condition)).toBe(expected));
});

describe('a fully managed type: the copy role may be the one that uses the key', () => {
  const DECRYPT_ONLY = ['kms:DescribeKey', 'kms:CreateGrant', 'kms:GenerateDataKey'];
  const key = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-1111-4111-8111-111111111111';
  const closed = (more: object, statusMessage = 'Access Denied trying to call AWS Backup service') =>
    sourceKeyPolicyLacksDestination.evaluate(
      evidenceOf({
        detail: { resourceType: 'EFS', statusMessage },
        responses: {
          'kms:GetKeyPolicy@source': {
            Policy: policyText(
              { ...owner, Principal: { AWS: `arn:aws:iam::${SOURCE}:user/admin` } },
              { ...use, Action: DECRYPT_ONLY },
            ),
          },
          'kms:ListGrants@source': undefined,
          [`kms:ListGrants@source#${key}`]: { Grants: [] },
          ...[SOURCE, DESTINATION].reduce(
            (lists, account) => ({
              ...lists,
              [`kms:ListGrants@source#${key}#arn:aws:iam::${account}:root`]: { Grants: [] },
            }),
            {},
          ),
          ...more,
        },
      }),
    );

  it('has no grant either: a fault', () => {
    const ofKey = 'KMS key is either disabled or pending deletion or access to KMS key is denied';
    expect(closed({ [`kms:ListGrants@source#${key}#${COPY_ROLE}`]: { Grants: [] } }, ofKey)).toMatchObject({
      status: 'fault',
      finding: { because: expect.arrayContaining([expect.stringContaining('does not have kms:Decrypt')]) as string[] },
    });
  });

  it('has a grant of its own: no fault', () => {
    const Grants = [{ GranteePrincipal: COPY_ROLE, Operations: ['Decrypt'] }];
    const found = closed({ [`kms:ListGrants@source#${key}#${COPY_ROLE}`]: { Grants } });
    expect(found).toMatchObject({ status: 'unknown', because: expect.stringContaining('the second may have it') });
  });

  it('whose grants nobody listed: unknown, since the list for the other role does not hold them', () => {
    expect(closed({})).toMatchObject({
      status: 'unknown',
      missing: [{ permission: 'kms:ListGrants', account: SOURCE }],
    });
  });
});

import type { Principal, RequestPrincipal, Statement } from '../../../lambda/core/policy/policy';
import { ACCOUNT, OTHER, ROLE, answer, judge, matches, role } from './fixture';

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const USER = `arn:aws:iam::${ACCOUNT}:user/ann`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Backup/AWSBackup`;
const user: RequestPrincipal = { arn: USER, account: ACCOUNT };
const accountOnly: RequestPrincipal = { account: ACCOUNT };
const service: RequestPrincipal = { account: ACCOUNT, service: 'backup.amazonaws.com' };

type Row = readonly [Principal, RequestPrincipal, 'yes' | 'no' | 'maybe'];

const rows: Row[] = [
  ['*', role, 'yes'],
  [{ AWS: '*' }, role, 'yes'],
  [{ AWS: ['*'] }, user, 'yes'],
  [{ AWS: '*' }, accountOnly, 'yes'],
  ['*', service, 'yes'],
  [{ AWS: '*' }, service, 'yes'],
  [{ AWS: ROOT }, role, 'yes'],
  [{ AWS: ROOT }, accountOnly, 'yes'],
  [{ AWS: ACCOUNT }, role, 'yes'],
  [{ AWS: OTHER }, role, 'no'],
  [{ AWS: `arn:aws:iam::${OTHER}:root` }, role, 'no'],
  ...['aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'].map((partition): Row => [
    { AWS: `arn:${partition}:iam::${ACCOUNT}:root` },
    { arn: `arn:${partition}:iam::${ACCOUNT}:role/r`, account: ACCOUNT },
    'yes',
  ]),
  [{ AWS: [OTHER, ROOT] }, role, 'yes'],
  [{ AWS: ROLE }, role, 'yes'],
  [{ AWS: ROLE }, accountOnly, 'maybe'],
  [{ AWS: `arn:aws:iam::${OTHER}:role/Backup` }, accountOnly, 'no'],
  [{ AWS: `arn:aws:iam::${ACCOUNT}:role/Backup` }, role, 'no'], // the path is part of the ARN
  [{ AWS: ROLE.toLowerCase() }, role, 'no'],
  [{ AWS: `arn:aws:iam::${ACCOUNT}:role/*` }, role, 'no'], // no wildcards in principals
  [{ AWS: `arn:aws:iam::*:root` }, role, 'maybe'], // no ARN at all
  [{ AWS: USER }, role, 'no'],
  [{ AWS: USER }, user, 'yes'],
  [{ AWS: USER }, accountOnly, 'maybe'],
  [{ AWS: `arn:aws:iam::${ACCOUNT}:group/g` }, user, 'no'],
  [{ AWS: SESSION }, role, 'maybe'],
  [{ AWS: SESSION }, accountOnly, 'maybe'],
  [{ AWS: SESSION }, user, 'no'],
  [{ AWS: SESSION.replace('Backup/', 'Other/') }, role, 'no'],
  [{ AWS: SESSION.replace(ACCOUNT, OTHER) }, role, 'no'],
  [{ AWS: SESSION }, { arn: SESSION, account: ACCOUNT }, 'yes'],
  [{ AWS: ROLE }, { arn: SESSION, account: ACCOUNT }, 'maybe'],
  [{ AWS: 'AROAIOSFODNN7EXAMPLE1' }, role, 'no'],
  [{ AWS: 'AROAIOSFODNN7EXAMPLE1' }, accountOnly, 'no'],
  [{ AWS: 'AIDAIOSFODNN7EXAMPLE1' }, user, 'no'],
  [{ AWS: 'my-alias' }, role, 'maybe'],
  [{ AWS: `arn:aws:s3:::bucket` }, role, 'no'],
  [{ AWS: [] }, role, 'no'],
  [{ Service: 'backup.amazonaws.com' }, role, 'no'],
  [{ Service: '*' }, role, 'no'],
  [{ Service: 'backup.amazonaws.com' }, service, 'yes'],
  [{ Service: ['ec2.amazonaws.com', 'backup.amazonaws.com'] }, service, 'yes'],
  [{ Service: 'ec2.amazonaws.com' }, service, 'no'],
  [{ Service: 'backup.amazonaws.com.cn' }, service, 'maybe'],
  [{ Service: '*' }, service, 'maybe'],
  [{ AWS: ACCOUNT }, service, 'no'],
  [{ AWS: ROLE }, service, 'no'],
  [{ Federated: 'cognito-identity.amazonaws.com' }, role, 'no'],
  [{ Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/p` }, role, 'no'],
  [{ CanonicalUser: '79a59df900b949e55d96a1e698fbaced' }, role, 'no'],
  [{ AWS: USER, Service: 'backup.amazonaws.com' }, role, 'no'],
  [{ Service: 'backup.amazonaws.com', AWS: ROLE }, role, 'yes'],
  [{ Tomorrow: 'x' }, role, 'maybe'],
];

describe('Principal', () => {
  it.each(rows)('%j for %j: %s', (principal, who, expected) => {
    expect(matches({ Principal: principal }, { principal: who })).toBe(expected);
  });

  it('names what it could not judge', () => {
    expect(judge({ Principal: { AWS: ROLE } }, { principal: accountOnly }).undecided).toEqual([`principal ${ROLE}`]);
  });
});

type Exclusion = readonly [Statement['Effect'], Principal, RequestPrincipal, 'yes' | 'no' | 'maybe'];
const plain: RequestPrincipal = { ...role, hasPermissionsBoundary: false };
const bounded: RequestPrincipal = { ...role, hasPermissionsBoundary: true };

describe('NotPrincipal', () => {
  it.each<Exclusion>([
    ['Deny', '*', plain, 'no'],
    ['Deny', '*', role, 'maybe'],
    ['Deny', '*', bounded, 'yes'],
    ['Deny', '*', service, 'no'],
    ['Deny', { AWS: ROLE }, bounded, 'yes'], // "regardless of the values"
    ['Allow', '*', bounded, 'no'],
    ['Deny', { AWS: OTHER }, role, 'yes'],
    ['Deny', { AWS: OTHER }, accountOnly, 'yes'],
    ['Deny', { AWS: [ROLE, ROOT] }, plain, 'no'],
    ['Deny', { AWS: [ROLE, ACCOUNT] }, plain, 'no'],
    ['Deny', { AWS: [ROLE, ROOT] }, bounded, 'yes'], // always denied, says AWS
    ['Deny', { AWS: [ROLE, ROOT] }, role, 'maybe'], // a boundary is possible
    ['Deny', { AWS: ROOT }, plain, 'maybe'],
    ['Deny', { AWS: ROLE }, plain, 'maybe'],
    ['Deny', { AWS: SESSION }, plain, 'maybe'],
    ['Deny', { AWS: [ROLE, ROOT] }, accountOnly, 'maybe'],
    ['Deny', { AWS: ROOT }, { arn: ROOT, account: ACCOUNT }, 'no'],
    ['Deny', { AWS: 'AROAIOSFODNN7EXAMPLE1' }, role, 'yes'],
    ['Deny', { Service: 'backup.amazonaws.com' }, role, 'yes'],
    ['Deny', { Service: 'backup.amazonaws.com' }, service, 'no'],
    ['Deny', { Service: 'ec2.amazonaws.com' }, service, 'yes'],
    ['Deny', { AWS: ROOT }, service, 'yes'],
    ['Allow', { AWS: [ROLE, ROOT] }, role, 'no'],
    ['Allow', { AWS: OTHER }, role, 'maybe'], // "not supported"
    ['Allow', { AWS: ROLE }, role, 'maybe'],
  ])('%s except %j, for %j: %s', (Effect, NotPrincipal, principal, expected) => {
    expect(answer(judge({ Effect, NotPrincipal }, { principal }).decision)).toBe(expected);
  });
});

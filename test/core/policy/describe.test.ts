import { describeStatement } from '../../../lambda/core/policy/describe';
import { ACCOUNT, OTHER, ROLE, statement } from './fixture';

describe('describeStatement', () => {
  it('says who may do what', () => {
    const one = statement({
      Sid: 'Org',
      Effect: 'Deny',
      Principal: { AWS: [`arn:aws-cn:iam::${ACCOUNT}:root`, ROLE] },
    });
    expect(describeStatement(one, 0)).toEqual({
      label: 'Org',
      effect: 'Deny',
      actions: 'backup:CopyIntoBackupVault',
      principals: `${ACCOUNT}, ${ROLE}`,
    });
  });

  it('counts from one where there is no Sid', () => {
    expect(describeStatement(statement(), 1).label).toBe('statement 2');
    expect(describeStatement(statement({ Sid: '' }), 1).label).toBe('statement 2');
  });

  it.each([
    [{ Principal: '*' }, 'everyone'],
    [{ Principal: { AWS: ['*', ACCOUNT] } }, 'everyone'],
    [{ Principal: { Service: 'backup.amazonaws.com' } }, 'backup.amazonaws.com'],
    [{ Principal: { Service: '*' } }, 'every Service principal'],
    [{ Principal: { AWS: [] } }, 'none'],
    [{ NotPrincipal: { AWS: [OTHER, OTHER] } }, `everyone except ${OTHER}`],
    [{ Principal: { AWS: ['1', '2', '3', '4'] } }, '1, 2, 3, 4'],
    [{ Principal: { AWS: ['1', '2', '3', '4', '5', '6'] } }, '1, 2, 3 and 3 more'],
  ])('principals of %j', (one, expected) => {
    expect(describeStatement(statement(one), 0).principals).toBe(expected);
  });

  it.each([
    [{ Action: ['a:b', 'c:d'] }, 'a:b, c:d'],
    [{ Action: ['a:b', '*'] }, 'all actions'],
    [{ NotAction: 'a:b' }, 'all actions except a:b'],
    [{ Action: ['a:1', 'a:2', 'a:3', 'a:4', 'a:5'] }, 'a:1, a:2, a:3 and 2 more'],
  ])('actions of %j', (one, expected) => {
    expect(describeStatement(statement(one), 0).actions).toBe(expected);
  });
});

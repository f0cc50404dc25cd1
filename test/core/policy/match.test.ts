import { evaluate } from '../../../lambda/core/policy/evaluate';
import { glob } from '../../../lambda/core/policy/match';
import type { Statement } from '../../../lambda/core/policy/policy';
import { VAULT, document, judge, matches, request, statement } from './fixture';

describe('glob', () => {
  it.each([
    ['', '', true],
    ['*', '', true],
    ['?', '', false],
    ['a*', 'a', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['*a*b', 'xaxbxb', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['**', 'x', true],
    ['a', 'ab', false],
    [['a', '\\*'], 'a*', true],
    [['a', '\\*'], 'ab', false],
    [['\\?', '*'], '?ab', true],
    [['\\?', '*'], 'ab', false],
    [['\\', '*'], '\\ab', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(glob(pattern, text)).toBe(expected);
  });

  it('does not stall on many stars', () => {
    expect(glob('*a'.repeat(500) + 'b', 'a'.repeat(5000))).toBe(false);
  });
});

type Row = readonly [Partial<Statement>, 'yes' | 'no' | 'maybe'];

describe('Action and NotAction', () => {
  it.each<Row>([
    [{ Action: '*' }, 'yes'],
    [{ Action: '*:*' }, 'maybe'], // means everything to many, but no page of AWS says so
    [{ Action: 'backup:*' }, 'yes'],
    [{ Action: 'BACKUP:copyintobackupvault' }, 'yes'],
    [{ Action: 'backup:Copy*Vault' }, 'yes'],
    [{ Action: 'backup:CopyIntoBackupVaul?' }, 'yes'],
    [{ Action: 'backup:Copy' }, 'no'],
    [{ Action: 'kms:*' }, 'no'],
    [{ Action: ['kms:*', 'backup:CopyIntoBackupVault'] }, 'yes'],
    [{ Action: 'back*' }, 'maybe'], // no `service:Action`
    [{ Action: '*:CopyIntoBackupVault' }, 'maybe'],
    [{ Action: 'kms*' }, 'no'],
    [{ NotAction: 'backup:CopyIntoBackupVault' }, 'no'],
    [{ NotAction: 'backup:*' }, 'no'],
    [{ NotAction: ['backup:Delete*', 'kms:*'] }, 'yes'],
    [{ NotAction: '*' }, 'no'],
  ])('%j: %s', (one, expected) => {
    expect(matches(one)).toBe(expected);
  });
});

describe('Resource and NotResource', () => {
  it.each<Row>([
    [{ Resource: '*' }, 'yes'],
    [{ Resource: VAULT }, 'yes'],
    [{ Resource: VAULT.replace('Central', 'central') }, 'no'],
    [{ Resource: 'arn:aws:backup:*:*:backup-vault:*' }, 'yes'],
    [{ Resource: 'arn:aws:backup:*' }, 'yes'], // a last `*` of a segment reaches beyond the colon
    [{ Resource: 'arn:aws:backup:*:backup-vault:Central' }, 'yes'],
    [{ Resource: 'arn:aws:backup:eu*1:backup-vault:Central' }, 'no'],
    [{ Resource: 'arn:aws:backup:eu*6:backup-vault:Central' }, 'maybe'], // one within a segment: not settled
    [{ Resource: 'arn:aws:backup:eu-central-1?444455556666:backup-vault:Central' }, 'maybe'],
    [{ Resource: 'arn:aws:backup:*:*:*' }, 'yes'],
    [{ Resource: 'arn:aws:backup:*:*:backup-*:Central' }, 'maybe'], // a wildcard in the resource's type
    [{ Resource: 'arn:aws:backup:*:*:backup-*:Other' }, 'no'],
    [{ Resource: ['arn:aws:s3:::*', VAULT] }, 'yes'],
    [{ Resource: 'arn:aws:s3:::*' }, 'no'],
    [{ Resource: 'arn:aws:backup:*:*:backup-vault:${aws:username}' }, 'maybe'],
    [{ Resource: ['${aws:username}', VAULT] }, 'yes'],
    [{ NotResource: VAULT }, 'no'],
    [{ NotResource: 'arn:aws:s3:::*' }, 'yes'],
    [{ NotResource: '${aws:username}' }, 'maybe'],
    [{ Resource: undefined }, 'maybe'],
    [{ Resource: undefined, Action: 'kms:*' }, 'no'], // certain for another reason
  ])('%j: %s', (one, expected) => {
    expect(matches(one)).toBe(expected);
  });

  it('say why not', () => {
    expect(judge({ Resource: undefined }).undecided).toEqual(['missing Resource']);
    expect(judge({ Resource: 'x${aws:username}' }).undecided).toEqual(['policy variable ${aws:username}']);
  });

  it('take a variable literally in an old document', () => {
    const old = { ...document(statement({ Resource: 'v-${aws:username}' })), Version: '2008-10-17' };
    expect(evaluate(old, request({ resource: 'v-${aws:username}' })).decision).toBe('Allowed');
    expect(evaluate(old, request({ resource: 'v-ann' })).decision).toBe('ImplicitlyDenied');
  });
});

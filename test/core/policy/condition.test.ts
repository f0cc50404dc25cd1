import type { ConditionValue, PolicyRequest } from '../../../lambda/core/policy/policy';
import { judge, matches } from './fixture';

type Given = PolicyRequest['context'][string] | undefined;

const KEY = 'aws:PrincipalOrgID';
const A = 'arn:aws:iam::111122223333:role/a';

function ask(operator: string, wanted: ConditionValue, given: Given): 'yes' | 'no' | 'maybe' {
  const context: PolicyRequest['context'] = given === undefined ? {} : { [KEY]: given };
  return matches({ Condition: { [operator]: { [KEY]: wanted } } }, { context });
}

// [operator, value(s) in the policy, value(s) in the request (null = absent, undefined = not known), matches?]
type Row = readonly [string, ConditionValue, Given, 'yes' | 'no' | 'maybe'];

const strings: Row[] = [
  ['StringEquals', 'o-1', 'o-1', 'yes'],
  ['StringEquals', 'o-1', 'O-1', 'no'],
  ['StringEquals', 'o-*', 'o-1', 'no'], // no wildcards here
  ['StringEquals', ['o-0', 'o-1'], 'o-1', 'yes'],
  ['StringEquals', 'o-1', null, 'no'],
  ['StringEquals', 'o-1', undefined, 'maybe'],
  ['StringEquals', true, 'true', 'yes'],
  ['StringEquals', 7, '7', 'yes'],
  ['StringEquals', '', '', 'yes'],
  ['StringEquals', [], 'o-1', 'maybe'],
  ['StringNotEquals', 'o-1', 'o-1', 'no'],
  ['StringNotEquals', 'o-1', 'o-2', 'yes'],
  ['StringNotEquals', ['o-1', 'o-2'], 'o-2', 'no'], // NOR
  ['StringNotEquals', ['o-1', 'o-2'], 'o-3', 'yes'],
  ['StringNotEquals', 'o-1', null, 'yes'], // negated and absent: true
  ['StringNotEquals', 'o-1', undefined, 'maybe'],
  ['StringEqualsIgnoreCase', 'ABC', 'abc', 'yes'],
  ['StringEqualsIgnoreCase', 'ABC', 'abd', 'no'],
  ['StringEqualsIgnoreCase', 'ABC', null, 'no'],
  ['StringNotEqualsIgnoreCase', 'ABC', 'abc', 'no'],
  ['StringNotEqualsIgnoreCase', 'ABC', 'abd', 'yes'],
  ['StringNotEqualsIgnoreCase', 'ABC', null, 'yes'],
  ['StringLike', 'o-*', 'o-1', 'yes'],
  ['StringLike', 'o-?', 'o-12', 'no'],
  ['StringLike', 'O-*', 'o-1', 'no'],
  ['StringLike', '*', '', 'yes'],
  ['StringLike', '*', null, 'no'],
  ['StringLike', ['x*', 'o*'], 'o-1', 'yes'],
  ['StringNotLike', 'o-*', 'o-1', 'no'],
  ['StringNotLike', 'x-*', 'o-1', 'yes'],
  ['StringNotLike', '*', null, 'yes'],
];

const arns: Row[] = [
  ['ArnEquals', A, A, 'yes'],
  ['ArnEquals', 'arn:aws:iam::*:role/?', A, 'yes'], // behaves as ArnLike
  ['ArnLike', 'arn:aws:iam::*:role/b', A, 'no'],
  ['ArnLike', 'arn:*:iam::111122223333:*', A, 'yes'],
  ['ArnLike', 'arn:aws:sns:*:1:t', 'arn:aws:sns:eu:9:x:1:t', 'no'], // a wildcard stays within its part
  ['ArnLike', 'arn:aws:sns:*:*:a*z', 'arn:aws:sns:eu:9:a:b:z', 'yes'], // the resource may have colons
  ['ArnLike', '*', A, 'maybe'],
  ['ArnLike', 'arn:aws:iam::*', A, 'maybe'],
  ['ArnLike', 'arn:aws:sns:*', A, 'no'],
  ['ArnLike', [A, '*'], A, 'yes'],
  ['ArnLike', A, null, 'no'],
  ['ArnLike', A, undefined, 'maybe'],
  ['ArnNotEquals', A, A, 'no'],
  ['ArnNotEquals', 'arn:aws:iam::*:role/b', A, 'yes'],
  ['ArnNotEquals', A, null, 'yes'],
  ['ArnNotLike', 'arn:aws:iam::*:role/*', A, 'no'],
  ['ArnNotLike', 'arn:aws:iam::4*:role/*', A, 'yes'],
  ['ArnNotLike', '*', A, 'maybe'],
  ['ArnNotLike', 'arn:aws:sns:*', A, 'maybe'], // is it no match, or no ARN?
  ['ArnNotLike', A, null, 'yes'],
  ['ArnNotLike', A, undefined, 'maybe'],
];

const boolsAndNulls: Row[] = [
  ['Bool', 'true', 'true', 'yes'],
  ['Bool', true, 'true', 'yes'],
  ['Bool', 'false', 'true', 'no'],
  ['Bool', false, 'false', 'yes'],
  ['Bool', ['true', 'false'], 'false', 'yes'],
  ['Bool', 'True', 'true', 'maybe'],
  ['Bool', 'true', null, 'no'],
  ['Bool', 'false', null, 'no'],
  ['Bool', 'false', undefined, 'maybe'],
  ['Null', 'true', null, 'yes'],
  ['Null', 'false', null, 'no'],
  ['Null', true, 'o-1', 'no'],
  ['Null', false, 'o-1', 'yes'],
  ['Null', ['true', 'false'], 'o-1', 'yes'],
  ['Null', 'true', [], 'yes'],
  ['Null', 'true', '', 'maybe'],
  ['Null', 'yes', 'o-1', 'maybe'],
  ['Null', 'true', undefined, 'maybe'],
  ['NullIfExists', 'true', null, 'maybe'],
];

const ifExists: Row[] = [
  ['StringEqualsIfExists', 'o-1', null, 'yes'],
  ['StringEqualsIfExists', 'o-1', 'o-2', 'no'],
  ['StringEqualsIfExists', 'o-1', 'o-1', 'yes'],
  ['StringEqualsIfExists', 'o-1', undefined, 'maybe'],
  ['StringNotEqualsIfExists', 'o-1', null, 'yes'],
  ['StringNotEqualsIfExists', 'o-1', 'o-1', 'no'],
  ['StringEqualsIgnoreCaseIfExists', 'O-1', 'o-1', 'yes'],
  ['StringLikeIfExists', 'o-*', 'x', 'no'],
  ['StringNotLikeIfExists', 'o-*', 'x', 'yes'],
  ['ArnLikeIfExists', A, null, 'yes'],
  ['ArnNotEqualsIfExists', A, A, 'no'],
  ['BoolIfExists', 'true', null, 'yes'],
  ['BoolIfExists', 'true', 'false', 'no'],
  ['ForAnyValue:StringEqualsIfExists', 'o-1', null, 'maybe'], // one page says yes, the other no
  ['ForAnyValue:StringEqualsIfExists', 'o-1', [], 'maybe'],
  ['ForAllValues:StringEqualsIfExists', 'o-1', [], 'yes'],
];

const sets: Row[] = [
  ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'b'], 'yes'],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'y'], 'no'],
  ['ForAnyValue:StringEquals', 'a', 'a', 'yes'],
  ['ForAnyValue:StringEquals', 'a', null, 'no'],
  ['ForAnyValue:StringEquals', 'a', [], 'no'],
  ['ForAnyValue:StringEquals', 'a', undefined, 'maybe'],
  ['ForAnyValue:StringLike', 'o-1/*', ['o-2/r', 'o-1/r/ou'], 'yes'],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'x'], 'yes'],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], 'no'],
  ['ForAnyValue:StringNotEquals', 'a', null, 'no'], // needs the key, also when negated
  ['ForAnyValue:ArnLike', '*', [A], 'maybe'],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], 'yes'],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'x'], 'no'],
  ['ForAllValues:StringEquals', 'a', null, 'yes'],
  ['ForAllValues:StringEquals', 'a', [], 'yes'],
  ['ForAllValues:StringEquals', 'a', '', 'yes'],
  ['ForAllValues:StringEquals', 'a', undefined, 'maybe'],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['x', 'y'], 'yes'],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['x', 'b'], 'no'],
  ['ForAllValues:StringNotLike', 'a*', null, 'yes'],
  ['ForAllValues:Bool', 'true', ['true', 'false'], 'no'],
  // Several values without a set operator: only that none matches is certain.
  ['StringEquals', 'a', ['a'], 'yes'],
  ['StringEquals', 'a', ['x', 'y'], 'no'],
  ['StringEquals', 'a', ['a', 'y'], 'maybe'],
  ['StringNotEquals', 'a', ['x', 'y'], 'maybe'],
  ['StringNotEquals', ['a', 'b'], ['a', 'b'], 'no'],
  ['StringEquals', 'a', [], 'no'],
  ['StringNotEquals', 'a', [], 'yes'],
];

const cannotTell = ['stringequals', 'ForAnyValue:Null', 'ForSome:StringEquals', 'BinaryNotEquals', 'Foo'].map(
  (operator): Row => [operator, '1', '1', 'maybe'],
);

describe('condition operators', () => {
  const rows = [...strings, ...arns, ...boolsAndNulls, ...ifExists, ...sets, ...cannotTell];
  it.each(rows)('%s of %j with %j: %s', (operator, wanted, given, expected) => {
    expect(ask(operator, wanted, given)).toBe(expected);
  });
});

describe('condition blocks', () => {
  it('are an AND over operators and keys', () => {
    const Condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
    expect(matches({ Condition }, { context: { a: '1', b: '2', c: 'true' } })).toBe('yes');
    expect(matches({ Condition }, { context: { a: '1', b: 'x', c: 'true' } })).toBe('no');
    expect(matches({ Condition }, { context: { a: '1', b: '2', c: 'false' } })).toBe('no');
  });

  it('with a certain false are false, whatever else is unknown', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, StringEquals: { a: '1' } };
    expect(matches({ Condition }, { context: { a: '2' } })).toBe('no');
    expect(matches({ Condition }, { context: { a: '1' } })).toBe('maybe');
  });

  it('that are empty hold', () => {
    expect(matches({ Condition: {} })).toBe('yes');
    expect(matches({ Condition: { StringEquals: {} } })).toBe('yes');
  });

  it('find keys in any case', () => {
    const Condition = { StringEquals: { 'AWS:principalorgid': 'o-1' } };
    expect(matches({ Condition }, { context: { 'aws:PrincipalOrgID': 'o-1' } })).toBe('yes');
  });

  it('do not choose between two spellings of one key', () => {
    const Condition = { StringEquals: { 'aws:x': '1' } };
    expect(matches({ Condition }, { context: { 'aws:X': '1', 'AWS:x': '2' } })).toBe('maybe');
  });

  it('are not fooled by names that objects inherit', () => {
    expect(matches({ Condition: { StringEquals: { constructor: '1' } } })).toBe('maybe');
    expect(matches({ Condition: { constructor: { a: '1' } } as never }, { context: { a: '1' } })).toBe('maybe');
  });
});

describe('what could not be judged', () => {
  it.each([
    [{ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, ['condition key aws:SourceVpc']],
    [{ Near: { 'aws:SourceIp': '10.0.0.1' } }, ['condition key aws:SourceIp', 'operator Near']],
    [{ NumericEquals: { known: 'one' } }, ['value "one" of a Numeric operator']],
    [{ StringEqualsIfExists: { known: '${a}${b}' } }, ['policy variable ${a}', 'policy variable ${b}']],
    [{ StringEquals: { known: '${aws:username}' } }, ['policy variable ${aws:username}']],
    [{ Bool: { x: 'true' }, Null: { x: 'true' } }, ['condition key x']], // each reason once
  ])('%j', (Condition, undecided) => {
    const verdict = judge({ Condition: Condition as never }, { context: { known: '1' } });
    expect(verdict).toMatchObject({ decision: 'CannotTell', undecided });
  });
});

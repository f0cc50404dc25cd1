import { evaluate } from '../../../lambda/core/policy/evaluate';
import type { PolicyRequest } from '../../../lambda/core/policy/policy';
import { document, judge, matches, request, statement } from './fixture';

const ARN = 'arn:aws:iam::111122223333:role/ann';
const CONTEXT: PolicyRequest['context'] = {
  name: 'ann',
  star: 'a*',
  account: '111122223333',
  colon: 'iam::1111',
  absent: null,
  empty: '',
  several: ['ann', 'bob'],
  list: ['ann'],
  'aws:PrincipalTag/cost center': 'r d',
};

// [operator, value in the policy, value in the request, matches?]
type Row = readonly [string, string | readonly string[], string | null, 'yes' | 'no' | 'maybe'];

describe('policy variables in a condition', () => {
  it.each<Row>([
    ['StringEquals', '${name}', 'ann', 'yes'],
    ['StringEquals', '${NAME}', 'ann', 'yes'],
    ['StringEquals', '${name}', 'bob', 'no'],
    ['StringEquals', 'x-${name}-${account}', 'x-ann-111122223333', 'yes'],
    ['StringEquals', '${aws:PrincipalTag/cost center}', 'r d', 'yes'],
    ['StringNotEquals', '${name}', 'ann', 'no'],
    ['StringEqualsIgnoreCase', '${name}', 'ANN', 'yes'],
    ['StringEquals', ['${unknown}', 'ann'], 'ann', 'yes'],
    ['StringEquals', ['${unknown}', 'ann'], 'bob', 'maybe'],
    ['StringEquals', '${unknown}', null, 'no'],
    ['StringNotEquals', '${unknown}', 'ann', 'maybe'],
    ['ForAnyValue:StringEquals', '${name}', 'ann', 'yes'],
    ['StringLike', '${name}*', 'annabel', 'yes'],
    ['StringLike', '*${name}', 'joann', 'yes'],
    // A value is no pattern.
    ['StringLike', '${star}', 'a*', 'yes'],
    ['StringLike', '${star}', 'ab', 'no'],
    ['StringLike', '${star}*', 'a*b', 'yes'],
    ['StringLike', 'a${*}', 'a*', 'yes'],
    ['StringLike', 'a${*}', 'ab', 'no'],
    ['StringLike', 'a${?}*', 'a?b', 'yes'],
    ['StringLike', 'a${?}', 'ab', 'no'],
    ['StringLike', '${$}{name}', '${name}', 'yes'],
    ['StringEquals', '${*}${?}${$}', '*?$', 'yes'],
    // No value: "There is no equal or like value", and "inverted condition operators … do match".
    ['StringEquals', '${absent}', 'ann', 'no'],
    ['StringEquals', '${absent}', '', 'no'],
    ['StringLike', '*${absent}', 'ann', 'no'],
    ['StringNotEquals', '${absent}', 'ann', 'yes'],
    ['StringNotLike', '*${absent}', 'ann', 'yes'],
    ['StringNotEquals', ['${absent}', 'ann'], 'ann', 'no'],
    ['StringNotEquals', '${absent}${unknown}', 'ann', 'yes'],
    ['StringEquals', "${absent, 'ann'}", 'ann', 'yes'],
    ['StringEquals', "${absent, 'ann'}", 'bob', 'no'],
    ['StringEquals', "${name, 'bob'}", 'ann', 'yes'],
    ['StringEquals', "${unknown, 'ann'}", 'ann', 'maybe'],
    // Not settled by what AWS writes.
    ['StringEquals', '${empty}', '', 'maybe'],
    ['StringEquals', '${several}', 'ann', 'maybe'],
    ['StringEquals', '${list}', 'ann', 'maybe'],
    ['StringEquals', "${absent,'ann'}", 'ann', 'maybe'],
    ['StringEquals', "${absent, ''}", '', 'maybe'],
    ['StringLike', "${absent, 'a*'}", 'ann', 'maybe'],
    ['StringEquals', '${}', '${}', 'maybe'],
    ['StringEquals', '${name', '${name', 'maybe'],
    ['StringEquals', '${a${name}}', 'x', 'maybe'],
    ['StringEquals', '$name', '$name', 'yes'],
    ['ArnLike', 'arn:aws:iam::${account}:role/${name}', ARN, 'yes'],
    ['ArnEquals', 'arn:aws:iam::${account}:role/a*', ARN, 'yes'],
    ['ArnNotEquals', 'arn:aws:iam::${account}:role/bob', ARN, 'yes'],
    ['ArnLike', 'arn:aws:${colon}22223333:role/ann', ARN, 'maybe'],
    ['ArnNotLike', 'arn:aws:iam::${absent}:role/ann', ARN, 'yes'],
  ])('%s of %j with %j: %s', (operator, wanted, key, expected) => {
    expect(matches({ Condition: { [operator]: { key: wanted } } }, { context: { ...CONTEXT, key } })).toBe(expected);
  });

  // "You can't use a policy variable with other operators", or with Bool: two pages differ.
  it.each(['NumericEquals', 'DateNotEquals', 'Bool', 'IpAddress', 'BinaryEquals', 'Null'])(
    'not with %s',
    (operator) => {
      const Condition = { [operator]: { key: '${name}' } };
      expect(matches({ Condition }, { context: { key: '1', name: '1' } })).toBe('maybe');
    },
  );

  const one = statement({ Condition: { StringEquals: { key: '${name}' } } });
  it.each([
    ['2012-10-17', 'ann', 'Allowed'],
    ['2008-10-17', '${name}', 'Allowed'], // plain text
    ['2008-10-17', 'ann', 'ImplicitlyDenied'],
    [undefined, '${name}', 'Allowed'],
    [undefined, 'ann', 'ImplicitlyDenied'],
  ])('Version %s, %s: %s', (Version, key, decision) => {
    const asked = request({ context: { ...CONTEXT, key } });
    expect(evaluate({ ...document(one), Version }, asked).decision).toBe(decision);
  });

  it('say which could not be told', () => {
    const Condition = { StringEquals: { key: "${several}/${unknown, 'x'}/${name}" } };
    expect(judge({ Condition }, { context: { ...CONTEXT, key: 'x' } }).undecided).toEqual([
      'policy variable ${several}',
      "policy variable ${unknown, 'x'}",
    ]);
  });
});

describe('policy variables in a resource', () => {
  const resource = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:ann';
  const vault = (name: string) => `arn:aws:backup:*:111122223333:backup-vault:${name}`;
  it.each([
    [{ Resource: vault('${name}') }, 'yes'],
    [{ Resource: vault('${name}*') }, 'yes'],
    [{ Resource: vault('${star}') }, 'no'],
    [{ Resource: vault('${unknown}') }, 'maybe'],
    [{ Resource: vault('${absent}') }, 'no'],
    [{ Resource: vault('*${absent}') }, 'no'],
    [{ Resource: vault("${absent, 'ann'}") }, 'yes'],
    [{ Resource: vault("${absent, 'bob'}") }, 'no'],
    [{ Resource: [vault('${absent}'), vault('ann')] }, 'yes'],
    [{ NotResource: vault('${name}') }, 'no'],
    [{ NotResource: vault('${star}') }, 'yes'],
    [{ NotResource: vault('${absent}') }, 'maybe'], // does the rest apply to everything or to nothing?
    [{ NotResource: [vault('${absent}'), vault('ann')] }, 'no'],
    // "Only in the resource portion of the ARN."
    [{ Resource: 'arn:aws:backup:*:${account}:backup-vault:ann' }, 'maybe'],
    [{ Resource: '${name}' }, 'maybe'],
  ])('%j: %s', (one, expected) => {
    expect(matches(one, { resource, context: CONTEXT })).toBe(expected);
  });
});

describe('the paths of an organization', () => {
  const ask = (operator: string, wanted: string, paths: readonly string[] | null | undefined) => {
    const context: PolicyRequest['context'] = paths === undefined ? {} : { 'aws:PrincipalOrgPaths': paths };
    return matches({ Condition: { [operator]: { 'aws:PrincipalOrgPaths': wanted } } }, { context });
  };
  const PATH = 'o-exampleorg/r-ab12/ou-ab12-11111111/';
  it.each([
    ['ForAnyValue:StringLike', 'o-exampleorg/*', [PATH], 'yes'],
    ['ForAnyValue:StringLike', 'o-exampleorg/r-ab12/ou-ab12-11111111/*', [PATH], 'yes'],
    ['ForAnyValue:StringLike', 'o-exampleorg/r-ab12/ou-ab12-22222222/*', [PATH], 'no'],
    ['ForAnyValue:StringLike', 'o-exampleorg/*', null, 'no'],
    ['ForAnyValue:StringLike', 'o-exampleorg/*', undefined, 'maybe'],
    ['ForAnyValue:StringEquals', PATH, [PATH], 'yes'],
    ['ForAllValues:StringLike', 'o-exampleorg/*', null, 'yes'],
    ['StringLike', 'o-exampleorg/*', [PATH], 'yes'], // one value is one value
    ['StringLike', 'o-exampleorg/*', [PATH, PATH], 'maybe'],
  ])('%s %s of %j: %s', (operator, wanted, paths, expected) => {
    expect(ask(operator, wanted, paths)).toBe(expected);
  });
});

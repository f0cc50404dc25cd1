import { parsePolicy } from '../../../lambda/core/policy/parse';

const good = { Effect: 'Allow', Principal: '*', Action: 'backup:*', Resource: '*' };
const doc = (statement: unknown): unknown => ({ Version: '2012-10-17', Statement: [good, statement] });

describe('parsePolicy accepts', () => {
  it.each([
    ['a list', { Statement: [good] }],
    ['no statements', { Statement: [] }],
    ['Id and old Version', { Version: '2008-10-17', Id: 'x', Statement: [good] }],
    [
      'NotPrincipal, NotAction, NotResource',
      doc({ Effect: 'Deny', NotPrincipal: { AWS: ['1'] }, NotAction: ['a:b'], NotResource: 'x' }),
    ],
    ['no Resource', doc({ Effect: 'Allow', Principal: { Service: 'x' }, Action: ['a:b'] })],
    [
      'condition values of all kinds',
      doc({ ...good, Condition: { Bool: { a: true, b: 'x', c: 1, d: ['x', false, 2] } } }),
    ],
    [
      'the same Sid twice',
      {
        Statement: [
          { ...good, Sid: 'a' },
          { ...good, Sid: 'a' },
        ],
      },
    ],
  ])('%s, as text and as an object', (_, value) => {
    expect(parsePolicy(value)).toEqual({ ok: true, document: value });
    expect(parsePolicy(JSON.stringify(value))).toEqual({ ok: true, document: value });
  });

  it('a single statement as a list of one', () => {
    expect(parsePolicy({ Statement: good })).toEqual({ ok: true, document: { Statement: [good] } });
  });
});

describe('parsePolicy refuses', () => {
  it.each([
    ['{', /^The policy is not JSON: .+\.$/],
    ['', /^The policy is not JSON/],
    [undefined, 'The policy is not a JSON object.'],
    [null, 'The policy is not a JSON object.'],
    ['[]', 'The policy is not a JSON object.'],
    ['"x"', 'The policy is not a JSON object.'],
    [7, 'The policy is not a JSON object.'],
    [{}, 'The policy has no Statement.'],
    [{ Statement: 'x' }, "The policy's Statement must be an object or a list of objects."],
    [{ Statement: [], statement: [] }, 'The policy has an unknown element "statement".'],
    [{ Version: '2020-01-01', Statement: [] }, /Version must be .* not "2020-01-01"\.$/],
    [{ Id: 1, Statement: [] }, "The policy's Id must be a text."],
    ['{"Statement":[],"__proto__":{}}', 'The policy has an unknown element "__proto__".'],
    [doc(null), 'Statement 2 is not an object.'],
    [doc([good]), 'Statement 2 is not an object.'],
    [doc({ ...good, Conditions: {} }), 'Statement 2 has an unknown element "Conditions".'],
    [doc({ ...good, Sid: 3 }), 'Statement 2 has a Sid that is not a text.'],
    [doc({ ...good, Effect: undefined }), 'Statement 2 has no Effect.'],
    [
      doc({ ...good, Sid: 'S', Effect: 'allow' }),
      'Statement 2 (Sid "S") has the Effect "allow", which is neither "Allow" nor "Deny".',
    ],
    [doc({ ...good, Principal: undefined }), 'Statement 2 has neither Principal nor NotPrincipal.'],
    [doc({ ...good, NotPrincipal: '*' }), 'Statement 2 has both Principal and NotPrincipal.'],
    [doc({ ...good, Action: undefined }), 'Statement 2 has neither Action nor NotAction.'],
    [doc({ ...good, NotAction: 'a:b' }), 'Statement 2 has both Action and NotAction.'],
    [doc({ ...good, NotResource: '*' }), 'Statement 2 has both Resource and NotResource.'],
    [doc({ ...good, Action: 5 }), 'Statement 2 has an Action that is not a text or a list of texts.'],
    [doc({ ...good, Action: [] }), 'Statement 2 has an empty Action.'],
    [doc({ ...good, Action: null }), 'Statement 2 has an Action that is not a text or a list of texts.'],
    [doc({ ...good, Resource: [1] }), 'Statement 2 has a Resource that is not a text or a list of texts.'],
    [doc({ ...good, Principal: '111122223333' }), /the Principal "111122223333"; the only text allowed is "\*"/],
    [doc({ ...good, Principal: ['*'] }), 'Statement 2 has a Principal that is neither "*" nor an object.'],
    [doc({ ...good, Principal: {} }), 'Statement 2 has an empty Principal.'],
    [doc({ ...good, Principal: { aws: '*' } }), 'Statement 2 has a Principal of the unknown type "aws".'],
    [
      doc({ ...good, Principal: { AWS: 1 } }),
      'Statement 2 has a Principal whose AWS is not a text or a list of texts.',
    ],
    [doc({ ...good, Condition: [] }), 'Statement 2 has a Condition that is not an object.'],
    [doc({ ...good, Condition: { Bool: 'x' } }), 'Statement 2 has a Condition whose Bool is not an object.'],
    [
      doc({ ...good, Condition: { Bool: { k: {} } } }),
      /whose Bool of k is not a text, boolean, number or a list of these\.$/,
    ],
    [doc({ ...good, Condition: { Bool: { k: null } } }), /whose Bool of k is not/],
  ])('%j', (value, problem) => {
    const parsed = parsePolicy(value);
    expect(parsed).toEqual({
      ok: false,
      problem: problem instanceof RegExp ? expect.stringMatching(problem) : problem,
    });
  });
});

describe('what JSON.parse lets go without a word', () => {
  const DENY = '"Effect":"Deny","Principal":"*","Action":"a:b","Resource":"*"';
  const within = (condition: string) => `{"Statement":[{${DENY},"Condition":{${condition}}}]}`;

  it.each([
    ['a member twice', '{"Statement":[],"Statement":[]}', 'the member "Statement" twice'],
    ['an element twice', `{"Statement":[{${DENY},"Effect":"Allow"}]}`, 'the member "Effect" twice'],
    ['in another way', within('"StringEquals":{"a":"1","\\u0061":"2"}'), 'the member "a" twice'],
    ['a long number', within('"NumericEquals":{"a":12345678901234567891}'), 'the number 12345678901234567891'],
    ['a number beyond all', within('"NumericEquals":{"a":1e999}'), 'the number 1e999'],
  ])('%s is no policy that can be extended', (_, text, lost) => {
    expect(parsePolicy(text)).toEqual({
      ok: false,
      problem: `The policy has ${lost}, so it cannot be written as it was read.`,
    });
  });

  it.each([
    ['short numbers', within('"NumericEquals":{"a":[1.0,-3e2,123456789012,true]}')],
    ['a name in two places', within('"StringEquals":{"a":"1"},"StringLike":{"a":"2"}')],
    ['what stands in a text', within('"StringEquals":{"a":["a: 12345678901234567891","{\\"a\\":1,\\"a\\":1}","a"]}')],
  ])('%s are kept', (_, text) => expect(parsePolicy(text)).toMatchObject({ ok: true }));
});

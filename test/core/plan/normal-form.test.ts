import fc from 'fast-check';
import { canonicalJson } from '../../../lambda/core/plan/canonical-json';
import { normalForm, sameDocument } from '../../../lambda/core/plan/normal-form';
import type { PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import { AUDIT, KEEP } from './fixture';
import { policy, rewritten } from './random-policy';

const document = (...statements: object[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements as Statement[],
});
const same = (a: object, b: object) => sameDocument(document(a), document(b), 'aws');

describe('normal form', () => {
  it.each<[string, object, object]>([
    ['one value is a list of one', AUDIT, { ...AUDIT, Action: [AUDIT.Action], Resource: ['*'] }],
    ['lists are sets', { ...AUDIT, Action: ['a:B', 'a:C', 'a:B'] }, { ...AUDIT, Action: ['a:C', 'a:B'] }],
    ['an account is its root', AUDIT, { ...AUDIT, Principal: { AWS: '333333333333' } }],
    ['everyone is everyone', KEEP, { ...KEEP, Principal: { AWS: '*' } }],
    ['actions have no case', AUDIT, { ...AUDIT, Action: 'backup:COPYINTObackupvault' }],
    [
      'condition keys have no case, values are sets of texts',
      { ...AUDIT, Condition: { Bool: { 'aws:SecureTransport': true } } },
      { ...AUDIT, Condition: { Bool: { 'AWS:securetransport': ['true'] } } },
    ],
  ])('%s', (_, a, b) => expect(same(a, b)).toBe(true));

  it.each<[string, object, object]>([
    ['another Sid', AUDIT, { ...AUDIT, Sid: 'Other' }],
    ['another effect', AUDIT, { ...AUDIT, Effect: 'Deny' }],
    ['resources have case', { ...AUDIT, Resource: 'arn:A' }, { ...AUDIT, Resource: 'arn:a' }],
    [
      'another operator',
      { ...AUDIT, Condition: { StringLike: { k: 'a' } } },
      { ...AUDIT, Condition: { StringEquals: { k: 'a' } } },
    ],
    ['a Not form', AUDIT, { ...AUDIT, Action: undefined, NotAction: AUDIT.Action }],
    [
      'two spellings of a key must both hold, so they are not one set',
      { ...AUDIT, Condition: { StringEquals: { 'aws:A': 'x', 'AWS:a': 'y' } } },
      { ...AUDIT, Condition: { StringEquals: { 'aws:a': ['x', 'y'] } } },
    ],
    ['a root of another partition', AUDIT, { ...AUDIT, Principal: { AWS: 'arn:aws-cn:iam::333333333333:root' } }],
  ])('not the same: %s', (_, a, b) => expect(same(a, b)).toBe(false));

  it('keeps the order of statements', () => {
    expect(sameDocument(document(AUDIT, KEEP), document(KEEP, AUDIT), 'aws')).toBe(false);
  });

  it('keeps a Version that is not there apart from one that is', () => {
    expect(sameDocument({ Statement: [] }, document(), 'aws')).toBe(false);
  });

  it('does not depend on order or shape of sets', () => {
    fc.assert(
      fc.property(policy, fc.integer(), (one, seed) => {
        const other = rewritten(one, seed);
        expect(normalForm(other, 'aws')).toEqual(normalForm(one, 'aws'));
      }),
    );
  });

  it('is its own normal form', () => {
    fc.assert(
      fc.property(policy, (one) => {
        const normal = normalForm(one, 'aws');
        expect(normalForm(normal, 'aws')).toEqual(normal);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('sorts members, not lists, and leaves out what is not there', () => {
    expect(canonicalJson({ b: [2, 1], a: { d: null, c: undefined } })).toBe(
      '{\n  "a": {\n    "d": null\n  },\n  "b": [\n    2,\n    1\n  ]\n}',
    );
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

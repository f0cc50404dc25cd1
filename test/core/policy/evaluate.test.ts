import { evaluate } from '../../../lambda/core/policy/evaluate';
import type { Decision, Statement } from '../../../lambda/core/policy/policy';
import { document, request, statement } from './fixture';

const unknown = { Bool: { 'aws:SecureTransport': 'false' } };
const elsewhere = { Action: 'kms:*' };
const allow = statement({ Sid: 'allow' });
const deny = statement({ Sid: 'deny', Effect: 'Deny' });
const mayAllow = statement({ Sid: 'mayAllow', Condition: { StringEquals: { 'aws:SourceVpc': 'v' } } });
const mayDeny = statement({ Sid: 'mayDeny', Effect: 'Deny', Condition: unknown });
const noAllow = statement({ Sid: 'noAllow', ...elsewhere });
const noDeny = statement({ Sid: 'noDeny', Effect: 'Deny', ...elsewhere });

describe('evaluate', () => {
  it.each<readonly [string, Statement[], Decision, string | undefined, string[]]>([
    ['nothing', [], 'ImplicitlyDenied', undefined, []],
    ['no match', [noAllow, noDeny], 'ImplicitlyDenied', undefined, []],
    ['an allow', [noDeny, allow], 'Allowed', 'allow', []],
    ['a deny', [deny], 'ExplicitlyDenied', 'deny', []],
    ['deny after allow', [allow, deny], 'ExplicitlyDenied', 'deny', []],
    ['deny with unknowns', [mayDeny, mayAllow, deny], 'ExplicitlyDenied', 'deny', []],
    ['a possible deny', [allow, mayDeny], 'CannotTell', 'mayDeny', ['condition key aws:SecureTransport']],
    ['a possible deny, no allow', [mayDeny], 'CannotTell', 'mayDeny', ['condition key aws:SecureTransport']],
    ['a possible allow', [mayAllow, noDeny], 'CannotTell', 'mayAllow', ['condition key aws:SourceVpc']],
    ['a possible allow beside a certain one', [mayAllow, allow], 'Allowed', 'allow', []],
    [
      'possible allow, certain allow, possible deny',
      [mayAllow, allow, mayDeny],
      'CannotTell',
      'mayDeny',
      ['condition key aws:SecureTransport'],
    ],
    [
      'possible allow and deny',
      [mayAllow, mayDeny],
      'CannotTell',
      'mayAllow',
      ['condition key aws:SourceVpc', 'condition key aws:SecureTransport'],
    ],
  ])('%s', (_, statements, decision, sid, undecided) => {
    const index = statements.findIndex((one) => one.Sid === sid);
    const deciding = sid === undefined ? {} : { statement: { index, sid } };
    expect(evaluate(document(...statements), request())).toEqual({ decision, ...deciding, undecided });
  });

  it('leaves the Sid out where there is none', () => {
    expect(evaluate(document(statement()), request()).statement).toEqual({ index: 0 });
  });

  it('does not decide on statements without Principal or Action', () => {
    const bare: Statement = { Effect: 'Allow', Resource: '*' };
    expect(evaluate(document(bare), request())).toMatchObject({
      decision: 'CannotTell',
      undecided: ['missing Principal', 'missing Action'],
    });
  });
});

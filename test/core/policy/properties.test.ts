import fc from 'fast-check';
import { evaluate } from '../../../lambda/core/policy/evaluate';
import { glob } from '../../../lambda/core/policy/match';
import { parsePolicy } from '../../../lambda/core/policy/parse';
import type { PolicyDocument, PolicyRequest, Statement } from '../../../lambda/core/policy/policy';
import { ACCOUNT, OTHER, ROLE, VAULT, document, request, statement } from './fixture';
import { runs } from '../soak';

const SMALL = ['true', 'false', 'a', 'A', 'ab', '', '1', '20000', '2026-06-01T12:00Z', '10.0.0.1', '::1', 'QUI='];
const KEYS = ['k1', 'k2', 'k3'];
const BASES = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike'],
  ...['StringNotLike', 'ArnEquals', 'ArnNotLike', 'Bool', 'NumericNotEquals', 'NumericLessThan', 'DateEquals'],
  ...['DateGreaterThanEquals', 'IpAddress', 'NotIpAddress', 'BinaryEquals'],
];

const operator = fc.oneof(
  fc.constant('Null'),
  fc
    .tuple(
      fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:'),
      fc.constantFrom(...BASES),
      fc.constantFrom('', '', 'IfExists'),
    )
    .map((parts) => parts.join('')),
);
const wanted = fc.oneof(
  fc.constantFrom(...SMALL, 'a*', '?', '*', '10.0.0.0/8', '${x}', '${k1}', 'a${k2}*', "${k3, 'a'}"),
  fc.array(fc.constantFrom(...SMALL, 'a*'), { minLength: 1, maxLength: 3 }),
);
const condition = fc.dictionary(operator, fc.dictionary(fc.constantFrom(...KEYS), wanted, { maxKeys: 2 }), {
  maxKeys: 2,
});
const policyStatement: fc.Arbitrary<Statement> = fc
  .record({
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    who: fc.constantFrom(
      { Principal: '*' },
      { Principal: { AWS: [ACCOUNT] } },
      { Principal: { AWS: ROLE } },
      { Principal: { AWS: OTHER } },
      { NotPrincipal: { AWS: OTHER } },
      { NotPrincipal: { AWS: [ROLE, ACCOUNT] } },
    ),
    what: fc.constantFrom({ Action: '*' }, { Action: 'backup:Copy*' }, { Action: 'kms:*' }, { NotAction: 'kms:*' }),
    on: fc.constantFrom<Partial<Statement>>(
      ...[{ Resource: '*' }, { Resource: VAULT }, { NotResource: VAULT }, {}],
      ...[{ Resource: `${VAULT.slice(0, -1)}\${k1}` }, { NotResource: `${VAULT}\${k2}` }],
    ),
    Condition: fc.option(condition, { nil: undefined }),
  })
  .map(({ Effect, who, what, on, Condition }) => ({ Effect, ...who, ...what, ...on, Condition }));
const policy = fc.array(policyStatement, { maxLength: 4 }).map((statements) => document(...statements));

const given: fc.Arbitrary<string | readonly string[] | null> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...SMALL),
  fc.array(fc.constantFrom(...SMALL), { maxLength: 3 }),
);
const context = fc.record({ k1: given, k2: given, k3: given });

function without(full: PolicyRequest['context'], hidden: readonly string[]): PolicyRequest['context'] {
  return Object.fromEntries(Object.entries(full).filter(([key]) => !hidden.includes(key)));
}

describe('properties', () => {
  it('a decision with hidden keys is the decision for whatever they hold', () => {
    let certain = 0;
    fc.assert(
      fc.property(
        policy,
        context,
        fc.subarray(KEYS, { minLength: 1 }),
        fc.array(context, { minLength: 5, maxLength: 5 }),
        (doc, full, hidden, others) => {
          const verdict = evaluate(doc, request({ context: without(full, hidden) }));
          if (verdict.decision === 'CannotTell') return;
          certain++;
          for (const other of others) {
            const filled = { ...other, ...without(full, hidden) };
            expect(evaluate(doc, request({ context: filled })).decision).toBe(verdict.decision);
          }
        },
      ),
      { numRuns: runs(1500) },
    );
    expect(certain).toBeGreaterThan(200);
  });

  it('a decision for an account is the decision for its roles and users', () => {
    fc.assert(
      fc.property(policy, context, (doc, full) => {
        const { decision } = evaluate(doc, request({ context: full, principal: { account: ACCOUNT } }));
        if (decision === 'CannotTell') return;
        for (const arn of [ROLE, `arn:aws:iam::${ACCOUNT}:user/u`]) {
          for (const hasPermissionsBoundary of [true, false]) {
            const principal = { account: ACCOUNT, arn, hasPermissionsBoundary };
            expect(evaluate(doc, request({ context: full, principal })).decision).toBe(decision);
          }
        }
      }),
    );
  });

  it('a statement more, known or not, never lifts a certain deny', () => {
    fc.assert(
      fc.property(policy, policyStatement, fc.nat(), context, (doc, extra, at, full) => {
        fc.pre(evaluate(doc, request({ context: full })).decision === 'ExplicitlyDenied');
        const more = doc.Statement.toSpliced(at % (doc.Statement.length + 1), 0, extra);
        expect(evaluate(document(...more), request({ context: full })).decision).toBe('ExplicitlyDenied');
      }),
    );
  });

  it('a certain deny added denies', () => {
    fc.assert(
      fc.property(policy, context, (doc, full) => {
        const denied = document(...doc.Statement, statement({ Effect: 'Deny' }));
        expect(evaluate(denied, request({ context: full })).decision).toBe('ExplicitlyDenied');
      }),
    );
  });

  it('an allow more never turns allowed into something else', () => {
    fc.assert(
      fc.property(policy, policyStatement, context, (doc, extra, full) => {
        fc.pre(evaluate(doc, request({ context: full })).decision === 'Allowed');
        const more = document({ ...extra, Effect: 'Allow' }, ...doc.Statement);
        expect(evaluate(more, request({ context: full })).decision).toBe('Allowed');
      }),
    );
  });

  it('the order of statements does not change the decision', () => {
    fc.assert(
      fc.property(policy, context, (doc, full) => {
        const reversed = document(...doc.Statement.toReversed());
        const ask = (one: PolicyDocument): string => evaluate(one, request({ context: full })).decision;
        expect(ask(reversed)).toBe(ask(doc));
      }),
    );
  });

  it('reasons are given exactly when it cannot be told', () => {
    fc.assert(
      fc.property(policy, context, fc.subarray(KEYS), (doc, full, hidden) => {
        const { decision, undecided, statement: deciding } = evaluate(doc, request({ context: without(full, hidden) }));
        expect(undecided.length > 0).toBe(decision === 'CannotTell');
        expect(deciding === undefined).toBe(decision === 'ImplicitlyDenied');
        expect(new Set(undecided).size).toBe(undecided.length);
      }),
    );
  });

  it('what parses survives as it is, and nothing makes the parser throw', () => {
    fc.assert(
      fc.property(policy, (doc) => {
        const plain: unknown = JSON.parse(JSON.stringify(doc));
        expect(parsePolicy(JSON.stringify(doc))).toEqual({ ok: true, document: plain });
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (value) => {
        expect(typeof parsePolicy(value).ok).toBe('boolean');
      }),
    );
  });

  it('glob agrees with a regular expression', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 });
    fc.assert(
      fc.property(piece, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 }), (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
        expect(glob(pattern, text)).toBe(regex.test(text));
      }),
      { numRuns: runs(2000) },
    );
  });
});
